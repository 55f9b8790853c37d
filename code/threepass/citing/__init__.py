"""A paper in; how it is cited, as a key, BibTeX, CSL-JSON or plain words, out."""
