r"""A context vector and the decoder's state in; the state from which the word is predicted, out.

Luong, Pham and Manning 2015 (arXiv 1508.04025v5), section 3, Equations 5 and 6, what global and local attention share:

$$\tilde h_t = \tanh(W_c [c_t; h_t]), \qquad p(y_t \mid y_{<t}, x) = \mathrm{softmax}(W_s \tilde h_t)$$

Where the models of Bahdanau and others go from the old state over the context to the new state, here the path is
h_t → a_t → c_t → h̃_t.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def attentional_state(c_t: Tensor, h_t: Tensor, *, W_c: Tensor) -> Tensor:
    """Return h̃_t of Equation 5.

    Shapes: `c_t` (B, m), `h_t` (B, n), `W_c` (n′, m + n), the context's columns first, the result (B, n′).
    """
    return torch.tanh(torch.cat([c_t, h_t], dim=-1) @ W_c.T)


def word_distribution(h_tilde: Tensor, *, W_s: Tensor) -> Tensor:
    """Return p(y_t | y_<t, x) of Equation 6. Shapes: `h_tilde` (B, n′), `W_s` (V, n′), the result (B, V)."""
    return (h_tilde @ W_s.T).softmax(dim=-1)


def input_feeding(embedding: Tensor, h_tilde: Tensor) -> Tensor:
    """Return the decoder's next input, [y_t; h̃_t]: it is told what it looked at (section 3.3, Figure 4).

    Shapes: `embedding` of the word just written (B, e), `h_tilde` (B, n′), the result (B, e + n′).
    """
    return torch.cat([embedding, h_tilde], dim=-1)
