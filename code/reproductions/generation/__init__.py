"""What to say next, given a language model (Holtzman and others 2019, arXiv 1904.09751): a decoder a file."""
