"""Nothing in; matplotlib figures out: a sentence as the classifier of emotions reads it, word by word, layer by layer.

The sentence is that of the first days. Colours are those of matplotlib's cycle; sign and size can be read without them.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.attribution.comparison import compare
from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.layer_by_layer import layers_by_tokens, words_and_positions
from reproductions.attribution.marked_text import signed
from reproductions.attribution.reading import Reading, read_text
from reproductions.attribution.text_baselines import text_baselines
from reproductions.attribution.token_summaries import entropy, token_sums
from reproductions.attribution.word_importance import by_word, tokens_of, word_importance
from reproductions.emotions.kept import emotion_classifier

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

SENTENCE = "It is important to us to include, empower and support humans of all kinds."
WORD = "important"
HATCH = "////"


@cache
def _reading() -> Reading:
    return read_text(emotion_classifier(), SENTENCE)


@cache
def _layers() -> Tensor:
    return layers_by_tokens(_reading())


def importance_of_words() -> Figure:
    """Draw how much each word says for the label: solid bars up, hatched bars down."""
    found = word_importance(_reading())
    figure, axes = plt.subplots(figsize=(7.4, 2.9))
    _bars(axes, [word.text for word in found.words], [word.importance for word in found.words])
    axes.set(
        title=f"{found.label}, probability {found.score:.2f}: "
        f"logit {signed(found.difference)} over that of a text without words",
        ylabel="importance",
    )
    return figure


def importance_of_words_and_positions() -> Figure:
    """Draw what the embeddings of words and those of positions are given, token by token."""
    words, positions = words_and_positions(_reading())
    names = _reading().tokens
    figure, both = plt.subplots(2, 1, figsize=(7.4, 4.4), sharex=True, sharey=True)
    for axes, title, attributions in zip(both, ("words", "positions"), (words, positions), strict=True):
        scores = token_sums(attributions)
        _bars(axes, names, scores.tolist(), numbers=False)
        shape = " × ".join(map(str, attributions.shape))
        axes.set(title=f"embeddings of {title}: {shape}, sum {signed(scores.sum().item())}")
    return figure


def layers_by_words() -> Figure:
    """Draw what each layer's states are given at each word: a disc speaks for the label, a ring against it."""
    names, rows = _with_special_tokens(token_sums(_layers()))
    figure, axes = plt.subplots(figsize=(7.4, 3.6))
    _discs(axes, names, rows)
    axes.set(
        yticks=range(1, len(rows) + 1), ylabel="layer", ylim=(0.4, len(rows) + 0.6),
        title=f"each row adds up to the same {signed(sum(rows[-1]))}; the largest is {signed(max(rows[-1], key=abs))}",
    )  # fmt: skip
    return figure


def baselines_by_words() -> Figure:
    """Draw what each word is given from each baseline, and what the label scores there: discs and rings as above."""
    reading = _reading()
    x, explain = reading.embeddings(reading.ids), IntegratedGradients(reading.logit_of_embeddings)
    starts = text_baselines(reading)
    scores = [token_sums(explain.attribute(x, start, tolerance=1e-2))[0] for start in starts.values()]
    names, rows = _with_special_tokens(torch.stack(scores))
    figure, axes = plt.subplots(figsize=(7.4, 3.4))
    _discs(axes, names, rows)
    labels = [f"{name}, {reading.score_of_embeddings(start).item():.2f}" for name, start in starts.items()]
    axes.set(yticks=range(1, len(rows) + 1), yticklabels=labels, ylim=(len(rows) + 0.6, 0.4))
    axes.set_title(f"from each baseline, with the probability of {reading.label} there", loc="left")
    return figure


def one_word_by_layer() -> Figure:
    """Draw how the attributions of one word's coordinates are distributed at each layer, as boxes."""
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    coordinates = _coordinates()
    axes.axhline(0, color="C5", linewidth=0.8)
    boxes = axes.boxplot(
        [row.tolist() for row in coordinates], whis=(5, 95), patch_artist=True, widths=0.5,
        flierprops={"marker": ".", "markersize": 3, "markeredgecolor": "C0"},
        medianprops={"color": "C1", "linewidth": 2},
    )  # fmt: skip
    for part in ("boxes", "whiskers", "caps"):
        plt.setp(boxes[part], color="C0", linewidth=1.2)
    plt.setp(boxes["boxes"], facecolor="none")
    axes.set(title=f"“{WORD}”: {coordinates.shape[1]} coordinates", xlabel="layer", ylabel="attribution")
    return figure


def densities_by_layer() -> Figure:
    """Draw the same distributions as densities, a layer above the other."""
    coordinates = _coordinates()
    reach = coordinates.abs().quantile(0.99).item()
    grid = torch.linspace(-reach, reach, 300)
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    for layer, row in enumerate(coordinates, 1):
        if not row.any():
            axes.plot([0, 0], [layer, layer + 0.85], color="C0", linewidth=1.3)  # all of them are zero
            continue
        density = _density(row, grid)
        height = layer + 0.85 * density / density.max()
        axes.fill_between(grid, layer, height, color="C0", alpha=0.25, linewidth=0)
        axes.plot(grid, height, color="C0", linewidth=1.3)
    axes.axvline(0, color="C5", linewidth=0.8, linestyle=":")
    axes.set(yticks=range(1, len(coordinates) + 1), ylabel="layer", xlabel="attribution of a coordinate")
    axes.set(title=f"“{WORD}”, each layer's density drawn to the same height")
    return figure


def entropy_by_layer() -> Figure:
    """Draw how evenly attributions are spread at each layer: over one word's coordinates, and over the tokens."""
    coordinates, tokens = _coordinates(), token_sums(_layers())
    figure, axes = plt.subplots(figsize=(6.4, 3.0))
    layers = range(1, len(tokens) + 1)
    for colour, marker, name, scores in (
        ("C0", "o", f"over the coordinates of “{WORD}”", coordinates),
        ("C1", "s", "over the tokens", tokens),
    ):
        most = math.log(scores.shape[1])
        spread = torch.where(scores.any(dim=1), entropy(scores) / most, math.nan)  # where nothing is given, none is
        axes.plot(layers, spread, color=colour, marker=marker, label=f"{name}; all alike: {most:.2f} nats")
    axes.set(xlabel="layer", ylabel="entropy, relative to all alike", xticks=layers, ylim=(0, 1.05))
    axes.legend(loc="lower left", fontsize=8)
    return figure


def removal_curves_of_methods() -> Figure:
    """Draw the answer's mean probability as tokens are deleted, or inserted, in the order of each method's scores."""
    found = compare()
    figure, both = plt.subplots(1, 2, figsize=(7.4, 3.4), sharey=True)
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 2)))
    colours = [*(f"C{index}" for index in range(6)), plt.rcParams["axes.labelcolor"]]
    for (name, one), colour, style in zip(found.items(), colours, styles, strict=True):
        for axes, curve in zip(both, (one.deleted, one.inserted), strict=True):
            axes.plot(torch.linspace(0, 1, len(curve)), curve, color=colour, linestyle=style, label=name)
    both[0].set(title="deletion: low is good", xlabel="part of tokens deleted", ylabel="probability", ylim=(0, 1.02))
    both[1].set(title="insertion: high is good", xlabel="part of tokens inserted")
    both[1].legend(loc="lower right", fontsize=8)
    return figure


def measures_of_methods() -> Figure:
    """Draw four measures of faithfulness, a row a method: areas of the two curves, infidelity, sensitivity-n."""
    found = compare()
    names = list(found)
    panels = {
        "deletion area ↓": [one.deletion for one in found.values()],
        "insertion area ↑": [one.insertion for one in found.values()],
        "infidelity ↓": [one.infidelity for one in found.values()],
        "sensitivity-n ↑": [one.sensitivity for one in found.values()],
    }
    figure, all_axes = plt.subplots(1, 4, figsize=(7.4, 2.8), sharey=True)
    for axes, (title, values) in zip(all_axes, panels.items(), strict=True):
        best = min(values) if "↓" in title else max(values)
        axes.barh(names, values, height=0.55, color=["C0" if value == best else "none" for value in values],
                  edgecolor="C0")  # fmt: skip
        for row, value in enumerate(values):
            axes.text(max(value, 0), row, f" {value:.2f}".replace("-", "−"), va="center", fontsize=7.5)
        axes.set(title=title, xlim=(min(0, *values), 1.35 * max(values)), xticks=[])
        axes.tick_params(left=False)
    all_axes[0].invert_yaxis()
    return figure


def _with_special_tokens(scores: Tensor) -> tuple[list[str], list[list[float]]]:
    """Return the sentence's words between its special tokens, and a number for each in a row of scores (rows, T)."""
    reading = _reading()
    spans, _ = by_word(reading, scores[0])
    names = ["[CLS]", *(reading.text[slice(*span)] for span in spans), "[SEP]"]
    return names, [[row[0].item(), *by_word(reading, row)[1], row[-1].item()] for row in scores]


def _coordinates() -> Tensor:
    """Return the attributions of all coordinates of one word's tokens: (layers, coordinates)."""
    return _layers()[:, tokens_of(_reading(), WORD)].flatten(start_dim=1)


def _density(values: Tensor, grid: Tensor) -> Tensor:
    """Return a sum of Gaussians over the values, as wide as Scott's rule has it."""
    width = values.std() * len(values) ** -0.2
    bells = torch.exp(-(((grid[:, None] - values) / width) ** 2) / 2)
    density: Tensor = bells.mean(dim=1) / (width * math.sqrt(2 * math.pi))
    return density


def _bars(axes: Axes, names: list[str], values: list[float], *, numbers: bool = True) -> None:
    """Draw solid bars up for what speaks for the label and hatched ones down for what speaks against it."""
    for place, value in enumerate(values):
        if value > 0:
            axes.bar(place, value, color="C0", width=0.7)
        else:
            axes.bar(place, value, facecolor="none", edgecolor="C1", hatch=HATCH, width=0.7)
    if numbers:
        for place, value in enumerate(values):
            above = value > 0
            axes.annotate(
                signed(value), (place, value), (0, 3 if above else -3), textcoords="offset points",
                ha="center", va="bottom" if above else "top", fontsize=7,
            )  # fmt: skip
    axes.axhline(0, color="C5", linewidth=0.8)
    axes.margins(y=0.15)
    axes.set(xticks=range(len(names)))
    _names(axes, names)


def _discs(axes: Axes, names: list[str], rows: list[list[float]]) -> None:
    """Draw a row of marks for each row of numbers, from 1 on: discs where they are positive, rings where negative."""
    largest = max(abs(value) for row in rows for value in row)
    for place, column in enumerate(zip(*rows, strict=True)):
        for row, value in enumerate(column, 1):
            colour = "C0" if value > 0 else "C1"
            size = 330 * abs(value) / largest
            axes.scatter(place, row, s=size, facecolor=colour if value > 0 else "none", edgecolor=colour, linewidth=1.3)
    axes.set(xticks=range(len(names)))
    _names(axes, names)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _names(axes: Axes, names: list[str]) -> None:
    axes.set_xticklabels(names, rotation=45, ha="right", rotation_mode="anchor", fontsize=8)
