r"""Texts in; the same with some tokens hidden, and a score for each word that may have stood there, out.

The masked language model: Devlin and others 2018 (arXiv 1810.04805v2), section 3.1, Task #1, and appendix A.1. Of all
tokens 15 % are chosen. Of those chosen, 80 % become [MASK], 10 % any token, and 10 % stay; all of them are to be
guessed from the final vectors:

$$\Pr(x_i = w) = \mathrm{softmax}_w \left(E^{\text{token}} \, \mathrm{LayerNorm}(\mathrm{GELU}(W T_i + b)) + b'\right)$$
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from reproductions.bert.encoder import EPSILON, Bert, begin


class Hidden(NamedTuple):
    """What the model reads, and what it is asked."""

    tokens: Tensor
    """Shape (B, n): the texts with some tokens replaced."""
    chosen: Tensor
    """Shape (B, n), true where the token is to be guessed; some of these look as they did."""


def hide(
    tokens: Tensor,
    words: Tensor,
    *,
    mask: int,
    vocabulary: int,
    generator: torch.Generator,
    share: float = 0.15,
    masked: float = 0.8,
    random: float = 0.1,
) -> Hidden:
    """Return the texts with `share` of their words chosen, and of those chosen `masked` hidden and `random` replaced.

    Shapes: `tokens` and `words` (B, n), where `words` is true for what may be chosen: no [CLS], [SEP] or padding. Of
    each text the share is rounded, and at least one word is chosen where there is one.

    Raises `ValueError` for shares that are none.
    """
    if not (0 < share <= 1 and masked >= 0 and random >= 0 and masked + random <= 1):
        raise ValueError(f"no shares: {share}, {masked} and {random}; hint: the paper's are 0.15, 0.8 and 0.1")
    drawn = torch.rand(tokens.shape, generator=generator).masked_fill(~words, 2.0)
    rank = drawn.argsort(dim=1).argsort(dim=1)  # 0 for the word that was drawn first
    count = words.sum(dim=1, keepdim=True)
    chosen = words & (rank < (share * count).round().clamp(min=1))
    fate = torch.rand(tokens.shape, generator=generator)
    others = torch.randint(vocabulary, tokens.shape, generator=generator)
    hidden = torch.where(chosen & (fate < masked), mask, tokens)
    return Hidden(torch.where(chosen & (fate >= masked) & (fate < masked + random), others, hidden), chosen)


def trust(probability: Tensor, *, vocabulary: int, kept: float = 0.1, random: float = 0.1) -> Tensor:
    """Return the probability that a chosen word which is not hidden is the true one, by Bayes's rule.

    `probability` is what the context gives that word, of any shape. In the paper's proportions the result is
    (p + p/V) / (p + 1/V): a visible word deserves belief where the context finds it likelier than a word by chance.

    Not in the paper; it follows from the rule of appendix A.1.
    """
    return (kept * probability + random * probability / vocabulary) / (kept * probability + random / vocabulary)


class MaskedLanguageModel(nn.Module):
    """BERT with the layer that guesses tokens.

    Where it differs from the paper: the text says that the vectors "are fed into an output softmax over the
    vocabulary"; the paper's code has the layer W, GELU and normalization before it, shares the matrix with the
    embeddings, and so do we.
    """

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        H, vocabulary = bert.p.H, bert.p.vocabulary
        self.bert = bert
        self.W = nn.Linear(H, H)
        self.norm = nn.LayerNorm(H, eps=EPSILON)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        begin(self.W)

    def forward(self, tokens: Tensor, segments: Tensor) -> Tensor:
        """Return the logits of each word at each place: (B, n) twice, to (B, n, vocabulary)."""
        T = self.bert(tokens, segments)
        logits: Tensor = self.norm(gelu(self.W(T))) @ self.bert.tokens.weight.T + self.bias
        return logits
