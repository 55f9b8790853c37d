"""How much integrated gradients cost, in our implementation and in Captum 0.9, on four networks in one run.

    python benchmarks/attribution.py                  # all of it, to the terminal
    python benchmarks/attribution.py --write          # and into benchmarks/results/, and the page in docs/guide/

For a relative L2 error of 10⁻² and of 10⁻³ (the reference is Gauss–Legendre with 3,000 points in float64):

- *Captum, knowing best*: the fewest steps that reach it, looked up input by input with the reference at hand, for the
  method of Captum's that needs the fewest in all. Nobody who does not know the answer can choose so. (The Riemann sums
  are tried with no more steps than Gauss–Legendre needs.)
- *Captum, doubling*: the steps that it takes without a reference: 8, 16, 32 … until two results agree to the error.
- *Captum, one number*: the fewest steps that reach it for every input of the batch, as one call takes one number.
- *ours*: `tolerance=`, which knows no reference either. Its forward passes without a gradient are counted apart.

Seconds are those of one processor, so that what else the machine does counts little. Memory is what torch has
allocated at most at one time while an input is attributed, beyond what it had before: the same count for both, by its
profiler, which what the process keeps in reserve does not blur.
"""

from __future__ import annotations

import argparse
import copy
import json
import platform
import sys
import time
import warnings
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from io import StringIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "code"))

import torch
from captum.attr import IntegratedGradients as CaptumsInputs
from captum.attr import LayerIntegratedGradients as CaptumsLayer
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from reproductions.attribution.input_attribution import IntegratedGradients
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from threepass.running.drawing import SCHEMES, STYLES, small

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "attribution.json"
PAGE = ROOT / "docs" / "guide" / "attribution.md"
MARKS = ("<!-- measured: written by benchmarks/attribution.py -->", "<!-- end -->")
WAYS = ("Captum, knowing best", "Captum, one number", "Captum, doubling", "ours")
ERRORS = (1e-2, 1e-3)
REFERENCE_POINTS = 3000
METHODS = ("gausslegendre", "riemann_middle", "riemann_trapezoid", "riemann_right", "riemann_left")
LADDER = [
    n for n, before in zip(range(2, 2000), range(1, 1999), strict=True) if int(n**0.5 * 4) != int(before**0.5 * 4)
]
"""Steps that are tried: all up to 16, then about every twentieth part more."""
MOST_STEPS = 1000
EQUAL_STEPS = 50
PORTIONS = 5
"""Of the equal steps, that ours does one after the other where that is asked of it."""
ROUNDS = 2
EQUAL_ROUNDS = 10
MANY = 10**6


@dataclass(frozen=True)
class Case:
    """A model of token ids or of numbers, inputs and baselines (B, …), the output that is explained for each."""

    name: str
    says: str
    model: nn.Module
    inputs: Tensor
    baselines: Tensor
    mask: Tensor | None = None
    captums_batch: int | None = None
    """Steps that Captum does at once when it takes more than `EQUAL_STEPS`, where all would not fit into memory."""

    @cached_property
    def targets(self) -> list[int]:
        with torch.no_grad():
            return self._forward(self.model)(self.inputs, self.mask).argmax(dim=1).tolist()

    @cached_property
    def in_double(self) -> nn.Module:
        return copy.deepcopy(self.model).double()

    def _forward(self, model: nn.Module) -> Callable[..., Tensor]:
        if self.mask is None:
            return lambda x, _=None: model(x)
        return lambda ids, mask: model(input_ids=ids, attention_mask=mask).logits

    def attribute(self, library: str, i: int, *, double: bool = False, **asked: Any) -> Any:
        """Return the attributions of input i by "ours" or "Captum", and what else was asked for."""
        if library == "Captum" and self.captums_batch and asked.get("n_steps", 0) > EQUAL_STEPS:
            asked["internal_batch_size"] = self.captums_batch
        model = self.in_double if double else self.model
        forward, x, x_prime = self._forward(model), self.inputs[i : i + 1], self.baselines[i : i + 1]
        if self.mask is None:
            explain = (IntegratedGradients if library == "ours" else CaptumsInputs)(forward)
            dtype = torch.float64 if double else torch.float32
            return explain.attribute(x.to(dtype), x_prime.to(dtype), target=self.targets[i], **asked)
        layer = model.distilbert.embeddings
        explain = (LayerIntegratedGradients if library == "ours" else CaptumsLayer)(forward, layer)
        mask = self.mask[i : i + 1]
        return explain.attribute(x, x_prime, target=self.targets[i], additional_forward_args=mask, **asked)

    @cached_property
    def references(self) -> list[Tensor]:
        return [
            self.attribute("ours", i, double=True, n_steps=REFERENCE_POINTS).detach() for i in range(len(self.inputs))
        ]

    def error(self, i: int, attributions: Tensor) -> float:
        """Return the relative L2 error."""
        reference = self.references[i]
        return float((attributions.detach() - reference).norm() / reference.norm())


# The networks.


def emotions() -> Case:
    """(a) the classifier of six emotions, on the first held-out sentences of four emotions."""
    from reproductions.emotions.kept import emotion_classifier
    from reproductions.emotions.sentences import held_out_sentences

    classifier = emotion_classifier()
    first: dict[Any, Any] = {}
    for sentence in held_out_sentences():
        first.setdefault(sentence.emotion, sentence)
    texts = [sentence.text for sentence in first.values()][:4]
    ids, mask = classifier.encode(texts)
    tokenizer = classifier.tokenizer
    special = torch.isin(ids, torch.tensor([tokenizer.cls_token_id, tokenizer.sep_token_id]))
    baselines = torch.where(special, ids, tokenizer.pad_token_id)
    return Case("a", "emotion classifier, trained, 6 layers, 64 wide", classifier.model, ids, baselines, mask)


def untrained() -> Case:
    """(b) a DistilBERT as it is before training."""
    model = _distilbert(dim=256, layers=6, tokens=64, vocabulary=1000, labels=6)
    ids = torch.randint(5, 1000, (1, 64), generator=torch.Generator().manual_seed(1))
    return Case(
        "b",
        "DistilBERT, untrained, 6 layers, 256 wide, 64 tokens",
        model,
        ids,
        0 * ids,
        torch.ones_like(ids),
        captums_batch=EQUAL_STEPS,
    )


def rectifiers() -> Case:
    """(c) three hidden layers of 128 rectifiers that read handwritten digits; the baseline is an empty image."""
    torch.manual_seed(0)
    images, labels = (torch.tensor(part) for part in load_digits(return_X_y=True))
    images = images.float() / 16
    widths = (64, 128, 128, 128)
    layers = [layer for n, m in pairwise(widths) for layer in (nn.Linear(n, m), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(128, 10))
    _train(model, lambda i: model(images[i]), labels, examples=1500, epochs=20)
    return Case("c", "ReLU network, trained on digits, 3 × 128", model, images[-8:], torch.zeros(8, 64))


def two_layers() -> Case:
    """(d) a two-layer DistilBERT that has learned which of six kinds a keyword has, and that a "not" changes it."""
    model = _distilbert(dim=64, layers=2, tokens=12, vocabulary=80, labels=6)
    ids, kinds = _sentences_with_a_keyword(1506)
    _train(model, lambda i: model(ids[i]).logits, kinds, examples=1500, epochs=20)
    held_out = ids[1500:]
    baselines = torch.where((held_out == 1) | (held_out == 2), held_out, 0)
    says = "DistilBERT, trained, 2 layers, 64 wide, 12 tokens"
    return Case("d", says, model, held_out, baselines, torch.ones_like(held_out))


CASES = {"a": emotions, "b": untrained, "c": rectifiers, "d": two_layers}


def _distilbert(*, dim: int, layers: int, tokens: int, vocabulary: int, labels: int) -> nn.Module:
    torch.manual_seed(0)
    config = DistilBertConfig(
        vocab_size=vocabulary,
        dim=dim,
        hidden_dim=4 * dim,
        n_layers=layers,
        n_heads=4,
        max_position_embeddings=tokens,
        num_labels=labels,
    )
    return DistilBertForSequenceClassification(config).eval()


def _sentences_with_a_keyword(n: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(40, 80, (n, 12), generator=generator)
    kinds = torch.randint(0, 6, (n,), generator=generator)
    places = torch.randint(2, 11, (n,), generator=generator)
    negated = torch.rand(n, generator=generator) < 0.3
    rows = torch.arange(n)
    ids[rows, places] = 10 + 5 * kinds + torch.randint(0, 5, (n,), generator=generator)
    ids[rows[negated], places[negated] - 1] = 3
    ids[:, 0], ids[:, -1] = 1, 2
    return ids, torch.where(negated & (places > 1), (kinds + 3) % 6, kinds)


def _train(
    model: nn.Module, outputs: Callable[[Tensor], Tensor], labels: Tensor, *, examples: int, epochs: int
) -> None:
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    generator = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for batch in torch.randperm(examples, generator=generator).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(outputs(batch), labels[batch]).backward()
            optimizer.step()
    model.eval()


# The measurements.


def to_an_error(case: Case, error: float) -> dict[str, Any]:
    """Return gradients and seconds for all inputs of a case, by each way of choosing the steps."""
    examples = range(len(case.inputs))
    steps = {method: fewest_steps(case, error, method) for method in METHODS[:1]}
    for method in METHODS[1:]:
        steps[method] = fewest_steps(case, error, method, at_most=steps[METHODS[0]])
    best = min(METHODS, key=lambda method: sum(steps[method]))
    asked = {"method": best}
    begin = time.process_time()
    doubled = [doublings(case, error, i, best) for i in examples]
    seconds_of_doubling = time.process_time() - begin
    reports, errors = [], []
    for i in examples:
        attributions, (report,) = case.attribute("ours", i, tolerance=error, return_report=True)
        reports.append(report)
        errors.append(case.error(i, attributions))
    most = min(max(steps[best]), MOST_STEPS)
    knowing = [
        lambda i=i: case.attribute("Captum", i, n_steps=min(steps[best][i], MOST_STEPS), **asked) for i in examples
    ]
    one_number = [lambda i=i: case.attribute("Captum", i, n_steps=most, **asked) for i in examples]
    ours = [lambda i=i: case.attribute("ours", i, tolerance=error) for i in examples]
    of_knowing, of_one_number, of_ours = in_turn(knowing, one_number, ours)
    seconds = (of_knowing, of_one_number, seconds_of_doubling, of_ours)
    rows = {
        "Captum, knowing best": {"gradients": sum(steps[best]), "error": error},
        "Captum, one number": {"gradients": most * len(examples), "error": error},
        "Captum, doubling": {
            "gradients": sum(map(sum, doubled)),
            "error": max(case.error(i, case.attribute("Captum", i, n_steps=doubled[i][-1], **asked)) for i in examples),
        },
        "ours": {
            "gradients": sum(report.evaluations for report in reports),
            "error": max(errors),
            "forward passes": sum(report.forward_passes for report in reports) / len(examples),
        },
    }
    for row, spent in zip(rows.values(), seconds, strict=True):
        row["gradients"] /= len(examples)
        row["seconds"] = spent / len(examples)
    each = {
        "Captum, knowing best": [MANY if n > MOST_STEPS else n for n in steps[best]],
        "ours": [report.evaluations for report in reports],
    }
    return {"method": best, "met": all(report.met for report in reports), "rows": rows, "each": each}


def fewest_steps(case: Case, error: float, method: str, *, at_most: list[int] | None = None) -> list[int]:
    """Return the fewest steps on the ladder that reach the error, for each input; `MANY` where they are too many."""
    found = []
    for i in range(len(case.inputs)):
        most = min(MOST_STEPS, at_most[i] if at_most else MOST_STEPS)
        if at_most and not _reaches(case, i, error, method, most):
            found.append(MANY)
        else:
            found.append(next((n for n in LADDER if n <= most and _reaches(case, i, error, method, n)), MANY))
    return found


def _reaches(case: Case, i: int, error: float, method: str, n: int) -> bool:
    return n > 1 and case.error(i, case.attribute("Captum", i, n_steps=n, method=method)) <= error


def doublings(case: Case, error: float, i: int, method: str) -> list[int]:
    """Return the numbers of steps that are tried until two results in a row agree to the error."""
    tried, before = [8], case.attribute("Captum", i, n_steps=8, method=method)
    while tried[-1] < 2 * MOST_STEPS:
        tried.append(2 * tried[-1])
        now = case.attribute("Captum", i, n_steps=tried[-1], method=method)
        if (now - before).norm() <= error * now.norm():
            break
        before = now
    return tried


def in_turn(*ways: list[Callable[[], Any]], rounds: int = ROUNDS) -> list[float]:
    """Return the least seconds of the processor that each way took for all inputs; the ways take turns."""
    least = [float("inf")] * len(ways)
    for _ in range(rounds):
        for k, way in enumerate(ways):
            begin = time.process_time()
            for call in way:
                call()
            least[k] = min(least[k], time.process_time() - begin)
    return least


def at_equal_steps(case: Case) -> dict[str, float]:
    """Return seconds an input and bytes of Captum's, of ours, both as they are called by default, and in portions."""
    asked = {
        "captum ": ("Captum", {}),
        "": ("ours", {}),
        "portions ": ("ours", {"internal_batch_size": EQUAL_STEPS // PORTIONS}),
    }
    ways = {
        name: [
            lambda i=i, of=of, more=more: case.attribute(of, i, n_steps=EQUAL_STEPS, **more)
            for i in range(len(case.inputs))
        ]
        for name, (of, more) in asked.items()
    }
    measured = {f"{name}bytes": float(peak(calls[0])) for name, calls in ways.items()}
    seconds = in_turn(*ways.values(), rounds=EQUAL_ROUNDS)
    return measured | {f"{name}seconds": spent / len(case.inputs) for name, spent in zip(ways, seconds, strict=True)}


def peak(call: Callable[[], Any]) -> int:
    """Return how many bytes torch holds at most at one time, beyond what it held before the call."""
    call()  # what is made at the first call, and kept, is not counted
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        call()
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        profiled.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text("utf-8"))["traceEvents"]
    held = most = 0
    for event in sorted((one for one in events if one.get("name") == "[memory]"), key=lambda one: one["ts"]):
        held += event["args"]["Bytes"]
        most = max(most, held)
    return most


def measure(names: list[str], *, equal_only: bool = False) -> dict[str, Any]:
    """Return everything, or what was measured at equal steps only, for these cases."""
    cases = {}
    for name in names:
        case = CASES[name]()
        print(f"({name}) {case.says}, {len(case.inputs)} inputs", flush=True)
        cases[name] = {
            "says": case.says,
            "inputs": len(case.inputs),
            "errors": {} if equal_only else {f"{error:g}": to_an_error(case, error) for error in ERRORS},
            "equal steps": at_equal_steps(case),
        }
        show(cases[name])
    return {
        "environment": {"python": platform.python_version(), "torch": torch.__version__, "captum": version("captum")},
        "machine": platform.machine(),
        "cases": cases,
    }


def show(case: dict[str, Any]) -> None:
    for error, found in case["errors"].items():
        print(f"  to {error} ({found['method']})")
        for way, row in found["rows"].items():
            print(f"    {way:22} {row['gradients']:7.1f} gradients {row['seconds']:8.4f} s, error {row['error']:.1e}")
    print("  equal steps:", {key: round(value, 4) for key, value in case["equal steps"].items()}, flush=True)


# The page.


def tables(results: dict[str, Any]) -> str:
    """Return what was measured as Markdown: a table for each error, and one at equal steps."""
    cases, parts = results["cases"], []
    for error in ERRORS:
        lines = [
            f"**To an error of {error:g}**, for one input on the average: gradients, and seconds of one processor.",
            "",
            "| Network | "
            + " | ".join(WAYS)
            + " | Forward passes besides | Of *knowing best* | Off by, at the worst |",
            "|---|" + "--:|" * (len(WAYS) + 3),
        ]
        for name, case in _with_errors(results):
            rows = case["errors"][f"{error:g}"]["rows"]
            ours = rows["ours"]
            cells = [f"{rows[way]['gradients']:.0f}, {rows[way]['seconds']:.3f} s" for way in WAYS]
            cells.append(f"{ours['forward passes']:.0f}")
            cells.append(f"{ours['gradients'] / rows[WAYS[0]]['gradients']:.2f}")
            lines.append(f"| ({name}) | " + " | ".join(cells) + f" | {ours['error']:.1e} |")
        parts.append("\n".join(lines))
        lines = []
        for name, case in _with_errors(results):
            each = case["errors"][f"{error:g}"].get("each")
            if each:
                pairs = zip(each[WAYS[0]], each["ours"], strict=True)
                lines.append(f"- ({name}) " + ", ".join(f"{theirs} → {ours}" for theirs, ours in pairs))
        if lines:
            parts.append("\n".join([f"Input by input, to {error:g}: *knowing best* → *ours*.", "", *lines]))
    portions = f"{EQUAL_STEPS // PORTIONS} at a time"
    parts.append(
        f"**At equal steps**, {EQUAL_STEPS} of Gauss–Legendre, both as called by default, and ours {portions}."
    )
    for what, written in (("seconds", "{:.4f}".format), ("bytes", lambda size: f"{size / 2**20:.2f} MiB")):
        name_of = {"seconds": "seconds", "bytes": "memory"}[what]
        lines = [f"| Network | Captum: {name_of} | Ours | Ratio | {portions} | Ratio |", "|---|" + "--:|" * 5]
        for name, case in cases.items():
            theirs, ours, parted = (case["equal steps"][f"{of}{what}"] for of in ("captum ", "", "portions "))
            cells = [written(theirs), written(ours), f"{ours / theirs:.2f}", written(parted), f"{parted / theirs:.2f}"]
            lines.append(f"| ({name}) | " + " | ".join(cells) + " |")
        parts.append("\n".join(lines))
    parts.append("\n".join(f"- ({name}) {case['says']}; {case['inputs']} inputs" for name, case in cases.items()))
    versions = ", ".join(f"{package} {version}" for package, version in results["environment"].items())
    parts.append(f"Measured with {versions}, one thread, {results['machine']}.")
    return "\n\n".join(parts) + "\n"


def _with_errors(results: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, case) for name, case in results["cases"].items() if case["errors"]]


def page_with(page: str, results: dict[str, Any]) -> str:
    """Return the page with what was measured between its marks."""
    begin, end = MARKS
    head, _, rest = page.partition(begin)
    return f"{head}{begin}\n\n{tables(results)}\n{end}{rest.partition(end)[2]}"


def plot(results: dict[str, Any], scheme: str) -> str:
    """Return the gradients of each network, error and way as SVG, for light or for dark pages."""
    import matplotlib as mpl
    from matplotlib import style

    with style.context([STYLES["light"], STYLES[scheme]]):
        mpl.rcParams["svg.hashsalt"] = "attribution"
        from matplotlib.figure import Figure

        rows = [(name, error) for name, _ in _with_errors(results) for error in ERRORS]
        figure = Figure(figsize=(7, 0.5 + 0.42 * len(rows)), layout="constrained")
        ax = figure.subplots()
        for marker, way in zip("osD^", WAYS, strict=True):
            found = [results["cases"][name]["errors"][f"{error:g}"]["rows"][way]["gradients"] for name, error in rows]
            ax.plot(found, range(len(rows)), marker, label=way, markersize=8 if way == WAYS[-1] else 6)
        ax.set_yticks(range(len(rows)), [f"({name}) to {error:g}" for name, error in rows])
        ax.set(xscale="log", xlabel="gradients for one input")
        ax.invert_yaxis()
        ax.grid(axis="x")
        ax.spines[["top", "right", "left"]].set_visible(False)
        figure.legend(loc="outside upper center", ncols=2, frameon=False)
        made = StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(made, format="svg", transparent=True, metadata=nothing)
    return small(made.getvalue())


def write(results: dict[str, Any]) -> None:
    """Write what was measured, beside what is there of other cases, and the page and its plots from all of it."""
    if RESULTS.exists():
        before = json.loads(RESULTS.read_text("utf-8"))["cases"]
        for name, case in results["cases"].items():
            case["errors"] = case["errors"] or before.get(name, {}).get("errors", {})
        results = results | {"cases": before | results["cases"]}
    results["cases"] = dict(sorted(results["cases"].items()))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    PAGE.write_text(page_with(PAGE.read_text("utf-8"), results), "utf-8")
    for scheme in SCHEMES:
        PAGE.with_name(f"attribution-{scheme}.svg").write_text(plot(results, scheme), "utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}, and the page that shows it")
    parser.add_argument("--equal-only", action="store_true", help="leave out the errors, whose reference takes minutes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    results = measure(options.cases, equal_only=options.equal_only)
    if options.write:
        write(results)


if __name__ == "__main__":
    main()
