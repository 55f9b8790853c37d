"""What is trained comes out the same each time, whatever was drawn before, and torch's generator is left as it was."""

from __future__ import annotations

import pytest
import torch

from reproductions.recurrent import classify, long_lag, names, text
from reproductions.seq2seq import long_inputs
from reproductions.transducer import spoken_digits


def weights(model):
    return torch.cat([tensor.detach().flatten().double() for tensor in model.state_dict().values()])


TRAININGS = {
    "names": lambda: weights(names.trained.__wrapped__(epochs=1).speller),
    "prose": lambda: weights(text.trained.__wrapped__(steps=12)),
    "long lag": lambda: torch.tensor(long_lag.remembered.__wrapped__("LSTM", steps=5, batches=20)),
    "sentences": lambda: torch.tensor(classify.accuracy.__wrapped__(deep=False, pretrained=True, seed=0)),
    "dates": lambda: weights(long_inputs.learnt.__wrapped__("at each word", steps=3)),
    "digits": lambda: weights(spoken_digits.trained.__wrapped__(steps=3)),
}


@pytest.mark.parametrize("training", TRAININGS)
def test_trained_twice_is_the_same(training):
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        before = torch.get_rng_state()
        found.append(TRAININGS[training]())
        assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(*found)
