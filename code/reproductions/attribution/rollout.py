"""The attention of all layers in; how much of each token reaches each position of the last layer, out.

Abnar and Zuidema 2020 (arXiv 2005.00928), section 3. The model's output does not enter: rollout says where information
may have come from, not what it said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def attention_rollout(attentions: Sequence[Tensor], *, residual: float = 0.5) -> Tensor:
    """Return Ã of the last layer: Ã(lᵢ) = A(lᵢ) Ã(lᵢ₋₁), with A = ½ W + ½ I for the residual connection.

    Shapes: `attentions`, from the first layer on, (B, heads, tokens, tokens) each; their heads are averaged to W. The
    result is (B, tokens, tokens); row i holds the shares of the tokens in position i, which add up to one. `residual`
    is the part of I, which the paper sets to ½.
    """
    first = attentions[0]
    identity = torch.eye(first.shape[-1], dtype=first.dtype, device=first.device)
    rolled = identity.expand(len(first), -1, -1)
    for weights in attentions:
        rolled = ((1 - residual) * weights.mean(dim=1) + residual * identity) @ rolled
    return rolled
