"""The same weights give the same scores as the BERT of transformers, in both of its uses."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering

from reproductions.bert.from_transformers import masked_language_model, question_answering


def config(**changes):
    options = {"vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4}
    options |= {"intermediate_size": 128, "max_position_embeddings": 20, "initializer_range": 0.3}
    return BertConfig(**options | changes)


def made(kind, **changes):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = kind(config(**changes)).eval()
        for name, weights in model.named_parameters():
            if name.endswith("bias"):
                torch.nn.init.normal_(weights)  # transformers begins with zeros, which hide a missing bias
    return model


@pytest.fixture
def texts():
    generator = torch.Generator().manual_seed(1)
    tokens = torch.randint(1, 50, (4, 12), generator=generator)
    tokens[1, 7:] = tokens[3, 3:] = 0
    segments = (torch.arange(12) > 4).long().expand(4, -1)
    return tokens, segments


@torch.no_grad()
def test_the_words_guessed(texts):
    theirs = made(BertForMaskedLM)
    tokens, segments = texts
    expected = theirs(tokens, attention_mask=tokens != 0, token_type_ids=segments).logits
    found = masked_language_model(theirs)(tokens, segments)
    torch.testing.assert_close(found[tokens != 0], expected[tokens != 0], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_the_scores_of_starts_and_ends(texts):
    theirs = made(BertForQuestionAnswering)
    tokens, segments = texts
    expected = theirs(tokens, attention_mask=tokens != 0, token_type_ids=segments)
    starts, ends = question_answering(theirs)(tokens, segments)
    torch.testing.assert_close(starts[tokens != 0], expected.start_logits[tokens != 0], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ends[tokens != 0], expected.end_logits[tokens != 0], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("changes", [{"hidden_act": "relu"}, {"intermediate_size": 64}])
def test_other_layers_are_refused(changes):
    with pytest.raises(ValueError, match="not the layers of the paper"):
        question_answering(made(BertForQuestionAnswering, **changes))
