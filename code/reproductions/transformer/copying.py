"""A seed in; a small Transformer that has learnt to copy or to reverse sequences, out.

The task is made by rule: symbols drawn at random, at lengths that vary; the target is the source, or the source read
backwards. What the model is tested on was not in its training. Optimizer, schedule and label smoothing are those of
Vaswani and others 2017 (arXiv 1706.03762v7), sections 5.3 and 5.4; the sizes and the task are ours.
"""

from __future__ import annotations

from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from reproductions.kept import kept
from reproductions.transformer.hyperparameters import Hyperparameters
from reproductions.transformer.label_smoothing import smoothed_loss
from reproductions.transformer.model import Transformer, greedy
from reproductions.transformer.schedule import lrate

Task = Literal["copy", "reverse"]

PADDING, START, END, SYMBOLS = 0, 1, 2, range(3, 13)
"""Three tokens that are no symbols, and ten that are."""
SMALL = Hyperparameters(N=2, d_model=64, d_ff=128, h=4, d_k=16, d_v=16, P_drop=0.0)
"""Small enough for one thread; no dropout, since the training data never repeats."""


class Pairs(NamedTuple):
    """Sources and targets, padded: both of shape (B, longest + 1), each sequence ended by `END`."""

    source: Tensor
    target: Tensor


def pairs(count: int, task: Task, *, lengths: range, generator: torch.Generator) -> Pairs:
    """Return `count` pairs without repetition, their lengths and symbols drawn evenly.

    Raises `ValueError` where there are not as many: of length n there are 10ⁿ.
    """
    there_are = sum(len(SYMBOLS) ** length for length in lengths)
    if count > there_are:
        raise ValueError(f"there are {there_are} sequences, not {count}; hint: take greater lengths")
    longest = lengths.stop - 1
    drawn = torch.empty(0, longest, dtype=torch.long)
    while len(drawn) < count:
        symbols = torch.randint(SYMBOLS.start, SYMBOLS.stop, (count, longest), generator=generator)
        length = torch.randint(lengths.start, lengths.stop, (count, 1), generator=generator)
        symbols = symbols.masked_fill(torch.arange(longest) >= length, PADDING)
        drawn = torch.unique(torch.cat([drawn, symbols]), dim=0)
    drawn = drawn[torch.randperm(len(drawn), generator=generator)[:count]]
    return Pairs(_ended(drawn), _ended(drawn if task == "copy" else _reversed(drawn)))


def train(
    model: Transformer,
    data: Pairs,
    *,
    batch: int = 64,
    warmup: int = 200,
    epsilon: float = 0.1,
    checkpoints: int = 5,
    interval: int = 20,
) -> list[float]:
    """Train the model once through the data, leave it with its averaged weights, and return the loss at each step.

    Adam with β₁ = 0.9, β₂ = 0.98 and ε = 10⁻⁹ and the learning rate of Equation 3 (section 5.3), on smoothed labels
    (section 5.4); the weights are the mean of the last 5 checkpoints (section 6.1). Padding is not part of the loss.

    Where it differs from the paper: checkpoints are `interval` steps apart, not ten minutes.
    """
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98), eps=1e-9)
    steps = -(-len(data.source) // batch)
    losses = []
    kept: list[dict[str, Tensor]] = []
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = lrate(step, d_model=model.p.d_model, warmup=warmup)
        source, target = (tokens[(step - 1) * batch : step * batch] for tokens in data)
        before = torch.cat([torch.full((len(target), 1), START), target[:, :-1]], dim=1)
        word = target != PADDING
        loss = smoothed_loss(model(source, before)[word], target[word], epsilon=epsilon)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
        left = steps - step
        if left % interval == 0 and left < checkpoints * interval:
            kept.append({name: value.clone() for name, value in model.state_dict().items()})
    model.load_state_dict({name: torch.stack([one[name] for one in kept]).mean(dim=0) for name in kept[0]})
    return losses


def learnt(
    task: Task,
    *,
    lengths: range = range(4, 9),
    steps: int = 600,
    batch: int = 64,
    seed: int = 0,
    positions: bool = True,
    causal: bool = True,
    checkpoints: int = 5,
) -> tuple[Transformer, Pairs]:
    """Return a model that was trained for `steps` batches, and 500 pairs that were not among its training data.

    `positions=False` trains it without the positional encoding, `causal=False` without the decoder's mask;
    the model's weights are the mean of its last `checkpoints`. The seed fixes data and weights; torch's own generator
    is left as it was.
    """
    generator = torch.Generator().manual_seed(seed)
    source, target = pairs(500 + steps * batch, task, lengths=lengths, generator=generator)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(SMALL, vocabulary=SYMBOLS.stop, padding=PADDING, positions=positions, causal=causal)
    training = partial(train, data=Pairs(source[500:], target[500:]), batch=batch, checkpoints=checkpoints)
    return kept(model, training), Pairs(source[:500], target[:500])


def exact(model: Transformer, data: Pairs) -> float:
    """Return the share of targets that greedy decoding finds whole, their end included."""
    found = greedy(model, data.source, start=START, length=data.target.shape[1])
    return ((found == data.target) | (data.target == PADDING)).all(dim=1).double().mean().item()


def _ended(symbols: Tensor) -> Tensor:
    """Return the sequences with `END` after the last symbol: (B, n) in, (B, n + 1) out."""
    ended = torch.nn.functional.pad(symbols, (0, 1), value=PADDING)
    return ended.scatter(1, (symbols != PADDING).sum(dim=1, keepdim=True), END)


def _reversed(symbols: Tensor) -> Tensor:
    """Return the symbols backwards, with the padding still at the end: (B, n) in, (B, n) out."""
    backwards = symbols.flip(1)
    return backwards.gather(1, (backwards == PADDING).long().sort(dim=1, stable=True).indices)
