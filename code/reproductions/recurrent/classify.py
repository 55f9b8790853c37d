"""A seed in; how well networks trained on forty sentences tell praise from blame in unseen words, out.

Sentences are made by rule. The label is the polarity of an adjective, turned round by "not". The adjectives of the test
occur in no labelled sentence of training; they do occur in sentences without labels, beside adjectives of their own
polarity. From these come word vectors, by a singular value decomposition of counts. So vectors made beforehand are the
only way in which a test word can mean anything: the task is made to show that, and not how much vectors help elsewhere.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

PRAISE = ["good", "fine", "great", "lovely", "warm", "funny", "clever", "fresh", "moving", "bright", "gentle", "superb"]
BLAME = ["bad", "dull", "poor", "ugly", "cold", "boring", "stupid", "stale", "flat", "gloomy", "harsh", "awful"]
SUBJECTS = ["film", "book", "play", "song", "story", "concert"]
WORDS = ["the", "was", "not", "and", *SUBJECTS, *PRAISE, *BLAME]
DIMENSIONS = 8


def sentence(subject: str, adjective: str, *, denied: bool) -> list[str]:
    """Return 'the film was (not) good', with a filler in place of 'not' so that all are as long."""
    return ["the", subject, "was", "not" if denied else "and", adjective]


def labelled(count: int, *, unseen: bool, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return sentences (count, 5) and 1 for praise (count,), with the adjectives of the test or of training."""
    part = slice(6, 12) if unseen else slice(0, 6)
    words, labels = [], []
    for _ in range(count):
        subject, praise, denied, adjective = (
            int(torch.randint(high, (1,), generator=generator)) for high in (len(SUBJECTS), 2, 2, 6)
        )
        said = (PRAISE if praise else BLAME)[part][adjective]
        words.append([WORDS.index(word) for word in sentence(SUBJECTS[subject], said, denied=bool(denied))])
        labels.append(praise ^ denied)
    return torch.tensor(words), torch.tensor(labels)


@cache
def vectors(*, pairs: int = 2000) -> Tensor:
    """Return a vector for each word, (words, DIMENSIONS), from unlabelled 'the film was good and warm'.

    The counts of words in a sentence together, as √ of each, decomposed; scaled to a variance of 1.
    """
    generator = torch.Generator().manual_seed(0)
    counts = torch.zeros(len(WORDS), len(WORDS), dtype=torch.float64)
    for _ in range(pairs):
        subject, kind, one, other = (
            int(torch.randint(high, (1,), generator=generator)) for high in (len(SUBJECTS), 2, 12, 12)
        )
        adjectives = (PRAISE, BLAME)[kind]
        said = {"the", SUBJECTS[subject], "was", adjectives[one], "and", adjectives[other]}
        places = torch.tensor(sorted(WORDS.index(word) for word in said))
        counts[places[:, None], places] += 1
    U, S, _ = torch.linalg.svd(counts.sqrt())
    found = U[:, :DIMENSIONS] * S[:DIMENSIONS].sqrt()
    scaled: Tensor = ((found - found.mean(dim=0)) / found.std(dim=0)).float()
    return scaled


class Classifier(nn.Module):
    """Embedding, long short-term memory, and a layer out from the mean of its outputs."""

    def __init__(self, *, deep: bool, pretrained: bool, hidden: int = 16) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(WORDS), DIMENSIONS)
        if pretrained:
            self.embedding.weight = nn.Parameter(vectors().clone(), requires_grad=False)
        self.layer = nn.LSTM(DIMENSIONS, hidden, num_layers=2 if deep else 1, bidirectional=deep, batch_first=True)
        self.readout = nn.Linear(hidden * (2 if deep else 1), 2)

    def forward(self, words: Tensor) -> Tensor:
        """Return the logits of blame and praise: (B, T) to (B, 2)."""
        logits: Tensor = self.readout(self.layer(self.embedding(words))[0].mean(dim=1))
        return logits


@cache
def accuracy(*, deep: bool, pretrained: bool, seed: int, unseen: bool = True) -> float:
    """Return the share of 300 test sentences told right after 120 steps on 40 labelled sentences."""
    generator = torch.Generator().manual_seed(seed)
    words, labels = labelled(40, unseen=False, generator=generator)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Classifier(deep=deep, pretrained=pretrained)
    optimizer = torch.optim.Adam([weights for weights in model.parameters() if weights.requires_grad], lr=1e-2)
    for _ in range(120):
        optimizer.zero_grad()
        torch.autograd.backward(nn.functional.cross_entropy(model(words), labels))
        optimizer.step()
    words, labels = labelled(300, unseen=unseen, generator=generator)
    with torch.no_grad():
        right: Tensor = model(words).argmax(dim=-1) == labels
    return right.double().mean().item()


def accuracies(*, deep: bool, pretrained: bool, unseen: bool = True, seeds: int = 8) -> list[float]:
    """Return the accuracy for each seed."""
    return [accuracy(deep=deep, pretrained=pretrained, seed=seed, unseen=unseen) for seed in range(seeds)]
