import math

import pytest
import torch

from reproductions.generation import likely_text_claims as claims


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
