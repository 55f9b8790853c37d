"""A model's layers in; what goes into them or comes out of them, read or replaced, out.

A layer's value is the floating tensors among its positional inputs, or among its outputs, in order. What else there is
(masks of integers, None) stays as the model made it.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from torch.nn import Module

    from reproductions.attribution.straight_line import Tensors


class _AllRead(BaseException):
    """Ends a run of the model whose layers have been read; no error, and none that a model would catch."""


def read_layers(run: Callable[[], object], layers: Sequence[Module], *, at_input: bool = False) -> list[Tensors]:
    """Return the value of each layer while the model runs, without gradients: a tuple of tensors for each layer.

    The model runs no further than to the last of them. Raises `ValueError` for a layer that is not called, or that
    carries no floating tensor.
    """
    values: dict[int, Tensors] = {}

    def note(index: int, tensors: Tensors) -> Tensors:
        values[index] = tuple(tensor.detach().clone() for tensor in tensors)
        if len(values) == len(layers):
            raise _AllRead
        return tensors

    with suppress(_AllRead), torch.no_grad(), _watched(layers, note, at_input=at_input):
        run()
    for index, layer in enumerate(layers):
        _refuse_unless_once(layer, int(index in values))
        if not values[index]:
            raise ValueError(
                f"layer {type(layer).__name__} carries no floating tensor; hint: attribute to its output, or to another"
            )
    return [values[index] for index in range(len(layers))]


@contextmanager
def layers_set_to(values: Sequence[Tensors], layers: Sequence[Module], *, at_input: bool = False) -> Iterator[None]:
    """Let each layer have the value given for it, whatever the model feeds it, until the context ends.

    Raises `ValueError` at the end for a layer that was not called once.
    """
    calls = [0] * len(layers)

    def put(index: int, _: Tensors) -> Tensors:
        calls[index] += 1
        return values[index]

    with _watched(layers, put, at_input=at_input):
        yield
    for layer, called in zip(layers, calls, strict=True):
        _refuse_unless_once(layer, called)


@contextmanager
def layers_traced(layers: Sequence[Module]) -> Iterator[dict[int, Tensor]]:
    """Give a dictionary that holds, once the model has run, the first output of each layer, still part of the graph.

    Raises `ValueError` at the end for a layer that was not called once.
    """
    calls = dict.fromkeys(range(len(layers)), 0)
    values: dict[int, Tensor] = {}

    def trace(index: int, tensors: Tensors) -> Tensors:
        calls[index] += 1
        values[index] = tensors[0]
        return tensors

    with _watched(layers, trace, at_input=False):
        yield values
    for index, layer in enumerate(layers):
        _refuse_unless_once(layer, calls[index])


def _refuse_unless_once(layer: Module, calls: int) -> None:
    if calls != 1:
        name = type(layer).__name__
        raise ValueError(f"layer {name} is called {calls} times and not once; hint: use one module a place")


@contextmanager
def _watched(layers: Sequence[Module], act: Callable[[int, Tensors], Tensors], *, at_input: bool) -> Iterator[None]:
    """Call `act` with a layer's index and value whenever it has one, and put in its place what `act` returns."""
    with ExitStack() as stack:
        for index, layer in enumerate(layers):
            handle = (
                layer.register_forward_pre_hook(lambda _module, args, i=index: _changed(args, i, act))
                if at_input
                else layer.register_forward_hook(lambda _module, _args, output, i=index: _changed(output, i, act))
            )
            stack.callback(handle.remove)
        yield


def _changed(value: Any, index: int, act: Callable[[int, Tensors], Tensors]) -> Any:
    if isinstance(value, Tensor):
        return act(index, (value,))[0]
    if not isinstance(value, tuple | list) or hasattr(value, "_fields"):
        raise ValueError(
            f"a layer passes on a {type(value).__name__}; hint: one that passes tensors, or a tuple of them"
        )
    new = iter(act(index, tuple(part for part in value if _floats(part))))
    return type(value)([next(new) if _floats(part) else part for part in value])


def _floats(part: object) -> bool:
    return isinstance(part, Tensor) and part.is_floating_point()
