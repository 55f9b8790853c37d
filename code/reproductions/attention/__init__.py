"""Which source words a decoder looks at: the scores, weights and windows of the first attention papers."""
