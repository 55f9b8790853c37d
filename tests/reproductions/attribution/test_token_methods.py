from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.reading import encoder_layers, read_text
from reproductions.attribution.smoothgrad import smooth_gradients
from reproductions.attribution.token_methods import METHODS, by_integrated_gradients, by_leaving_one_out, by_rollout
from reproductions.emotions.classifier import Classifier
from reproductions.emotions.saved_classifier import load_classifier, save_classifier
from reproductions.emotions.sentences import EMOTIONS, training_sentences
from reproductions.emotions.training import untrained_classifier

TEXT = "I am not afraid, I laugh unexpectedly."


@pytest.fixture(scope="module")
def distilbert():
    return untrained_classifier(training_sentences()[:60])


@pytest.fixture(scope="module")
def bert(distilbert, tmp_path_factory):
    """Another architecture, with the same tokenizer, read from where it was saved."""
    folder = tmp_path_factory.mktemp("bert")
    config = BertConfig(
        vocab_size=len(distilbert.tokenizer), hidden_size=16, num_hidden_layers=3, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=32, id2label={0: "no", 1: "yes"}, label2id={"no": 0, "yes": 1},
    )  # fmt: skip
    torch.manual_seed(0)
    save_classifier(Classifier(BertForSequenceClassification(config), distilbert.tokenizer), folder)
    return load_classifier(folder)


def test_a_reading_knows_its_words(distilbert):
    reading = read_text(distilbert, TEXT)
    assert reading.tokens[0] == "[CLS]"
    assert reading.special.tolist() == [True, *[False] * (len(reading.tokens) - 2), True]
    pieces = [token for token, word in zip(reading.tokens, reading.words, strict=True) if word == 7]
    assert "".join(piece.removeprefix("##") for piece in pieces) == "unexpectedly"
    assert len(pieces) > 1


def test_what_says_nothing_keeps_the_special_tokens(distilbert):
    reading = read_text(distilbert, TEXT)
    tokens = distilbert.tokenizer.convert_ids_to_tokens(reading.baseline_ids[0])
    assert tokens == ["[CLS]", *["[PAD]"] * (len(tokens) - 2), "[SEP]"]


def test_the_label_asked_for_is_the_best_one_or_the_one_given(distilbert):
    reading = read_text(distilbert, TEXT)
    assert reading.label == EMOTIONS[int(distilbert.probabilities([TEXT]).argmax())]
    assert read_text(distilbert, TEXT, label="fear").target == EMOTIONS.index("fear")
    with pytest.raises(ValueError, match="no label 'bliss'; hint: sadness, joy"):
        read_text(distilbert, TEXT, label="bliss")


def test_a_text_without_words_is_refused(distilbert):
    with pytest.raises(ValueError, match="no word"):
        read_text(distilbert, "  ")


def test_a_tokenizer_that_does_not_know_the_places_of_its_tokens_is_refused(distilbert):
    class Slow:
        is_fast = False

    with pytest.raises(ValueError, match="a Slow does not tell where its tokens stand; hint: use a fast"):
        read_text(replace(distilbert, tokenizer=Slow()), TEXT)


def test_embeddings_and_ids_lead_to_the_same_logit(distilbert):
    reading = read_text(distilbert, TEXT)
    torch.testing.assert_close(
        reading.logit(reading.ids), reading.logit_of_embeddings(reading.embeddings(reading.ids)), check_stride=False
    )


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("model", ["distilbert", "bert"])
def test_each_method_scores_each_token_of_any_model(name, model, request):
    reading = read_text(request.getfixturevalue(model), TEXT)
    scores = METHODS[name](reading)
    assert scores.shape == (len(reading.tokens),)
    assert scores.isfinite().all()
    assert scores.unique().numel() > 3


def test_integrated_gradients_of_tokens_are_complete(distilbert):
    reading = read_text(distilbert, TEXT)
    difference = reading.logit(reading.ids) - reading.logit(reading.baseline_ids)
    torch.testing.assert_close(by_integrated_gradients(reading).sum(), difference[0], rtol=1e-3, atol=1e-4)


def test_leaving_one_out_masks_one(distilbert):
    reading = read_text(distilbert, TEXT)
    ids = reading.ids.clone()
    ids[0, 3] = distilbert.tokenizer.mask_token_id
    mask = reading.mask
    before, after = (distilbert.logits(text, mask).softmax(dim=1)[0, reading.target] for text in (reading.ids, ids))
    torch.testing.assert_close(by_leaving_one_out(reading)[3], (before - after).detach())


def test_a_tokenizer_without_a_token_for_nothing_is_refused(distilbert):
    tokenizer = deepcopy(distilbert.tokenizer)
    reading = replace(read_text(distilbert, TEXT), classifier=Classifier(distilbert.model, tokenizer))
    tokenizer.mask_token = None
    ordinary = int((~reading.special).sum())
    of_padding = leave_one_out(reading.presence(), ordinary)
    tokenizer.pad_token = None
    with pytest.raises(ValueError, match="nor a padding token; hint"):
        reading.presence()
    with pytest.raises(ValueError, match="no padding token to compare with; hint"):
        _ = reading.baseline_ids
    assert of_padding.isfinite().all()


def test_smoothgrad_averages_twenty_gradients_at_noise_of_its_papers_size(distilbert):
    reading = read_text(distilbert, TEXT)
    x = reading.embeddings(reading.ids)
    sigma = 0.15 * (x.max() - x.min()).item()
    expected = smooth_gradients(reading.logit_of_embeddings, x, sigma=sigma, n=20)[0].norm(dim=1)
    torch.testing.assert_close(METHODS["SmoothGrad"](reading), expected)


def test_rollout_shares_one(distilbert):
    assert by_rollout(read_text(distilbert, TEXT)).sum().item() == pytest.approx(1)


def test_layers_are_found_in_any_model(distilbert, bert):
    assert len(encoder_layers(distilbert)) == 6
    assert len(encoder_layers(bert)) == 3
