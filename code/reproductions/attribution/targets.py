"""A model's outputs and a target in; the one number of each example that is to be explained, out.

A target is given as Captum's users give it: an index for all examples, or one for each of them.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

import torch
from torch import Tensor

Index = SupportsIndex | slice
GivenTarget = SupportsIndex | tuple[Index, ...] | Tensor | list[int] | list[tuple[int, ...]] | None
"""None where the model returns one number an example. An integer, a tensor of one integer or a tuple (for outputs of
several axes) for all examples; a tensor of B integers, a list of B integers or of B tuples for each example its own."""


@dataclass(frozen=True)
class Target:
    """Which output is meant: the same one for all examples (`shared`), or row b of `each`, shape (B, axes)."""

    shared: tuple[Index, ...] = ()
    each: Tensor | None = None

    def of(self, outputs: Tensor, rows: Tensor) -> Tensor:
        """Return one number for each row of the outputs, shape (K,); row k belongs to example `rows[k]`.

        Shapes: `outputs` (K, …), `rows` (K,). Raises `ValueError` where the target leaves no number, or several.
        """
        try:
            if self.each is None:
                picked = outputs[(slice(None), *self.shared)]
            else:
                each = self.each.to(outputs.device)[rows.to(outputs.device)]
                picked = outputs[(torch.arange(len(outputs), device=outputs.device), *each.unbind(dim=1))]
        except IndexError:
            raise ValueError(f"no such target in outputs of shape {tuple(outputs.shape)}") from None
        if picked.shape[:1] != rows.shape or picked.numel() != len(rows):
            raise ValueError(
                f"outputs of shape {tuple(outputs.shape)} leave shape {tuple(picked.shape)} for {len(rows)} inputs, "
                "not one number for each; hint: give a target that names one output"
            )
        return picked.reshape(-1)


def target_for(given: GivenTarget, examples: int) -> Target:
    """Return the target that was given for a batch of this many examples.

    Raises `ValueError` when there are as many targets as examples neither in a list nor in a tensor.
    """
    if given is None:
        return Target()
    if isinstance(given, Tensor) and given.numel() == 1:
        return Target(shared=(int(given.item()),))
    if isinstance(given, tuple):
        return Target(shared=given)
    if isinstance(given, Tensor | list):
        each = given if isinstance(given, Tensor) else torch.tensor(given, device="cpu")
        if each.is_floating_point() or len(each) != examples or each.dim() > 2:
            raise ValueError(f"targets of shape {tuple(each.shape)} do not fit {examples} examples, one index for each")
        return Target(each=each.reshape(examples, -1))
    return Target(shared=(operator.index(given),))
