"""Sequences into sequences with the alignment summed out: the RNN transducer, its lattice, gradient and search."""
