"""A seed in; questions about passages, with the place of each answer, out, all made by rule.

A passage names a person, a thing and a place in any order, each with up to two adjectives before its noun, and the
question asks for one of the three:

    where ?   old green key , small anna , cold barn .   →  cold barn

An adjective belongs to the noun after it, so that what follows a word says whether the answer begins there.
One text in five is held out, by a sum over its tokens, and never trained on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from reproductions.bert.question_answering import Spans

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

PADDING, CLS, SEP, MASK = "[PAD]", "[CLS]", "[SEP]", "[MASK]"
NOUNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "who": ("anna", "ben", "clara", "david", "emma", "felix", "greta", "hugo"),
        "what": ("ball", "key", "book", "lamp", "coat", "cup", "drum", "ring"),
        "where": ("garden", "kitchen", "attic", "cellar", "barn", "tower", "shed", "hall"),
    }
)
"""What each question word asks for."""
ADJECTIVES = ("old", "green", "cold", "small", "dark", "wide")
WORDS = (
    PADDING,
    CLS,
    SEP,
    MASK,
    "?",
    ",",
    ".",
    *NOUNS,
    *(noun for kind in NOUNS.values() for noun in kind),
    *ADJECTIVES,
)
"""The vocabulary; a token is the place of its word in it."""
TOKEN = {word: token for token, word in enumerate(WORDS)}
ASKED, QUESTION = 1, 4
"""The place of the question word, and the tokens of [CLS] where ? [SEP]."""


class Questions(NamedTuple):
    """N questions with their passages, padded."""

    tokens: Tensor
    """[CLS] question [SEP] passage [SEP], (N, n)."""
    segments: Tensor
    """0 for the question and its [SEP], 1 for what follows, (N, n)."""
    passage: Tensor
    """True where an answer may begin or end, (N, n)."""
    spans: Spans
    """The right answer, (N,) twice."""


def held_out(words: Sequence[str]) -> bool:
    """Return whether a text belongs to those that are not trained on: one in five."""
    return sum(place * TOKEN[word] for place, word in enumerate(words)) % 5 == 0


def questions(count: int, *, generator: random.Random, unseen: bool = False) -> Questions:
    """Return `count` questions with passages; with `unseen`, of texts held out, and otherwise of the others."""
    made = [_question(generator, unseen=unseen) for _ in range(count)]
    longest = max(len(words) for words, _ in made)
    tokens = torch.tensor([[TOKEN[word] for word in words] + [0] * (longest - len(words)) for words, _ in made])
    after_question = torch.arange(longest) >= QUESTION
    is_word = (tokens != TOKEN[PADDING]) & (tokens != TOKEN[SEP])
    start, end = torch.tensor([span for _, span in made]).unbind(dim=1)
    segments = after_question.long().expand_as(tokens).contiguous()
    return Questions(tokens, segments, after_question & is_word, Spans(start, end))


def text_of(tokens: Tensor) -> str:
    """Return the words of one text: (n,) in."""
    return " ".join(WORDS[token] for token in tokens.tolist() if token != TOKEN[PADDING])


def _question(generator: random.Random, *, unseen: bool) -> tuple[list[str], tuple[int, int]]:
    while True:
        asked, span = generator.choice(list(NOUNS)), (0, 0)
        words = [CLS, asked, "?", SEP]
        for kind in generator.sample(list(NOUNS), len(NOUNS)):
            phrase = [*generator.sample(ADJECTIVES, generator.randrange(3)), generator.choice(NOUNS[kind])]
            if kind == asked:
                span = (len(words), len(words) + len(phrase) - 1)
            words += [*phrase, ","]
        words[-1:] = [".", SEP]
        if held_out(words) is unseen:
            return words, span
