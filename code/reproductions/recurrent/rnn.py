r"""An input and the last output in; the next output of a simple recurrent network, out.

$$h_t = \tanh(W x_t + U h_{t-1} + b)$$

Hochreiter & Schmidhuber 1997, section 3.1, show what becomes of errors that flow back through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.recurrent.cell import Cell, State

if TYPE_CHECKING:
    from torch import Tensor


class RNNCell(Cell):
    """One step of what torch calls `nn.RNN`."""

    def forward(self, x: Tensor, state: State) -> State:
        """Return (h_t,). Shapes: `x` (B, D), `state` ((B, H),)."""
        (h,) = state
        return ((self.from_input(x)[0] + self.from_output(h)[0]).tanh(),)
