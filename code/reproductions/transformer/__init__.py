"""Attention Is All You Need (Vaswani and others 2017, arXiv 1706.03762v7), an equation a file."""
