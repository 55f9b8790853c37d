import inspect
import warnings

import pytest
import torch
from captum.attr import IntegratedGradients as Captum

from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.to_tolerance import ToleranceNotMet

METHODS = ("gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid")
N_STEPS = 12


def inputs(*shape, seed=1, dtype=torch.float32):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


W = inputs(6, 5, seed=10)
V = inputs(4, 5, seed=11)


def classifier(x):
    return torch.tanh(x @ W.to(x.dtype)) ** 2 + x[:, :5] * x[:, 1:6]


def two_inputs(x, z, scale=1.0, shift=None):
    h = torch.tanh(x @ W) * scale + torch.sigmoid(z @ V)
    return h if shift is None else h * shift


def tokens_by_labels(x):
    return torch.tanh(x[..., None] * W[0, :4])  # (B, tokens, 4)


def equal(ours, theirs, atol=1e-5):
    assert type(ours) is type(theirs)
    if isinstance(theirs, tuple | list):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            equal(one, other, atol)
    else:
        assert ours.dtype == theirs.dtype
        torch.testing.assert_close(ours, theirs.detach(), rtol=0, atol=atol)


def exact(theirs, method, *, delta=False):
    """Captum's attributions, with the weights of its trapezoid made to add up to one."""
    factor = 1 - 1 / N_STEPS if method == "riemann_trapezoid" else 1
    if isinstance(theirs, tuple):
        return tuple(part / factor for part in theirs)
    return theirs / factor


X, Z = inputs(3, 6), inputs(3, 4, seed=2)
TARGETS = {
    "integer": 2,
    "tensor of one": torch.tensor(2),
    "tensor of one in a row": torch.tensor([2]),
    "tensor": torch.tensor([2, 0, 4]),
    "list": [2, 0, 4],
    "tuple": (3,),
    "list of tuples": [(2,), (0,), (4,)],
}
BASELINES = {
    "nothing": None,
    "number": 0.25,
    "integer": 1,
    "tensor": inputs(3, 6, seed=3),
    "one for all": inputs(1, 6, seed=3),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("baselines", BASELINES.values(), ids=BASELINES)
def test_equal_to_captum(method, target, baselines):
    asked = {"baselines": baselines, "target": target, "n_steps": N_STEPS, "method": method}
    equal(
        IntegratedGradients(classifier).attribute(X, **asked), exact(Captum(classifier).attribute(X, **asked), method)
    )


@pytest.mark.parametrize("internal_batch_size", [None, 1, 3, 4, 7, 1000])
@pytest.mark.parametrize("multiply", [True, False])
@pytest.mark.parametrize("arguments", [None, 0.5, (0.5, inputs(3, 1, seed=5)), (inputs(3, 5, seed=6),)], ids=str)
@pytest.mark.parametrize("baselines", [None, (0.5, 0), (inputs(1, 6, seed=3), inputs(3, 4, seed=4))], ids=str)
def test_two_inputs_equal_to_captum(internal_batch_size, multiply, arguments, baselines):
    asked = {
        "baselines": baselines,
        "target": [1, 0, 3],
        "additional_forward_args": arguments,
        "n_steps": N_STEPS,
        "return_convergence_delta": True,
    }
    ours = IntegratedGradients(two_inputs, multiply).attribute((X, Z), internal_batch_size=internal_batch_size, **asked)
    theirs = Captum(two_inputs, multiply_by_inputs=multiply).attribute((X, Z), **asked)
    equal(ours, theirs)


@pytest.mark.parametrize("target", [(1, 2), [(1, 2), (0, 3), (5, 0)]], ids=str)
def test_targets_in_outputs_of_three_axes_equal_to_captum(target):
    equal(
        IntegratedGradients(tokens_by_labels).attribute(X, target=target),
        Captum(tokens_by_labels).attribute(X, target=target),
    )


@pytest.mark.parametrize("x", [inputs(1, 6), inputs(2, 6), inputs(5, 6)], ids=["1", "2", "5"])
@pytest.mark.parametrize("f", [lambda x: (x**3).sum(dim=1), lambda x: (x**3).sum(dim=1, keepdim=True)], ids="12")
def test_one_number_an_example_equal_to_captum(f, x):
    asked = {"return_convergence_delta": True, "n_steps": 3}
    equal(IntegratedGradients(f).attribute(x, **asked), Captum(f).attribute(x, **asked))


def test_images_equal_to_captum():
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(36, 4)
    )
    x = inputs(2, 3, 8, 8)
    asked = {"target": torch.tensor([1, 3]), "return_convergence_delta": True}
    equal(IntegratedGradients(network).attribute(x, **asked), Captum(network).attribute(x, **asked))
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_convergence_delta_equal_to_captum():
    ours, theirs = IntegratedGradients(classifier), Captum(classifier)
    given = (inputs(3, 6, seed=8), 0.25, X)
    equal(
        ours.compute_convergence_delta(*given, target=[1, 2, 3]),
        theirs.compute_convergence_delta(*given, target=[1, 2, 3]),
    )
    assert ours.has_convergence_delta() == theirs.has_convergence_delta()
    assert ours.multiplies_by_inputs == theirs.multiplies_by_inputs


@pytest.mark.parametrize("name", ["__init__", "attribute", "compute_convergence_delta"])
def test_called_as_captum_is(name):
    """All of Captum's parameters come first, with their names and defaults; ours follow by keyword only."""
    both = getattr(IntegratedGradients, name), inspect.unwrap(getattr(Captum, name))
    ours, theirs = (list(inspect.signature(f).parameters.values()) for f in both)
    assert [(p.name, p.default) for p in ours[: len(theirs)]] == [(p.name, p.default) for p in theirs]
    assert all(p.kind is p.KEYWORD_ONLY for p in ours[len(theirs) :])


# Where Captum 0.9 is wrong


@pytest.mark.parametrize("n_steps", [2, 5, 10, 50])
def test_captums_trapezoid_gives_a_linear_function_less_than_all(n_steps):
    f, x = lambda x: x.sum(dim=1), torch.tensor([[1.0, 2.0]])
    asked = {"n_steps": n_steps, "method": "riemann_trapezoid"}
    torch.testing.assert_close(Captum(f).attribute(x, **asked), x * (1 - 1 / n_steps))
    torch.testing.assert_close(IntegratedGradients(f).attribute(x, **asked), x)


@pytest.mark.parametrize("method", METHODS)
def test_captum_rounds_the_steps_of_float64_inputs_to_float32(method):
    f, x = lambda x: (x**2).sum(dim=1), torch.tensor([[1 / 3, 0.7]], dtype=torch.float64)
    asked = {"n_steps": 10, "method": method}
    right = IntegratedGradients(f).attribute(x, **asked)
    alphas, weights = torch.arange(11, dtype=torch.float64) / 10, torch.full((10,), 0.1, dtype=torch.float64)
    sums = {
        "gausslegendre": x**2,
        "riemann_left": 2 * x**2 * (weights * alphas[:-1]).sum(),
        "riemann_right": 2 * x**2 * (weights * alphas[1:]).sum(),
        "riemann_middle": x**2,
        "riemann_trapezoid": x**2,
    }
    torch.testing.assert_close(right, sums[method], rtol=1e-14, atol=0)
    theirs = exact_for(Captum(f).attribute(x, **asked), method, 10)
    assert 1e-10 < ((theirs - right) / right).abs().max() < 1e-6


def exact_for(attributions, method, n):
    return attributions / (1 - 1 / n) if method == "riemann_trapezoid" else attributions


# Beyond Captum


def test_an_input_that_is_left_out_gets_zero():
    first, second = IntegratedGradients(lambda x, _: (x**2).sum(dim=1)).attribute((X, Z))
    assert second.count_nonzero() == 0
    torch.testing.assert_close(first, X**2)


@pytest.mark.parametrize("internal_batch_size", [1, 2])
def test_fewer_points_at_once_than_examples(internal_batch_size):
    sizes = []

    def watched(x):
        sizes.append(len(x))
        return classifier(x)

    few = IntegratedGradients(watched).attribute(X, target=1, internal_batch_size=internal_batch_size)
    assert max(sizes) == internal_batch_size
    torch.testing.assert_close(few, IntegratedGradients(classifier).attribute(X, target=1))


def test_works_without_gradients_switched_on_and_leaves_no_graph():
    with torch.no_grad():
        attributions = IntegratedGradients(classifier).attribute(X.clone().requires_grad_(), target=1)
    assert not attributions.requires_grad
    torch.testing.assert_close(attributions, IntegratedGradients(classifier).attribute(X, target=1))


@pytest.mark.parametrize("baselines", [None, 0.25])
def test_to_a_tolerance(baselines):
    attributions, delta, reports = IntegratedGradients(two_inputs).attribute(
        (X, Z),
        baselines if baselines is None else (baselines, baselines),
        target=[0, 1, 2],
        tolerance=1e-4,
        return_convergence_delta=True,
        return_report=True,
    )
    fine = IntegratedGradients(two_inputs).attribute(
        (X, Z), baselines if baselines is None else (baselines, baselines), target=[0, 1, 2], n_steps=200
    )
    flat, flat_fine = torch.cat(attributions, dim=1), torch.cat(fine, dim=1)
    assert (((flat - flat_fine).norm(dim=1) / flat_fine.norm(dim=1)) < 1e-4).all()
    assert [report.met for report in reports] == [True] * 3
    assert delta.abs().max() < 1e-3
    alone = IntegratedGradients(classifier).attribute(X, target=0, tolerance=0.1)
    assert isinstance(alone, torch.Tensor), "reports are given where they are asked for"


def test_no_more_evaluations_than_are_let(recwarn):
    _, reports = IntegratedGradients(classifier).attribute(
        X.double(), target=0, tolerance=1e-9, max_evaluations=7, return_report=True
    )
    assert [report.met for report in reports] == [False, True, False], "the second is nearly a polynomial"
    assert [report.ending for report in reports if not report.met] == ["max_evaluations"] * 2
    assert max(report.evaluations for report in reports) <= 7
    assert "2 of 3 inputs do not meet the tolerance" in str(recwarn.pop(ToleranceNotMet).message)


# What is refused


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"target": None}, "hint: give a target"),
        ({"target": 7}, "no such target"),
        ({"target": [0, 1]}, r"targets of shape \(2,\) do not fit 3 examples"),
        ({"target": torch.zeros(3, 1, 1, dtype=torch.long)}, r"targets of shape \(3, 1, 1\) do not fit 3 examples"),
        ({"target": torch.zeros(3)}, r"targets of shape \(3,\) do not fit 3 examples"),
        ({"target": 0, "baselines": torch.zeros(2, 6)}, "does not fit inputs"),
        ({"target": 0, "baselines": (0, 0)}, "2 baselines for 1 inputs"),
        ({"target": 0, "method": "simpson"}, "unknown method 'simpson'"),
        ({"target": 0, "n_steps": 0}, "takes 1 or more steps"),
    ],
    ids=str,
)
def test_what_does_not_fit(given, message):
    with pytest.raises(ValueError, match=message):
        IntegratedGradients(classifier).attribute(X, **given)


def test_token_ids_are_refused():
    with pytest.raises(ValueError, match="embedding layer of token ids"):
        IntegratedGradients(lambda ids: ids.sum(dim=1)).attribute(torch.zeros(2, 3, dtype=torch.long))


def test_a_hidden_gradient_is_refused():
    with pytest.raises(ValueError, match="hint: look for no_grad"), warnings.catch_warnings():
        IntegratedGradients(lambda x: x.detach().sum(dim=1)).attribute(X)
