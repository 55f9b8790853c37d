"""Sequences of several lengths and a cell in; its output at each step, out: layers, in one direction or both.

Padding is not read. A sequence that has ended keeps its state, and read backwards it begins at its own last step, not
at that of the longest. That is what a packed sequence means in torch; here the lengths say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reproductions.recurrent.cell import Cell, State


def unrolled(cell: Cell, x: Tensor, *, lengths: Tensor | None = None) -> tuple[Tensor, State]:
    """Return the output at each step, zero behind the end of a sequence, and the last state of each.

    Shapes: `x` (B, T, D), `lengths` (B,), the outputs (B, T, H), each part of the state (B, H). Without lengths, all
    sequences are T long.
    """
    state, outputs = cell.start(x), []
    for t in range(x.shape[1]):
        following = cell(x[:, t], state)
        if lengths is None:
            state = following
            outputs.append(state[0])
        else:
            goes_on = (t < lengths).unsqueeze(-1)
            state = tuple(torch.where(goes_on, new, old) for new, old in zip(following, state, strict=True))
            outputs.append(torch.where(goes_on, state[0], 0))
    return torch.stack(outputs, dim=1), state


def reversed_sequences(x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Return each sequence from its last step to its first, with the padding where it was. Shape: (B, T, D)."""
    steps = torch.arange(x.shape[1])
    ends = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
    back = ends[:, None] - 1 - steps
    return x.gather(1, torch.where(back >= 0, back, steps)[..., None].expand_as(x))


class Layers(nn.Module):
    """Layers of cells, each of which reads the outputs of the one below it.

    `cell` makes a cell from the sizes of its input and output. A bidirectional layer has a cell for each direction,
    and gives their outputs side by side: (B, T, 2 H).
    """

    def __init__(
        self,
        cell: Callable[[int, int], Cell],
        inputs: int,
        hidden: int,
        *,
        layers: int = 1,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        directions = 2 if bidirectional else 1
        sizes: Sequence[int] = [inputs] + [hidden * directions] * (layers - 1)
        self.forwards = nn.ModuleList(cell(size, hidden) for size in sizes)
        self.backwards = nn.ModuleList(cell(size, hidden) for size in sizes) if bidirectional else None

    def forward(self, x: Tensor, *, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the top layer's outputs, and the last h of each layer and direction, as torch orders them.

        Shapes: `x` (B, T, D), `lengths` (B,), outputs (B, T, H or 2 H), last h (layers × directions, B, H).
        """
        last = []
        for depth, cell in enumerate(self.forwards):
            ahead, (h, *_) = unrolled(cell, x, lengths=lengths)  # type: ignore[arg-type]  # a ModuleList names no cells
            last.append(h)
            if self.backwards is None:
                x = ahead
                continue
            back, (h, *_) = unrolled(self.backwards[depth], reversed_sequences(x, lengths), lengths=lengths)  # type: ignore[arg-type]  # as above
            last.append(h)
            x = torch.cat([ahead, reversed_sequences(back, lengths)], dim=-1)
        return x, torch.stack(last)
