"""A cell in; how much of an error at the last of many steps arrives at each step before it, out.

Hochreiter & Schmidhuber 1997, sections 3 and 4: errors that flow back in time through a simple recurrent network decay
or explode exponentially; in the memory of a long short-term memory cell they neither grow nor shrink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.recurrent.cell import Cell


def error_flow(cell: Cell, x: Tensor) -> Tensor:
    """Return the norm of the error at each step, over that at the last, for an error set at the last step.

    The error at a step is the gradient with respect to the last part of the state, which is the memory of a cell that
    has one and else its output. What is set is a 1 at each unit. Shapes: `x` (B, T, D), the result (B, T + 1): first
    the state before the first step.
    """
    state = tuple(part.clone().requires_grad_() for part in cell.start(x))  # a cell starts all from one tensor
    memories = [state[-1]]
    for t in range(x.shape[1]):
        state = cell(x[:, t], state)
        memories.append(state[-1])
    errors = torch.stack(torch.autograd.grad(memories[-1].sum(), memories), dim=1)
    norms = errors.norm(dim=-1)
    over_the_last: Tensor = norms / norms[:, -1:]
    return over_the_last
