"""Nothing in; one number, or a few named ones, out of each function: what the claims of the note measure.

The paper is Devlin and others 2018 (arXiv 1810.04805v2) throughout. A check and its control are the same measurement,
taken of two methods. All numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering

from reproductions.bert.answering import exact, heldout, trained, without_the_question
from reproductions.bert.from_transformers import masked_language_model, question_answering
from reproductions.bert.masked_words import hide, trust
from reproductions.bert.question_answering import QuestionAnswering, best_spans
from reproductions.bert.sizes import BERT_BASE, BERT_LARGE, parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.bert.passages import Questions

# The model: section 3.


def distance_to_transformers() -> dict[str, float]:
    """Return the largest difference between our scores and those of transformers, relative to the largest score."""
    return _distance_to_transformers(with_segments=True)


def distance_to_transformers_without_segments() -> dict[str, float]:
    """Return the same where our model is told that all tokens belong to sentence A."""
    return _distance_to_transformers(with_segments=False)


@torch.no_grad()
def _distance_to_transformers(*, with_segments: bool) -> dict[str, float]:
    config = BertConfig(
        vocab_size=100,
        hidden_size=64,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=40,
        initializer_range=0.1,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        guessing, answering = BertForMaskedLM(config), BertForQuestionAnswering(config)
        for model in (guessing, answering):
            nn.Module.eval(model)
        tokens = torch.randint(1, 100, (8, 30))
    segments = (torch.arange(30) > 11).long().expand(8, -1).contiguous()
    ours = segments if with_segments else torch.zeros_like(segments)
    words = guessing(tokens, token_type_ids=segments).logits
    theirs = answering(tokens, token_type_ids=segments)
    starts, ends = question_answering(answering)(tokens, ours)
    return {
        "words": _relative(masked_language_model(guessing)(tokens, ours), words),
        "starts": _relative(starts, theirs.start_logits),
        "ends": _relative(ends, theirs.end_logits),
    }


def _relative(ours: Tensor, theirs: Tensor) -> float:
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()


def millions_off_the_sizes() -> dict[str, float]:
    """Return by how many million parameters the models as pre-trained differ from the 110 and 340 that are printed."""
    return _millions_off(tied=True)


def millions_off_the_sizes_untied() -> dict[str, float]:
    """Return the same where the words that are guessed have a matrix of their own."""
    return _millions_off(tied=False)


def _millions_off(*, tied: bool) -> dict[str, float]:
    return {
        "BASE": abs(parameters(BERT_BASE, tied=tied) / 1e6 - 110),
        "LARGE": abs(parameters(BERT_LARGE, tied=tied) / 1e6 - 340),
    }


# Masked words: section 3.1, Task #1, and appendix A.1.

MASK, VOCABULARY = 0, 1000


def shares_off_the_rule() -> dict[str, float]:
    """Return by how much the shares of all tokens that are hidden, replaced and kept differ from 12, 1.5 and 1.5 %."""
    return _shares_off(masked=0.8, random=0.1)


def shares_off_when_all_are_hidden() -> dict[str, float]:
    """Return the same where every chosen token becomes [MASK], a row of Table 8."""
    return _shares_off(masked=1.0, random=0.0)


def _shares_off(*, masked: float, random: float) -> dict[str, float]:
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(1, VOCABULARY, (2000, 100), generator=generator)
    words = torch.ones_like(tokens, dtype=torch.bool)
    found, chosen = hide(
        tokens, words, mask=MASK, vocabulary=VOCABULARY, generator=generator, masked=masked, random=random
    )
    hidden, same = found == MASK, found == tokens
    of_all = {"hidden": hidden, "replaced": chosen & ~hidden & ~same, "kept": chosen & same}
    stated = {"hidden": 0.12, "replaced": 0.015, "kept": 0.015}
    return {name: abs(which.double().mean().item() - stated[name]) for name, which in of_all.items()}


def trust_off_the_formula() -> float:
    """Return how far the share of visible chosen words that are the true ones is from `trust`, at most over words.

    Words are drawn from a vocabulary of eight, each half as probable as the one before, whatever stands around them.
    """
    return _trust_off(lambda probability: trust(probability, vocabulary=8))


def trust_off_blind_faith() -> float:
    """Return how far the same share is from one, which it would be if no word were replaced."""
    return _trust_off(torch.ones_like)


def _trust_off(expected: Callable[[Tensor], Tensor]) -> float:
    generator = torch.Generator().manual_seed(2)
    probability = 0.5 ** torch.arange(8, dtype=torch.float64)
    probability /= probability.sum()
    tokens = torch.multinomial(probability, 4_000_000, replacement=True, generator=generator).view(-1, 200)
    found, chosen = hide(tokens, torch.ones_like(tokens).bool(), mask=8, vocabulary=8, generator=generator)
    true = torch.stack([(tokens == word)[chosen & (found == word)].double().mean() for word in range(8)])
    return (true - expected(probability)).abs().max().item()


# Spans: section 4.2.


def score_lost_by_the_best_span() -> float:
    """Return how far the chosen span's score stays below that of the best of all spans tried one by one, at most."""
    starts, ends, allowed = _scores()
    chosen = best_spans(starts, ends, allowed)
    return _score_lost(chosen.start, chosen.end)


def score_lost_by_the_best_start_and_its_end() -> float:
    """Return the same where the best start is taken first, and then the best end from there on."""
    starts, ends, allowed = _scores()
    start = starts.masked_fill(~allowed, -torch.inf).argmax(dim=1)
    after = allowed & (torch.arange(starts.shape[1]) >= start.unsqueeze(-1))
    return _score_lost(start, ends.masked_fill(~after, -torch.inf).argmax(dim=1))


def _scores() -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    starts, ends = torch.randn(2, 200, 20, generator=generator, dtype=torch.float64)
    return starts, ends, (torch.arange(20) > 5).expand(200, -1)


def _score_lost(start: Tensor, end: Tensor) -> float:
    starts, ends, _ = _scores()
    lost = 0.0
    for s, e, i, j in zip(starts.tolist(), ends.tolist(), start.tolist(), end.tolist(), strict=True):
        best = max(s[first] + e[last] for first in range(6, 20) for last in range(first, 20))
        lost = max(lost, best - s[i] - e[j])
    return lost


# Answers, on passages made by rule: sections 4.2 and 5.1.


def questions_answered() -> float:
    """Return the share of held-out questions whose answer a trained model marks exactly."""
    return _answered(trained(), heldout())


def questions_answered_unasked() -> float:
    """Return the same where the question word is hidden."""
    return _answered(trained(), without_the_question(heldout()))


def questions_answered_left_to_right() -> float:
    """Return the same for a model that was trained alike, and sees of each token only what stands before it."""
    return _answered(trained(left_to_right=True), heldout())


def questions_answered_left_to_right_unasked() -> float:
    """Return the same for that model where the question word is hidden."""
    return _answered(trained(left_to_right=True), without_the_question(heldout()))


def _answered(model: QuestionAnswering, data: Questions) -> float:
    return exact(model, data).double().mean().item()
