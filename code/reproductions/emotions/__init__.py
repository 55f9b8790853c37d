"""A small DistilBERT that tells six emotions apart, trained on sentences of ours: attributions are tried on it."""
