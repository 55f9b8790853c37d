"""Nothing in; one number, or a few named ones, out of each function: what is claimed of additive attention.

Bahdanau, Cho and Bengio 2014 (arXiv 1409.0473v7). A check and its control are the same measurement, taken of two
methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from reproductions.attention.additive import annotation_terms, energies, energies_in_advance
from reproductions.attention.alignment import alignment_weights, context
from reproductions.attention.local import local_m
from reproductions.attention.random_states import N_PRIME, B, D, N, S, scorings, states
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable

# Weights: Equation 6.


def excess_of_weights() -> dict[str, float]:
    """Return the largest |Σⱼ αᵢⱼ − 1| for each score."""
    return _excess_of_weights(alignment_weights)


def excess_of_independent_gates() -> dict[str, float]:
    """Return the same where each score passes through a sigmoid of its own."""
    return _excess_of_weights(torch.sigmoid)


def _excess_of_weights(weights: Callable[[Tensor], Tensor]) -> dict[str, float]:
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


# The score: appendices A.1.2 and B.1.


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
