"""Two versions of a text and what both come from, as lines, in; one text with the changes of both, out.

What both come from need not be known but for which of its lines are equal: a short hash of each line will do
(`line_hashes`). Lines that both sides changed in different ways are a conflict, and stay as on our side; where both
only add lines, both additions stay, theirs first.
"""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that both sides changed: ours, which stay, and theirs."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text, and where it keeps to our side."""

    lines: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()


def line_hashes(text: str) -> tuple[str, ...]:
    """Return a hash of each line of a text, 12 hexadecimal digits: two lines in 10¹⁴ have the same."""
    rows = (row.rstrip().encode("utf-8", "surrogatepass") for row in _rows(text))
    return tuple(hashlib.sha256(row).hexdigest()[:12] for row in rows)


def merged(base: Sequence[str], ours: str, theirs: str) -> Merged:
    """Merge two texts; `base` are the hashes of the lines that both come from."""
    our_lines, their_lines = _rows(ours), _rows(theirs)
    our_hashes, their_hashes = line_hashes(ours), line_hashes(theirs)
    if their_hashes == tuple(base) or our_hashes == their_hashes:
        return Merged(tuple(our_lines))
    if our_hashes == tuple(base):
        return Merged(tuple(their_lines))
    lines: list[str] = []
    conflicts = []
    for kept, (start, end), (our_start, our_end), (their_start, their_end) in _chunks(base, our_hashes, their_hashes):
        mine, other = our_lines[our_start:our_end], their_lines[their_start:their_end]
        if kept or our_hashes[our_start:our_end] == their_hashes[their_start:their_end]:
            lines += mine
        elif list(our_hashes[our_start:our_end]) == list(base[start:end]):
            lines += other
        elif list(their_hashes[their_start:their_end]) == list(base[start:end]):
            lines += mine
        elif start == end:
            lines += [*other, *mine]
        else:
            lines += mine
            conflicts.append(Conflict(tuple(mine), tuple(other)))
    return Merged(tuple(lines), tuple(conflicts))


Span = tuple[int, int]


def _chunks(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[bool, Span, Span, Span]]:
    """Yield the three texts as stretches: those that all have, and what stands between."""
    in_ours, in_theirs = _places(base, ours), _places(base, theirs)
    at = our_at = their_at = 0
    for place in range(len(base)):
        mine, other = in_ours.get(place), in_theirs.get(place)
        if mine is None or other is None:
            continue
        if (at, our_at, their_at) != (place, mine, other):
            yield False, (at, place), (our_at, mine), (their_at, other)
        yield True, (place, place + 1), (mine, mine + 1), (other, other + 1)
        at, our_at, their_at = place + 1, mine + 1, other + 1
    if at < len(base) or our_at < len(ours) or their_at < len(theirs):
        yield False, (at, len(base)), (our_at, len(ours)), (their_at, len(theirs))


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Return where each line of `base` that is left stands in `other`."""
    matcher = difflib.SequenceMatcher(None, base, other, autojunk=False)
    return {block.a + step: block.b + step for block in matcher.get_matching_blocks() for step in range(block.size)}


def _rows(text: str) -> list[str]:
    return text.split("\n") if text else []
