"""Networks that read a sequence step by step (Hochreiter & Schmidhuber 1997; Cho and others 2014): a cell a file."""
