from __future__ import annotations

import pytest
import torch

from reproductions.generation import small_gpt2
from reproductions.generation.decoding import sampled
from reproductions.generation.small_gpt2 import END, LanguageModel, tokenizer_of

TEXTS = [f"The {n} things that are {n * n}, and so on to the end of it." for n in range(40)]


class EnoughError(Exception):
    """Ends a training when what is asked about has been seen."""


def test_every_text_has_an_end():
    tokenizer = tokenizer_of(TEXTS, vocabulary=300)
    stream = small_gpt2._stream(tokenizer, TEXTS[:3])
    assert tokenizer.decode(stream) == "".join(text + END for text in TEXTS[:3])
    assert (stream == tokenizer.eos_token_id).sum() == 3


def test_250_batches_of_16_times_64_tokens_of_what_is_not_held_out(monkeypatch):
    seen, schedules, built = [], [], []

    class Stops(torch.nn.Linear):
        def forward(self, ids, **_):
            seen.append(ids.shape)
            raise EnoughError

    schedule = torch.optim.lr_scheduler.OneCycleLR

    def scheduled(optimizer, rate, **options):
        schedules.append({**options, "rate": rate, "decay": optimizer.defaults["weight_decay"]})
        return schedule(optimizer, rate, **options)

    monkeypatch.setattr(torch.optim.lr_scheduler, "OneCycleLR", scheduled)
    monkeypatch.setattr(small_gpt2, "small_gpt2", lambda **options: built.append(options) or Stops(1, 1))
    monkeypatch.setattr(small_gpt2, "paragraphs", lambda: TEXTS)
    with pytest.raises(EnoughError):
        small_gpt2.trained.__wrapped__()
    assert seen == [(16, 64)]
    assert schedules == [{"rate": 4e-3, "total_steps": 250, "pct_start": 0.1, "decay": 0.1}]
    assert built == [{"seed": 0, "deviation": 0.06}]


def test_two_layers_of_96_with_four_heads_and_1024_pieces():
    config = small_gpt2.small_gpt2().config
    assert (config.n_layer, config.n_embd, config.n_head) == (2, 96, 4)
    assert (config.vocab_size, config.n_positions) == (1024, 128)
    assert (config.resid_pdrop, config.embd_pdrop, config.attn_pdrop) == (0, 0, 0)


def test_a_model_gives_logits_at_each_place():
    model = small_gpt2.small_gpt2(vocabulary=20, layers=1, width=8)
    ids = torch.tensor([[1, 2, 3]])
    torch.testing.assert_close(LanguageModel(model, None)(ids), model(ids).logits)


def test_one_token_is_drawn_also_where_there_is_one():
    assert sampled(torch.Generator())(torch.zeros(3, 1)).tolist() == [0, 0, 0]


@pytest.mark.parametrize(("tokens", "rows"), [(63, 0), (64, 1), (127, 1), (128, 2)])
def test_unseen_text_is_in_rows_of_64(monkeypatch, tokens, rows):
    streams, build = iter([torch.arange(70), torch.arange(tokens)]), small_gpt2.small_gpt2
    monkeypatch.setattr(small_gpt2, "paragraphs", lambda: TEXTS)
    monkeypatch.setattr(small_gpt2, "_stream", lambda *_: next(streams))
    monkeypatch.setattr(small_gpt2, "small_gpt2", lambda **options: build(vocabulary=70, layers=1, width=8, **options))
    _, unseen = small_gpt2.trained.__wrapped__(steps=3)
    assert unseen.shape == (rows, 64)
    assert unseen.flatten().tolist() == list(range(64 * rows))
