"""Templates in; the same compiled out, kept from one run to the next as Python keeps its own modules.

What is kept counts only for the same text of a template, of the same program with the same packages.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache
from platformdirs import user_cache_path

from threepass.remembered.program import program

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """The templates of one environment, by its name: in this object, and in a folder of the user's."""

    def __init__(self, environment: str, *, folder: Path | None = None) -> None:
        folder = folder or user_cache_path("threepass", appauthor=False) / "templates"
        super().__init__(str(folder / environment), "%s")
        self._kept: dict[str, bytes] = {}

    def get_source_checksum(self, source: str) -> str:
        """Return what a template is compiled from: its text, and the program, whose filters may be run at once."""
        return hashlib.sha256(f"{_program()}\n{source}".encode("utf-8", "surrogatepass")).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is kept of a template, if it is whole and of the same text."""
        with suppress(Exception):
            code = self._kept.get(bucket.key) or Path(self.directory, bucket.key).read_bytes()
            bucket.bytecode_from_string(code)
            self._kept[bucket.key] = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template; where the folder cannot be written, only in this object."""
        self._kept[bucket.key] = bucket.bytecode_to_string()
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True, mode=0o700)
            super().dump_bytecode(bucket)


@cache
def _program() -> str:
    return hashlib.sha256(repr([*program()]).encode("utf-8", "surrogatepass")).hexdigest()
