import torch

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
