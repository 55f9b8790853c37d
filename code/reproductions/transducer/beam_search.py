r"""Transcription vectors and a prediction network in; the most probable output sequences, out.

Algorithm 1 of Graves 2012 (arXiv 1211.3711v1), section 2.6. A beam of prefixes moves along the input. At each step t a
prefix may be extended any number of times before ∅ moves it on, and paths that lead to the same prefix are added up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import torch

from reproductions.transducer.lattice import NULL

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.transducer.network import Transducer

Prefix = tuple[int, ...]
Prediction = Callable[[Prefix], "Tensor"]
"""What has been written so far in; g, the prediction vector of the next symbol, shape (K,), out."""


def beam_search(f: Tensor, g: Prediction, *, W: int) -> dict[Prefix, float]:
    """Return up to W output sequences with their ln Pr(y | x), in the order of ln Pr(y | x) / |y|, the best one first.

    Shapes: `f` (T, K), one input sequence. A returned probability lacks what flowed through prefixes that fell out of
    the beam: it is at most that of the forward algorithm, and equal to it when nothing fell out.

    Where it differs from the paper's listing, in what it leaves open or where reading it line by line goes wrong:

    - The sum over the prefixes of y reads their probabilities as they were before step t; the longest y comes first, so
      that no prefix has changed when it is read.
    - An extension takes the probability of y* before y* is multiplied by that of ∅. The listing multiplies first.
    - An extension that was in the beam before step t is not added again: the sum over prefixes has counted it.
    - The empty sequence has no |y| to divide by; it is ranked as if it had one symbol.
    """

    @cache
    def pr(prefix: Prefix, t: int) -> list[float]:
        row: list[float] = (f[t] + g(prefix)).log_softmax(dim=-1).tolist()
        return row

    B: dict[Prefix, float] = {(): 0.0}
    for t in range(len(f)):
        before = B
        A = dict(before)
        for y in sorted(A, key=len, reverse=True):
            for n in range(len(y)):
                if y[:n] in A:
                    rest = sum(pr(y[:u], t)[y[u]] for u in range(n, len(y)))  # ln Pr(y | ŷ, t)
                    A[y] = _log_sum(A[y], A[y[:n]] + rest)
        B = {}
        while sum(log_pr > max(A.values()) for log_pr in B.values()) < W:
            best = max(A, key=A.__getitem__)
            log_pr = A.pop(best)
            for k, log_pr_k in enumerate(pr(best, t)):
                if k == NULL:
                    B[best] = log_pr + log_pr_k
                elif (*best, k) not in before:
                    A[*best, k] = log_pr + log_pr_k
        B = dict(sorted(B.items(), key=lambda item: item[1], reverse=True)[:W])
    return dict(sorted(B.items(), key=lambda item: item[1] / max(1, len(item[0])), reverse=True))


@torch.no_grad()
def transcribe(network: Transducer, x: Tensor, *, W: int = 4) -> Prefix:
    """Return the output sequence that the search finds best for one input sequence `x`, shape (T, inputs)."""
    f = network.transcribe(x.unsqueeze(0), torch.tensor([len(x)])).squeeze(0)

    @cache
    def g(prefix: Prefix) -> Tensor:
        return network.predict(torch.tensor([prefix], dtype=torch.int64))[0, -1]

    return next(iter(beam_search(f, g, W=W)))


def _log_sum(a: float, b: float) -> float:
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))
