"""A folder in; all its records, indexed, out."""

from threepass.library.holdings import Backlink, Entry, Library, Note, hint_at_paper, resolve
from threepass.library.loading import load

__all__ = ["Backlink", "Entry", "Library", "Note", "hint_at_paper", "load", "resolve"]
