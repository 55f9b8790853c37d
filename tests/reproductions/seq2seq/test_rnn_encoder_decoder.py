import math

import pytest
import torch

from reproductions.seq2seq.encoder_decoder import teacher_forced
from reproductions.seq2seq.rnn_encoder_decoder import Decoder, Encoder, RNNEncoderDecoder
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import Pairs

SOURCE, TARGET = torch.tensor([[3, 4, 5, 2]]), torch.tensor([[5, 4, 2]])


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        yield RNNEncoderDecoder(6, m=4, n=4)


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def fill(module, **values):
    with torch.no_grad():
        for name, value in values.items():
            weights = module.get_parameter(f"{name}.weight")
            weights.copy_(torch.tensor(value).view_as(weights))
    return module


def numbers(*values):
    return (torch.tensor([[value]]) for value in values)


def test_the_encoder_s_unit_by_hand():
    encoder = fill(Encoder(1, 1), W=0.3, U=-0.7, W_z=0.2, U_z=0.5, W_r=-0.6, U_r=0.9)
    h, e = 0.8, -0.5
    z, r = sigmoid(0.2 * e + 0.5 * h), sigmoid(-0.6 * e + 0.9 * h)
    expected = z * h + (1 - z) * math.tanh(0.3 * e - 0.7 * (r * h))
    assert encoder.state(*numbers(h, e)).item() == pytest.approx(expected, abs=1e-6)


def test_the_decoder_s_unit_by_hand():
    gates = {"W_z": 0.2, "U_z": 0.5, "C_z": -0.4, "W_r": -0.6, "U_r": 0.9, "C_r": 0.1}
    decoder = fill(Decoder(2, m=1, n=1, hidden=1), W=0.3, U=-0.7, C=1.1, **gates)
    h, e, c = 0.8, -0.5, 0.25
    z, r = sigmoid(0.2 * e + 0.5 * h - 0.4 * c), sigmoid(-0.6 * e + 0.9 * h + 0.1 * c)
    expected = z * h + (1 - z) * math.tanh(0.3 * e + r * (-0.7 * h + 1.1 * c))
    assert decoder.state(*numbers(h, e, c)).item() == pytest.approx(expected, abs=1e-6)


def test_the_output_by_hand():
    decoder = fill(Decoder(2, m=1, n=1, hidden=1), O_h=[1.0, -1.0], O_y=[2.0, 0.5], O_c=[0.0, 3.0], G=[1.0, -2.0])
    # the hidden layer is (0.8 + 2·(−0.5), −0.8 + 0.5·(−0.5) + 3·0.25) = (−0.2, −0.3); the larger is −0.2
    assert decoder.logits(*numbers(0.8, -0.5, 0.25))[0].tolist() == pytest.approx([-0.2, 0.4])


def test_the_summary_is_the_last_state_through_v(model):
    h = torch.zeros(1, 4)
    for word in SOURCE[0]:
        h = model.encoder.state(h, model.read(word[None]))
    start, c = model.begin(SOURCE)
    torch.testing.assert_close(c, torch.tanh(h @ model.V.weight.T))
    torch.testing.assert_close(start, torch.tanh(c @ model.V_prime.weight.T))


def test_a_word_is_written_from_the_new_state(model):
    h, c = model.begin(SOURCE)
    (after, kept), u = model.step((h, c), torch.tensor([1]))
    e = model.wrote(torch.tensor([1]))
    torch.testing.assert_close(after, model.decoder.state(h, e, c))
    torch.testing.assert_close(u, model.decoder.logits(after, e, c))
    assert torch.equal(kept, c)


def test_padding_changes_nothing(model):
    padded = torch.tensor([[3, 4, 5, 2, 0, 0]])
    torch.testing.assert_close(teacher_forced(model, SOURCE, TARGET), teacher_forced(model, padded, TARGET))


def test_training_reaches_every_matrix(model):
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    train(model, Pairs(SOURCE, TARGET), batch=1)
    assert all(not torch.equal(before[name], weights) for name, weights in model.named_parameters())


def test_32_numbers_a_word_and_64_units():
    model = RNNEncoderDecoder(6)
    assert model.encoder.W.weight.shape == (64, 32)
    assert model.decoder.G.weight.shape == (6, 32)
