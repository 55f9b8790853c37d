import pytest
import torch
from torch import nn

from reproductions.attribution.rectifiers import rectifiers_watched, rectifiers_with

X = torch.tensor([[-1.0, 2.0], [3.0, -4.0], [0.5, 0.25]])
WAYS = {
    "torch": torch.relu,
    "functional": nn.functional.relu,
    "method": lambda x: x.relu(),
    "module": lambda x: nn.ReLU()(x),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_goes_in_is_seen_and_nothing_changes(way):
    with rectifiers_watched(3) as met:
        out = WAYS[way](2 * X)
    torch.testing.assert_close(met, [2 * X])
    torch.testing.assert_close(out, (2 * X).clamp(min=0))


@pytest.mark.parametrize("way", WAYS)
def test_slopes_are_those_given_and_values_are_their_own(way):
    x = X.clone().requires_grad_()
    slopes = torch.tensor([[0.25, 1.0], [0.5, 0.0], [2.0, -1.0]])
    with rectifiers_with([slopes]):
        out = WAYS[way](x)
    (gradient,) = torch.autograd.grad(out.sum(), x)
    torch.testing.assert_close(out, X.clamp(min=0))
    torch.testing.assert_close(gradient, slopes)


def test_calls_are_told_apart_by_their_order():
    x = X.clone().requires_grad_()
    with rectifiers_with([None, torch.full_like(X, 0.5)]):
        out = torch.relu(x) + torch.relu(x)
    (gradient,) = torch.autograd.grad(out.sum(), x)
    torch.testing.assert_close(gradient, (X > 0) + 0.5)


def test_what_is_not_a_point_in_front_is_left_alone():
    with rectifiers_watched(3) as met:
        torch.relu(X.T)
        torch.relu(torch.tensor(1.0))
        nn.functional.relu(X.clone(), inplace=True)
    assert met == [None, None]  # what works in place is not met at all


def test_a_model_that_runs_otherwise_keeps_its_slopes():
    x = X.clone().requires_grad_()
    with rectifiers_with([torch.zeros(2, 2)]):
        out = torch.relu(x).sum() + torch.relu(x).sum()
    (gradient,) = torch.autograd.grad(out, x)
    torch.testing.assert_close(gradient, 2.0 * (X > 0))


def test_after_it_rectifiers_are_as_before():
    with rectifiers_with([torch.zeros_like(X)]):
        pass
    x = X.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(torch.relu(x).sum(), x)
    torch.testing.assert_close(gradient, (X > 0).float())
