"""Layers of ours in; the layers of `torch.nn` with the same weights, out: what the equations are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reproductions.recurrent.gru import GRUCell
from reproductions.recurrent.lstm import LSTMCell
from reproductions.recurrent.rnn import RNNCell

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.recurrent.unrolled import Layers

THEIRS: dict[type[nn.Module], Callable[..., nn.RNNBase]] = {RNNCell: nn.RNN, LSTMCell: nn.LSTM, GRUCell: nn.GRU}
OF_A_CELL = {"W": "weight_ih", "U": "weight_hh", "b_W": "bias_ih", "b_U": "bias_hh"}


def as_torch(ours: Layers) -> nn.RNNBase:
    """Return `nn.RNN`, `nn.LSTM` or `nn.GRU` with the weights of these layers, batch first.

    Raises:
        KeyError: torch has no such cell.
    """
    first = ours.forwards[0]
    hidden, inputs = first.U.shape[1], first.W.shape[1]  # type: ignore[index]  # a ModuleList names no cells
    theirs = THEIRS[type(first)](
        inputs, hidden, num_layers=len(ours.forwards), bidirectional=ours.backwards is not None, batch_first=True
    ).to(first.W.dtype)  # type: ignore[arg-type]  # as above
    weights = {name_in_torch(name): weight for name, weight in ours.named_parameters()}
    with torch.no_grad():
        for name, weight in theirs.named_parameters():
            weight.copy_(weights[name])
    return theirs


def name_in_torch(ours: str) -> str:
    """Return what torch calls this parameter: `backwards.1.U` is `weight_hh_l1_reverse`."""
    direction, layer, name = ours.split(".")
    return f"{OF_A_CELL[name]}_l{layer}" + ("_reverse" if direction == "backwards" else "")


def read(theirs: nn.RNNBase, x: Tensor, *, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Return outputs and last h as `Layers` does, through a packed sequence where there are lengths.

    Shapes: `x` (B, T, D), `lengths` (B,), outputs (B, T, H or 2 H), last h (layers × directions, B, H).
    """
    if lengths is None:
        outputs, last = theirs(x)
    else:
        packed, last = theirs(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        outputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    return outputs, last[0] if isinstance(last, tuple) else last


def largest_difference(ours: Layers, x: Tensor, *, lengths: Tensor | None = None) -> dict[str, float]:
    """Return by how much outputs, last states and gradients of ours and of torch's differ at most.

    The gradients are those of a weighted sum of all outputs and last states, with respect to the input and to every
    parameter. Shapes: `x` (B, T, D), `lengths` (B,).
    """
    theirs = as_torch(ours)
    results = []
    for run in (lambda at: ours(at, lengths=lengths), lambda at: read(theirs, at, lengths=lengths)):
        at = x.clone().requires_grad_()
        outputs, last = run(at)
        weights = [torch.linspace(-1, 1, part.numel(), dtype=x.dtype).view_as(part) for part in (outputs, last)]
        torch.autograd.backward((outputs * weights[0]).sum() + (last * weights[1]).sum())
        results.append((outputs.detach(), last.detach(), at.grad))
    (our_outputs, our_last, our_grad), (their_outputs, their_last, their_grad) = results
    of_theirs = {name: weight.grad for name, weight in theirs.named_parameters()}
    off = [our_grad - their_grad, *(w.grad - of_theirs[name_in_torch(n)] for n, w in ours.named_parameters())]  # type: ignore[operator]  # all have gradients
    return {
        "outputs": (our_outputs - their_outputs).abs().max().item(),
        "last": (our_last - their_last).abs().max().item(),
        "gradients": max(one.abs().max().item() for one in off),
    }
