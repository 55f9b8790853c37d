"""Nothing in; one number, or a few named ones, out of each function: what the claims of two notes measure.

The papers are Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7) and Luong, Pham and Manning 2015 (arXiv 1508.04025v5).
A check and its control are the same measurement, taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from reproductions.attention.additive import annotation_terms, energies, energies_in_advance
from reproductions.attention.alignment import alignment_weights, context
from reproductions.attention.local import gaussian, local_m, local_p, predicted_position, window
from reproductions.attention.scores import concat, dot, general, location

if TYPE_CHECKING:
    from reproductions.attention.local import Score

Weights = Callable[[Tensor], Tensor]
"""Scores, shape (B, S), in; weights, shape (B, S), out."""

B, S, N, N_PRIME, D = 16, 40, 8, 12, 10
"""Sentences, words of each source, units of a state and of the hidden layer, half the window (section 4.1 of Luong)."""


def normal(*shape: int, seed: int) -> Tensor:
    """Return standard normal numbers of this shape, float64."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def states() -> tuple[Tensor, Tensor]:
    """Return a target state for each sentence, (B, n), and its source states, (B, S, n)."""
    return normal(B, N, seed=0), normal(B, S, N, seed=1)


def scorings() -> dict[str, Score]:
    """Return every score that compares a target state with the source, by name, with random matrices."""
    v_a, W_a, U_a = normal(N_PRIME, seed=2), normal(N_PRIME, N, seed=3), normal(N_PRIME, N, seed=4)
    return {
        "additive": partial(energies, v_a=v_a, W_a=W_a, U_a=U_a),
        "dot": dot,
        "general": partial(general, W_a=normal(N, N, seed=5)),
        "concat": partial(concat, v_a=v_a, W_a=normal(N_PRIME, 2 * N, seed=6)),
    }


# Weights: Equation 6 of 1409.0473, Equation 7 of 1508.04025.


def excess_of_weights() -> dict[str, float]:
    """Return the largest |Σⱼ αᵢⱼ − 1| for each score."""
    return _excess_of_weights(alignment_weights)


def excess_of_independent_gates() -> dict[str, float]:
    """Return the same where each score passes through a sigmoid of its own."""
    return _excess_of_weights(torch.sigmoid)


def _excess_of_weights(weights: Weights) -> dict[str, float]:
    s, h = states()
    return {name: (weights(score(s, h)).sum(dim=-1) - 1).abs().max().item() for name, score in scorings().items()}


def change_of_context_when_words_move() -> float:
    """Return how far the context moves when the source positions are shuffled, with the additive score."""
    s, h = states()
    score = scorings()["additive"]
    return _change_when_words_move(lambda h: context(alignment_weights(score(s, h)), h), h)


def change_of_local_context_when_words_move() -> float:
    """Return the same for local-m, which asks where a word stands."""
    s, h = states()
    score, t = scorings()["additive"], torch.full((B,), 20)
    return _change_when_words_move(lambda h: local_m(score, s, h, t, D=D).c_t, h)


def _change_when_words_move(attend: Callable[[Tensor], Tensor], h: Tensor) -> float:
    shuffled = torch.randperm(S, generator=torch.Generator().manual_seed(7))
    return (attend(h) - attend(h[:, shuffled])).abs().max().item()


# The additive score: appendix of 1409.0473.


def cost_in_advance() -> float:
    """Return the multiply-adds of all energies with U_a hⱼ computed in advance, over those of the formula as printed.

    For sentences of 30 words at the sizes of appendix A.2.3: n = n′ = 1000.
    """
    return _cost(in_advance=True) / _cost(in_advance=False)


def cost_as_printed() -> float:
    """Return the same for the formula as printed: U_a hⱼ once for each pair of positions."""
    return _cost(in_advance=False) / _cost(in_advance=False)


def _cost(*, in_advance: bool, n: int = 1000, words: int = 30) -> int:
    def empty(*shape: int) -> Tensor:
        return torch.empty(shape, device="meta")

    v_a, W_a, U_a, h = empty(n), empty(n, n), empty(n, 2 * n), empty(1, words, 2 * n)
    with FlopCounterMode(display=False) as counter:
        U_a_h = annotation_terms(h, U_a=U_a) if in_advance else None
        for _ in range(words):
            s = empty(1, n)
            if U_a_h is None:
                energies(s, h, v_a=v_a, W_a=W_a, U_a=U_a)
            else:
                energies_in_advance(s, U_a_h, v_a=v_a, W_a=W_a)
    return int(counter.get_total_flops())


def unevenness_at_the_start() -> float:
    """Return the largest |αᵢⱼ − 1/T_x| where v_a is zero, as training begins (appendix B.1)."""
    return _unevenness(torch.zeros(N_PRIME, dtype=torch.float64))


def unevenness_with_random_v_a() -> float:
    """Return the same where v_a is random."""
    return _unevenness(normal(N_PRIME, seed=2))


def _unevenness(v_a: Tensor) -> float:
    s, h = states()
    W_a, U_a = 0.001 * normal(N_PRIME, N, seed=3), 0.001 * normal(N_PRIME, N, seed=4)
    return (alignment_weights(energies(s, h, v_a=v_a, W_a=W_a, U_a=U_a)) - 1 / S).abs().max().item()


def first_gradient_of_the_matrices() -> float:
    """Return the largest gradient of a loss in W_a and U_a at that start, over the largest in v_a."""
    return _first_gradient(torch.zeros(N_PRIME, dtype=torch.float64))


def first_gradient_of_the_matrices_with_random_v_a() -> float:
    """Return the same where v_a is random."""
    return _first_gradient(normal(N_PRIME, seed=2))


def _first_gradient(v_a: Tensor) -> float:
    s, h = states()
    parameters = [v_a, 0.001 * normal(N_PRIME, N, seed=3), 0.001 * normal(N_PRIME, N, seed=4)]
    v_a, W_a, U_a = (parameter.requires_grad_() for parameter in parameters)
    c = context(alignment_weights(energies(s, h, v_a=v_a, W_a=W_a, U_a=U_a)), h)
    of_v_a, of_W_a, of_U_a = torch.autograd.grad(c.tanh().sum(), [v_a, W_a, U_a])
    return (max(of_W_a.abs().max(), of_U_a.abs().max()) / of_v_a.abs().max()).item()


# The scores of 1508.04025, section 3.1.


def general_with_identity_less_dot() -> float:
    """Return the largest difference between general with W_a = I and dot."""
    return _general_less_dot(torch.eye(N, dtype=torch.float64))


def general_with_a_random_matrix_less_dot() -> float:
    """Return the same with a random W_a."""
    return _general_less_dot(normal(N, N, seed=5))


def _general_less_dot(W_a: Tensor) -> float:
    h_t, h_bar = states()
    return (general(h_t, h_bar, W_a=W_a) - dot(h_t, h_bar)).abs().max().item()


def concat_less_additive() -> float:
    """Return the largest difference between concat with [W_a, U_a] and the additive score with W_a and U_a."""
    return _concat_less_additive(normal(N_PRIME, N, seed=4))


def simplified_concat_less_additive() -> float:
    """Return the same for the concat that the authors ran: the part that meets h̄_s is the identity (section 5.3)."""
    return _concat_less_additive(torch.eye(N_PRIME, N, dtype=torch.float64))


def _concat_less_additive(meets_h_bar: Tensor) -> float:
    h_t, h_bar = states()
    v_a, W_a, U_a = normal(N_PRIME, seed=2), normal(N_PRIME, N, seed=3), normal(N_PRIME, N, seed=4)
    found = concat(h_t, h_bar, v_a=v_a, W_a=torch.cat([W_a, meets_h_bar], dim=1))
    return (found - energies(h_t, h_bar, v_a=v_a, W_a=W_a, U_a=U_a)).abs().max().item()


def change_of_location_weights_with_the_source() -> float:
    """Return how far the weights of Equation 8 move when every source state is another."""
    h_t, h_bar = states()
    W_a = normal(S, N, seed=8)
    return _change_with_the_source(lambda h_bar: location(h_t, h_bar.shape[1], W_a=W_a), h_bar)


def change_of_dot_weights_with_the_source() -> float:
    """Return the same for dot."""
    h_t, h_bar = states()
    return _change_with_the_source(lambda h_bar: alignment_weights(dot(h_t, h_bar)), h_bar)


def _change_with_the_source(weights: Weights, h_bar: Tensor) -> float:
    return (weights(h_bar) - weights(normal(*h_bar.shape, seed=9))).abs().max().item()


# Local attention: section 3.2 of 1508.04025.


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
