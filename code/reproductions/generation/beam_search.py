r"""A language model and a prompt in; the likeliest continuations that a beam finds, out.

Maximization by beam search: Holtzman and others 2019 (arXiv 1904.09751v2), section 3. A finished text of m new
tokens is scored by its log-probability over m to the power of `length_penalty`, since a sum of logarithms falls with
each token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


class Hypothesis(NamedTuple):
    """A finished text and its score."""

    score: float
    text: Tensor


def beam_search(
    model: Callable[[Tensor], Tensor],
    prompt: Tensor,
    *,
    beams: int,
    length: int,
    end: int | None = None,
    length_penalty: float = 1.0,
) -> list[Hypothesis]:
    """Return up to `beams` finished texts, the best first; a text is finished by `end`, or after `length` tokens.

    Shapes: `prompt` (n,), a text (at most n + length,). Of the 2 `beams` best candidates of a step, those that end are
    kept where they are among the `beams` best, and the best others run on: ending does not thin out the beam. The
    search is over when as many texts are finished as there are beams, and none that runs scores better as it stands.
    """
    running, scores = prompt[None], torch.zeros(1)
    finished: list[Hypothesis] = []
    for step in range(1, length + 1):
        with torch.no_grad():
            log_p = model(running)[:, -1].float().log_softmax(dim=-1)
        vocabulary = log_p.shape[-1]
        candidates = (scores[:, None] + log_p).flatten()
        best = candidates.topk(min(2 * beams, len(candidates)))
        texts = torch.cat([running[best.indices // vocabulary], (best.indices % vocabulary)[:, None]], dim=1)
        ends = torch.full((len(texts),), step == length) if end is None else (texts[:, -1] == end) | (step == length)
        ended = ends[:beams].nonzero()[:, 0].tolist()
        finished += [Hypothesis(best.values[rank].item() / step**length_penalty, texts[rank]) for rank in ended]
        finished = sorted(finished, key=lambda hypothesis: -hypothesis.score)[:beams]
        go_on = (~ends).nonzero()[:beams, 0]
        running, scores = texts[go_on], best.values[go_on]
        if not len(running):
            break
        if len(finished) == beams and scores[0].item() / step**length_penalty <= finished[-1].score:
            break
    return finished
