"""What claims compute of what they are given: a model that stands for the trained one has known outputs."""

from __future__ import annotations

import math

import pytest
import torch

from reproductions.generation import claims, continuations

HALF = torch.tensor([math.log(0.5), math.log(0.25), math.log(0.125), math.log(0.125)])
"""Logits of four tokens, whatever has been said."""


def model(ids):
    return HALF.expand(*ids.shape, -1)


@pytest.fixture
def half(monkeypatch):
    unseen = torch.arange(30 * 64).view(30, 64) % 4
    for module in (claims, continuations):
        monkeypatch.setattr(module, "trained", lambda: (model, unseen))
    monkeypatch.setattr(claims, "continuations", continuations.continuations.__wrapped__)
    return unseen


def test_texts_are_of_16_tokens_and_48_more(half):
    ways = ("human", "greedy", "beam", "sampled", "nucleus", "cold")
    found = {how: claims.continuations(how) for how in ways}
    assert {text.shape for text in found.values()} == {(24, 64)}
    assert all(torch.equal(text[:, :16], half[:24, :16]) for text in found.values())
    assert torch.equal(found["human"], half[:24])
    assert found["greedy"][:, 16:].eq(0).all()
    assert found["beam"][:, 16:].eq(0).all()
    assert found["cold"][:, 16:].eq(0).double().mean() > 0.99
    shares = found["sampled"][:, 16:].flatten().bincount(minlength=4) / (24 * 48)
    assert shares.tolist() == pytest.approx([0.5, 0.25, 0.125, 0.125], abs=0.05)


def test_repetition_and_likelihood_are_less_those_of_human_text(half, monkeypatch):
    # of every token of greedy text log P is ln 1/2; of human text, each of the four tokens as often, 9/4 times as much
    assert claims.likelihood_above_human_text() == pytest.approx(dict.fromkeys(("greedy", "beam"), 1.25 * math.log(2)))
    assert claims.likelihood_of_samples_above_human_text().keys() == {"sampled"}
    texts = {"human": 0.1, "greedy": 0.9, "beam": 0.5, "sampled": 0.2, "nucleus": 0.15, "cold": 0.7}
    monkeypatch.setattr(claims, "continuations", lambda how: torch.full((1, 64), texts[how]))
    monkeypatch.setattr(claims, "repeated", lambda text: text.mean().item() if text.shape == (1, 48) else math.nan)
    assert claims.repetition_of_likely_text() == pytest.approx({"greedy": 0.8, "beam": 0.4})
    assert claims.repetition_of_sampled_text() == pytest.approx({"sampled": 0.1, "nucleus": 0.05})
    assert claims.repetition_at_a_low_temperature() == pytest.approx(0.6)
    assert claims.repetition_at_temperature_one() == pytest.approx(0.1)


def test_a_spread_is_the_largest_over_the_smallest(monkeypatch):
    table = torch.tensor([[0.0, -1, -2, -9], [0.0, -9, -9, -9]])
    monkeypatch.setattr(claims, "trained", lambda: (lambda ids: table[ids], torch.tensor([[0, 1], [1, 1]])))
    assert claims._spread(lambda u: u.masked_fill(u < -5, -math.inf)) == 3
    assert claims.spread_of_top_k() == 1


def test_a_text_is_compared_with_as_much_greedy_text(half, monkeypatch):
    prompts = claims._prompts()
    assert torch.equal(prompts, half[:12, :16])
    text = torch.cat([prompts, torch.tensor([[1, 0, 3]]).expand(12, 3)], dim=1)
    # ln 1/4 + ln 1/2 + ln 1/8, less three times ln 1/2
    assert claims._over_greedy(text).tolist() == pytest.approx([-3 * math.log(2)] * 12, rel=1e-5)
    assert claims.beam_over_greedy() == pytest.approx(dict.fromkeys(("2 beams", "4 beams", "8 beams"), 0), abs=1e-5)
    assert claims.worst_beam_over_greedy() == pytest.approx(0, abs=1e-5)
    # of two texts one costs ln 2 more: the mean and the least are told apart
    both = torch.stack([text[0], torch.cat([prompts[1], torch.tensor([0, 0, 1])])]).repeat(6, 1)
    monkeypatch.setattr(claims, "_best_beams", lambda *_, **__: both)
    least, mean = claims.worst_beam_over_greedy(), claims.beam_over_greedy()["2 beams"]
    assert (least, mean) == pytest.approx((-3 * math.log(2), -2 * math.log(2)), rel=1e-5)


def test_the_size_of_a_gpt2_by_hand():
    # embeddings of tokens and places; per layer four matrices of w², eight of w² in the wide part, biases and norms
    layers, w, vocabulary = 2, 64, 100
    expected = (vocabulary + 1024) * w + layers * (12 * w * w + 13 * w) + 2 * w
    assert claims._parameters(layers, w, vocabulary) == expected
    assert claims.SIZES == {117: (12, 768), 345: (24, 1024), 762: (36, 1280), 1542: (48, 1600)}


def test_millions_off_are_off_either_way(monkeypatch):
    monkeypatch.setattr(claims, "SIZES", {5: (1, 64), 7: (2, 64)})
    monkeypatch.setattr(claims, "_parameters", lambda layers, _, vocabulary: layers * 4e6 + vocabulary)
    assert claims.parameters_off_table_2() == pytest.approx({"5 M": 0.949743, "7 M": 1.050257})
    assert claims.parameters_off_table_2_with_the_vocabulary_of_gpt()["5 M"] == pytest.approx(1 - 0.040478)


def test_texts_that_are_lost(monkeypatch):
    class Shouts:
        def encode(self, text):
            return text

        def decode(self, text):
            return text.upper()

    monkeypatch.setattr(claims, "paragraphs", lambda: ["a b", "C"])
    monkeypatch.setattr(claims, "tokenizer_of", lambda _: Shouts())
    monkeypatch.setattr(claims, "TEXTS", ("a b C", "C", "b x", "1"))
    assert claims.texts_that_are_lost_in_bytes() == 0.5
    assert claims.texts_that_are_lost_in_words() == 0.5


def test_what_a_printed_penalty_favours_is_every_negative_score():
    negative = (claims.normal(200, 50, seed=2)[:, :10] < 0).double().mean().item()
    assert claims.tokens_that_the_printed_penalty_favours() == negative
    assert claims.tokens_that_a_penalty_favours() == 0
