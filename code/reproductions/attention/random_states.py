"""Nothing in; random states of a decoder and of its sources, and scores between them, out.

Claims and figures are measured and drawn on these. All numbers come from fixed seeds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reproductions.attention.additive import energies
from reproductions.attention.scores import concat, dot, general
from reproductions.normal import normal

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attention.local import Score

B, S, N, N_PRIME, D = 16, 40, 8, 12, 10
"""Sentences, words of each source, units of a state and of the hidden layer, half the window (section 4.1 of Luong)."""


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
