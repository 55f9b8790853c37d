import pytest
import torch

from reproductions.attribution.gradients import gradient_times_input, gradients, saliency


def product(x):
    return x[:, 0] ** 2 * x[:, 1]


X = torch.tensor([[3.0, -2.0], [1.0, 5.0]], dtype=torch.float64)


def test_gradients_of_each_input_by_hand():
    # ∂(x₁² x₂) = (2 x₁ x₂, x₁²)
    assert gradients(product, X).tolist() == [[-12.0, 9.0], [10.0, 1.0]]


def test_gradient_times_input_by_hand():
    x_prime = torch.tensor([1.0, 0.0], dtype=torch.float64)
    assert gradient_times_input(product, X, x_prime).tolist() == [[2 * -12.0, -2 * 9.0], [0.0, 5.0]]


def test_saliency_has_no_sign():
    assert saliency(product, X).tolist() == [[12.0, 9.0], [10.0, 1.0]]


def test_gradients_are_taken_where_gradients_are_off():
    with torch.no_grad():
        assert gradients(product, X).tolist() == [[-12.0, 9.0], [10.0, 1.0]]


def test_parameters_gather_nothing_and_inputs_stay_as_they_are():
    layer = torch.nn.Linear(2, 1, dtype=torch.float64)
    x = X.clone().requires_grad_()
    gradient = gradients(lambda x: layer(x)[:, 0], x)
    assert gradient.tolist() == layer.weight.expand(2, 2).tolist()
    assert layer.weight.grad is None
    assert x.grad is None
    assert not gradient.requires_grad


def test_an_in_place_first_layer_is_no_trouble_to_the_callers_input():
    x = X.clone()
    assert gradients(lambda x: torch.relu_(x + 0).sum(dim=1), x).tolist() == [[1.0, 0.0], [1.0, 1.0]]
    assert x.tolist() == X.tolist()


@pytest.mark.parametrize(
    ("f", "x", "said"),
    [
        (
            lambda x: x,
            X,
            r"one number for each of 2 inputs, shape \(2,\).*returned shape \(2, 2\).*hint: pick one output",
        ),
        (lambda x: x.sum(), X, r"returned shape \(\)"),
        (lambda x: x.argmax(dim=1), X, "does not depend on x; hint: look for no_grad"),
        (lambda x: x.detach().sum(dim=1), X, "does not depend on x"),
        (lambda _: torch.ones(2, requires_grad=True) * 2, X, "does not depend on x"),
        (lambda x: x.sum(dim=1), torch.tensor([[1, 2]]), "torch.int64.*hint: attribute to the embeddings"),
    ],
)
def test_what_has_no_gradient_says_so(f, x, said):
    with pytest.raises(ValueError, match=said):
        gradients(f, x)
