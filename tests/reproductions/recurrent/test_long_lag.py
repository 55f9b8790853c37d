import torch

from reproductions.recurrent import long_lag
from reproductions.recurrent.long_lag import remembered, sequences


def test_the_answer_stands_in_the_first_step_alone():
    x, answers = sequences(50, 7, generator=torch.Generator().manual_seed(0))
    assert (x[:, 0, 0] == 2 * answers - 1).all()
    assert (x[:, 1:, 0] == 0).all()
    assert x[:, :, 1:].abs().max() <= 1
    assert set(answers.tolist()) == {0, 1}


def test_five_steps_are_learnt_and_without_training_nothing_is_known():
    assert remembered("LSTM", steps=5, batches=60) > 0.95
    assert remembered("LSTM", steps=5, batches=0) < 0.8


def test_a_hundred_and_fifty_batches_of_32_and_five_hundred_sequences_to_test(monkeypatch):
    drawn = []

    def draw(count, steps, *, generator):
        drawn.append((count, steps))
        return sequences(2, steps, generator=generator)

    monkeypatch.setattr(long_lag, "sequences", draw)
    monkeypatch.setattr(torch.optim.Adam, "step", lambda _: None)
    remembered.__wrapped__("RNN", steps=1)
    assert drawn == [(32, 1)] * 150 + [(500, 1)]
