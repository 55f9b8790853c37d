r"""A position to look at in; the few source states around it, and their weights, out.

Local attention of Luong, Pham and Manning 2015 (arXiv 1508.04025v5), section 3.2: the window [p_t − D, p_t + D] is all
that is scored, so that a target word costs the same whatever the length of the source. In *local-m* p_t = t; in
*local-p* the position is predicted (Equation 9), and the weights are multiplied by a Gaussian around it (Equation 10).

$$p_t = S \cdot \mathrm{sigmoid}(v_p^\top \tanh(W_p h_t)), \qquad
a_t(s) = \mathrm{align}(h_t, \bar h_s) \exp\left(-\frac{(s - p_t)^2}{2 \sigma^2}\right), \quad \sigma = \frac{D}{2}$$

Positions count from 1 to S, as the source words x₁ … x_S do; the paper does not say where it begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from reproductions.attention.alignment import alignment_weights, context

Score = Callable[[Tensor, Tensor], Tensor]
"""h_t, shape (B, n), and some source states, shape (B, W, m), in; their scores, shape (B, W), out."""


class Window(NamedTuple):
    """The 2D + 1 positions that a window may hold, and which of them it does hold."""

    positions: Tensor
    """Shape (B, 2D + 1), whole numbers; some may lie outside the sentence."""
    inside: Tensor
    """Shape (B, 2D + 1): whether the position is in the window and in the sentence."""


class Local(NamedTuple):
    """What one step of local attention finds."""

    c_t: Tensor
    """The context vector, shape (B, m)."""
    a_t: Tensor
    """The weights, shape (B, 2D + 1): the paper's alignment vector, whose length does not depend on the source."""
    window: Window


def predicted_position(h_t: Tensor, S: Tensor, *, v_p: Tensor, W_p: Tensor) -> Tensor:
    """Return p_t of Equation 9, a real number between 0 and S.

    Shapes: `h_t` (B, n), `S` (B,) the lengths of the sources, `v_p` (n′,), `W_p` (n′, n), the result (B,).
    """
    return S * torch.sigmoid(torch.tanh(h_t @ W_p.T) @ v_p)


def window(p_t: Tensor, S: Tensor, *, D: int) -> Window:
    """Return the positions s with p_t − D ≤ s ≤ p_t + D and 1 ≤ s ≤ S. Shapes: `p_t` and `S` (B,)."""
    first = torch.ceil(p_t.detach() - D)
    positions = first.unsqueeze(-1) + torch.arange(2 * D + 1, dtype=p_t.dtype)
    inside = (positions <= (p_t + D).unsqueeze(-1)) & (positions >= 1) & (positions <= S.unsqueeze(-1))
    return Window(positions.long(), inside)


def gaussian(s: Tensor, p_t: Tensor, *, D: int) -> Tensor:
    """Return exp(−(s − p_t)² / 2σ²) with σ = D/2, the factor of Equation 10.

    Shapes: `s` (B, W), `p_t` (B,), the result (B, W).
    """
    sigma = D / 2
    return torch.exp(-((s - p_t.unsqueeze(-1)) ** 2) / (2 * sigma**2))


def local_m(score: Score, h_t: Tensor, h_bar: Tensor, t: Tensor, *, D: int, S: Tensor | None = None) -> Local:
    """Return the context of monotonic alignment: p_t = t, and Equation 7 within the window.

    Shapes: `h_t` (B, n), `h_bar` (B, T, m), `t` (B,), the target positions from 1 on, `S` (B,), the lengths of the
    sources, T for all if left out.

    Where it differs from the paper: where t > S + D the window is empty and the paper's softmax is 0/0; the weights and
    the context are 0 here.
    """
    return _attend(score, h_t, h_bar, t.to(h_t.dtype), D=D, S=S, favour_centre=False)


def local_p(score: Score, h_t: Tensor, h_bar: Tensor, p_t: Tensor, *, D: int, S: Tensor | None = None) -> Local:
    """Return the context of predictive alignment: Equation 10 around the `predicted_position` p_t.

    Shapes: `h_t` (B, n), `h_bar` (B, T, m), `p_t` (B,), `S` (B,), the lengths of the sources, T for all if left out.

    Where it differs from the paper: not at all. As there, the weights are not normalized again after the Gaussian, so
    that they add up to less than one, and the gradient reaches p_t through the Gaussian alone.
    """
    return _attend(score, h_t, h_bar, p_t, D=D, S=S, favour_centre=True)


def _attend(
    score: Score, h_t: Tensor, h_bar: Tensor, p_t: Tensor, *, D: int, S: Tensor | None, favour_centre: bool
) -> Local:
    batch, longest, _ = h_bar.shape
    S = torch.full((batch,), longest) if S is None else S
    around = window(p_t, S, D=D)
    index = (around.positions - 1).clamp(0, longest - 1)  # a position outside is read somewhere, and weighs nothing
    seen = h_bar.gather(1, index.unsqueeze(-1).expand(-1, -1, h_bar.shape[2]))  # (B, 2D + 1, m)
    a_t = alignment_weights(score(h_t, seen), mask=around.inside)
    if favour_centre:
        a_t = a_t * gaussian(around.positions, p_t, D=D)
    return Local(context(a_t, seen), a_t, around)
