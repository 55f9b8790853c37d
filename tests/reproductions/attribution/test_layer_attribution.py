import inspect
import warnings
from typing import NamedTuple

import pytest
import torch
from captum.attr import LayerIntegratedGradients as Captum
from torch import nn

from reproductions.attribution import layers
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.to_tolerance import ToleranceNotMet

METHODS = ("gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid")


class Halves(nn.Module):
    """A layer with a tuple of two outputs."""

    def forward(self, x):
        return torch.tanh(x), torch.sigmoid(2 * x)


class Join(nn.Module):
    """A layer with two inputs."""

    def forward(self, a, b):
        return a * b + a


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(4, 5), nn.Linear(4, 5)
        self.halves, self.join, self.head = Halves(), Join(), nn.Linear(5, 3)

    def forward(self, x, scale=1.0):
        a, b = self.halves(torch.tanh(self.left(x)) + self.right(x) ** 2)
        return self.head(self.join(a, b)) ** 2 * scale


class Text(nn.Module):
    """Words and positions, embedded and mixed; the positions are looked up once for the whole batch."""

    def __init__(self):
        super().__init__()
        self.words, self.positions = nn.Embedding(20, 6), nn.Embedding(8, 6)
        self.mix, self.head = nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, ids, position_ids=None):
        if position_ids is None:
            position_ids = torch.arange(ids.shape[1])[None]
        x = self.words(ids) + self.positions(position_ids)
        attention = torch.softmax(x @ x.transpose(1, 2), dim=-1)
        return self.head(torch.tanh(self.mix(attention @ x)).mean(dim=1))


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Network()


@pytest.fixture(scope="module")
def text():
    torch.manual_seed(1)
    return Text()


X = torch.randn(3, 4, generator=torch.Generator().manual_seed(2))
IDS = torch.tensor([[3, 7, 11, 5], [2, 9, 4, 19]])


def equal(ours, theirs):
    assert type(ours) is type(theirs)
    if isinstance(theirs, tuple | list):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            equal(one, other)
    else:
        torch.testing.assert_close(ours, theirs.detach(), rtol=0, atol=1e-5)


PLACES = {
    "output": ("left", False),
    "input": ("left", True),
    "tuple of outputs": ("halves", False),
    "several inputs": ("join", True),
    "input of a layer with a tuple of outputs": ("halves", True),
    "last": ("head", False),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("baselines", [None, 0.5, torch.full((1, 4), 0.3)], ids=str)
@pytest.mark.parametrize(("name", "at_input"), PLACES.values(), ids=PLACES)
def test_equal_to_captum(network, name, at_input, baselines, method):
    asked = {
        "baselines": baselines,
        "target": [0, 2, 1],
        "additional_forward_args": 1.5,
        "n_steps": 9,
        "method": method,
        "attribute_to_layer_input": at_input,
    }
    layer = getattr(network, name)
    ours = LayerIntegratedGradients(network, layer).attribute(X, **asked)
    theirs = Captum(network, layer).attribute(X, **asked)
    if method == "riemann_trapezoid":  # whose weights add up to 1 − 1/n in Captum
        theirs = tuple(part * 9 / 8 for part in theirs) if isinstance(theirs, tuple) else theirs * 9 / 8
    equal(ours, theirs)


@pytest.mark.parametrize("internal_batch_size", [None, 2, 3, 100])
@pytest.mark.parametrize("multiply", [True, False])
def test_several_layers_equal_to_captum(network, internal_batch_size, multiply):
    layers = [network.left, network.right]
    asked = {"target": 1, "return_convergence_delta": True, "n_steps": 9}
    ours = LayerIntegratedGradients(network, layers, multiply_by_inputs=multiply)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Captum says that layers must not feed one another
        theirs = Captum(network, layers, multiply_by_inputs=multiply)
    equal(ours.attribute(X, internal_batch_size=internal_batch_size, **asked), theirs.attribute(X, **asked))


def test_one_layer_in_a_list_comes_back_in_a_list(network):
    equal(
        LayerIntegratedGradients(network, [network.halves]).attribute(X, target=1),
        Captum(network, [network.halves]).attribute(X, target=1),
    )


@pytest.mark.parametrize("position_ids", [None, torch.arange(4).repeat(2, 1)], ids=["made inside", "given"])
def test_words_equal_to_captum(text, position_ids):
    asked = {"baselines": torch.zeros_like(IDS), "target": 2, "return_convergence_delta": True}
    given = {"additional_forward_args": position_ids}
    equal(
        LayerIntegratedGradients(text, text.words).attribute(IDS, **asked, **given),
        Captum(text, text.words).attribute(IDS, **asked, **given),
    )


def test_words_and_positions_equal_to_captum(text):
    inputs = IDS, torch.arange(4).repeat(2, 1)
    asked = {"baselines": (0, torch.full((1, 4), 7)), "target": torch.tensor([1, 2]), "return_convergence_delta": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Captum(text, [text.words, text.positions]).attribute(inputs, **asked)
    equal(LayerIntegratedGradients(text, [text.words, text.positions]).attribute(inputs, **asked), theirs)


def test_called_as_captum_is():
    for ours, theirs in (
        (LayerIntegratedGradients.__init__, Captum.__init__),
        (LayerIntegratedGradients.attribute, inspect.unwrap(Captum.attribute)),
        (LayerIntegratedGradients.compute_convergence_delta, Captum.compute_convergence_delta),
    ):
        same_parameters(ours, theirs)


def same_parameters(ours, theirs):
    """All of Captum's parameters come first, with their names and defaults; ours follow by keyword only."""
    ours, theirs = (list(inspect.signature(f).parameters.values()) for f in (ours, theirs))
    assert [(p.name, p.default) for p in ours[: len(theirs)]] == [(p.name, p.default) for p in theirs]
    assert all(p.kind is p.KEYWORD_ONLY for p in ours[len(theirs) :])


def test_convergence_delta_equal_to_captum(network):
    ours, theirs = LayerIntegratedGradients(network, network.left), Captum(network, network.left)
    attributions = ours.attribute(X, target=1)
    for given in (attributions, (attributions, attributions)):
        asked = {"target": 1, "additional_forward_args": 2.0}
        equal(
            ours.compute_convergence_delta(given, 0.5, X, **asked),
            theirs.compute_convergence_delta(given, 0.5, X, **asked),
        )
    assert ours.has_convergence_delta() == theirs.has_convergence_delta()
    assert ours.multiplies_by_inputs == theirs.multiplies_by_inputs


# Beyond Captum


def test_positions_looked_up_once_for_the_batch_have_a_row_for_each_example(text):
    layer = LayerIntegratedGradients(text, [text.words, text.positions])
    words, positions = layer.attribute(IDS, target=1, layer_baselines=(0, 0), n_steps=20)
    assert words.shape == positions.shape == (2, 4, 6)
    for i in range(2):
        alone = layer.attribute(IDS[i : i + 1], target=1, layer_baselines=(0, 0), n_steps=20)
        torch.testing.assert_close(words[i : i + 1], alone[0])
        torch.testing.assert_close(positions[i : i + 1], alone[1])
    with torch.no_grad():
        change = text(IDS)[:, 1] - text.head(torch.tanh(text.mix(torch.zeros(1, 6))))[0, 1]
    torch.testing.assert_close(words.sum(dim=(1, 2)) + positions.sum(dim=(1, 2)), change)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Captum says that layers must not feed one another
        theirs = Captum(text, [text.words, text.positions])
    with pytest.raises(RuntimeError):
        theirs.attribute(IDS, torch.zeros_like(IDS), target=1)


def test_layer_baselines_start_the_path_in_the_layer(text):
    mean = text.words.weight.detach().mean(dim=0).expand(2, 4, 6)
    given, delta = LayerIntegratedGradients(text, text.words).attribute(
        IDS, target=0, layer_baselines=mean, return_convergence_delta=True
    )
    assert given.shape == (2, 4, 6)
    assert delta.abs().max() < 1e-5
    differs = LayerIntegratedGradients(text, text.words).attribute(IDS, target=0, layer_baselines=0)
    assert (given - differs).abs().max() > 1e-3


def test_the_gap_shows_what_goes_past_a_layer(network):
    _, delta = LayerIntegratedGradients(network, network.left).attribute(
        X, target=1, n_steps=500, return_convergence_delta=True
    )
    assert delta.abs().max() > 0.1  # the right branch is not attributed


def test_to_a_tolerance(text):
    layer = LayerIntegratedGradients(text, text.words)
    attributions, delta, reports = layer.attribute(
        IDS, 0, target=2, tolerance=1e-4, return_convergence_delta=True, return_report=True
    )
    fine = layer.attribute(IDS, 0, target=2, n_steps=100)
    assert ((attributions - fine).flatten(1).norm(dim=1) / fine.flatten(1).norm(dim=1)).max() < 1e-4
    assert all(report.met for report in reports)
    assert delta.abs().max() < 1e-4


def test_what_is_asked_of_autograd_reaches_it(text):
    with pytest.raises(TypeError, match="no_such_option"):
        LayerIntegratedGradients(text, text.words).attribute(IDS, 0, target=0, grad_kwargs={"no_such_option": 1})
    given = {"target": 0, "n_steps": 5, "grad_kwargs": {"retain_graph": True}}
    equal(LayerIntegratedGradients(text, text.words).attribute(IDS, 0, **given),
          Captum(text, text.words).attribute(IDS, torch.zeros_like(IDS), **given))  # fmt: skip


def test_budget_and_most_evaluations_reach_the_path(text):
    sizes = []

    def watched(ids):
        sizes.append(len(ids))
        return text(ids)

    layer = LayerIntegratedGradients(watched, text.words)
    layer.attribute(IDS, 0, target=0, memory_budget=5000)
    assert max(sizes[2:]) < 100, "two sentences at fifty steps are not done at once"
    with pytest.warns(ToleranceNotMet):
        _, (report, _) = layer.attribute(IDS, 0, target=0, tolerance=1e-12, max_evaluations=7, return_report=True)
    assert report.evaluations <= 7
    assert report.ending == "max_evaluations"


def test_parameters_are_left_as_they_were(network):
    network.head.bias.requires_grad_(False)
    before = [parameter.requires_grad for parameter in network.parameters()]
    LayerIntegratedGradients(network, network.left).attribute(X, target=1)
    assert [parameter.requires_grad for parameter in network.parameters()] == before
    assert not any(layer._forward_hooks or layer._forward_pre_hooks for layer in network.modules())
    network.head.bias.requires_grad_(True)


# What is refused


def test_a_layer_that_is_not_called_once(network):
    with pytest.raises(ValueError, match="layer Linear is called 0 times"):
        LayerIntegratedGradients(network, nn.Linear(2, 2)).attribute(X, target=1)
    tanh = nn.Tanh()
    with pytest.raises(ValueError, match="layer Tanh is called 2 times"):
        LayerIntegratedGradients(nn.Sequential(tanh, tanh), tanh).attribute(X, target=1)


def test_a_layer_without_the_batch_in_front(network):
    class Turned(nn.Module):
        def forward(self, x):
            return x.T

    turned = Turned()
    with pytest.raises(ValueError, match=r"shape \(4, 3\), whose first axis is not that of 3 examples"):
        LayerIntegratedGradients(lambda x: network(turned(x).T), turned).attribute(X, target=1)


def test_the_ids_themselves(text):
    with pytest.raises(ValueError, match="carries no floating tensor"):
        LayerIntegratedGradients(text, text.words).attribute(IDS, target=1, attribute_to_layer_input=True)


def test_several_devices(network):
    with pytest.raises(ValueError, match="DataParallel is not supported"):
        LayerIntegratedGradients(network, network.left, device_ids=[0, 1])


class Named(NamedTuple):
    a: torch.Tensor


@pytest.mark.parametrize("passed", [Named(torch.zeros(1)), {"a": torch.zeros(1)}], ids=["tuple", "mapping"])
def test_what_a_layer_may_not_pass_on(passed):
    with pytest.raises(ValueError, match=f"passes on a {type(passed).__name__}"):
        layers._changed(passed, 0, lambda _, parts: parts)


@pytest.mark.parametrize("kind", [tuple, list])
def test_what_is_no_number_passes_a_layer_unchanged(kind):
    ids, state = torch.tensor([1]), torch.tensor([2.0])
    found = layers._changed(kind([ids, state, None]), 0, lambda _, parts: tuple(part + 1 for part in parts))
    assert found == kind([ids, torch.tensor([3.0]), None])
