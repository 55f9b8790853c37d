import math

import pytest
import torch

from reproductions.seq2seq.encoder_decoder import teacher_forced
from reproductions.seq2seq.rnn_search import Decoder, RNNsearch, maxout
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import Pairs

SOURCE, TARGET = torch.tensor([[3, 4, 5, 2]]), torch.tensor([[5, 4, 2]])


@pytest.fixture
def model():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        yield RNNsearch(6, m=4, n=4)


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def filled(**values):
    decoder = Decoder(2, m=1, n=1, annotation=1, hidden=1)
    with torch.no_grad():
        for name, value in values.items():
            decoder.get_parameter(f"{name}.weight").copy_(
                torch.tensor(value).view_as(decoder.get_parameter(f"{name}.weight"))
            )
    return decoder


def test_the_gated_unit_by_hand():
    W, U, C = 0.3, -0.7, 1.1
    decoder = filled(W=W, U=U, C=C, W_z=0.2, U_z=0.5, C_z=-0.4, W_r=-0.6, U_r=0.9, C_r=0.1)
    s, y, c = 0.8, -0.5, 0.25
    z, r = sigmoid(0.2 * y + 0.5 * s - 0.4 * c), sigmoid(-0.6 * y + 0.9 * s + 0.1 * c)
    expected = (1 - z) * s + z * math.tanh(W * y + U * (r * s) + C * c)
    with torch.no_grad():
        found = decoder.state(*(torch.tensor([[x]]) for x in (s, y, c)))
    assert found.item() == pytest.approx(expected, abs=1e-6)


def test_an_open_gate_takes_the_new_state_and_a_shut_one_keeps_the_old():
    # z = 1 is the new state here, and the old one in Cho and others 2014
    for gate, expected in ((100.0, math.tanh(0.4)), (-100.0, 0.8)):
        decoder = filled(W=0.4, U=0.0, C=0.0, W_z=gate, U_z=0.0, C_z=0.0)
        s = decoder.state(torch.tensor([[0.8]]), torch.tensor([[1.0]]), torch.tensor([[0.0]]))
        assert s.item() == pytest.approx(expected, abs=1e-6)


def test_the_deep_output_by_hand():
    decoder = filled(U_o=[1.0, -1.0], V_o=[2.0, 0.5], C_o=[0.0, 3.0], W_o=[1.0, -2.0])
    # the hidden layer is (0.8 + 2·(−0.5), −0.8 + 0.5·(−0.5) + 3·0.25) = (−0.2, −0.3); the larger is −0.2
    u = decoder.logits(torch.tensor([[0.8]]), torch.tensor([[-0.5]]), torch.tensor([[0.25]]))
    assert u[0].tolist() == pytest.approx([-0.2, 0.4])


def test_maxout_takes_the_larger_of_each_two_neighbours():
    assert maxout(torch.tensor([[1.0, 2.0, 5.0, -1.0]])).tolist() == [[2.0, 5.0]]


def test_the_state_begins_with_the_backward_annotation_of_the_first_word(model):
    s, h, _, _ = model.begin(SOURCE)
    torch.testing.assert_close(s, torch.tanh(h[:, 0, 4:] @ model.W_s.weight.T))  # h←₁ is the second half of h₁


def test_each_word_looks_by_equations_5_and_6(model):
    state = model.begin(SOURCE)
    s, h, _, _ = state
    e = torch.stack(
        [torch.tanh(s @ model.W_a.weight.T + h[:, j] @ model.U_a.weight.T) @ model.v_a for j in range(4)], 1
    )
    torch.testing.assert_close(model.alpha(state), e.softmax(dim=-1))
    c = (e.softmax(dim=-1).unsqueeze(-1) * h).sum(dim=1)
    Ey = model.decoder.E(torch.tensor([1]))
    torch.testing.assert_close(model.step(state, torch.tensor([1]))[1], model.decoder.logits(s, Ey, c))


def test_padding_changes_nothing(model):
    padded = torch.tensor([[3, 4, 5, 2, 0, 0]])
    torch.testing.assert_close(teacher_forced(model, SOURCE, TARGET), teacher_forced(model, padded, TARGET))
    assert model.alignment(padded, TARGET)[..., 4:].abs().max() == 0


def test_an_alignment_has_a_row_for_each_word_of_the_target(model):
    alpha = model.alignment(SOURCE, TARGET)
    assert alpha.shape == (1, 3, 4)
    torch.testing.assert_close(alpha.sum(dim=-1), torch.ones(1, 3))
    torch.testing.assert_close(alpha[:, 0], model.alpha(model.begin(SOURCE)))
    assert not torch.allclose(alpha[:, 0], alpha[:, 1])


def test_looking_once_is_one_context_from_both_ends(model):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        once = RNNsearch(6, m=4, n=4, looks="once")
    h, annotations = once.begin(SOURCE)[1], model.begin(SOURCE)[1]
    torch.testing.assert_close(h[:, 0], torch.cat([annotations[:, -1, :4], annotations[:, 0, 4:]], dim=-1))
    assert once.alignment(SOURCE, TARGET).tolist() == [[[1.0]] * 3]


def test_training_reaches_the_alignment_model(model):
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    train(model, Pairs(SOURCE, TARGET), batch=1)
    assert all(not torch.equal(before[name], weights) for name, weights in model.named_parameters())


def test_a_target_may_be_of_one_word(model):
    torch.testing.assert_close(model.alignment(SOURCE, TARGET[:, :1]), model.alignment(SOURCE, TARGET)[:, :1])


def test_32_numbers_a_word_and_64_units():
    model = RNNsearch(6)
    assert (model.encoder.input_size, model.encoder.hidden_size, model.decoder.W_o.in_features) == (32, 64, 32)
    assert model.looks == "at each word"
