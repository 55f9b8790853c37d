"""Attributions and what they should be in; how far off each input's are, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def relative_errors(attributions: Tensor, exact: Tensor) -> Tensor:
    """Return ‖attributions − exact‖₂ / ‖exact‖₂ for each input: (B, n) and (B, n) in, (B,) out."""
    errors: Tensor = (attributions - exact).norm(dim=1) / exact.norm(dim=1)
    return errors
