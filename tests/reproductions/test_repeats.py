"""What is trained or measured is the same each time, whatever was drawn before, and torch's generator is left alone."""

from __future__ import annotations

import pytest
import torch

from reproductions.attention import additive_claims, local_claims
from reproductions.attribution import completeness_claims, conductance_claims, layer_claims, step_claims
from reproductions.recurrent import classify, long_lag, names, text
from reproductions.seq2seq import long_inputs
from reproductions.transducer import spoken_digits
from reproductions.transformer import attention_claims, position_claims


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


MEASUREMENTS = (
    additive_claims.excess_of_weights,
    local_claims.pull_on_the_predicted_position,
    attention_claims.leak_without_the_mask,
    position_claims.order_seen_with_positions,
    position_claims.asymmetry_of_distance,
    completeness_claims.incompleteness_of_gradient_times_input,
    layer_claims.attribution_of_special_tokens_from_zero,
    conductance_claims.incompleteness_of_gradient_times_activation,
    step_claims.steps_to_five_percent_on_a_cliff,
)


@pytest.mark.parametrize("training", TRAININGS)
def test_trained_twice_is_the_same(training):
    assert torch.equal(*made_twice(TRAININGS[training]))


@pytest.mark.parametrize("measure", MEASUREMENTS)
def test_measured_twice_is_the_same(measure):
    first, second = made_twice(measure)
    assert first == second


def made_twice(make):
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        before = torch.get_rng_state()
        found.append(make())
        assert torch.equal(torch.get_rng_state(), before)
    return found
