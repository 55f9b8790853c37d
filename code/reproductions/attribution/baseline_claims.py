"""Nothing in; one number out of each function: what sections 3 and 5 ask of a baseline, on the classifier of emotions.

Sundararajan, Taly and Yan 2017 (arXiv 1703.01365v2): its score should be near zero, it should carry no signal, and for
text the zero embedding will do, since training gives unimportant words small norms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from reproductions.attribution.held_out import mean_over_sentences
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.rank_correlation import rank_correlation
from reproductions.attribution.reading import read_text, word_embeddings
from reproductions.attribution.text_baselines import text_baselines
from reproductions.attribution.token_methods import by_leaving_one_out
from reproductions.attribution.token_summaries import token_sums
from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import untrained_classifier

if TYPE_CHECKING:
    from reproductions.attribution.reading import Reading
    from reproductions.emotions.classifier import Classifier

Baseline = Callable[["Reading"], Tensor]
"""A text in; embeddings from which a path to its own may start, (1, T, d), out."""
ELSEWHERE = 0.01
"""What a sentence of another emotion may score at most for the emotion that is asked for."""


# Its score should be near zero: section 3 and section 5.


def score_without_words() -> float:
    """Return the mean probability that the answer to a sentence has at the text without words."""
    return _score(_without_words)


def score_of_a_blur() -> float:
    """Return the same at the sentence itself, blurred along its tokens."""
    return _score(lambda reading: text_baselines(reading)["blurred"])


@torch.no_grad()
def _score(baseline: Baseline) -> float:
    def score(reading: Reading) -> float:
        return reading.score_of_embeddings(baseline(reading)).item()

    return mean_over_sentences(score, emotion_classifier())


# It should carry no signal, even where its score is zero: section 5.


def agreement_with_erasure_without_words() -> float:
    """Return the mean rank correlation of integrated gradients from the text without words with leaving one out."""
    return _agreement_with_erasure(_without_words)


def agreement_with_erasure_from_another_sentence() -> float:
    """Return the same from a sentence of another emotion, at which the answer's score is almost zero."""
    return _agreement_with_erasure(_of_another_emotion)


def _agreement_with_erasure(baseline: Baseline) -> float:
    def agreement(reading: Reading) -> float:
        lines = IntegratedGradients(reading.logit_of_embeddings)
        scores = token_sums(lines.attribute(reading.embeddings(reading.ids), baseline(reading)))[0]
        ordinary = ~reading.special
        return rank_correlation(scores[ordinary], by_leaving_one_out(reading)[ordinary])

    return mean_over_sentences(agreement, emotion_classifier())


def _without_words(reading: Reading) -> Tensor:
    return text_baselines(reading)["padding token"]


def _of_another_emotion(reading: Reading) -> Tensor:
    """Return the words of the first training sentence that says next to nothing for the label, as often as they fit."""
    classifier, ordinary = reading.classifier, ~reading.special
    for sentence in training_sentences():
        if sentence.emotion == reading.target:
            continue
        words = classifier.tokenizer(sentence.text, add_special_tokens=False)["input_ids"]
        ids = reading.ids.clone()
        ids[0, ordinary] = torch.tensor(words).repeat(len(reading.tokens))[: int(ordinary.sum())]
        if reading.score(ids) < ELSEWHERE:
            return reading.embeddings(ids)
    raise RuntimeError(f"every sentence says something for {reading.label}")


# Training gives unimportant words small norms: section 5.


def norms_with_importance() -> float:
    """Return the rank correlation of the norms of word pieces' embeddings with what masking them costs on average."""
    return _norms_with_importance(emotion_classifier())


def norms_with_importance_untrained() -> float:
    """Return the same for the norms before training."""
    return _norms_with_importance(untrained_classifier(training_sentences()))


def _norms_with_importance(classifier: Classifier) -> float:
    lost: defaultdict[int, list[float]] = defaultdict(list)
    for sentence in training_sentences()[::2]:
        reading = read_text(emotion_classifier(), sentence.text)
        costs = by_leaving_one_out(reading).abs().tolist()
        for piece, cost, word in zip(reading.ids[0].tolist(), costs, reading.words, strict=True):
            if word is not None:
                lost[piece].append(cost)
    norms = torch.linalg.vector_norm(word_embeddings(classifier)(torch.tensor(list(lost))).detach(), dim=1)
    return rank_correlation(norms, torch.tensor([sum(costs) / len(costs) for costs in lost.values()]))
