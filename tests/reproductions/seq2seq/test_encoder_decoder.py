import math

import pytest
import torch

from reproductions.seq2seq.encoder_decoder import (
    EncoderDecoder,
    backwards,
    exact,
    free_running,
    log_probabilities,
    perplexity,
    teacher_forced,
)


class Successor(EncoderDecoder):
    """Writes, with probability 1/2, the word after the one before; its state counts the words written."""

    def begin(self, source):
        return (torch.zeros(len(source)),)

    def step(self, state, previous):
        logits = torch.full((len(previous), 6), math.log(1 / 10))
        return (state[0] + 1,), logits.scatter(1, ((previous + 2) % 6).unsqueeze(1), math.log(1 / 2))


SOURCE, TARGET = torch.tensor([[3, 2], [3, 2]]), torch.tensor([[3, 5, 2], [4, 2, 0]])


def test_teacher_forcing_gives_the_true_words():
    # after 1 comes 3, after 3 comes 5, after 5 comes 1; after the true 4 comes 0
    logits = teacher_forced(Successor(), SOURCE, TARGET)
    assert logits.argmax(dim=-1).tolist() == [[3, 5, 1], [3, 0, 4]]


def test_free_running_gives_its_own_words():
    assert free_running(Successor(), SOURCE, length=3).argmax(dim=-1).tolist() == [[3, 5, 1]] * 2


def test_the_factors_of_equation_1_by_hand():
    log_p = log_probabilities(teacher_forced(Successor(), SOURCE, TARGET), TARGET)
    assert log_p.exp().tolist() == [pytest.approx([1 / 2, 1 / 2, 1 / 10]), pytest.approx([1 / 10, 1 / 10, 1])]


def test_perplexity_by_hand():
    # 2 words at 1/2 and 3 at 1/10; padding counts for nothing
    assert perplexity(Successor(), SOURCE, TARGET) == pytest.approx((2**2 * 10**3) ** (1 / 5))


def test_exact_wants_the_end_and_not_the_padding():
    targets = torch.tensor([[3, 5, 1], [3, 5, 0], [3, 5, 2], [4, 5, 1]])
    assert exact(Successor(), SOURCE[:1].expand(4, -1), targets) == 0.5


def test_backwards_keeps_the_end_last_and_padding_after_it():
    source = torch.tensor([[3, 4, 5, 2], [6, 7, 2, 0], [2, 0, 0, 0]])
    assert backwards(source).tolist() == [[5, 4, 3, 2], [7, 6, 2, 0], [2, 0, 0, 0]]
    assert torch.equal(backwards(backwards(source)), source)


def test_backwards_wants_an_end():
    with pytest.raises(ValueError, match=r"no end; hint: put END \(2\) after its last word"):
        backwards(torch.tensor([[3, 4]]))


def test_a_target_may_be_of_one_word():
    assert teacher_forced(Successor(), SOURCE, TARGET[:, :1]).argmax(dim=-1).tolist() == [[3], [3]]
    assert free_running(Successor(), SOURCE[:, :1], length=1).argmax(dim=-1).tolist() == [[3], [3]]
