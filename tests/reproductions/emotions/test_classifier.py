import re

import pytest
import torch

from reproductions.emotions.classifier import load_classifier, save_classifier
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
