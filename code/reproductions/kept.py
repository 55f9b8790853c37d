"""A model and how it is to be trained in; the model with the weights that training gives it, out: once a machine.

Figures, claims and notebooks run in processes of their own, and show the same trained models. The first of them trains,
and the others read. Weights are kept in the `.cache` of the library that one works in, else in the user's cache folder,
under a digest of all that they follow from: the model as training finds it, what training is given, the code of both
with all that it imports of this package, and the packages that compute. No weights are in the repository.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from filelock import FileLock
from platformdirs import user_cache_path
from torch import Tensor, nn

import reproductions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from functools import partial

M = TypeVar("M", bound=nn.Module)
OURS = reproductions.__name__
COMPUTE = ("torch", "transformers")
PARTS = ("_parameters", "_buffers", "_modules")
"""Where a module of torch holds its weights and what it is made of."""


def kept(model: M, train: partial[Any]) -> M:
    """Return the model with the weights that `train(model)` gives it: trained if no process has yet, else read.

    `train` is a function of a module with its options, which are plain data: numbers, strings, tensors, and tuples,
    lists and dictionaries of these. It runs on one thread with deterministic algorithms, so that every process gets
    the same weights; what it draws has to follow from its options.

    Raises `TypeError` for an option, or something that a model of ours holds, that is no plain data.
    """
    folder = cache_folder("trained")
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{digest(model, train)}.pt"
    with FileLock(weights.with_suffix(".lock")):
        if not weights.is_file():
            trained = deepcopy(model)
            with _the_same_everywhere():
                train(trained)
            new = weights.with_suffix(".new")
            torch.save(trained.state_dict(), new)
            new.replace(weights)
    model.load_state_dict(torch.load(weights, weights_only=True))
    return model


def digest(model: nn.Module, train: partial[Any]) -> str:
    """Return 20 hexadecimal digits that change with all that the weights follow from."""
    found = hashlib.sha256(platform.python_version().encode())
    function = train.func
    _add(found, [*map(version, COMPUTE), function.__qualname__, train.args, train.keywords, model])
    for source in _sources({function.__module__, *(type(part).__module__ for part in model.modules())}):
        found.update(source)
    return found.hexdigest()[:20]


def cache_folder(name: str) -> Path:
    """Return where weights of a name are kept: in the library around the working directory, or in the user's cache."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file():
            return folder.joinpath(".cache", name)
    return user_cache_path("threepass").joinpath(name)


def _add(found: hashlib._Hash, value: object) -> None:
    """Take a value into a digest, with all that it holds."""
    found.update(f"\n{type(value).__module__}.{type(value).__qualname__} ".encode())
    match value:
        case Tensor():
            found.update(f"{value.dtype} {list(value.shape)} ".encode() + value.detach().contiguous().numpy().tobytes())
        case nn.Module():
            _add(found, _held(value))
        case dict():
            _add(found, list(value.items()))
        case list() | tuple():
            found.update(f"{len(value)}".encode())
            for part in value:
                _add(found, part)
        case None | str() | int() | float():
            found.update(repr(value).encode())
        case _ if is_dataclass(value):
            _add(found, vars(value))
        case _:
            raise TypeError(f"weights cannot be kept by a {type(value).__name__}; hint: give plain data")


def _held(module: nn.Module) -> list[tuple[str, object]]:
    """Return a module's weights, its parts, and its settings; of those of other packages the plain ones."""
    ours = type(module).__module__.partition(".")[0] == OURS
    return [
        (name, held)
        for name, held in sorted(vars(module).items())
        if name in PARTS or (not name.startswith("_") and (ours or isinstance(held, str | int | float)))
    ]


def _sources(modules: Iterable[str]) -> list[bytes]:
    """Return the source of modules and of all that they import, as far as it is of this package."""
    package = Path(reproductions.__path__[0])
    found: dict[str, bytes] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        top, *below = name.split(".")
        path = package.joinpath(*below).with_suffix(".py")
        if top != OURS or name in found or not path.is_file():
            continue
        found[name] = path.read_bytes()
        for node in ast.walk(ast.parse(found[name])):
            match node:
                case ast.Import(names=names):
                    waiting += [each.name for each in names]
                case ast.ImportFrom(module=str(parent), names=names):
                    waiting += [parent, *(f"{parent}.{each.name}" for each in names)]
    return [found[name] for name in sorted(found)]


@contextmanager
def _the_same_everywhere() -> Iterator[None]:
    """Add up in one order, whatever the machine and whoever asks."""
    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic)
