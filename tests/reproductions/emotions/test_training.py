import torch

from reproductions.emotions.sentences import training_sentences
from reproductions.emotions.training import train_classifier, untrained_classifier

FEW = training_sentences()[::6]


def weights(classifier):
    return torch.cat([parameter.flatten() for parameter in classifier.model.parameters()])


def test_training_repeats_to_the_bit_and_leaves_torch_as_it_was():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    once = weights(train_classifier(FEW, steps=3))
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(7)
    assert torch.equal(once, weights(train_classifier(FEW, steps=3)))


def test_training_changes_the_weights():
    before = untrained_classifier(FEW)
    after = train_classifier(FEW, steps=3)
    assert not torch.equal(weights(before), weights(after))
    assert not after.model.training
    assert not any(parameter.requires_grad for parameter in after.model.parameters())
