"""Nothing in; matplotlib figures out: what the notes show of Integrated Gradients.

Each is computed when it is drawn, by the functions that the claims measure. Colours are those of matplotlib's cycle, so
that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.attribution.gradients import gradient_times_input, gradients
from reproductions.attribution.integrated_gradients import integrated_gradients
from reproductions.attribution.path_methods import one_feature_after_another, path_integrated_gradients
from reproductions.attribution.small_networks import trained_classifier

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

    from reproductions.attribution.gradients import Function


def gradient_along_the_path() -> Figure:
    """Draw what Equation 1 integrates, for one input of a trained classifier and three of its features.

    On the left the classifier's probability from baseline to input, on the right (xᵢ − x′ᵢ) ∂F/∂xᵢ on the way: the
    area under each curve is that feature's attribution, its height at α = 1 is gradient × input.
    """
    F, inputs = trained_classifier(torch.tanh, seed=0)
    x, x_prime = inputs, torch.zeros_like(inputs)
    alphas = torch.linspace(0, 1, 101, dtype=torch.float64)
    with torch.no_grad():
        outputs = torch.stack([F(alpha * x)[0] for alpha in alphas])
    integrands = torch.stack([((x - x_prime) * gradients(F, alpha * x))[0] for alpha in alphas])
    attributions = integrated_gradients(F, x, x_prime, n_steps=100)[0]
    at_the_input = gradient_times_input(F, x, x_prime)[0]

    figure, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.5))
    left.plot(alphas, outputs, color="C3")
    left.set(title="Output on the path", xlabel=r"$\alpha$", ylim=(0, 1.05))
    left.set_ylabel(r"$F(\alpha x)$")
    for colour, i in enumerate(attributions.abs().argsort(descending=True)[:3].tolist()):
        said = f"feature {i + 1}: area {_signed(attributions[i])}, height at the end {_signed(at_the_input[i])}"
        right.plot(alphas, integrands[:, i], color=f"C{colour}", label=said)
        right.fill_between(alphas, integrands[:, i], color=f"C{colour}", alpha=0.18, linewidth=0)
    right.set(title="Gradient × distance on the path", xlabel=r"$\alpha$")
    right.margins(y=0.35)
    right.legend(loc="upper right", fontsize=8)
    return figure


def three_paths() -> Figure:
    """Draw three monotone paths from (0, 0) to (1, 1) over F(x) = x₁² x₂, and what each attributes (Figure 1).

    The paths' attributions add up to the same F(x) − F(x′) = 1, and share it in three ways.
    """

    def curved(alpha: Tensor) -> Tensor:
        return torch.stack([alpha**3, alpha])[None]

    x, x_prime = torch.ones(1, 2, dtype=torch.float64), torch.zeros(1, 2, dtype=torch.float64)
    t = torch.linspace(0, 1, 101, dtype=torch.float64)
    paths = {
        "x₁ first": (torch.tensor([0.0, 1, 1]), torch.tensor([0.0, 0, 1])),
        "straight": (t, t),
        "curved": (t**3, t),
    }
    shares = {
        "x₁ first": one_feature_after_another(_x1_squared_times_x2, x, x_prime, order=(0, 1))[0],
        "straight": integrated_gradients(_x1_squared_times_x2, x, x_prime)[0],
        "curved": path_integrated_gradients(_x1_squared_times_x2, curved)[0],
    }
    figure, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.2))
    _contours(left, _x1_squared_times_x2)
    for colour, (name, (across, up)) in enumerate(paths.items()):
        left.plot(across, up, color=f"C{colour}", label=name, clip_on=False)
    left.set(title=r"Paths over $F(x) = x_1^2 x_2$", xlabel=r"$x_1$", aspect="equal")
    left.set_ylabel(r"$x_2$", rotation=0)
    for row, (name, (first, second)) in enumerate(shares.items()):
        right.barh(row, first, color=f"C{row}", height=0.55)
        right.barh(row, second, left=first, color=f"C{row}", height=0.55, alpha=0.35)
        right.text(0.02, row + 0.42, f"{name}: x₁ gets {first:.2f}, x₂ gets {second:.2f}", fontsize=8.5)
    right.set(title="What each path attributes", xlabel=r"shares of $F(x) - F(x')$", yticks=[], ylim=(-0.5, 2.8))
    right.spines["left"].set_visible(False)
    return figure


def _x1_squared_times_x2(x: Tensor) -> Tensor:
    return x[:, 0] ** 2 * x[:, 1]


def _signed(number: Tensor) -> str:
    return f"{number + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _contours(axes: Axes, F: Function) -> None:
    grid = torch.linspace(0, 1, 60, dtype=torch.float64)
    across, up = torch.meshgrid(grid, grid, indexing="xy")
    heights = F(torch.stack([across.flatten(), up.flatten()], dim=1)).reshape(60, 60)
    axes.contour(across, up, heights, levels=[0.05, 0.2, 0.4, 0.6, 0.8], colors=["C4"], linewidths=0.6, alpha=0.6)
