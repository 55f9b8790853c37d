import math

import pytest
import torch

from reproductions.recurrent import text, text_claims
from reproductions.recurrent.text import SYMBOLS, Sample, Writer, bits_per_character, coded, prose, sampled, trained


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


def test_24_spans_of_32_characters_for_800_steps(monkeypatch):
    class EnoughError(Exception):
        pass

    def stop(symbols):
        shapes.append(symbols.shape)
        raise EnoughError

    shapes, schedules = [], []
    schedule = torch.optim.lr_scheduler.OneCycleLR
    monkeypatch.setattr(text, "prose", lambda: ("a" * 300, ""))
    monkeypatch.setattr(
        torch.optim.lr_scheduler,
        "OneCycleLR",
        lambda optimizer, rate, **options: schedules.append((rate, options)) or schedule(optimizer, rate, **options),
    )
    monkeypatch.setattr(Writer, "forward", lambda _, symbols: stop(symbols))
    with pytest.raises(EnoughError):
        trained.__wrapped__()
    assert shapes == [(24, 32)]
    assert schedules == [(0.015, {"total_steps": 800, "pct_start": 0.1})]


def test_a_writer_as_it_comes():
    writer = Writer()
    assert (writer.embedding.embedding_dim, writer.layer.hidden_size) == (32, 160)
    assert len(SYMBOLS) == 96


def test_claims_about_prose_by_hand(monkeypatch):
    monkeypatch.setattr(text_claims, "prose", lambda: ("aab", "aba"))
    # two characters are predicted, b and a, with one of three and two of three counts, smoothed by 4
    bits = [-math.log2((count + 4 / 96) / (3 + 4)) for count in (1, 2)]
    assert text_claims.bits_of_ngrams(1) == pytest.approx(sum(bits) / 2)
    asked = []
    monkeypatch.setattr(text_claims, "trained", lambda **options: asked.append(options))
    monkeypatch.setattr(text_claims, "bits_per_character", lambda _, held: len(held))
    monkeypatch.setattr(text_claims, "bits_of_ngrams", lambda n, *, alpha=4.0: n * alpha / 16)
    above = {"1 characters": 2.75, "2 characters": 2.5, "3 characters": 2.25, "4 characters": 2.0}
    assert text_claims.bits_above_ngrams() == text_claims.bits_above_ngrams_after_a_tenth_of_training() == above
    assert asked == [{"steps": 800}, {"steps": 80}]
    assert text_claims.bits_of_six_characters_above_the_network() == 6 * 8 / 16 - 3
    assert text_claims.bits_of_three_characters_above_the_network() == 3 * 4 / 16 - 3

    def write(_, prompt, *, temperature, length, seed):
        assert (prompt, length) == ("The ", 300)
        return Sample("", temperature + seed)

    monkeypatch.setattr(text_claims, "sampled", write)
    assert (text_claims.bits_of_cold_text(), text_claims.bits_of_text_at_one()) == (0.5 + 1.5 - 3, 1 + 1.5 - 3)


def test_a_span_and_what_follows_it_end_before_the_prose_does(monkeypatch):
    class EnoughError(Exception):
        pass

    read = []

    def stop(_, symbols):
        read.append(symbols)
        raise EnoughError

    monkeypatch.setattr(text, "prose", lambda: (SYMBOLS[:34], ""))
    monkeypatch.setattr(Writer, "forward", stop)
    with pytest.raises(EnoughError):
        trained.__wrapped__()
    assert read[0].tolist() == [list(range(32))] * 24
