r"""An input and the last output in; the next output of a gated recurrent unit, out.

Cho and others 2014 (arXiv 1406.1078v3), section 2.3, Equations 5 to 8:

$$r = \sigma(W_r x + U_r h_{t-1}), \qquad z = \sigma(W_z x + U_z h_{t-1})$$

$$h_t = z \odot h_{t-1} + (1 - z) \odot \tilde{h}_t, \qquad \tilde{h}_t = \tanh(W x + U (r \odot h_{t-1}))$$
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.recurrent.cell import Cell, State

if TYPE_CHECKING:
    from torch import Tensor


class GRUCell(Cell):
    """One step, in one of two forms. The blocks stand in torch's order: r, z, candidate.

    As in Equation 8, the reset gate stands before the matrix: U (r ⊙ h). With `reset_after`, it stands behind it,
    r ⊙ (U h), which needs one product in place of two and is what `nn.GRU` computes. Where both differ from the paper:
    biases.
    """

    blocks = 3

    def __init__(self, inputs: int, hidden: int, *, reset_after: bool = False) -> None:
        super().__init__(inputs, hidden)
        self.reset_after = reset_after

    def forward(self, x: Tensor, state: State) -> State:
        """Return (h_t,). Shapes: `x` (B, D), `state` ((B, H),)."""
        (h,) = state
        (x_r, x_z, x_h), (h_r, h_z, h_h) = self.from_input(x), self.from_output(h)
        r, z = (x_r + h_r).sigmoid(), (x_z + h_z).sigmoid()
        recurrent = r * h_h if self.reset_after else self.from_output(r * h)[2]
        candidate = (x_h + recurrent).tanh()
        return (z * h + (1 - z) * candidate,)
