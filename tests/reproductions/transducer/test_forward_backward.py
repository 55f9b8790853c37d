import math

import pytest
import torch

from reproductions.transducer.alignments import alignment_probability, alignments, probability_by_enumeration
from reproductions.transducer.forward_backward import (
    backward_variables,
    emission_posteriors,
    forward_variables,
    log_probability,
    log_probability_on_diagonals,
    node_posteriors,
    transducer_loss,
)
from reproductions.transducer.lattice import lattice, random_lattice

SIZES = [(steps, symbols) for steps in (1, 2, 3, 5) for symbols in (0, 1, 2, 4)]
# Two input steps, one symbol: y(1, 0) = 1/2, y(2, 0) = 1/4, and the nulls of both rows.
SYMBOLS = torch.tensor([[[1 / 2], [1 / 4]]], dtype=torch.float64).log()
NULLS = torch.tensor([[[1 / 3, 1 / 5], [1 / 7, 1 / 11]]], dtype=torch.float64).log()


def test_forward_variables_by_hand():
    # α(1,0) = 1, α(1,1) = y(1,0), α(2,0) = ∅(1,0), α(2,1) = α(1,1) ∅(1,1) + α(2,0) y(2,0)
    expected = [[[1, 1 / 2], [1 / 3, 1 / 2 * 1 / 5 + 1 / 3 * 1 / 4]]]
    torch.testing.assert_close(forward_variables(SYMBOLS, NULLS).exp(), torch.tensor(expected, dtype=torch.float64))


def test_backward_variables_by_hand():
    # β(2,1) = ∅(2,1), β(1,1) = ∅(1,1) β(2,1), β(2,0) = y(2,0) β(2,1), β(1,0) = ∅(1,0) β(2,0) + y(1,0) β(1,1)
    end = 1 / 11
    expected = [[[1 / 3 * 1 / 4 * end + 1 / 2 * 1 / 5 * end, 1 / 5 * end], [1 / 4 * end, end]]]
    torch.testing.assert_close(backward_variables(SYMBOLS, NULLS).exp(), torch.tensor(expected, dtype=torch.float64))


def test_probability_by_hand():
    log_pr = log_probability(forward_variables(SYMBOLS, NULLS), NULLS)
    assert log_pr.exp().item() == pytest.approx((1 / 10 + 1 / 12) / 11)


def test_posteriors_by_hand():
    # two paths: the symbol first, 1/10 of 11/60, or the null first, 1/12 of 11/60
    alpha, beta = forward_variables(SYMBOLS, NULLS), backward_variables(SYMBOLS, NULLS)
    log_pr = log_probability(alpha, NULLS)
    first, second = (1 / 10) / (11 / 60), (1 / 12) / (11 / 60)
    assert emission_posteriors(alpha, beta, SYMBOLS, log_pr).flatten().tolist() == pytest.approx([first, second])
    assert node_posteriors(alpha, beta, log_pr).flatten().tolist() == pytest.approx([1, first, second, 1])


@pytest.mark.parametrize(("steps", "symbols"), SIZES)
def test_forward_backward_and_all_alignments_agree(steps, symbols):
    y, null = lattice(*random_lattice(steps, symbols, seed=7))
    alpha, beta = forward_variables(y, null), backward_variables(y, null)
    log_pr = log_probability(alpha, null)
    by_hand = math.log(probability_by_enumeration(y[0], null[0]))
    assert log_pr.item() == pytest.approx(by_hand, abs=1e-12)
    assert beta[0, 0, 0].item() == pytest.approx(by_hand, abs=1e-12)
    on_diagonals = log_probability_on_diagonals(alpha, beta)
    assert on_diagonals.shape == (1, steps + symbols)
    assert on_diagonals[0].tolist() == pytest.approx([by_hand] * (steps + symbols), abs=1e-12)


def test_alignments_are_the_inverse_image():
    # 2 inputs, 2 symbols: the last mark is a null, the others in every order
    assert set(alignments(2, 2)) == {(True, True, False, False), (True, False, True, False), (False, True, True, False)}
    assert len(set(alignments(4, 3))) == math.comb(4 + 3 - 1, 3)


def test_an_alignment_multiplies_the_edges_it_goes_along():
    assert alignment_probability((False, True, False), SYMBOLS[0], NULLS[0]) == pytest.approx(1 / 3 * 1 / 4 * 1 / 11)


def test_sequences_of_a_batch_keep_their_own_lengths():
    f, g, y = random_lattice(6, 4, seed=3, B=3)
    steps, lengths = torch.tensor([6, 4, 1]), torch.tensor([2, 4, 0])
    together = transducer_loss(f, g, y, steps, lengths)
    symbols, null = lattice(f, g, y)
    alpha, beta = forward_variables(symbols, null), backward_variables(symbols, null, steps, lengths)
    emissions = emission_posteriors(alpha, beta, symbols, log_probability(alpha, null, steps, lengths))
    for b, (T, U) in enumerate(zip(steps, lengths, strict=True)):
        alone = f[b : b + 1, :T], g[b : b + 1, : U + 1], y[b : b + 1, :U]
        torch.testing.assert_close(together[b : b + 1], transducer_loss(*alone))
        torch.testing.assert_close(beta[b : b + 1, 0, 0], -transducer_loss(*alone))
        assert emissions[b, T:].eq(0).all()
        assert emissions[b, :, U:].eq(0).all()
        assert emissions[b].sum(dim=0)[:U].tolist() == pytest.approx([1] * int(U))


def test_padding_is_never_looked_at():
    f, g, y = random_lattice(6, 4, seed=3)
    lengths = torch.tensor([4]), torch.tensor([2])
    loss = transducer_loss(f, g, y, *lengths)
    f[:, 4:], g[:, 3:], y[:, 2:] = 1e3, -1e3, 0
    assert transducer_loss(f, g, y, *lengths).tolist() == loss.tolist()


def test_long_sequences_do_not_underflow():
    f, g = torch.zeros(1, 200, 50, dtype=torch.float64), torch.zeros(1, 11, 50, dtype=torch.float64)
    y, null = lattice(f, g, torch.ones(1, 10, dtype=torch.int64))
    # all paths are as probable: how many there are, times 50^−(T + U), which no float64 could hold
    expected = math.log(math.comb(209, 10)) - 210 * math.log(50)
    assert log_probability(forward_variables(y, null), null).item() == pytest.approx(expected)
    assert expected < math.log(5e-324)


def test_a_path_crosses_many_nodes_of_a_column_and_writes_each_symbol_once():
    y, null = lattice(*random_lattice(5, 3, seed=5))
    alpha, beta = forward_variables(y, null), backward_variables(y, null)
    log_pr = log_probability(alpha, null)
    assert emission_posteriors(alpha, beta, y, log_pr).sum(dim=1).flatten().tolist() == pytest.approx([1, 1, 1])
    assert node_posteriors(alpha, beta, log_pr).sum().item() == pytest.approx(5 + 3)  # a path has T + U nodes


def test_diagonals_by_hand():
    alpha = torch.tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]).log()
    found = log_probability_on_diagonals(alpha, torch.tensor([[[2.0] * 3, [1.0] * 3]]).log()).exp()
    assert found[0].tolist() == pytest.approx([2, 4 + 4, 6 + 5, 6])  # t + u = 0, 1, 2, 3
