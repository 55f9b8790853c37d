import math
from typing import get_args

import pytest
import torch
from captum.attr import IntegratedGradients as CaptumsIntegratedGradients

from reproductions.attribution.integrated_gradients import (
    Quadrature,
    baseline_for,
    completeness_gap,
    integrated_gradients,
    integrated_gradients_approx,
    quadrature,
)

METHODS = get_args(Quadrature)


def tensor(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def product(x):
    return x[:, 0] * x[:, 1]


def network(activation, *, dtype=torch.float64):
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(4, 16, generator=generator, dtype=torch.float64).to(dtype)
    second = torch.randn(16, generator=generator, dtype=torch.float64).to(dtype)
    return lambda x: activation(x @ first + 0.3) @ second


def inputs(*shape, seed=1):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# Equation 1


def test_a_product_by_hand():
    # F = x₁ x₂: IG₁ = (x₁ − x₁′) ∫ (x₂′ + α (x₂ − x₂′)) dα = (x₁ − x₁′) (x₂ + x₂′) / 2, and IG₂ likewise
    attributions = integrated_gradients(product, tensor([3, 5], [1, 1]), tensor([1, 2], [0, 4]), n_steps=2)
    torch.testing.assert_close(attributions, tensor([2 * 3.5, 3 * 2.0], [1 * 2.5, -3 * 0.5]))


def test_the_flattening_unit_of_section_2_1():
    # f(x) = 1 − ReLU(1 − x) rises from 0 to 1 until x = 1, half of the way from 0 to 2
    f = lambda x: 1 - torch.relu(1 - x[:, 0])  # noqa: E731 - as the paper writes it
    assert integrated_gradients(f, tensor([2]), tensor([0]), n_steps=10, method="riemann_middle").item() == 1.0


def test_the_minimum_of_remark_5():
    f = lambda x: torch.minimum(x[:, 0], x[:, 1])  # noqa: E731 - as the paper writes it
    torch.testing.assert_close(integrated_gradients(f, tensor([1, 3]), tensor([0, 0])), tensor([1, 0]))


def test_networks_f_and_g_of_figure_7():
    relu, x, zero = torch.relu, tensor([3, 1]), tensor([0, 0])
    f = lambda x: relu(relu(x[:, 0]) - 1 - relu(x[:, 1]))  # noqa: E731 - as the paper writes it
    g = lambda x: relu(relu(x[:, 0] - 1) - relu(x[:, 1]))  # noqa: E731 - as the paper writes it
    torch.testing.assert_close(integrated_gradients(f, x, zero), tensor([1.5, -0.5]))
    torch.testing.assert_close(integrated_gradients(g, x, zero), tensor([1.5, -0.5]))


@pytest.mark.parametrize("method", METHODS)
def test_a_linear_function_is_exact_with_every_method(method):
    coefficients = tensor([2, -3, 0.5])[0]
    x, x_prime = inputs(5, 3), inputs(5, 3, seed=2)
    attributions = integrated_gradients(lambda x: x @ coefficients, x, x_prime, n_steps=2, method=method)
    torch.testing.assert_close(attributions, (x - x_prime) * coefficients)


def test_inputs_of_any_shape_are_attributed_one_by_one():
    x, x_prime = inputs(3, 2, 4, 5), inputs(2, 4, 5, seed=2)

    def f(x):
        return torch.tanh(x).flatten(start_dim=1).sum(dim=1) * x[:, 0, 0, 0]

    together = integrated_gradients(f, x, x_prime)
    assert together.shape == x.shape
    for i in range(3):
        torch.testing.assert_close(together[i : i + 1], integrated_gradients(f, x[i : i + 1], x_prime))


def test_one_baseline_serves_all_inputs():
    f, x, x_prime = network(torch.tanh), inputs(3, 4), inputs(4, seed=2)
    each = integrated_gradients(f, x, x_prime.expand(3, 4))
    assert torch.equal(integrated_gradients(f, x, x_prime), each)
    assert torch.equal(integrated_gradients(f, x, x_prime[None]), each)
    assert torch.equal(integrated_gradients(f, x, torch.tensor(0.0)), integrated_gradients(f, x, torch.zeros(3, 4)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_dtype_is_kept(dtype):
    x = inputs(2, 4).to(dtype)
    attributions = integrated_gradients(network(torch.tanh, dtype=dtype), x, torch.zeros(4))
    assert attributions.dtype == dtype
    assert not attributions.requires_grad


def test_double_precision_is_used_to_the_end():
    # x² + x₀ from 0 has IG = x² + x; float32 alphas would be off by 1e-8
    x = tensor([1 / 3, 1e3])
    attributions = integrated_gradients(lambda x: (x**2 + x).sum(dim=1), x, torch.zeros(2))
    torch.testing.assert_close(attributions, x**2 + x, rtol=1e-14, atol=0)


# Equation 3


def test_equation_3_by_hand():
    # F = x², from 0 to 1 in two steps: the gradients at ½ and 1 are 1 and 2, their mean is 3/2
    assert integrated_gradients_approx(lambda x: x[:, 0] ** 2, tensor([1]), tensor([0]), m=2).item() == 1.5


@pytest.mark.parametrize("m", [1, 7, 50])
def test_equation_3_is_the_right_riemann_sum(m):
    f, x, x_prime = network(torch.tanh), inputs(3, 4), inputs(3, 4, seed=2)
    right = integrated_gradients(f, x, x_prime, n_steps=m, method="riemann_right")
    torch.testing.assert_close(integrated_gradients_approx(f, x, x_prime, m=m), right)


# Completeness


def test_completeness_gap_by_hand():
    # F(x) − F(x′) = 6 − 2; attributions that add up to 5 give one too much
    gap = completeness_gap(product, tensor([2, 3], [2, 3]), tensor([1, 2]), tensor([4, 1], [2, 2]))
    assert gap.tolist() == [1.0, 0.0]


def test_completeness_gap_of_inputs_with_several_axes():
    def f(x):
        return x.flatten(start_dim=1).sum(dim=1)

    x = inputs(2, 3, 4)
    assert completeness_gap(f, x, torch.zeros(3, 4), x + 1).tolist() == pytest.approx([12, 12])


@pytest.mark.parametrize("activation", [torch.tanh, torch.sigmoid, torch.nn.functional.softplus])
def test_attributions_of_smooth_networks_are_complete(activation):
    f, x, x_prime = network(activation), inputs(8, 4), inputs(8, 4, seed=2)
    attributions = integrated_gradients(f, x, x_prime, n_steps=100)
    assert completeness_gap(f, x, x_prime, attributions).abs().max() < 1e-12


# Quadrature


@pytest.mark.parametrize("n", [2, 3, 10, 51])
@pytest.mark.parametrize("method", METHODS)
def test_weights_add_up_to_one_and_alphas_rise_within_the_path(method, n):
    alphas, weights = quadrature(method, n)
    assert alphas.shape == weights.shape == (n,)
    assert weights.sum().item() == pytest.approx(1, abs=1e-14)
    assert (weights > 0).all()
    assert (alphas.diff() > 0).all()
    assert alphas.min() >= 0
    assert alphas.max() <= 1


@pytest.mark.parametrize(
    ("method", "alphas", "weights"),
    [
        ("riemann_left", [0, 0.25, 0.5, 0.75], [0.25] * 4),
        ("riemann_right", [0.25, 0.5, 0.75, 1], [0.25] * 4),
        ("riemann_middle", [0.125, 0.375, 0.625, 0.875], [0.25] * 4),
        ("riemann_trapezoid", [0, 1 / 3, 2 / 3, 1], [1 / 6, 1 / 3, 1 / 3, 1 / 6]),
    ],
)
def test_four_riemann_steps(method, alphas, weights):
    found = quadrature(method, 4)
    assert found[0].tolist() == pytest.approx(alphas)
    assert found[1].tolist() == pytest.approx(weights)


def test_two_gauss_legendre_points():
    alphas, weights = quadrature("gausslegendre", 2)
    assert alphas.tolist() == pytest.approx([0.5 - math.sqrt(3) / 6, 0.5 + math.sqrt(3) / 6])
    assert weights.tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_gauss_legendre_is_exact_up_to_degree_2n_minus_1_and_no_further(n):
    alphas, weights = quadrature("gausslegendre", n)
    errors = [abs((weights * alphas**degree).sum().item() - 1 / (degree + 1)) for degree in range(2 * n + 1)]
    assert max(errors[:-1]) < 1e-14
    # ∫ of the squared monic Legendre polynomial on [0, 1]: (n!)⁴ / ((2n)!² (2n + 1))
    known = math.factorial(n) ** 4 / (math.factorial(2 * n) ** 2 * (2 * n + 1))
    assert errors[-1] == pytest.approx(known, rel=0.01, abs=1e-16)


@pytest.mark.parametrize(
    ("method", "order"),
    [("riemann_left", 1), ("riemann_right", 1), ("riemann_middle", 2), ("riemann_trapezoid", 2)],
)
def test_the_error_falls_with_the_order_of_the_method(method, order):
    f, x, x_prime = network(torch.tanh), inputs(1, 4), inputs(1, 4, seed=2)
    exact = integrated_gradients(f, x, x_prime, n_steps=100)

    def error(n):
        return (integrated_gradients(f, x, x_prime, n_steps=n, method=method) - exact).norm().item()

    assert math.log2(error(100) / error(200)) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("method", METHODS)
def test_quadrature_comes_in_the_dtype_asked_for(method):
    assert {tensor.dtype for tensor in quadrature(method, 5)} == {torch.float64}
    assert {tensor.dtype for tensor in quadrature(method, 5, dtype=torch.float32)} == {torch.float32}


# What is refused


def test_an_unknown_method_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="unknown method 'simpson'; hint: one of gausslegendre, riemann_left"):
        integrated_gradients(product, tensor([1, 1]), tensor([0, 0]), method="simpson")


@pytest.mark.parametrize(("method", "n"), [("gausslegendre", 0), ("riemann_left", -1), ("riemann_trapezoid", 1)])
def test_too_few_steps(method, n):
    with pytest.raises(ValueError, match=f"{method} takes . or more steps, not {n}"):
        quadrature(method, n)
    with pytest.raises(ValueError, match="a sum of 0 steps is empty"):
        integrated_gradients_approx(product, tensor([1, 1]), tensor([0, 0]), m=0)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (1, 2, 2), (4, 2)])
def test_a_baseline_that_does_not_fit(shape):
    with pytest.raises(ValueError, match=r"baseline of shape .* does not fit inputs of shape \(2, 2\); hint: give one"):
        baseline_for(torch.zeros(2, 2), torch.zeros(shape))


def test_a_function_with_several_outputs_is_refused():
    with pytest.raises(ValueError, match="hint: pick one output"):
        integrated_gradients(lambda x: x, tensor([1, 1]), tensor([0, 0]))


# Captum 0.9


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("n_steps", [2, 50])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("activation", [torch.tanh, torch.relu])
def test_equal_to_captum(activation, method, n_steps, dtype):
    f = network(activation, dtype=dtype)
    x, x_prime = inputs(6, 4).to(dtype), inputs(6, 4, seed=2).to(dtype)
    theirs = CaptumsIntegratedGradients(f).attribute(x, x_prime, n_steps=n_steps, method=method)
    if method == "riemann_trapezoid":
        theirs = theirs / (1 - 1 / n_steps)  # what Captum's weights add up to
    ours = integrated_gradients(f, x, x_prime, n_steps=n_steps, method=method)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("n_steps", [2, 10, 50])
def test_captums_trapezoid_underrates_a_linear_function_and_ours_does_not(n_steps):
    def f(x):
        return x.sum(dim=1)

    x, method = tensor([1, 2]), "riemann_trapezoid"
    theirs = CaptumsIntegratedGradients(f).attribute(x, 0, n_steps=n_steps, method=method)
    torch.testing.assert_close(theirs, x * (1 - 1 / n_steps))
    torch.testing.assert_close(integrated_gradients(f, x, torch.zeros(2), n_steps=n_steps, method=method), x)
