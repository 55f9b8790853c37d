r"""An input, the last output and a memory in; the next output and memory of long short-term memory, out.

In the form of today, which is that of `nn.LSTM`:

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \qquad h_t = o_t \odot \tanh(c_t)$$

with the gates $i_t, f_t, o_t = \sigma(W x_t + U h_{t-1} + b)$ and $g_t = \tanh(W x_t + U h_{t-1} + b)$. The forget gate
$f_t$ is of Gers, Schmidhuber and Cummins 2000; the paper of 1997, whose cell is in `lstm_1997`, has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.recurrent.cell import Cell, State

if TYPE_CHECKING:
    from torch import Tensor


class LSTMCell(Cell):
    """One step of `nn.LSTM`. The blocks stand in torch's order: i, f, g, o.

    A `forget_bias` is added to the bias of the forget gate, so that memory is kept until the network learns better.
    """

    blocks = 4
    memories = 2

    def __init__(self, inputs: int, hidden: int, *, forget_bias: float = 0.0) -> None:
        super().__init__(inputs, hidden)
        with torch.no_grad():
            self.b_W[hidden : 2 * hidden] += forget_bias

    def forward(self, x: Tensor, state: State) -> State:
        """Return (h_t, c_t). Shapes: `x` (B, D), `state` ((B, H), (B, H))."""
        h, c = state
        i, f, g, o = (a + b for a, b in zip(self.from_input(x), self.from_output(h), strict=True))
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
