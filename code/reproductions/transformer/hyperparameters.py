"""The sizes of a Transformer, and those of the models that the paper trained.

Vaswani and others 2017 (arXiv 1706.03762v7), Table 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """The columns of Table 3 that shape the model; what is left out is the base model's."""

    N: int = 6
    d_model: int = 512
    d_ff: int = 2048
    h: int = 8
    d_k: int = 64
    d_v: int = 64
    P_drop: float = 0.1


BASE = Hyperparameters()
BIG = Hyperparameters(d_model=1024, d_ff=4096, h=16, P_drop=0.3)

TABLE_3: Mapping[str, tuple[Hyperparameters, int]] = MappingProxyType(
    {
        "base": (BASE, 65),
        "(B) d_k = 16": (replace(BASE, d_k=16), 58),
        "(B) d_k = 32": (replace(BASE, d_k=32), 60),
        "(C) N = 2": (replace(BASE, N=2), 36),
        "(C) N = 4": (replace(BASE, N=4), 50),
        "(C) N = 8": (replace(BASE, N=8), 80),
        "(C) d_model = 256": (replace(BASE, d_model=256, d_k=32, d_v=32), 28),
        "(C) d_model = 1024": (replace(BASE, d_model=1024, d_k=128, d_v=128), 168),
        "(C) d_ff = 1024": (replace(BASE, d_ff=1024), 53),
        "(C) d_ff = 4096": (replace(BASE, d_ff=4096), 90),
        "big": (BIG, 213),
    }
)
"""Each row of Table 3 that prints a number of parameters: its hyperparameters, and the number in millions."""
VOCABULARY = 37_000
"""Byte pairs that source and target share, English–German (section 5.1); the paper says "about"."""
