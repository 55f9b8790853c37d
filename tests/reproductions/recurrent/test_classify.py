import torch

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
