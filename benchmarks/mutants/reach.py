"""What runs in; the functions of the code that are called meanwhile, out.

A function is named by its file and its outermost function or method: `Model.forward` stands for what is defined in it.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code"
PACKAGES = ("reproductions",)
OURS = tuple(f"{CODE / package}/" for package in PACKAGES)

Function = tuple[str, str]
"""A file, and the qualified name of a function in it."""


@contextmanager
def calls() -> Iterator[set[Function]]:
    """Note which functions of the code are called, in any thread that begins meanwhile."""
    called: set[Function] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(OURS):
            called.add((code.co_filename, outermost(code.co_qualname)))

    before = sys.gettrace()
    sys.settrace(note)
    threading.settrace(note)
    try:
        yield called
    finally:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]  # None, typeshed forgets, takes it away


def outermost(qualname: str) -> str:
    """Return the function that a function of this name stands in: the part before the first `<locals>`."""
    return qualname.partition(".<locals>")[0]
