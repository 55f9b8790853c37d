"""What a template reads of the site while it is rendered, and, later, whether it would read the same again.

A template gets the site and the library in wrappings that note every look-up and what it gave. A page need not be
rendered again as long as each of these look-ups gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import ismethod
from typing import Any

Path = tuple[str, ...]

STEADY = ("settings", "templates", "tree", "tests", "drawings", "site", "root")
"""What is compared once for all pages, by whoever keeps them."""


class Look:
    """A site whose parts are looked up by the names that lead to them; each way is gone once."""

    def __init__(self, site: object) -> None:
        self._found: dict[Path, Any] = {(): site}

    def __call__(self, path: Path) -> Any:
        """Return what stands at the end of a way."""
        if path not in self._found:
            self._found[path] = getattr(self(path[:-1]), path[-1])
        return self._found[path]


class Reads:
    """Look-ups, by the names that lead to them and what they were given, and what each gave."""

    def __init__(self) -> None:
        self._once: dict[tuple[Path, tuple[Any, ...] | None], Any] = {}
        self._others: list[tuple[Path, tuple[Any, ...], Any]] = []

    def note(self, path: Path, given: tuple[Any, ...] | None, value: Any) -> None:
        """Keep what a look-up gave; one of words, as most are, is kept once."""
        if given is None or all(isinstance(each, str) for each in given):
            self._once[path, given] = value
        else:
            self._others.append((path, given, value))

    def are_same(self, look: Look) -> bool:
        """Whether each look-up gives the same on another site."""
        try:
            for (path, given), value in self._once.items():
                found = look(path) if given is None else look(path)(*given)
                if found is not value and found != value:
                    return False
            return all(look(path)(*given) == value for path, given, value in self._others)
        except LookupError:
            return False


class Watched:
    """A site, or a part of it, whose look-ups are noted."""

    def __init__(self, target: object, parts: tuple[type, ...], reads: Reads, path: Path = ()) -> None:
        self._target, self._parts, self._reads, self._path = target, parts, reads, path

    def __getattr__(self, name: str) -> Any:
        """Return what stands behind a name; a method of the site itself runs on what is watched."""
        if name.startswith("__"):
            raise AttributeError(name)
        value, path = getattr(self._target, name), (*self._path, name)
        if name in STEADY:
            return value
        if isinstance(value, self._parts):
            return Watched(value, self._parts, self._reads, path)
        if isinstance(value, Mapping):
            return _WatchedMapping(value, self._reads, path)
        if not ismethod(value):
            self._reads.note(path, None, value)
            return value
        if not self._path:
            return value.__func__.__get__(self)
        return _noted(value, self._reads, path)


def _noted(method: Callable[..., Any], reads: Reads, path: Path) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        value = method(*given)
        reads.note(path, given, value)
        return value

    return call


class _WatchedMapping(Mapping[Any, Any]):
    """A mapping whose look-ups are noted; who goes through it depends on all of it."""

    def __init__(self, target: Mapping[Any, Any], reads: Reads, path: Path) -> None:
        self._target, self._reads, self._path = target, reads, path

    def __getitem__(self, key: Any) -> Any:
        self._reads.note((*self._path, "get"), (key,), self._target.get(key))
        return self._target[key]

    def __iter__(self) -> Iterator[Any]:
        self._reads.note(self._path, None, self._target)
        return iter(self._target)

    def __len__(self) -> int:
        self._reads.note(self._path, None, self._target)
        return len(self._target)
