"""The neighbours of Integrated Gradients: equal to Captum's where Captum has them, else worked by hand."""

import pytest
import torch
from captum import attr, metrics

from reproductions.attribution import rescale_claims
from reproductions.attribution.backpropagation_rules import discrete_gradients
from reproductions.attribution.gradients import gradient_times_input, saliency
from reproductions.attribution.infidelity import infidelity
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.presence import presence_of, random_subsets
from reproductions.attribution.removal_curves import area, deletion_curve, insertion_curve
from reproductions.attribution.rollout import attention_rollout
from reproductions.attribution.sensitivity_n import sensitivity_n
from reproductions.attribution.small_networks import random_network
from reproductions.attribution.smoothgrad import smooth_gradients
from reproductions.normal import normal

pytestmark = [
    pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already require gradients"),
    pytest.mark.filterwarnings("ignore:Setting forward, backward hooks"),
]
X, X_PRIME = normal(4, 6, seed=1), normal(4, 6, seed=2)
NETWORK = random_network((6, 16, 16), torch.tanh, seed=3)


def test_saliency_is_captums():
    torch.testing.assert_close(saliency(NETWORK, X), attr.Saliency(NETWORK).attribute(X.clone()))


def test_input_times_gradient_is_captums():
    theirs = attr.InputXGradient(NETWORK).attribute(X.clone())
    torch.testing.assert_close(gradient_times_input(NETWORK, X, torch.zeros_like(X)), theirs)


def test_smoothgrad_is_captums():
    x = X[:1].float()  # Captum's noise is float32

    def network(x):
        return torch.tanh(x @ torch.linspace(-1, 1, 18).reshape(6, 3)).prod(dim=1)

    torch.manual_seed(0)  # both draw the same normal numbers from it
    tunnel = attr.NoiseTunnel(attr.Saliency(network))
    theirs = tunnel.attribute(x.clone(), nt_type="smoothgrad", nt_samples=20, stdevs=0.3, abs=False)
    torch.testing.assert_close(smooth_gradients(network, x, sigma=0.3, n=20, seed=0), theirs)


def test_smoothgrad_without_noise_is_the_gradient():
    torch.testing.assert_close(smooth_gradients(NETWORK, X, sigma=0, n=3).abs(), saliency(NETWORK, X))


def test_rescale_is_captums():
    """On a module of rectifiers, whose weights our function shares."""
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)
    ).double()

    def network(x, relu):
        return module[4](relu(module[2](relu(module[0](x)))))[:, 0]

    theirs = attr.DeepLift(module).attribute(X.clone(), X_PRIME, target=0)
    torch.testing.assert_close(discrete_gradients(network, X, X_PRIME), theirs.detach())


def test_leaving_one_out_is_captums_ablation():
    theirs = attr.FeatureAblation(NETWORK).attribute(X, baselines=X_PRIME)
    ours = [leave_one_out(presence_of(NETWORK, x, x_prime), 6) for x, x_prime in zip(X, X_PRIME, strict=True)]
    torch.testing.assert_close(torch.stack(ours), theirs)


def test_infidelity_is_captums():
    removed = random_subsets(6, size=3, count=30, seed=4)
    attributions = gradient_times_input(NETWORK, X, X_PRIME)

    def perturb(inputs, baselines):
        return removed.double(), torch.where(removed, baselines, inputs)

    for scaled in (False, True):
        theirs = metrics.infidelity(
            NETWORK,
            perturb,
            X[:1],
            attributions[:1],
            X_PRIME[:1],
            n_perturb_samples=30,
            max_examples_per_batch=None,
            normalize=scaled,
        )
        ours = infidelity(presence_of(NETWORK, X[0], X_PRIME[0]), attributions[0], removed, scaled=scaled)
        assert ours == pytest.approx(theirs.item(), rel=1e-6)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_scaled_infidelity_has_no_unit(unit):
    removed = random_subsets(6, size=3, count=30, seed=4)
    attributions, output = gradient_times_input(NETWORK, X, X_PRIME)[0], presence_of(NETWORK, X[0], X_PRIME[0])
    same = infidelity(output, attributions, removed, scaled=True)
    assert infidelity(output, unit * attributions, removed, scaled=True) == pytest.approx(same, rel=1e-6)


def test_rollout_by_hand():
    first = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    second = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    # ½ W + ½ I: [[.5, .5], [.5, .5]] and [[1, 0], [.5, .5]]; the second times the first
    rolled = attention_rollout([first[None, None], second[None, None]])
    torch.testing.assert_close(rolled, torch.tensor([[[0.5, 0.5], [0.5, 0.5]]]))
    only_attention = attention_rollout([first[None, None], second[None, None]], residual=0)
    torch.testing.assert_close(only_attention, torch.tensor([[[0.0, 1.0], [0.0, 1.0]]]))


def test_rollout_averages_heads():
    heads = torch.stack([torch.eye(2), torch.eye(2).flip(0)])[None]  # one looks at itself, one at the other
    torch.testing.assert_close(attention_rollout([heads], residual=0), torch.full((1, 2, 2), 0.5))


def test_curves_by_hand():
    weights = torch.tensor([1.0, 4.0, 2.0])
    output = presence_of(lambda x: x @ weights, torch.ones(3), torch.zeros(3))
    deleted, inserted = deletion_curve(output, weights), insertion_curve(output, weights)
    assert deleted.tolist() == [7, 3, 1, 0]
    assert inserted.tolist() == [0, 4, 6, 7]
    assert area(deleted) == pytest.approx((3.5 + 3 + 1) / 3)
    assert deletion_curve(output, -weights).tolist() == [7, 6, 4, 0]


def test_features_that_are_not_there_are_as_in_the_baseline():
    output = presence_of(lambda x: x.sum(dim=(1, 2)), torch.ones(3, 2), torch.full((3, 2), 10.0))
    assert output(torch.tensor([[True, False, True], [True, True, True]])).tolist() == [24, 6]


def test_subsets_have_their_size():
    subsets = random_subsets(7, size=3, count=200, seed=0)
    assert subsets.sum(dim=1).unique().tolist() == [3]
    assert len(torch.unique(subsets, dim=0)) == 35  # all that there are


def test_sensitivity_n_of_attributions_without_variation_is_zero():
    output = presence_of(NETWORK, X[0], X_PRIME[0])
    assert sensitivity_n(output, torch.ones(6).double(), random_subsets(6, size=2, count=20, seed=0)) == 0


def test_figures_of_deeplift_are_as_printed():
    x = torch.tensor([[0.3, 0.3], [1.0, 1.0]])
    torch.testing.assert_close(rescale_claims.figure_1(x), torch.tensor([0.6, 1.0]))
    assert rescale_claims.figure_2(torch.tensor([[9.0], [12.0]])).tolist() == [0, 2]
