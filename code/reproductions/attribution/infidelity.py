"""Attributions in; how badly they foretell what removing features does to the output, out.

Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019 (arXiv 1901.09392), section 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproductions.attribution.presence import lost_without

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.presence import Presence


def infidelity(output: Presence, attributions: Tensor, removed: Tensor, *, scaled: bool = False) -> float:
    """Return INFD = 𝔼[(IᵀΦ − (f(x) − f(x − I)))²], where I takes a random subset of features to the baseline.

    Shapes: `attributions` (n,), `removed` booleans (count, n). With `scaled` the attributions are first multiplied by
    the number that makes it least, so that methods without a unit can be compared.

    Where it differs from the paper: attributions have the distance to the baseline in them, as those that are complete
    do, so that IᵀΦ is the sum of the attributions of what is removed.
    """
    lost = lost_without(output, removed)
    foretold = removed.to(attributions.dtype) @ attributions
    if scaled:
        foretold = foretold * (foretold @ lost) / (foretold @ foretold).clamp(min=1e-30)
    return (foretold - lost).square().mean().item()
