"""What is measured is what one knows beforehand; a control that misses its bound by chance would show nothing."""

import math

import pytest
import torch

from reproductions.transformer import position_claims as claims
from reproductions.transformer.positions import positional_encoding


def test_the_longest_wavelength_misses_two_of_the_d_model_steps():
    assert claims.longest_wavelength() == pytest.approx(10_000 ** (-2 / 512))
    assert claims.longest_wavelength_of_a_narrow_model() == pytest.approx(10_000 ** (-2 / 16))


def test_a_projection_that_keeps_lengths_tells_before_from_after():
    PE, W = positional_encoding(200, 64), claims.normal(64, 64, seed=5) / math.sqrt(64)
    assert W.norm(dim=0).mean().item() == pytest.approx(1, abs=0.05)
    apart = [float(PE[100] @ W @ (PE[100 + k] - PE[100 - k])) for k in range(1, 100)]
    assert claims.asymmetry_of_distance_after_a_projection() == pytest.approx(max(map(abs, apart)))


def test_positions_alone_are_the_same_before_and_after_the_words_change_places(monkeypatch):
    monkeypatch.setattr(claims, "normal", lambda *shape, **_: torch.zeros(shape, dtype=torch.float64))
    assert claims.order_seen_with_positions() == 0  # the words are all alike, so that none has changed
    assert claims.order_seen_without_positions() == 0


def test_words_change_places_but_for_the_first(monkeypatch):
    read = []

    class Recording(torch.nn.Module):
        def forward(self, x):
            read.append(x[0])
            return x

    monkeypatch.setattr(claims, "EncoderLayer", lambda _: Recording())
    claims.order_seen_with_positions()
    PE = positional_encoding(9, 64)
    before, after = ((x - PE).round(decimals=6).tolist() for x in read)
    assert before[0] == after[0]
    assert sorted(before) == sorted(after) != before != after
