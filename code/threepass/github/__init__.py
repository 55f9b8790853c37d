"""A library in; the files by which GitHub publishes it and takes days from issues, out."""
