import re
import shutil

import pytest
import torch
from transformers import (
    DistilBertForMaskedLM,
    DistilBertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from reproductions.emotions.classifier import Classifier, load_classifier, save_classifier
from reproductions.emotions.sentences import EMOTIONS, Sentence
from reproductions.emotions.training import untrained_classifier

SENTENCES = [Sentence("I am glad that you came.", 1), Sentence("He cried all night.", 0)]


def test_what_was_saved_is_read_again(tmp_path):
    saved = untrained_classifier(SENTENCES)
    save_classifier(saved, tmp_path)
    read = load_classifier(tmp_path)
    assert read.labels == list(EMOTIONS)
    texts = [one.text for one in SENTENCES]
    torch.testing.assert_close(read.probabilities(texts), saved.probabilities(texts), rtol=0, atol=0)


def test_padding_does_not_count():
    classifier = untrained_classifier(SENTENCES)
    _, mask = classifier.encode([one.text for one in SENTENCES])
    assert not mask.all()
    alone = classifier.probabilities([SENTENCES[1].text])
    torch.testing.assert_close(classifier.probabilities([one.text for one in SENTENCES])[1:], alone)


def test_too_long_a_text_is_cut_off():
    classifier = untrained_classifier(SENTENCES)
    ids, _ = classifier.encode(["glad " * 500])
    assert ids.shape == (1, classifier.model.config.max_position_embeddings)


def test_a_folder_without_a_classifier_is_refused_in_one_line(tmp_path):
    with pytest.raises(ValueError, match="no classifier at") as caught:
        load_classifier(tmp_path)
    assert "\n" not in str(caught.value)
    assert re.match(rf"no classifier at '{re.escape(str(tmp_path))}': \w.+ hint: ", str(caught.value))


def test_roberta_has_fewer_places_than_its_configuration_says():
    tokenizer = untrained_classifier(SENTENCES).tokenizer
    config = RobertaConfig(
        vocab_size=len(tokenizer), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        max_position_embeddings=18, pad_token_id=1,
    )  # fmt: skip
    classifier = Classifier(RobertaForSequenceClassification(config).eval(), tokenizer)
    assert classifier.longest == 16
    assert classifier.probabilities(["glad " * 500]).isfinite().all()
    tokenizer.model_max_length = 7
    assert classifier.longest == 7


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    save_classifier(untrained_classifier(SENTENCES), folder)
    return folder


def without_a_head(folder):
    DistilBertForMaskedLM(untrained_classifier(SENTENCES).model.config).save_pretrained(folder)


def with_one_output(folder):
    config = untrained_classifier(SENTENCES).model.config
    config.num_labels = 1
    DistilBertForSequenceClassification(config).save_pretrained(folder)


def without_a_tokenizer(folder):
    for path in folder.glob("*token*"):
        path.unlink()


BROKEN = {
    "a head": (without_a_head, "classifier.bias and 3 other weights are not there; hint"),
    "a second output": (with_one_output, "it has one output"),
    "a tokenizer": (without_a_tokenizer, "its tokenizer is not there"),
    "readable weights": (lambda folder: (folder / "model.safetensors").write_bytes(b"nothing"), "header"),
    "a readable configuration": (lambda folder: (folder / "config.json").write_text("{"), "not a valid JSON"),
    "a folder": (shutil.rmtree, "there is no such folder"),
}


@pytest.mark.parametrize(("break_it", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_classifier_is_refused_in_one_line(saved, tmp_path, capfd, break_it, said):
    folder = shutil.copytree(saved, tmp_path / "broken")
    break_it(folder)
    capfd.readouterr()
    with pytest.raises(ValueError, match=said) as caught:
        load_classifier(folder)
    assert "\n" not in str(caught.value)
    assert "; hint: give a folder that `save_pretrained` wrote" in str(caught.value)
    assert capfd.readouterr() == ("", ""), "no report beside the line"
