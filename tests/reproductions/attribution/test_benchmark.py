"""The page that shows the benchmark shows what was measured."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("attribution_benchmark", ROOT / "benchmarks" / "attribution.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def results(benchmark):
    return json.loads(benchmark.RESULTS.read_text("utf-8"))


def test_the_page_and_its_plots_are_those_of_the_results(benchmark, results):
    page = benchmark.PAGE.read_text("utf-8")
    assert page == benchmark.page_with(page, results)
    assert set(results["cases"]) <= set(benchmark.CASES)
    for scheme in benchmark.SCHEMES:
        assert "<svg" in benchmark.PAGE.with_name(f"attribution-{scheme}.svg").read_text("utf-8")[:200]


def test_another_number_is_another_page(benchmark, results):
    page = benchmark.PAGE.read_text("utf-8")
    results = json.loads(json.dumps(results))
    next(iter(results["cases"].values()))["errors"]["0.01"]["rows"]["ours"]["gradients"] += 1
    assert page != benchmark.page_with(page, results)


def test_fewest_steps_are_the_fewest_that_reach_the_error(benchmark):
    case = benchmark.Case(
        "x", "", Cubic(), torch.ones(1, 2), torch.zeros(1, 2)
    )  # whose gradient Gauss–Legendre integrates with two points, and the right sum with an error of about 3/2n
    assert benchmark.fewest_steps(case, 1e-3, "gausslegendre") == [2]
    (steps,) = benchmark.fewest_steps(case, 1e-2, "riemann_right")
    assert 150 <= steps <= 170
    assert benchmark.fewest_steps(case, 1e-2, "riemann_right", at_most=[100]) == [benchmark.MANY]


class Cubic(torch.nn.Module):
    def forward(self, x):
        return x**3
