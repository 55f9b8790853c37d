"""A model that stands for the trained one and has known outputs."""

from __future__ import annotations

import math

import pytest
import torch

from reproductions.generation import continuations, likely_text_claims, search_claims

HALF = torch.tensor([math.log(0.5), math.log(0.25), math.log(0.125), math.log(0.125)])
"""Logits of four tokens, whatever has been said."""


def model(ids):
    return HALF.expand(*ids.shape, -1)


@pytest.fixture
def half(monkeypatch):
    unseen = torch.arange(30 * 64).view(30, 64) % 4
    for module in (continuations, likely_text_claims, search_claims):
        monkeypatch.setattr(module, "trained", lambda: (model, unseen))
    monkeypatch.setattr(likely_text_claims, "continuations", continuations.continuations.__wrapped__)
    return unseen
