r"""An input, the last output and a memory in; the next ones of long short-term memory as it was in 1997, out.

Hochreiter & Schmidhuber 1997, section 4 and appendix A.1. The memory is added to and never scaled down:

$$s_{c_j}(t) = s_{c_j}(t - 1) + y^{in_j}(t) \, g(net_{c_j}(t)), \qquad y^{c_j}(t) = y^{out_j}(t) \, h(s_{c_j}(t))$$

with $g(x) = 4 \sigma(x) - 2$ and $h(x) = 2 \sigma(x) - 1$.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.recurrent.cell import Cell, State

if TYPE_CHECKING:
    from torch import Tensor


class LSTM1997Cell(Cell):
    """One step of blocks with one memory cell each. The blocks of rows: in, c, out.

    With `truncated`, the paper's learning rule: what flows back into the nets of a cell or a gate is used to change
    their weights and is not passed on to earlier outputs. The memory is then the only way back in time.
    """

    blocks = 3
    memories = 2

    def __init__(self, inputs: int, hidden: int, *, truncated: bool = False) -> None:
        super().__init__(inputs, hidden)
        self.truncated = truncated

    def forward(self, x: Tensor, state: State) -> State:
        """Return (y, s). Shapes: `x` (B, D), `state` ((B, H), (B, H))."""
        y, s = state
        if self.truncated:
            y = y.detach()
        net_in, net_c, net_out = (a + b for a, b in zip(self.from_input(x), self.from_output(y), strict=True))
        s = s + net_in.sigmoid() * (4 * net_c.sigmoid() - 2)
        return net_out.sigmoid() * (2 * s.sigmoid() - 1), s
