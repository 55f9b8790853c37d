"""A function F and inputs x in; the gradient of F at x, and the attributions made from that gradient alone, out.

`F` takes a batch of inputs, shape (B, …), and returns one number for each, shape (B,). To attribute one class of a
classifier, pick it: `lambda x: model(x)[:, target]`.

These are the methods that Integrated Gradients sets out to mend: Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2),
section 2, "Gradients".
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Function = Callable[[Tensor], Tensor]
"""A batch of inputs, shape (B, …), in; one number for each, shape (B,), out."""
Method = Callable[[Function, Tensor, Tensor], Tensor]
"""F, x and x′ in; attributions, in the shape of x, out."""


def gradients(F: Function, x: Tensor) -> Tensor:
    """Return ∂F(x)/∂x for each input of a batch.

    Shapes: `x` (B, …), the result (B, …), in the dtype of `x`. Works under `torch.no_grad()`; gathers no gradient in
    the parameters of `F`. One input must not change the output of another (batch normalization in training mode does).

    Raises `ValueError` when `x` is not of a floating type, when `F` does not return shape (B,), or when autograd finds
    no way from its output back to `x`.
    """
    if not x.is_floating_point():
        raise ValueError(
            f"x holds {x.dtype}, through which no gradient flows; "
            "hint: attribute to the embeddings of token ids, not to the ids"
        )
    with torch.enable_grad():
        x = x.detach().clone().requires_grad_()
        y = F(x)
        _check_output(y, x)
        (gradient,) = torch.autograd.grad(y.sum(), x, allow_unused=True) if y.requires_grad else (None,)
    if gradient is None:
        raise ValueError("the output of F does not depend on x; hint: look for no_grad, detach, argmax or .data in F")
    return gradient


def gradient_times_input(F: Function, x: Tensor, x_prime: Tensor) -> Tensor:
    """Return (x − x′) × ∂F(x)/∂x: the first-order guess at F(x) − F(x′), made at `x` alone.

    Shapes: `x` (B, …), `x_prime` broadcasts to it, the result (B, …).

    Where it differs from the paper: there the baseline is zero, and the product is gradient × input.
    """
    return (x - x_prime) * gradients(F, x)


def saliency(F: Function, x: Tensor) -> Tensor:
    """Return |∂F(x)/∂x|, the saliency map of Simonyan, Vedaldi and Zisserman 2013 (arXiv 1312.6034), section 3.

    Shapes: `x` (B, …), the result (B, …).

    Where it differs from the paper: it keeps the colour channels, where the paper takes the largest of them.
    """
    return gradients(F, x).abs()


def _check_output(y: Tensor, x: Tensor) -> None:
    if y.shape != x.shape[:1]:
        raise ValueError(
            f"F must return one number for each of {len(x)} inputs, shape {tuple(x.shape[:1])}, but returned shape "
            f"{tuple(y.shape)}; hint: pick one output, as in lambda x: model(x)[:, target]"
        )
