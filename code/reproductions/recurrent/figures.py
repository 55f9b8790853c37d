"""Nothing in; matplotlib figures out: what the notes on recurrent networks show.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.normal import normal
from reproductions.recurrent.claims import STEPS, made
from reproductions.recurrent.error_flow import error_flow
from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.lstm_1997 import LSTM1997Cell
from reproductions.recurrent.names import given_once, nats, sampled, swapped, trained
from reproductions.recurrent.rnn import RNNCell
from reproductions.recurrent.text import bits_per_character, prose
from reproductions.recurrent.text import sampled as written
from reproductions.recurrent.text import trained as trained_writer
from reproductions.recurrent.text_claims import bits_of_ngrams

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reproductions.recurrent.claims import MakesACell


def errors_on_their_way_back() -> Figure:
    """Draw what is left of an error as it flows back through 100 steps of each cell, on a logarithmic scale."""
    cells: dict[str, MakesACell] = {
        "LSTM of 1997, whole gradient": LSTM1997Cell,
        "LSTM of 1997, truncated": partial(LSTM1997Cell, truncated=True),
        "LSTM, forget bias 5": partial(LSTMCell, forget_bias=5),
        "LSTM, forget bias 1": partial(LSTMCell, forget_bias=1),
        "LSTM, forget bias 0": LSTMCell,
        "RNN": RNNCell,
    }
    x, back = normal(16, STEPS, 8, seed=0), torch.arange(STEPS, -1, -1)
    figure, axes = plt.subplots()
    for name, cell in cells.items():
        axes.plot(back, error_flow(made(cell, inputs=8, hidden=32, seed=0), x).mean(dim=0), label=name)
    axes.set(yscale="log", xlabel="steps back in time", title="What is left of an error of 1")
    axes.legend(loc="lower left", fontsize=8)
    return figure


def names_letter_by_letter() -> Figure:
    """Draw how sure of the gender the network is after each letter of held-out names; beside it, names that it makes.

    Genders are equally likely beforehand.
    """
    model = trained()
    once = given_once(model.held)
    chosen = [text for gender in "><" for text in [one for one in once if one[0] == gender and len(one) >= 8][:2]]
    with torch.no_grad():
        own, other = (nats(model.speller, texts).cumsum(dim=1) for texts in (chosen, [swapped(one) for one in chosen]))
    longest = max(map(len, chosen)) - 1
    figure = plt.figure(figsize=(6.4, 4.9), layout="constrained")
    panels = figure.subplot_mosaic([["<", "made"], [">", "made"]], width_ratios=(1.7, 1))
    for text, odds in zip(chosen, other - own, strict=True):
        female = (odds[: len(text) - 1] * (1 if text[0] == "<" else -1)).sigmoid()
        (line,) = panels[text[0]].plot(range(1, len(text)), female)
        for place, letter in enumerate(text[1:]):
            panels[text[0]].annotate(
                letter,
                (place + 1, female[place]),
                (0, 3),
                textcoords="offset points",
                color=line.get_color(),
                ha="center",
            )
    for gender, whose in (("<", "women"), (">", "men")):
        title = f"Probability of female, names of {whose}"
        panels[gender].axhline(0.5, color="C7", linewidth=0.8, alpha=0.6)
        panels[gender].set(title=title, xlim=(0.5, longest + 0.5), ylim=(-0.05, 1.2), yticks=(0, 0.5, 1))
    panels[">"].set(xlabel="letters read")
    panels["made"].axis("off")
    panels["made"].set(title="Made up by the network")
    for column, gender in enumerate("><"):
        made_up = ["male" if gender == ">" else "female", "", *sampled(model, gender, count=14)]
        where = panels["made"].transAxes
        panels["made"].text(
            0.5 * column, 0.97, "\n".join(made_up), va="top", transform=where, fontsize=9, linespacing=1.5
        )
    return figure


def prose_by_temperature() -> Figure:
    """Draw the bits per character of counts and of the network on held-out prose, and what it writes when how warm."""
    writer = trained_writer()
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(1, 2.2), figsize=(6.4, 4.9), layout="constrained")
    counts = {f"{n} char.": bits_of_ngrams(n) for n in (1, 2, 3, 4)}
    bits = [*counts.values(), bits_per_character(writer, prose()[1])]
    above.bar(range(5), bits, color=["C0"] * 4 + ["C1"])
    above.set_xticks(range(5), [*counts, "LSTM"])
    above.set(title="Bits per character, held out")
    below.axis("off")
    lines = []
    for temperature in (0.2, 0.5, 1.0, 1.5):
        text = written(writer, "The ", temperature=temperature, length=150).text.replace("\n", "¶").replace("$", "\\$")
        lines += [f"temperature {temperature:g}", *textwrap.wrap("The " + text, 76), ""]
    below.text(
        0, 1, "\n".join(lines), va="top", fontsize=8.5, family="monospace", transform=below.transAxes, in_layout=False
    )
    return figure


def two_gates() -> Figure:
    """Draw how long a pulse stays in a gated unit, for biases of its update gate, and that a reset ends it for good.

    Above: one input of 2 at step 5 and none after. Below: the candidate's dependence on the past, by the reset gate.
    """
    x = torch.zeros(1, 60, 1, dtype=torch.float64)
    x[:, 5] = 2
    figure, (above, below) = plt.subplots(2, 1, layout="constrained", figsize=(6.4, 4.2))
    for bias in (0.0, 1.0, 2.0, 4.0):
        cell = _one_unit(update=bias)
        state, outputs = cell.start(x), []
        with torch.no_grad():
            for t in range(60):
                state = cell(x[:, t], state)
                outputs.append(state[0].item())
        peak = max(outputs)
        above.plot([output / peak for output in outputs], label=f"update bias {bias:g}")
    above.set(title="A pulse at step 5: output over its peak", xlabel="step", ylim=(-0.05, 1.45))
    above.legend(loc="upper right", fontsize=8, ncols=2)
    past = torch.linspace(-1, 1, 41, dtype=torch.float64)[:, None]
    for bias in (-6.0, -1.0, 0.0, 6.0):
        with torch.no_grad():
            (candidate,) = _one_unit(update=-40.0, reset=bias)(torch.full_like(past, 0.5), (past,))
        below.plot(past, candidate, label=f"reset bias {bias:g}")
    below.set(
        title="What the candidate makes of the past", xlabel="last output $h$", ylabel=r"$\tilde h$", ylim=(-0.6, 1.45)
    )
    below.legend(loc="upper left", fontsize=8, ncols=2)
    return figure


def _one_unit(*, update: float, reset: float = 0.0) -> GRUCell:
    """Return a gated unit whose gates stand where their biases put them, and whose candidate is tanh(x + r h)."""
    cell = GRUCell(1, 1).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([[0.0], [0.0], [1.0]]))
        cell.U.copy_(torch.tensor([[0.0], [0.0], [1.0]]))
        cell.b_W.copy_(torch.tensor([reset, update, 0.0]))
        cell.b_U.zero_()
    return cell
