"""Whole sentences taken out of a document as a summary of it: PEGASUS's gap sentences, their score, its positions."""
