import math

import pytest
import torch

from reproductions.seq2seq.encoder_decoder import teacher_forced
from reproductions.seq2seq.lstm_pair import LSTMPair, probability_by_length
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import Pairs


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        yield LSTMPair(6, m=4, n=5, layers=2).eval()


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_one_unit_by_hand():
    model = LSTMPair(4, m=1, n=1)
    with torch.no_grad():
        for weights in model.parameters():
            weights.fill_(0.5)  # x = 1/2 for every word, and each gate gets x/2 + h/2 + 1
        u = model.step(model.begin(torch.tensor([[3, 2]])), torch.tensor([1]))[1]
    h = c = 0.0
    for _ in range(3):  # two words read, one written: both LSTMs have the same weights here
        a = 0.5 * 0.5 + 0.5 * h + 1
        c = sigmoid(a) * c + sigmoid(a) * math.tanh(a)
        h = sigmoid(a) * math.tanh(c)
    assert u[0].tolist() == pytest.approx([0.5 * h + 0.5] * 4)


def test_weights_begin_within_the_interval_of_section_3_4(model):
    assert all(weights.abs().max() <= 0.08 for weights in model.parameters())
    assert max(weights.abs().max() for weights in model.parameters()) > 0.07


def test_v_does_not_depend_on_padding(model):
    bare, padded = torch.tensor([[3, 4, 2]]), torch.tensor([[3, 4, 2, 0, 0]])
    for one, other in zip(model.begin(bare), model.begin(padded), strict=True):
        assert one.shape == (2, 1, 5)
        torch.testing.assert_close(one, other)


def test_a_word_sees_the_words_before_it_only(model):
    source = torch.tensor([[3, 4, 2]])
    one, other = (teacher_forced(model, source, torch.tensor([target])) for target in ([3, 4, 2], [3, 5, 2]))
    torch.testing.assert_close(one[:, :2], other[:, :2])
    assert (one[:, 2] - other[:, 2]).abs().max() > 1e-6


def test_probability_by_length_is_the_sum_over_all_targets(model):
    with torch.no_grad():
        for weights in model.parameters():
            weights *= 20  # so that words are far from being alike
    source = torch.tensor([[3, 2]])
    found = probability_by_length(model, source, longest=2, symbols=2, end=2)
    p = teacher_forced(model, source.expand(4, -1), torch.tensor([[3, 3, 2], [3, 4, 2], [4, 3, 2], [4, 4, 2]])).softmax(
        dim=-1
    )
    one = [p[i, 0, y] * p[i, 1, 2] for i, y in ((0, 3), (2, 4))]
    two = [p[i, 0, y] * p[i, 1, z] * p[i, 2, 2] for i, (y, z) in enumerate([(3, 3), (3, 4), (4, 3), (4, 4)])]
    assert found.tolist() == pytest.approx([p[0, 0, 2].item(), sum(one).item(), sum(two).item()], rel=1e-5)


@pytest.mark.parametrize("teacher", [True, False])
def test_training_moves_every_weight_that_is_used(model, teacher):
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    data = Pairs(torch.tensor([[3, 4, 2], [5, 2, 0]]), torch.tensor([[4, 3, 2], [5, 2, 0]]))
    train(model, data, batch=2, teacher=teacher)
    assert all(not torch.equal(before[name], weights) for name, weights in model.named_parameters())


def test_teacher_forcing_or_not_is_a_difference():
    found = []
    for teacher in (True, False):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1)
            model = LSTMPair(6, m=4, n=5)
        train(model, Pairs(torch.tensor([[3, 4, 2]]), torch.tensor([[4, 3, 2]])), teacher=teacher)
        found.append(model.wrote.weight.detach())
    assert not torch.equal(found[0], found[1])


def test_one_layer_of_64_cells_and_32_numbers_a_word():
    model = LSTMPair(6)
    for part in (model.encoder, model.decoder):
        assert (part.input_size, part.hidden_size, part.num_layers) == (32, 64, 1)
