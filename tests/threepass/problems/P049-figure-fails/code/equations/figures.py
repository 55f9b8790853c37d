"""Figures of the weights."""


def weights():
    """Divide by the number of queries, of which there are none."""
    return 1 / 0


def no_figure():
    """Return a number."""
    return 1.0
