import math

import pytest
import torch

from reproductions.recurrent.text import SYMBOLS, Writer, bits_per_character, coded, prose, sampled


def test_what_is_held_out_is_not_read():
    read, held = prose()
    assert len(read) > 5 * len(held) > 10_000
    assert not set(read.splitlines()) & set(held.splitlines())
    assert set(read + held) <= set(SYMBOLS)


def test_a_network_that_knows_nothing_spends_the_logarithm_of_the_symbols():
    writer = Writer(hidden=8)
    with torch.no_grad():
        writer.readout.weight.zero_()
        writer.readout.bias.zero_()
    assert bits_per_character(writer, "Any text.") == pytest.approx(math.log2(len(SYMBOLS)), abs=1e-6)


def test_a_state_carries_on_where_it_stopped_and_bits_are_those_of_the_text():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        writer = Writer(hidden=8).eval()
    sample = sampled(writer, "The ", temperature=0.7, length=30)
    assert len(sample.text) == 30
    whole = coded("The " + sample.text)[None]
    with torch.no_grad():
        logits, _ = writer(whole[:, :-1])
    spent = -logits[0, 3:].log_softmax(dim=-1).gather(1, whole[0, 4:, None]).mean() / math.log(2)
    assert sample.bits == pytest.approx(spent.item(), abs=1e-5)
