"""A task and an order of the source in; a pair of LSTMs that was trained on it, and unseen pairs, out.

Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3), section 3.3: to reverse the source brings its first words close to
the first words of the target. The mean distance between a source word and its translation stays as it was, n for two
sentences of n words; the shortest is 1 in place of n. The task is made by rule: symbols to be copied, or to be written
in reverse, where the gain must turn into a loss if this is why.
"""

from __future__ import annotations

from functools import cache, partial

import torch
from torch import Tensor

from reproductions.kept import kept
from reproductions.seq2seq.encoder_decoder import backwards, log_probabilities, teacher_forced
from reproductions.seq2seq.lstm_pair import LSTMPair
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import SYMBOLS, Pairs, Task, pairs

LENGTHS, BATCH, HELD_OUT = range(4, 9), 64, 500
MOST, STEPS, RATE = 500, 250, 8e-3
"""Batches that there are, batches that a pair of LSTMs is trained on, and how fast."""


@cache
def _data(task: Task) -> Pairs:
    return pairs(HELD_OUT + MOST * BATCH, task, lengths=LENGTHS, generator=torch.Generator().manual_seed(0))


def unseen(task: Task, *, reverse: bool) -> Pairs:
    """Return 500 pairs that no model was trained on."""
    source, target = _data(task)
    return _ordered(Pairs(source[:HELD_OUT], target[:HELD_OUT]), reverse=reverse)


def training_data(task: Task, *, reverse: bool, steps: int = MOST) -> Pairs:
    """Return so many batches of pairs, at most 500."""
    source, target = (tokens[HELD_OUT:][: steps * BATCH] for tokens in _data(task))
    return _ordered(Pairs(source, target), reverse=reverse)


@cache
def learnt(task: Task, *, reverse: bool) -> LSTMPair:
    """Return a pair of LSTMs after 250 batches. Shared: do not change its weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = LSTMPair(SYMBOLS.stop)
    data = training_data(task, reverse=reverse, steps=STEPS)
    return kept(model, partial(train, data=data, batch=BATCH, rate=RATE))


def loss_by_position(task: Task, *, reverse: bool) -> Tensor:
    """Return the mean loss, in nats, of the 1st, 2nd, … symbol of unseen targets: (8,)."""
    source, target = unseen(task, reverse=reverse)
    model = learnt(task, reverse=reverse)
    with torch.no_grad():
        loss = -log_probabilities(teacher_forced(model, source, target), target)
    symbol = target >= SYMBOLS.start
    return ((loss * symbol).sum(dim=0) / symbol.sum(dim=0))[: LENGTHS.stop - 1]


def _ordered(data: Pairs, *, reverse: bool) -> Pairs:
    return Pairs(backwards(data.source), data.target) if reverse else data
