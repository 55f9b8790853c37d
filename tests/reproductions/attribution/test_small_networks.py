import torch

from reproductions.attribution.small_networks import random_inputs, random_network, trained_classifier


def test_a_seed_gives_the_same_network_whatever_else_was_drawn():
    x = random_inputs(5, 3, seed=0)
    first = random_network((3, 8, 8), torch.relu, seed=1)(x)
    torch.manual_seed(12345)
    assert torch.equal(random_network((3, 8, 8), torch.relu, seed=1)(x), first)
    assert not torch.equal(random_network((3, 8, 8), torch.relu, seed=2)(x), first)
    assert first.shape == (5,)
    assert first.dtype == torch.float64


def test_the_trained_classifier_is_sure_of_its_inputs_and_not_of_nothing():
    f, x = trained_classifier(torch.tanh, seed=0)
    assert x.shape[1:] == (8,)
    assert f(x).shape == (len(x),)
    assert (f(x) > 0.9).all()
    assert (f(torch.zeros_like(x)) < 0.5).all()
    again, same = trained_classifier(torch.tanh, seed=0)
    assert torch.equal(again(same), f(x))
