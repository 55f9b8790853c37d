r"""The decoder's state and the states of the source in; a score for each source position, out.

The alternatives of Luong, Pham and Manning 2015 (arXiv 1508.04025v5), section 3.1: three that compare contents, and one
that only knows where it is.

$$\mathrm{score}(h_t, \bar h_s) = h_t^\top \bar h_s \;\text{(dot)}, \quad
h_t^\top W_a \bar h_s \;\text{(general)}, \quad
v_a^\top \tanh(W_a [h_t; \bar h_s]) \;\text{(concat)}; \qquad a_t = \mathrm{softmax}(W_a h_t) \;\text{(location)}$$
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad


def dot(h_t: Tensor, h_bar: Tensor) -> Tensor:
    """Return h_tᵀ h̄_s. Shapes: `h_t` (B, n), `h_bar` (B, S, n), the result (B, S)."""
    return (h_bar @ h_t.unsqueeze(-1)).squeeze(-1)


def general(h_t: Tensor, h_bar: Tensor, *, W_a: Tensor) -> Tensor:
    """Return h_tᵀ W_a h̄_s. Shapes: `h_t` (B, n), `h_bar` (B, S, m), `W_a` (n, m), the result (B, S).

    h_tᵀ W_a is taken first: one product for each target position, where W_a h̄_s would be one for each source position.
    """
    return dot(h_t @ W_a, h_bar)


def concat(h_t: Tensor, h_bar: Tensor, *, v_a: Tensor, W_a: Tensor) -> Tensor:
    """Return v_aᵀ tanh(W_a [h_t; h̄_s]).

    Shapes: `h_t` (B, n), `h_bar` (B, S, m), `v_a` (n′,), `W_a` (n′, n + m), the result (B, S).

    Where it differs from the paper: the formula is the printed one; what the authors ran set the part of W_a that meets
    h̄_s to the identity (section 5.3, in a footnote).
    """
    both = torch.cat([h_t.unsqueeze(1).expand(-1, h_bar.shape[1], -1), h_bar], dim=-1)  # (B, S, n + m)
    return torch.tanh(both @ W_a.T) @ v_a


def location(h_t: Tensor, S: int, *, W_a: Tensor) -> Tensor:
    """Return the first S of the weights a_t = softmax(W_a h_t), Equation 8, which never look at the source.

    Shapes: `h_t` (B, n), `W_a` (L, n) for the longest sentence that is thought of, the result (B, S). For a shorter
    sentence only the top part of a_t is used, so that what is left adds up to less than one; of a longer one, the words
    past L get nothing (section 3.1, in a footnote).
    """
    a_t = (h_t @ W_a.T).softmax(dim=-1)
    return pad(a_t, (0, max(0, S - a_t.shape[-1])))[..., :S]
