"""Nothing in; one number, or a few named ones, out of each function: what is claimed of the cost of a layer.

Vaswani and others 2017 (arXiv 1706.03762v7), section 4 and Table 1. A check and its control are the same measurement,
taken of two methods. Operations are counted; nothing is timed.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from reproductions.transformer.complexity import (
    convolutional,
    exponent,
    layers_to_cross,
    multiply_adds,
    projected_self_attention,
    recurrent,
    restricted_self_attention,
    self_attention,
    sequential_products,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

LENGTHS, WIDTHS, NEIGHBOURS = (64, 128, 256, 512), (64, 128, 256, 512), (3, 5, 9, 17)
"""Lengths n, widths d, and sizes r and k of a neighbourhood."""


def exponents_of_table_1() -> dict[str, float]:
    """Return the largest error of the exponents of n, d and r or k that Table 1 states, for each kind of layer."""
    r5, k5 = partial(restricted_self_attention, r=5), partial(convolutional, k=5)
    found = {
        "self-attention": (_in_n(self_attention) - 2, _in_d(self_attention) - 1),
        "recurrent": (_in_n(recurrent) - 1, _in_d(recurrent) - 2),
        "convolutional": (_in_n(k5) - 1, _in_d(k5) - 2, _in_neighbours(convolutional, "k") - 1),
        "restricted": (_in_n(r5) - 1, _in_d(r5) - 1, _in_neighbours(restricted_self_attention, "r") - 1),
    }
    return {name: max(abs(error) for error in errors) for name, errors in found.items()}


def exponents_of_self_attention_with_projections() -> float:
    """Return the same for self-attention with its four projections."""
    return max(abs(_in_n(projected_self_attention) - 2), abs(_in_d(projected_self_attention) - 1))


def _in_n(layer: Callable[[Tensor], Tensor]) -> float:
    return exponent(LENGTHS, [multiply_adds(layer, n, 128) for n in LENGTHS])


def _in_d(layer: Callable[[Tensor], Tensor]) -> float:
    return exponent(WIDTHS, [multiply_adds(layer, 128, d) for d in WIDTHS])


def _in_neighbours(layer: Callable[..., Tensor], name: str) -> float:
    return exponent(NEIGHBOURS, [multiply_adds(partial(layer, **{name: size}), 128, 128) for size in NEIGHBOURS])


def length_where_recurrence_is_as_cheap() -> float:
    """Return the shortest length at which self-attention costs as many multiply-adds as recurrence, over d = 128."""
    return _length_where_recurrence_is_as_cheap(self_attention)


def length_where_recurrence_is_as_cheap_as_the_whole() -> float:
    """Return the same for self-attention with its four projections."""
    return _length_where_recurrence_is_as_cheap(projected_self_attention)


def _length_where_recurrence_is_as_cheap(layer: Callable[[Tensor], Tensor], d: int = 128) -> float:
    low, high = 1, 4 * d  # the cost of attention rises faster with n than that of recurrence
    while low < high:
        n = (low + high) // 2
        low, high = (low, n) if multiply_adds(layer, n, d) >= multiply_adds(recurrent, n, d) else (n + 1, high)
    return low / d


def growth_of_sequential_operations() -> float:
    """Return the longest chain of matrix products through self-attention at n = 64, over that at n = 8."""
    return sequential_products(self_attention, 64) / sequential_products(self_attention, 8)


def growth_of_sequential_operations_of_recurrence() -> float:
    """Return the same for a recurrent layer."""
    return sequential_products(recurrent, 64) / sequential_products(recurrent, 8)


def layers_that_connect_the_ends() -> dict[str, float]:
    """Return how many layers of self-attention it takes until the last position depends on the first."""
    return {f"n = {n}": float(layers_to_cross(lambda x, _: self_attention(x), n)) for n in (17, 65)}


def layers_that_connect_the_ends_of_a_neighbourhood() -> dict[str, float]:
    """Return the same for self-attention restricted to r = 9 positions."""
    return {f"n = {n}": float(layers_to_cross(lambda x, _: restricted_self_attention(x, r=9), n)) for n in (17, 65)}


def layers_of_dilated_convolutions() -> float:
    """Return the layers of convolutions of width 3, dilated by 3 to the power of the depth, over log₃(2n − 1), n = 122.

    L layers reach (3^L − 1)/2 positions to each side.
    """
    return layers_to_cross(lambda x, depth: convolutional(x, k=3, dilation=3**depth), 122) / math.log(2 * 122 - 1, 3)


def layers_of_contiguous_convolutions() -> float:
    """Return the same without dilation."""
    return layers_to_cross(lambda x, _: convolutional(x, k=3), 122) / math.log(2 * 122 - 1, 3)
