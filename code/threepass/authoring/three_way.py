"""Three accounts of a field in, what was imported, what the author made of it, what is there now; the one to keep, out.

The author's word always stays. A field that nobody has touched follows the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merged(Generic[T]):
    """A field after the merge; `value` is None where it is not given."""

    value: T | None
    changed: bool = False
    """Whether it is another than the author has."""
    kept: bool = False
    """Whether the source says something new that the author's word stands against."""


def merge(mine: T | None, theirs: T | None, *, base: T | None, imported: bool) -> Merged[T]:
    """Merge a field; None means that it is not given. `imported` tells whether `base` is known.

    What a source no longer says stays. Where nothing is known of a former import, what the author has is taken for
    their own, and what they lack is filled in.
    """
    if theirs is None or _same(mine, theirs):
        return Merged(mine)
    if not imported:
        return Merged(theirs, changed=True) if mine is None else Merged(mine, kept=True)
    if _same(mine, base):
        return Merged(theirs, changed=True)
    return Merged(mine, kept=not _same(theirs, base))


def _same(one: object, other: object) -> bool:
    """Tell whether two values say the same; how a text is wrapped says nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return one == other
