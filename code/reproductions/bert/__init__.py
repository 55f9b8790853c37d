"""BERT (Devlin and others 2018, arXiv 1810.04805v2): the encoder, the words it guesses and the answers it marks."""
