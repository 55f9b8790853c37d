import math

import pytest
import torch

from reproductions.generation import search_claims as claims


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
