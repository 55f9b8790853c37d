"""What the author adds or changes in; the files of the library with it, checked and written, out."""
