"""A function of a model and a budget in bytes in; how many points it can differentiate at once within it, out.

What a gradient needs is what autograd keeps of the forward pass. It is counted on one point, with the model's
parameters taking no gradient, since a layer that is not to be trained need not keep its inputs.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch.nn.modules.module import register_module_forward_pre_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor
    from torch.nn import Module, Parameter

    from reproductions.attribution.straight_line import RowFunction, StraightLines

MEBIBYTE = 2**20
BUDGETS = {"cpu": 96 * MEBIBYTE}
"""Bytes that the points under way may take, by device; 1 GiB on others, whose strength is to do much at once."""
BESIDES = 2
"""The forward pass holds its results beside what autograd keeps, and the backward pass its signals: twice as much."""


def points_within(budget: int | None, F: RowFunction, lines: StraightLines) -> int:
    """Return how many points of the lines F can take at once so that autograd keeps at most `budget` bytes; at least 1.

    `None` is the device's own budget. The cost is one forward pass of one point.
    """
    return max(1, budget_of(lines.device, budget) // (BESIDES * bytes_of_a_point(F, lines)))


def budget_of(device: torch.device, budget: int | None = None) -> int:
    """Return the budget in bytes, or the device's own where none is given."""
    return BUDGETS.get(device.type, 1024 * MEBIBYTE) if budget is None else budget


def bytes_of_a_point(F: RowFunction, lines: StraightLines) -> int:
    """Return how many bytes autograd keeps to differentiate F at one point, the point among them and weights not."""
    sizes: dict[int, int] = {}
    weights: set[int] = set()
    met: set[Module] = set()

    def note_weights(module: Module, _: object) -> None:
        if module in met:
            return
        met.update(module.modules())
        for tensor in (*module.parameters(), *module.buffers()):
            weights.add(tensor.untyped_storage().data_ptr())

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    first = torch.zeros(1, dtype=torch.long, device=lines.device)
    handle = register_module_forward_pre_hook(note_weights)
    try:
        with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            points = tuple(point.requires_grad_() for point in lines.at(first, first + 0.5))
            sizes.update((point.untyped_storage().data_ptr(), point.nbytes) for point in points)
            values = F(points, first)  # held until the count is done, so that no address is given out twice
    finally:
        handle.remove()
    del values
    return sum(sizes.values())


@contextmanager
def without_parameter_gradients() -> Iterator[None]:
    """Let no parameter take a gradient, in any module that is called inside; as before when it ends.

    The model may hide anywhere in the function that is explained, so modules are met as they are called.
    """
    met: set[Module] = set()
    frozen: list[Parameter] = []

    def freeze(module: Module, _: object) -> None:
        if module in met:
            return
        met.update(module.modules())
        for parameter in module.parameters():
            if parameter.requires_grad:
                parameter.requires_grad = False
                frozen.append(parameter)

    handle = register_module_forward_pre_hook(freeze)
    try:
        yield
    finally:
        handle.remove()
        for parameter in frozen:
            parameter.requires_grad = True
