r"""Logits of the next token in; logits from which to sample, out: colder, cut off, or with a penalty on what was said.

Holtzman and others 2019 (arXiv 1904.09751v2), sections 3.1 to 3.3. A token that is cut off gets −∞, so that the
softmax rescales what is left (Equation 3). All shapes are (…, V), V the size of the vocabulary.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def temperature(u: Tensor, *, t: float) -> Tensor:
    r"""Return the logits $u_l / t$ of Equation 4: t below 1 favours likely tokens, t above 1 makes all alike.

    Raises `ValueError` where t is not above 0.
    """
    if not t > 0:
        raise ValueError(f"a temperature is above 0, not {t}; hint: for 0, decode greedily")
    return u / t


def top_k(u: Tensor, *, k: int) -> Tensor:
    """Return the logits of the k likeliest tokens; the others are cut off (section 3.2).

    Tokens as likely as the k-th stay as well. Raises `ValueError` where k is below 1.
    """
    if k < 1:
        raise ValueError(f"at least one token has to be left, not {k}")
    least = u.topk(min(k, u.shape[-1]), dim=-1).values[..., -1:]
    return u.masked_fill(u < least, -math.inf)


def nucleus(u: Tensor, *, p: float) -> Tensor:
    r"""Return the logits of the nucleus $V^{(p)}$, the smallest set of tokens that holds the mass p (Equation 2).

    $$\sum_{x \in V^{(p)}} P(x \mid x_{1:i-1}) \ge p$$

    Of equally likely tokens the later ones leave first. Raises `ValueError` where p is not in (0, 1].
    """
    if not 0 < p <= 1:
        raise ValueError(f"p is a probability above 0, not {p}")
    falling, order = u.sort(dim=-1, descending=True, stable=True)
    probability = falling.softmax(dim=-1)
    held_before = probability.cumsum(dim=-1) - probability
    outside = held_before >= p
    outside[..., 0] = False
    return u.masked_fill(outside.scatter(-1, order, outside), -math.inf)


def repetition_penalty(u: Tensor, said: Tensor, *, theta: float) -> Tensor:
    """Return the logits with those of tokens that were already said made less likely, by the factor θ.

    Shapes: `u` (B, V), `said` (B, n) token ids. From CTRL (Keskar and others 2019, arXiv 1909.05858, section 4.1).

    Where it differs from the paper: the paper divides every such logit by θ, which makes a token with a negative one
    *likelier*. A negative logit is multiplied here, as the authors' code does.
    """
    of_said = u.gather(-1, said)
    return u.scatter(-1, said, torch.where(of_said > 0, of_said / theta, of_said * theta))


def repetition_penalty_as_printed(u: Tensor, said: Tensor, *, theta: float) -> Tensor:
    """Return what the paper's formula says: each logit of a token that was said, over θ: (B, V) and (B, n) in."""
    return u.scatter(-1, said, u.gather(-1, said) / theta)
