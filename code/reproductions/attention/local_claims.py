"""Nothing in; one number, or a few named ones, out of each function: what is claimed of local attention.

Luong, Pham and Manning 2015 (arXiv 1508.04025v5), section 3.2. A check and its control are the same measurement,
taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from reproductions.attention.alignment import alignment_weights, context
from reproductions.attention.local import gaussian, local_m, local_p, predicted_position, window
from reproductions.attention.random_states import N_PRIME, B, D, N, S, states
from reproductions.attention.scores import dot, general
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.attention.local import Score


def position_outside_the_sentence() -> float:
    """Return by how much p_t of Equation 9 leaves the sentence, at most, whatever the state."""
    h_t = 10 * normal(1000, N, seed=0)
    p_t = predicted_position(h_t, torch.full((1000,), S), v_p=normal(N_PRIME, seed=2), W_p=normal(N_PRIME, N, seed=3))
    return _outside(p_t)


def position_outside_without_the_sigmoid() -> float:
    """Return the same for S · v_pᵀ tanh(W_p h_t)."""
    h_t = 10 * normal(1000, N, seed=0)
    return _outside(S * (torch.tanh(h_t @ normal(N_PRIME, N, seed=3).T) @ normal(N_PRIME, seed=2)))


def _outside(p_t: Tensor) -> float:
    return torch.maximum(-p_t, p_t - S).max().clamp(min=0).item()


def favour_at_the_edge() -> float:
    """Return the Gaussian of Equation 10 at s = p_t ± D, over what it is at p_t."""
    return _at_the_edge(gaussian)


def favour_at_the_edge_with_sigma_d() -> float:
    """Return the same with σ = D in place of σ = D/2."""
    return _at_the_edge(lambda s, p_t, *, D: gaussian(s, p_t, D=2 * D))


def _at_the_edge(favour: Callable[..., Tensor]) -> float:
    p_t = torch.tensor([20.0], dtype=torch.float64)
    s = torch.tensor([[20.0, 20.0 - D, 20.0 + D]], dtype=torch.float64)
    at_centre, *at_edges = favour(s, p_t, D=D)[0].tolist()
    return float(max(at_edges) / at_centre)


def influence_from_outside_the_window() -> float:
    """Return the largest change of a local-p context when every source state outside the window changes."""
    h_t, h_bar = states()
    p_t = torch.linspace(1, S, B, dtype=torch.float64)
    return _influence_from_outside(lambda h_bar: local_p(dot, h_t, h_bar, p_t, D=D).c_t, h_bar, p_t)


def influence_from_outside_on_global_attention() -> float:
    """Return the same for global attention."""
    h_t, h_bar = states()
    p_t = torch.linspace(1, S, B, dtype=torch.float64)
    return _influence_from_outside(lambda h_bar: context(alignment_weights(dot(h_t, h_bar)), h_bar), h_bar, p_t)


def _influence_from_outside(attend: Callable[[Tensor], Tensor], h_bar: Tensor, p_t: Tensor) -> float:
    outside = (torch.arange(1, S + 1) - p_t.unsqueeze(-1)).abs() > D  # (B, S)
    changed = torch.where(outside.unsqueeze(-1), normal(B, S, N, seed=9), h_bar)
    return (attend(h_bar) - attend(changed)).abs().max().item()


def growth_of_local_cost() -> float:
    """Return the multiply-adds of one step of local-p on a source of 400 words, over those on one of 100."""
    return _step_cost(400, local=True) / _step_cost(100, local=True)


def growth_of_global_cost() -> float:
    """Return the same for global attention."""
    return _step_cost(400, local=False) / _step_cost(100, local=False)


def _step_cost(words: int, *, local: bool) -> int:
    h_t, h_bar, W_a = normal(1, N, seed=0), normal(1, words, N, seed=1), normal(N, N, seed=5)
    score = partial(general, W_a=W_a)
    with FlopCounterMode(display=False) as counter:
        if local:
            local_p(score, h_t, h_bar, torch.tensor([50.0], dtype=torch.float64), D=D)
        else:
            context(alignment_weights(score(h_t, h_bar)), h_bar)
    return int(counter.get_total_flops())


def sum_of_local_p_weights() -> float:
    """Return what the weights of Equation 10 add up to where all scores are equal, for a wide window."""
    return _sum_of_local_weights(partial(local_p, p_t=torch.tensor([5000.0], dtype=torch.float64)))


def sum_of_local_m_weights() -> float:
    """Return the same for local-m, which has no Gaussian."""
    return _sum_of_local_weights(partial(local_m, t=torch.tensor([5000])))


def _sum_of_local_weights(attend: Callable[..., tuple[Tensor, Tensor, object]]) -> float:
    zeros = torch.zeros(1, 10_000, 1, dtype=torch.float64)
    _, a_t, _ = attend(dot, zeros[:, 0], zeros, D=2000)
    return a_t.sum().item()


def pull_on_the_predicted_position() -> float:
    """Return the smallest |∂c_t/∂p_t| of local-p over sentences, the largest over units of the context."""
    return _pull(local_p)


def pull_without_the_gaussian() -> float:
    """Return the same where the window alone depends on p_t."""

    def windowed(score: Score, h_t: Tensor, h_bar: Tensor, p_t: Tensor, *, D: int) -> tuple[Tensor, Tensor, object]:
        c_t, a_t, around = local_m(score, h_t, h_bar, p_t, D=D)
        return c_t + 0 * p_t.unsqueeze(-1), a_t, around

    return _pull(windowed)


def _pull(attend: Callable[..., tuple[Tensor, Tensor, object]]) -> float:
    h_t, h_bar = states()
    p_t = torch.linspace(5.5, S - 5.5, B, dtype=torch.float64).requires_grad_()
    c_t, _, _ = attend(dot, h_t, h_bar, p_t, D=D)
    each = torch.stack([torch.autograd.grad(unit.sum(), p_t, retain_graph=True)[0] for unit in c_t.unbind(dim=1)])
    return each.abs().amax(dim=0).min().item()


def jump_at_a_whole_position() -> float:
    """Return how far the context of local-p moves, at most, as p_t passes 20, where a word leaves the window."""
    return _jump(20.0)


def jump_between_whole_positions() -> float:
    """Return the same as p_t passes 20.5, where the window keeps its words."""
    return _jump(20.5)


def _jump(at: float, *, step: float = 1e-9) -> float:
    h_t, h_bar = states()
    before, after = (
        local_p(dot, h_t, h_bar, torch.full((B,), at + side * step, dtype=torch.float64), D=D).c_t for side in (-1, 1)
    )
    return (after - before).abs().max().item()


def words_in_view_of_a_long_translation() -> float:
    """Return how many source words local-m sees at the first target position past S + D."""
    return _words_in_view(torch.tensor([S + D + 1.0]))


def words_in_view_of_a_predicted_position() -> float:
    """Return the fewest that local-p sees, wherever between 0 and S it looks."""
    return _words_in_view(torch.linspace(0, S, 1000))


def _words_in_view(p_t: Tensor) -> float:
    return float(window(p_t, torch.full((len(p_t),), S), D=D).inside.sum(dim=-1).min())
