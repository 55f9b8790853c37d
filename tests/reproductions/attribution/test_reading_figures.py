import math

import matplotlib as mpl
import pytest
import torch

mpl.use("agg")

from matplotlib import pyplot as plt

from reproductions.attribution import comparison, reading_figures
from reproductions.attribution.comparison import Faithfulness
from reproductions.attribution.token_methods import METHODS
from reproductions.attribution.token_summaries import entropy, token_sums
from reproductions.attribution.word_importance import tokens_of


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_words_have_a_bar_each_and_sign_without_colour():
    (axes,) = reading_figures.importance_of_words().axes
    assert [label.get_text() for label in axes.get_xticklabels()][:3] == ["It", "is", "important"]
    for bar in axes.patches:
        assert bool(bar.get_hatch()) == (bar.get_height() < 0)
    assert {bool(bar.get_hatch()) for bar in axes.patches} == {True, False}


def test_words_and_positions_have_a_bar_for_each_token():
    words, positions = reading_figures.importance_of_words_and_positions().axes
    assert len(words.patches) == len(positions.patches) == len(reading_figures._reading().tokens)
    assert any(bar.get_height() for bar in positions.patches)


def test_the_grid_has_a_row_for_each_of_six_layers():
    (axes,) = reading_figures.layers_by_words().axes
    places = [tuple(dots.get_offsets()[0]) for dots in axes.collections]
    assert {layer for _, layer in places} == {1, 2, 3, 4, 5, 6}
    assert len(places) == 6 * len(axes.get_xticks())
    sizes = {place: dots.get_sizes()[0] for place, dots in zip(places, axes.collections, strict=True)}
    assert sizes[0, 6] == max(sizes.values())  # [CLS], all that the head reads
    assert not sizes[3, 6]


def test_baselines_have_a_row_each_with_the_score_there():
    (axes,) = reading_figures.baselines_by_words().axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert [label.rpartition(", ")[0] for label in labels] == [
        "padding token", "zero", "mean embedding", "random", "blurred",
    ]  # fmt: skip
    assert all(0 <= float(label.rpartition(", ")[2]) <= 1 for label in labels)
    sizes = {tuple(dots.get_offsets()[0]): dots.get_sizes()[0] for dots in axes.collections}
    assert len(sizes) == 5 * len(axes.get_xticks())
    assert [sizes[0, row] > 0 for row in range(1, 6)] == [False, True, True, True, True], "[CLS] is as in the text"


@pytest.fixture
def word():
    """The attributions of "important" at each layer, of all coordinates of all of its pieces."""
    places = tokens_of(reading_figures._reading(), "important")
    assert len(places) > 1
    return reading_figures._layers()[:, places].flatten(start_dim=1)


def test_one_word_has_a_box_at_each_layer(word):
    (axes,) = reading_figures.one_word_by_layer().axes
    assert axes.get_title() == f"“important”: {word.shape[1]} coordinates"
    assert [label.get_text() for label in axes.get_xticklabels()] == list("123456")
    boxes = [patch.get_path().vertices[:, 1] for patch in axes.patches]
    assert len(boxes) == 6
    for box, row in zip(boxes, word, strict=True):
        quartiles = row.double().quantile(torch.tensor([0.25, 0.75], dtype=torch.float64)).tolist()
        assert [box.min(), box.max()] == pytest.approx(quartiles, abs=1e-6)


def test_one_word_has_a_density_at_each_layer(word):
    (axes,) = reading_figures.densities_by_layer().axes
    assert len(axes.lines) == 6 + 1, "and a line at zero"
    for layer, line in enumerate(axes.lines[:6], 1):
        assert line.get_ydata().max() == pytest.approx(layer + 0.85)
        assert line.get_ydata().min() >= layer
    assert list(axes.lines[5].get_xdata()) == [0, 0], "nothing is left at the last layer"


def test_a_density_is_that_of_its_values():
    values = torch.randn(4000, generator=torch.Generator().manual_seed(0))
    grid = torch.linspace(-4, 4, 200)
    density = reading_figures._density(values, grid)
    assert torch.trapezoid(density, grid).item() == pytest.approx(1, abs=1e-3)
    assert density.max().item() == pytest.approx(0.4, abs=0.03)


def test_entropy_falls_from_all_tokens_to_one(word):
    (axes,) = reading_figures.entropy_by_layer().axes
    coordinates, tokens = (line.get_ydata() for line in axes.lines)
    expected = entropy(token_sums(reading_figures._layers())) / math.log(len(reading_figures._reading().tokens))
    assert list(tokens) == pytest.approx(expected.tolist(), abs=1e-6)
    assert tokens[-1] == pytest.approx(0, abs=1e-6)
    assert list(coordinates[:5]) == pytest.approx((entropy(word[:5]) / math.log(word.shape[1])).tolist(), abs=1e-6)
    assert math.isnan(coordinates[5]), "where nothing is given, nothing is spread"


def test_methods_are_compared_in_one_figure_each(monkeypatch):
    curve = torch.linspace(1, 0, comparison.POINTS)
    found = {name: Faithfulness(curve, curve.flip(0), 0.1 * i, 0.5, 0.4, 0.3) for i, name in enumerate(METHODS)}
    monkeypatch.setattr(reading_figures, "compare", lambda: found)
    deleted, _ = reading_figures.removal_curves_of_methods().axes
    assert [line.get_label() for line in deleted.lines] == list(METHODS)
    assert len({line.get_linestyle() + str(line._unscaled_dash_pattern) for line in deleted.lines}) == len(METHODS)
    areas, *_ = reading_figures.measures_of_methods().axes
    assert [bar.get_width() for bar in areas.patches] == pytest.approx([0.1 * i for i in range(len(METHODS))])


def test_the_comparison_tells_the_best_from_chance(monkeypatch):
    monkeypatch.setattr(comparison, "EVERY", 40)
    few = {name: METHODS[name] for name in ("leave one out", "random")}
    monkeypatch.setattr(comparison, "METHODS", few)
    found = comparison.compare.__wrapped__()
    best, chance = found["leave one out"], found["random"]
    assert best.deletion < chance.deletion
    assert best.insertion > chance.insertion
    assert best.infidelity < 0.5 < chance.infidelity <= 1
    assert best.sensitivity > chance.sensitivity
    assert all(-1 <= one.sensitivity <= 1 for one in found.values()), "a mean of correlations"
    assert best.deleted.shape == (comparison.POINTS,)
