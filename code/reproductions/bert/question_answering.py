r"""A question and a passage in; how well each span of the passage answers, and the best span, out.

Devlin and others 2018 (arXiv 1810.04805v2), sections 4.2 and 4.3. Fine-tuning brings in two vectors, S for the start
of the answer and E for its end:

$$P_i = \frac{e^{S \cdot T_i}}{\sum_j e^{S \cdot T_j}}, \qquad \mathrm{score}(i, j) = S \cdot T_i + E \cdot T_j
\quad (j \ge i), \qquad s_{\text{null}} = S \cdot C + E \cdot C$$
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from reproductions.bert.encoder import begin

if TYPE_CHECKING:
    from reproductions.bert.encoder import Bert


class Spans(NamedTuple):
    """Where an answer begins and where it ends, its last token included: both of shape (B,)."""

    start: Tensor
    end: Tensor


class QuestionAnswering(nn.Module):
    """BERT with the start vector S and the end vector E, the two rows of one matrix.

    Where it differs from the paper: like its code, it adds a bias to each of the two scores. It moves every span
    alike, and so changes no answer.
    """

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        self.bert = bert
        self.S_and_E = nn.Linear(bert.p.H, 2)
        begin(self.S_and_E)

    def forward(self, tokens: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        """Return S·T_i and E·T_i of each token: (B, n) twice, to (B, n) twice."""
        starts, ends = self.S_and_E(self.bert(tokens, segments)).unbind(dim=-1)
        return starts, ends


def span_scores(starts: Tensor, ends: Tensor, allowed: Tensor) -> Tensor:
    """Return S·T_i + E·T_j of each span from i to j, −∞ where it is none (section 4.2).

    Shapes: `starts`, `ends` and `allowed` (B, n), true for tokens of the passage; the result (B, n, n), starts first.
    """
    scores = starts.unsqueeze(-1) + ends.unsqueeze(-2)
    spans = (allowed.unsqueeze(-1) & allowed.unsqueeze(-2)).triu()  # j ≥ i
    return scores.masked_fill(~spans, -math.inf)


def best_spans(starts: Tensor, ends: Tensor, allowed: Tensor) -> Spans:
    """Return the span with the greatest score of each text; shapes as in `span_scores`."""
    n = starts.shape[1]
    best = span_scores(starts, ends, allowed).flatten(start_dim=1).argmax(dim=1)
    return Spans(best // n, best % n)


def answered(starts: Tensor, ends: Tensor, allowed: Tensor, *, tau: float = 0.0) -> Tensor:
    """Return whether the best span beats no answer by more than τ: max score(i, j) > s_null + τ (section 4.3).

    No answer is the span of [CLS], the first token. Shapes as in `span_scores`, the result (B,).
    """
    s_null = starts[:, 0] + ends[:, 0]
    return span_scores(starts, ends, allowed).amax(dim=(1, 2)) > s_null + tau


def span_loss(starts: Tensor, ends: Tensor, spans: Spans) -> Tensor:
    """Return −ln of the right start's probability and of the right end's, summed, the mean over texts (section 4.2).

    The softmax runs over all tokens, the question's as well. Shapes: `starts` and `ends` (B, n).
    """
    return cross_entropy(starts, spans.start) + cross_entropy(ends, spans.end)
