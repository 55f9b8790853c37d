"""The bytes of a file in; whether it is an image that a page may show, out."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".svg"})
LARGEST = 20_000_000
"""Bytes."""

_BEGINS = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp|BM", re.DOTALL)
_RUNS = re.compile(
    rb"<\s*(?:script|foreignObject|iframe|use\b[^>]*https?:)|\bon\w+\s*=|javascript:|<!ENTITY", re.IGNORECASE
)


def wrong_with_image(name: str, content: bytes) -> str:
    """Return why a file is not copied as an image; nothing where it can be."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return "is no image"
    if len(content) > LARGEST:
        return f"is larger than {LARGEST // 1_000_000} MB"
    if suffix == ".svg":
        if b"<svg" not in content[:10_000]:
            return "is no image"
        return "holds a script" if _RUNS.search(content) else ""
    return "" if _BEGINS.match(content) else "is no image"


def file_name(name: str) -> str:
    """Return a name for a copy, of letters that an address may hold."""
    path = PurePosixPath(name)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.")[:80]
    return f"{stem or 'image'}{path.suffix.lower()}"
