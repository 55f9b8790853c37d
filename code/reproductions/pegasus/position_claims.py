"""Nothing in; one number out of each function: how far three codes' positions of PEGASUS are apart.

Zhang and others 2019 (arXiv 1912.08777v3), of the size that section 6.2 names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.pegasus.positions import interleaved_positions, original_positions, pegasus_positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

SIZE = (512, 1024)
"""Positions and their size in the large model, as it was trained (section 6.2)."""


def distance_to_transformers() -> float:
    """Return the largest difference of our positions from those of `transformers`' Pegasus."""
    return _distance_to_transformers(pegasus_positions)


def distance_of_interleaved_positions_to_transformers() -> float:
    """Return the same for sines and cosines in turn, the formula of Vaswani and others."""
    return _distance_to_transformers(interleaved_positions)


def distance_of_original_positions_to_transformers() -> float:
    """Return the same for the positions of the code that trained PEGASUS."""
    return _distance_to_transformers(original_positions)


def _distance_to_transformers(positions: Callable[[int, int], Tensor]) -> float:
    from transformers.models.pegasus.modeling_pegasus import PegasusSinusoidalPositionalEmbedding

    theirs: Tensor = PegasusSinusoidalPositionalEmbedding(*SIZE).create_weight()  # type: ignore[no-untyped-call]  # nor has this method
    return (positions(*SIZE) - theirs).abs().max().item()


def products_of_positions_against_the_formula() -> float:
    """Return how far the inner products of two positions are from those of Vaswani and others' formula, at most."""
    return _products_against_the_formula(pegasus_positions)


def products_of_original_positions_against_the_formula() -> float:
    """Return the same for the positions of the code that trained PEGASUS."""
    return _products_against_the_formula(original_positions)


def _products_against_the_formula(positions: Callable[[int, int], Tensor]) -> float:
    ours, formula = positions(*SIZE), interleaved_positions(*SIZE)
    return (ours @ ours.T - formula @ formula.T).abs().max().item()
