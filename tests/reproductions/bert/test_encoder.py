"""What the encoder may see, how long a text may be, and how many numbers it learns."""

from __future__ import annotations

import pytest
import torch

from reproductions.bert.encoder import Bert
from reproductions.bert.masked_words import MaskedLanguageModel
from reproductions.bert.sizes import BERT_BASE, BERT_LARGE, Sizes, parameters

SMALL = Sizes(L=2, H=16, A=2, vocabulary=30, positions=10, P_drop=0.0)


@torch.no_grad()
@pytest.mark.parametrize("left_to_right", [False, True])
def test_the_first_token_sees_the_last_unless_reading_goes_left_to_right(left_to_right):
    torch.manual_seed(0)
    bert = Bert(SMALL, left_to_right=left_to_right)
    tokens, segments = torch.randint(1, 30, (2, 6)), torch.zeros(2, 6, dtype=torch.long)
    other = tokens.clone()
    other[:, -1] = other[:, -1] % 29 + 1
    assert torch.equal(bert(tokens, segments)[:, 0], bert(other, segments)[:, 0]) is left_to_right


@torch.no_grad()
def test_padding_changes_nothing():
    bert = Bert(SMALL)
    tokens, segments = torch.randint(1, 30, (1, 6)), torch.zeros(1, 10, dtype=torch.long)
    padded = torch.nn.functional.pad(tokens, (0, 4))
    torch.testing.assert_close(bert(padded, segments)[:, :6], bert(tokens, segments[:, :6]))


def test_a_text_that_is_too_long():
    with pytest.raises(ValueError, match="11 tokens, and positions for 10; hint"):
        Bert(SMALL)(torch.ones(1, 11, dtype=torch.long), torch.zeros(1, 11, dtype=torch.long))


def test_parameters_are_those_of_the_modules():
    modules = MaskedLanguageModel(Bert(SMALL))
    next_sentence = 16 * 16 + 16 + 2 * 16 + 2
    assert parameters(SMALL) == sum(weights.numel() for weights in modules.parameters()) + next_sentence
    assert parameters(SMALL, tied=False) == parameters(SMALL) + 30 * 16


@pytest.mark.parametrize(("p", "L", "A"), [(BERT_BASE, 12, 12), (BERT_LARGE, 24, 16)], ids=["base", "large"])
def test_every_head_is_64_wide(p, L, A):
    assert (p.L, p.A, p.H) == (L, A, 64 * A)
    assert (p.vocabulary, p.positions, p.segments) == (30_522, 512, 2)


def test_without_padding_a_model_reads_from_left_to_right_too():
    tokens, segments = torch.tensor([[3, 5, 4]]), torch.zeros(1, 3, dtype=torch.long)
    found = []
    for padding in (None, 0):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            sizes = Sizes(L=1, H=8, A=2, vocabulary=9, positions=6)
            found.append(Bert(sizes, padding=padding, left_to_right=True).eval()(tokens, segments))
    torch.testing.assert_close(*found)


def test_matrices_begin_with_a_deviation_of_a_fiftieth_and_biases_at_zero():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        bert = Bert(Sizes(L=1, H=64, A=2, vocabulary=300))
    for name, weights in bert.named_parameters():
        if name.endswith("bias"):
            assert not weights.any()
        elif weights.dim() == 2 and len(weights) > 2:
            assert weights.std().item() == pytest.approx(0.02, rel=0.05), name
