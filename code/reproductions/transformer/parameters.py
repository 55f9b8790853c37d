r"""Hyperparameters and a vocabulary in; how many numbers the model learns, out.

Vaswani and others 2017 (arXiv 1706.03762v7), counted from sections 3.1 to 3.4, beside the last column of Table 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.transformer.hyperparameters import TABLE_3

if TYPE_CHECKING:
    from reproductions.transformer.hyperparameters import Hyperparameters


def attention_parameters(p: Hyperparameters) -> int:
    """Return those of one multi-head attention: W^Q, W^K, W^V and W^O of h heads (section 3.2.2)."""
    return p.h * p.d_model * (p.d_k + p.d_k + p.d_v + p.d_v)


def feed_forward_parameters(p: Hyperparameters) -> int:
    """Return those of one feed-forward network: W₁, b₁, W₂ and b₂ (Equation 2)."""
    return 2 * p.d_model * p.d_ff + p.d_ff + p.d_model


def encoder_layer_parameters(p: Hyperparameters) -> int:
    """Return those of one encoder layer; a layer normalization has a gain and a bias for each unit."""
    return attention_parameters(p) + feed_forward_parameters(p) + 2 * 2 * p.d_model


def decoder_layer_parameters(p: Hyperparameters) -> int:
    """Return those of one decoder layer."""
    return 2 * attention_parameters(p) + feed_forward_parameters(p) + 3 * 2 * p.d_model


def parameters(p: Hyperparameters, *, vocabulary: int, matrices: int = 1) -> int:
    """Return those of the whole model.

    `matrices` is how many matrices of (vocabulary, d_model) there are: one as in section 3.4, where both embeddings and
    the output share it, or three if nothing were shared.
    """
    layers = p.N * (encoder_layer_parameters(p) + decoder_layer_parameters(p))
    return layers + matrices * vocabulary * p.d_model


def rows_missed(vocabulary: int, *, rows: tuple[str, ...] = tuple(TABLE_3)) -> tuple[str, ...]:
    """Return the rows of Table 3 whose printed millions are not our count, rounded."""
    return tuple(
        row for row in rows if round(parameters(TABLE_3[row][0], vocabulary=vocabulary) / 1e6) != TABLE_3[row][1]
    )
