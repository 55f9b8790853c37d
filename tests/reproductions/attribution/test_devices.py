"""Attribution where the model is: nothing that it makes is wherever tensors are made by default.

Tensors are made on the device "meta" by default here, which holds no numbers: what does not name its device fails, on a
machine without an accelerator too.
"""

import pytest
import torch
from torch import nn

from reproductions.attribution.baselines import (
    blurred_baseline,
    mean_embedding_baseline,
    padding_baseline,
    random_baseline,
)
from reproductions.attribution.conductance import conductance
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients, quadrature
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.leave_one_out import leave_one_out
from reproductions.attribution.path_methods import path_integrated_gradients, shapley_shubik
from reproductions.attribution.presence import presence_of
from reproductions.attribution.removal_curves import deletion_curve
from reproductions.attribution.rollout import attention_rollout
from reproductions.attribution.smoothgrad import smooth_gradients
from reproductions.attribution.to_tolerance import integrated_gradients_to_tolerance

DEVICES = [
    "cpu",
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
    ),
]
IDS = [[1, 7, 3, 2], [1, 5, 0, 2], [1, 9, 8, 2]]


class Reader(nn.Module):
    """Words and positions, a mask, a smooth layer and one of rectifiers behind it."""

    def __init__(self):
        super().__init__()
        self.words, self.positions = nn.Embedding(10, 6), nn.Embedding(4, 6)
        self.mixed, self.inner, self.head = nn.Linear(6, 12), nn.Linear(12, 16), nn.Linear(16, 3)

    def forward(self, ids, mask):
        embedded = self.words(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device)[None])
        states = torch.tanh(self.mixed(embedded)) * mask[:, :, None]
        return self.head(torch.relu(self.inner(states.sum(dim=1))))


@pytest.fixture(params=DEVICES)
def device(request):
    with torch.device("meta"):
        yield torch.device(request.param)


def reader(device, dtype=torch.float64):
    with torch.device("cpu"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return Reader().to(device, dtype)


def text(device, dtype=torch.float64):
    ids = torch.tensor(IDS, device=device)
    return ids, torch.ones(ids.shape, dtype=dtype, device=device)


def numbers(*shape, device, dtype=torch.float64):
    count = torch.Size(shape).numel()
    return torch.arange(1, count + 1, device=device, dtype=dtype).sin().reshape(shape)


ASKED = {
    "steps": {"n_steps": 20},
    "portions": {"n_steps": 20, "internal_batch_size": 2},
    "budget": {"n_steps": 20, "memory_budget": 3000},
    "trapezoid": {"n_steps": 20, "method": "riemann_trapezoid"},
    "tolerance": {"tolerance": 1e-3},
    "targets": {"tolerance": 1e-2, "target": [0, 1, 2]},
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_layers(device, dtype, asked):
    def found(where, dtype):
        model, (ids, mask) = reader(where, dtype), text(where, dtype)
        layers = LayerIntegratedGradients(model, [model.words, model.positions])
        return layers.attribute(
            ids,
            layer_baselines=(torch.zeros(1, 4, 6, dtype=dtype, device="cpu"), 0.5),
            additional_forward_args=mask,
            return_convergence_delta=True,
            **{"target": 1, **asked},
        )

    (words, positions), delta = found(device, dtype)
    for part in (words, positions, delta):
        assert (part.device.type, part.dtype) == (device.type, dtype)
    with torch.device("cpu"):
        (expected, at_positions), _ = found("cpu", torch.float64)
    torch.testing.assert_close(words.cpu().double(), expected, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(positions.cpu().double(), at_positions, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_inputs(device, asked):
    model, mask = reader(device), text(device)[1]

    def outputs(x):
        return model.head(torch.relu(model.inner(torch.tanh(model.mixed(x)) * mask[:1, :1])))

    x = numbers(3, 6, device=device)
    for baselines in (None, 0.5, torch.zeros(1, 6, device="cpu")):
        attributions, delta = IntegratedGradients(outputs).attribute(
            x, baselines, return_convergence_delta=True, **{"target": 1, **asked}
        )
        assert attributions.device == delta.device == x.device
        assert delta.abs().max() < 0.05


def test_a_target_for_each_example_may_lie_elsewhere(device):
    x = numbers(3, 4, device=device)
    attributions = IntegratedGradients(lambda x: x**2).attribute(x, target=torch.tensor([0, 1, 2], device="cpu"))
    exact = torch.zeros_like(x)
    for row in range(3):
        exact[row, row] = x[row, row] ** 2
    torch.testing.assert_close(attributions, exact)


def test_plain_functions(device):
    model = reader(device)

    def f(x):
        return model.head(torch.relu(model.inner(torch.tanh(model.mixed(x)))))[:, 0]

    x, zero = numbers(2, 6, device=device), torch.zeros(6, device="cpu")
    to_tolerance, (report, _) = integrated_gradients_to_tolerance(f, x, zero, tolerance=1e-3)
    by_steps = integrated_gradients(f, x, zero, n_steps=300)
    torch.testing.assert_close(to_tolerance, by_steps, rtol=1e-2, atol=1e-2)
    assert completeness_gap(f, x, zero, by_steps).abs().max() < 1e-2
    assert {part.device.type for part in (report.alphas, report.gaps, report.errors)} == {"cpu"}
    along = path_integrated_gradients(f, lambda alpha: alpha * x, n_steps=20)
    torch.testing.assert_close(along, integrated_gradients(f, x, zero, n_steps=20))
    assert shapley_shubik(f, x[:, :6], zero).device == x.device
    assert smooth_gradients(f, x, sigma=0.1, n=2).device == x.device
    inner = numbers(2, 12, device=device)
    (flows,) = conductance(lambda x: model.head(torch.tanh(model.inner(x))), [model.inner], inner, target=0)
    assert flows.device == x.device


def test_measures_of_faithfulness(device):
    output = presence_of(lambda x: x.sum(dim=1), numbers(5, device=device), torch.zeros(5, device=device).double())
    left_out = leave_one_out(output, 5)
    torch.testing.assert_close(left_out, numbers(5, device=device))
    assert deletion_curve(output, left_out).device.type == device.type


def test_baselines(device):
    x = numbers(2, 4, 3, device=device)
    ids = text(device)[0]
    weight = numbers(10, 3, device="cpu")
    made = [
        random_baseline(x, seed=0),
        blurred_baseline(x, sigma=1.0, axes=[1]),
        mean_embedding_baseline(x, weight),
        padding_baseline(ids, padding=0, kept=[1, 2]),
        attention_rollout([torch.ones(1, 2, 4, 4, device=device) / 4]),
        *quadrature("gausslegendre", 3, device=device),
    ]
    assert {one.device.type for one in made} == {device.type}
    with torch.device("cpu"):
        torch.testing.assert_close(made[0].cpu(), random_baseline(x.cpu(), seed=0), rtol=1e-9, atol=1e-9)
