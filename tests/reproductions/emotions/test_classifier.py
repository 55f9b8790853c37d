import pytest
import torch
from transformers import RobertaConfig, RobertaForSequenceClassification

from reproductions.emotions.classifier import Classifier
from reproductions.emotions.sentences import Sentence
from reproductions.emotions.training import untrained_classifier

SENTENCES = [Sentence("I am glad that you came.", 1), Sentence("He cried all night.", 0)]


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


ANSWERS = {
    (None, 6): "one label",
    ("single_label_classification", 6): "one label",
    ("multi_label_classification", 6): "any labels",
    ("multi_label_classification", 1): "any labels",
    ("regression", 6): "numbers",
    ("regression", 1): "numbers",
    (None, 1): "numbers",
}


@pytest.mark.parametrize(("problem", "outputs"), ANSWERS, ids=str)
def test_what_a_model_says_is_in_its_configuration(problem, outputs):
    classifier = untrained_classifier(SENTENCES)
    classifier.model.config.problem_type = problem
    classifier.model.config.num_labels = outputs
    assert classifier.answer == ANSWERS[problem, outputs]


def test_scores_are_probabilities_of_one_label_or_of_each_or_numbers():
    classifier = untrained_classifier(SENTENCES)
    logits = torch.tensor([[0.0, 1.0, -1.0], [2.0, 2.0, 2.0]])
    said = {}
    for problem in ("single_label_classification", "multi_label_classification", "regression"):
        classifier.model.config.problem_type = problem
        said[problem] = classifier.scores(logits)
    torch.testing.assert_close(said["single_label_classification"][1], torch.full((3,), 1 / 3))
    torch.testing.assert_close(said["multi_label_classification"], 1 / (1 + (-logits).exp()))
    assert torch.equal(said["regression"], logits)
