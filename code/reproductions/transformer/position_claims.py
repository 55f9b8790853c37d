"""Nothing in; one number, or a few named ones, out of each function: what is claimed of the positional encoding.

Vaswani and others 2017 (arXiv 1706.03762v7), section 3.5. A check and its control are the same measurement, taken of
two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

import torch
from torch import Tensor

from reproductions.normal import normal
from reproductions.transformer.copying import SMALL
from reproductions.transformer.layers import EncoderLayer
from reproductions.transformer.positions import frequencies, positional_encoding


def error_of_the_best_linear_map() -> dict[str, float]:
    """Return the largest |PE(pos + k) − M PE(pos)| over 1,000 positions, with the best M, for three offsets k.

    The best M is that of least squares; what it is, and that it serves every position, is in `positions.offset_matrix`.
    """
    return _error_of_the_best_linear_map(positional_encoding(1100, 64))


def error_of_the_best_linear_map_of_random_vectors() -> dict[str, float]:
    """Return the same for random vectors, as learned positions are before they are learned."""
    return _error_of_the_best_linear_map(normal(1100, 64, seed=10))


def _error_of_the_best_linear_map(PE: Tensor) -> dict[str, float]:
    errors = {}
    for k in (1, 10, 100):
        here, there = PE[:1000], PE[k : 1000 + k]
        M_transposed = torch.linalg.lstsq(here, there, driver="gelsd").solution
        errors[f"k = {k}"] = (there - here @ M_transposed).abs().max().item()
    return errors


def asymmetry_of_distance() -> float:
    """Return the largest |PE(pos)·PE(pos + k) − PE(pos)·PE(pos − k)|."""
    return _asymmetry_of_distance(torch.eye(64, dtype=torch.float64))


def asymmetry_of_distance_after_a_projection() -> float:
    """Return the same where the second vector has passed through a random matrix, as a key does."""
    return _asymmetry_of_distance(normal(64, 64, seed=5) / 8)


def _asymmetry_of_distance(W: Tensor) -> float:
    PE = positional_encoding(201, 64)
    product = PE @ W @ PE.T
    ahead = torch.stack([product[100, 100 + k] for k in range(1, 100)])
    behind = torch.stack([product[100, 100 - k] for k in range(1, 100)])
    return (ahead - behind).abs().max().item()


def longest_wavelength() -> float:
    """Return the longest wavelength of the base model's encoding, over 10000 · 2π."""
    return _longest_wavelength(512)


def longest_wavelength_of_a_narrow_model() -> float:
    """Return the same at d_model = 16."""
    return _longest_wavelength(16)


def _longest_wavelength(d_model: int) -> float:
    return 1 / (10000 * frequencies(d_model).min().item())


def order_seen_without_positions() -> float:
    """Return how much an encoder layer's output at a word changes, at most, when the other words change places."""
    return _order_seen(0.0)


def order_seen_with_positions() -> float:
    """Return the same with the positional encoding added to the input."""
    return _order_seen(1.0)


def _order_seen(weight: float) -> float:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(6)
        layer = EncoderLayer(SMALL).double().eval()
    words = normal(1, 9, 64, seed=7)
    shuffled = torch.cat(
        [torch.zeros(1, dtype=torch.long), 1 + torch.randperm(8, generator=torch.Generator().manual_seed(8))]
    )
    PE = weight * positional_encoding(9, 64)
    with torch.no_grad():
        return float((layer(words + PE) - layer(words[:, shuffled] + PE))[:, 0].abs().max())
