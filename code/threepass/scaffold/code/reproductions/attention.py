"""Scaled dot-product attention (Vaswani et al., Attention Is All You Need, 2017, section 3.2.1) in plain Python."""

import math
import random
from collections.abc import Sequence
from statistics import pvariance

Vector = Sequence[float]


def softmax(scores: Vector) -> list[float]:
    """Return weights that are positive and add up to one. Subtracting the maximum changes nothing but the overflow."""
    exponentials = [math.exp(score - max(scores)) for score in scores]
    return [exponential / sum(exponentials) for exponential in exponentials]


def dot(q: Vector, k: Vector) -> float:
    """Return q · k."""
    return sum(q_i * k_i for q_i, k_i in zip(q, k, strict=True))


def scaled(score: float, d_k: int) -> float:
    """Return a score divided by √d_k."""
    return score / math.sqrt(d_k)


def attention(queries: Sequence[Vector], keys: Sequence[Vector], values: Sequence[Vector]) -> list[list[float]]:
    """Return softmax(QKᵀ/√d_k)V (equation 1); Q is n × d_k, K is m × d_k, V is m × d_v, the result n × d_v."""
    weights = [softmax([scaled(dot(q, k), len(k)) for k in keys]) for q in queries]
    return [[dot(row, column) for column in zip(*values, strict=True)] for row in weights]


def _scores(d_k: int = 64, samples: int = 4000) -> list[float]:
    """Return q · k for queries and keys whose components are independent, with mean 0 and variance 1."""
    normal = random.Random(0).gauss
    return [dot([normal(0, 1) for _ in range(d_k)], [normal(0, 1) for _ in range(d_k)]) for _ in range(samples)]


def variance_of_scaled_scores() -> float:
    """Return the variance of q · k / √d_k for d_k = 64."""
    return pvariance([scaled(score, 64) for score in _scores(d_k=64)])


def variance_of_scores() -> float:
    """Return the variance of q · k for d_k = 64: without the scale it grows with d_k."""
    return pvariance(_scores(d_k=64))
