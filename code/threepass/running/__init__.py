"""Functions of the library in; the numbers, figures and notebooks that they make in other processes, out."""
