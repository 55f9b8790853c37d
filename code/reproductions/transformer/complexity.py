"""Sizes in; multiply-adds, steps in sequence and layers to cross, counted on the computation itself, out.

Vaswani and others 2017 (arXiv 1706.03762v7), section 4 and Table 1. The kinds of layer are written here as barely as
the table counts them: no biases, and self-attention without its projections. All take and return (n, d).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import conv1d
from torch.utils.flop_counter import FlopCounterMode

from reproductions.transformer.scaled_dot_product import attention

if TYPE_CHECKING:
    from collections.abc import Sequence

Layer = Callable[[Tensor], Tensor]
"""x, shape (n, d), in; z, shape (n, d), out."""


def self_attention(x: Tensor) -> Tensor:
    """Return Attention(x, x, x): n² dot products of length d, and n² multiples of a value."""
    return attention(x, x, x)


def projected_self_attention(x: Tensor) -> Tensor:
    """Return the same with the four projections of section 3.2.2 (one head; the heads change nothing in the count)."""
    W_Q, W_K, W_V, W_O = (x.new_ones(x.shape[1], x.shape[1]) for _ in range(4))
    return attention(x @ W_Q, x @ W_K, x @ W_V) @ W_O


def restricted_self_attention(x: Tensor, *, r: int) -> Tensor:
    """Return self-attention in which each position sees the r positions around it (r odd), itself included."""
    n, d = x.shape
    padded = torch.nn.functional.pad(x, (0, 0, r // 2, r // 2))
    near = padded.unfold(0, r, 1).mT  # (n, r, d)
    positions = torch.arange(n, device=x.device).unsqueeze(-1) + torch.arange(r, device=x.device) - r // 2  # (n, r)
    exists = (positions >= 0) & (positions < n)
    return attention(x.unsqueeze(1), near, near, mask=exists.unsqueeze(1)).reshape(n, d)


def recurrent(x: Tensor) -> Tensor:
    """Return h₁ … h_n with h_t = tanh(x_t W + h_{t−1} U)."""
    d = x.shape[1]
    W, U = x.new_ones(d, d), x.new_ones(d, d)
    h, states = x.new_zeros(1, d), []
    for x_t in x.unsqueeze(1).unbind():
        h = torch.tanh(x_t @ W + h @ U)
        states.append(h)
    return torch.cat(states)


def convolutional(x: Tensor, *, k: int, dilation: int = 1) -> Tensor:
    """Return a convolution of width k (odd) over the positions, from d channels to d."""
    d = x.shape[1]
    weight = x.new_ones(d, d, k)
    return conv1d(x.T.unsqueeze(0), weight, padding=dilation * (k // 2), dilation=dilation).squeeze(0).T


def multiply_adds(layer: Layer, n: int, d: int) -> int:
    """Return how many products of two numbers a layer sums, on an input of shape (n, d).

    Counted by torch's `FlopCounterMode` as the layer runs on tensors without contents, so that nothing is timed.
    """
    with FlopCounterMode(display=False) as counter:
        layer(torch.empty(n, d, device="meta"))
    return int(counter.get_total_flops()) // 2


def exponent(sizes: Sequence[int], counts: Sequence[float]) -> float:
    """Return the slope of log(count) over log(size), by least squares: 2 where a count grows with the square."""
    x = torch.tensor([math.log(size) for size in sizes], dtype=torch.float64)
    y = torch.tensor([math.log(count) for count in counts], dtype=torch.float64)
    x, y = x - x.mean(), y - y.mean()
    return float((x @ y) / (x @ x))


def sequential_products(layer: Layer, n: int, d: int = 4) -> int:
    """Return the longest chain of matrix products in which each waits for the one before, read off autograd's graph."""
    z = layer(torch.ones(n, d, requires_grad=True))
    longest: dict[Any, int] = {}
    stack: list[Any] = [z.grad_fn]
    while stack:
        node = stack[-1]
        waited_for = [source for source, _ in node.next_functions if source is not None]
        unknown = [source for source in waited_for if source not in longest]
        if unknown:
            stack.extend(unknown)
            continue
        stack.pop()
        is_product = any(word in type(node).__name__ for word in ("MmBackward", "BmmBackward", "Convolution"))
        longest[node] = max((longest[source] for source in waited_for), default=0) + is_product
    return longest[z.grad_fn]


def layers_to_cross(layer: Callable[[Tensor, int], Tensor], n: int, d: int = 4, *, at_most: int = 1000) -> int:
    """Return how many layers have to be stacked until the last output depends on the first input.

    `layer` gets the input and its own depth, from 0 on. The dependence is a gradient that is not zero. Raises
    `ValueError` when `at_most` layers do not suffice.
    """
    x = torch.linspace(-1, 1, n * d, dtype=torch.float64).reshape(n, d).sin().requires_grad_()
    z = x
    for depth in range(at_most):
        z = layer(z, depth)
        z = z / z.detach().abs().max()  # so that a deep stack neither overflows nor vanishes
        (gradient,) = torch.autograd.grad(z[-1].sum(), x, retain_graph=True)
        if gradient[0].count_nonzero():
            return depth + 1
    raise ValueError(f"{at_most} layers do not connect {n} positions")
