"""Nothing in; one number, or a few named ones, out of each function: what is claimed of scores that compare states.

Luong, Pham and Manning 2015 (arXiv 1508.04025v5), section 3.1. A check and its control are the same measurement,
taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attention.additive import energies
from reproductions.attention.alignment import alignment_weights
from reproductions.attention.random_states import N_PRIME, N, S, states
from reproductions.attention.scores import concat, dot, general, location
from reproductions.normal import normal

if TYPE_CHECKING:
    from collections.abc import Callable


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


def _change_with_the_source(weights: Callable[[Tensor], Tensor], h_bar: Tensor) -> float:
    return (weights(h_bar) - weights(normal(*h_bar.shape, seed=9))).abs().max().item()
