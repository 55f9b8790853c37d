import pytest
import torch

from reproductions.recurrent import classify, classify_claims
from reproductions.recurrent.classify import BLAME, PRAISE, WORDS, Classifier, accuracy, labelled, vectors


def test_the_label_is_the_polarity_turned_round_by_not():
    words, labels = labelled(60, unseen=False, generator=torch.Generator().manual_seed(0))
    for sentence, label in zip(words.tolist(), labels.tolist(), strict=True):
        said = [WORDS[word] for word in sentence]
        assert label == ((said[4] in PRAISE) != (said[3] == "not"))


def test_adjectives_of_the_test_are_never_labelled_in_training():
    read, unseen = (labelled(200, unseen=part, generator=torch.Generator().manual_seed(0))[0] for part in (0, 1))
    assert not set(read[:, 4].tolist()) & set(unseen[:, 4].tolist())


def test_vectors_of_one_polarity_are_near_one_another():
    praise, blame = (vectors()[[WORDS.index(word) for word in words]] for words in (PRAISE, BLAME))
    within = (torch.pdist(praise).mean() + torch.pdist(blame).mean()) / 2
    assert torch.cdist(praise, blame).mean() > within


def test_only_vectors_of_our_own_are_trained():
    weights = [Classifier(deep=False, pretrained=pretrained).embedding.weight for pretrained in (True, False)]
    assert [one.requires_grad for one in weights] == [False, True]
    assert torch.equal(weights[0], vectors())
    torch.testing.assert_close(vectors().std(dim=0), torch.ones(vectors().shape[1]))


def test_training_sentences_are_learnt():
    assert accuracy(deep=False, pretrained=True, seed=0, unseen=False) > 0.7


@pytest.mark.parametrize("deep", [False, True])
def test_a_sentence_has_two_logits_from_the_mean_of_its_outputs(deep):
    model = Classifier(deep=deep, pretrained=False)
    words, _ = labelled(3, unseen=False, generator=torch.Generator().manual_seed(0))
    outputs = model.layer(model.embedding(words))[0]
    assert outputs.shape == (3, 5, 32 if deep else 16)
    assert model.layer.num_layers == 1 + deep
    expected = outputs.mean(dim=1) @ model.readout.weight.T + model.readout.bias
    assert expected.shape == (3, 2)
    torch.testing.assert_close(model(words), expected)


def test_a_hundred_and_twenty_steps_on_forty_sentences_and_three_hundred_to_test(monkeypatch):
    drawn, steps = [], []

    def draw(count, *, unseen, generator):
        drawn.append((count, unseen))
        return torch.zeros(2, 5, dtype=torch.long), torch.tensor([0, 1])

    monkeypatch.setattr(classify, "labelled", draw)
    monkeypatch.setattr(torch.optim.Adam, "step", lambda optimizer: steps.append(optimizer.defaults["lr"]))
    assert (
        accuracy.__wrapped__(deep=False, pretrained=False, seed=0) == 0.5
    )  # two equal sentences, once praise, once blame
    assert drawn == [(40, False), (300, True)]
    assert steps == [0.01] * 120


def test_claims_are_means_over_eight_seeds_on_unseen_adjectives(monkeypatch):
    asked = []

    def known(*, deep, pretrained, seed, unseen):
        asked.append(unseen)
        return 0.5 + 0.25 * pretrained + 0.125 * deep + 0.01 * seed

    monkeypatch.setattr(classify, "accuracy", known)
    mean = 0.5 + 0.01 * 28 / 8
    both = pytest.approx({"LSTM": mean, "2-layer bi-LSTM": mean + 0.125})
    assert classify_claims.accuracy_without_vectors() == both
    assert classify_claims.accuracy_with_vectors() == pytest.approx(
        {"LSTM": mean + 0.25, "2-layer bi-LSTM": mean + 0.375}
    )
    assert classify_claims.gain_by_vectors() == pytest.approx({"LSTM": 0.25, "2-layer bi-LSTM": 0.25})
    assert classify_claims.gain_by_depth() == pytest.approx(0.125)
    assert len(asked) == 8 * (2 + 2 + 4 + 2)
    assert all(asked)
    assert classify.accuracies(deep=False, pretrained=False) == pytest.approx([0.5 + 0.01 * seed for seed in range(8)])
    assert all(asked)
