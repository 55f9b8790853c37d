"""What took long to compute, kept as JSON under what it was computed from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from threepass.writing import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER = ".cache/threepass"
"""Of a library."""


def kept(root: Path, name: str, made_from: object, make: Callable[[], Any]) -> Any:
    """Return what `make` gives, as JSON has it: from the library's cache where `made_from` is that of last time.

    `made_from` is anything that JSON can say. A cache that cannot be read counts as none.
    """
    key = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    path = root / FOLDER / f"{name}.json"
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["key"] == key:
            return found["value"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    text = json.dumps({"key": key, "value": make()})
    write_atomically(path, text, inside=root)
    return json.loads(text)["value"]
