"""What a template reads of the site while it is rendered, and, later, whether it would read the same again.

A template gets the site and the library in wrappings that note every look-up and what it gave. A page need not be
rendered again as long as each of these look-ups gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import ismethod
from typing import Any, NamedTuple

STEADY = ("settings", "templates", "tree", "tests", "drawings", "site", "root")
"""What is compared once for all pages, by whoever keeps them."""


class Read(NamedTuple):
    """A look-up, by the names that lead to it and what it was given, and what it gave."""

    path: tuple[str, ...]
    given: tuple[Any, ...] | None
    value: Any

    def is_same(self, site: object) -> bool:
        """Whether the look-up gives the same on this site."""
        found = site
        for name in self.path:
            found = getattr(found, name)
        try:
            value = found(*self.given) if self.given is not None and callable(found) else found
        except LookupError:
            return False
        return value is self.value or bool(value == self.value)


class Watched:
    """A site, or a part of it, whose look-ups are noted."""

    def __init__(self, target: object, parts: tuple[type, ...], reads: list[Read], path: tuple[str, ...] = ()) -> None:
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
            self._reads.append(Read(path, None, value))
            return value
        if not self._path:
            return value.__func__.__get__(self)
        return _noted(value, self._reads, path)


def _noted(method: Callable[..., Any], reads: list[Read], path: tuple[str, ...]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        value = method(*given)
        reads.append(Read(path, given, value))
        return value

    return call


class _WatchedMapping(Mapping[Any, Any]):
    """A mapping whose look-ups are noted; who goes through it depends on all of it."""

    def __init__(self, target: Mapping[Any, Any], reads: list[Read], path: tuple[str, ...]) -> None:
        self._target, self._reads, self._path = target, reads, path

    def __getitem__(self, key: Any) -> Any:
        self._reads.append(Read((*self._path, "get"), (key,), self._target.get(key)))
        return self._target[key]

    def __iter__(self) -> Iterator[Any]:
        self._reads.append(Read(self._path, None, self._target))
        return iter(self._target)

    def __len__(self) -> int:
        self._reads.append(Read(self._path, None, self._target))
        return len(self._target)
