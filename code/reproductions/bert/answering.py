"""A seed in; a small BERT that has learnt to answer questions on passages made by rule, and how often it is right, out.

The task is that of `passages`; sizes and training are ours. There is no pre-training: the model meets the task with
random weights, so that this shows what the span head and attention in both directions can do, and nothing of what
reading books beforehand brings.

Learning rate, steps and how the weights begin were chosen among a handful of settings, and so was the task: a harder
one, in which the question names a thing and the answer is the place that the passage gives for it, was not learnt in
the time that a claim may take.
"""

from __future__ import annotations

import math
import random
from functools import cache

import torch

from reproductions.bert.encoder import Bert
from reproductions.bert.passages import ASKED, MASK, TOKEN, WORDS, Questions, questions
from reproductions.bert.question_answering import QuestionAnswering, Spans, best_spans, span_loss
from reproductions.bert.sizes import Sizes
from reproductions.transformer.positions import positional_encoding

SMALL = Sizes(L=2, H=64, A=4, vocabulary=len(WORDS), positions=32, P_drop=0.0)
"""Small enough for one thread; no dropout, since training passages hardly ever repeat."""
STEPS, BATCH, LEARNING_RATE = 600, 32, 2e-3
DEVIATION = 0.1
"""Of the matrices as training begins: about 1/√H, where the 0.02 of the paper's code suits a width of 768."""


def untrained(*, left_to_right: bool = False, seed: int = 0) -> QuestionAnswering:
    """Return the model with the random weights that training starts from.

    Where it differs from the paper: the positions, which are learned, begin as the sines and cosines of the
    Transformer. Neighbours are alike in them, which random vectors have to learn from far more passages.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = QuestionAnswering(Bert(SMALL, padding=0, left_to_right=left_to_right))
        for weights in model.parameters():
            if weights.dim() == 2:
                torch.nn.init.normal_(weights, std=DEVIATION)
    waves = positional_encoding(SMALL.positions, SMALL.H, dtype=torch.float32)
    with torch.no_grad():
        model.bert.positions.weight.copy_(math.sqrt(2) * DEVIATION * waves)  # of the same size as random ones
    return model


@cache
def trained(*, left_to_right: bool = False, steps: int = STEPS, seed: int = 0) -> QuestionAnswering:
    """Return a model trained by Adam, each step on questions made for it. Trained once a process: do not change it."""
    model = untrained(left_to_right=left_to_right, seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    generator = random.Random(seed)
    for _ in range(steps):
        data = questions(BATCH, generator=generator)
        starts, ends = model(data.tokens, data.segments)
        loss = span_loss(starts, ends, data.spans)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model.eval().requires_grad_(requires_grad=False)


@cache
def heldout() -> Questions:
    """Return 1,000 questions that no training draws."""
    return questions(1000, generator=random.Random("held out"), unseen=True)


def without_the_question(data: Questions) -> Questions:
    """Return the same with [MASK] in place of the question word."""
    tokens = data.tokens.clone()
    tokens[:, ASKED] = TOKEN[MASK]
    return data._replace(tokens=tokens)


@torch.no_grad()
def answers(model: QuestionAnswering, data: Questions) -> Spans:
    """Return the span that the model marks for each question."""
    starts, ends = model(data.tokens, data.segments)
    return best_spans(starts, ends, data.passage)


def exact(model: QuestionAnswering, data: Questions) -> torch.Tensor:
    """Return for each question whether start and end are both right: SQuAD's exact match, (N,) of booleans."""
    found = answers(model, data)
    return (found.start == data.spans.start) & (found.end == data.spans.end)
