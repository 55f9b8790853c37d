from __future__ import annotations

import math

import pytest
import torch

from reproductions.seq2seq import training
from reproductions.seq2seq.encoder_decoder import EncoderDecoder
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import Pairs


class Even(EncoderDecoder):
    """Finds every word as likely as any other, by a bias of its own."""

    def __init__(self, vocabulary=6):
        super().__init__()
        self.bias = torch.nn.Parameter(torch.zeros(vocabulary))
        self.rows = []

    def begin(self, source):
        self.rows.append(len(source))
        return (torch.zeros(len(source)),)

    def step(self, state, previous):
        return state, self.bias.expand(len(previous), -1)


def test_batches_of_64_and_steps_of_adam():
    model, rates = Even(), []
    adam = torch.optim.Adam.step
    words = torch.full((129, 2), 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.Adam, "step", lambda self: rates.append(self.param_groups[0]["lr"]) or adam(self))
        train(model, Pairs(words, words))
    assert model.rows == [43, 43, 43]
    assert rates == [0.003] * 3
    assert model.bias.tolist() == pytest.approx([-0.009] * 3 + [0.009] + [-0.009] * 2, rel=1e-3)


def test_the_loss_is_the_mean_over_words_and_gradients_are_cut_to_five(monkeypatch):
    losses, cut = [], []
    backward = torch.autograd.backward
    monkeypatch.setattr(torch.autograd, "backward", lambda loss: losses.append(loss.item()) or backward(loss))
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", lambda _, longest: cut.append(longest))
    target = torch.tensor([[4, 5, 2], [2, 0, 0]])  # four words, and padding that costs nothing
    for teacher in (True, False):
        train(Even(), Pairs(target, target), teacher=teacher)
    assert losses == pytest.approx([math.log(6)] * 2)
    assert cut == [5, 5]


def test_true_words_are_given_unless_told_otherwise(monkeypatch):
    asked = []
    for name in ("teacher_forced", "free_running"):
        whole = getattr(training, name)
        monkeypatch.setattr(
            training, name, lambda *given, name=name, whole=whole, **more: asked.append(name) or whole(*given, **more)
        )
    words = torch.full((1, 2), 3)
    train(Even(), Pairs(words, words))
    train(Even(), Pairs(words, words), teacher=False)
    assert asked == ["teacher_forced", "free_running"]
