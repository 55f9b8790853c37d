"""Nothing in; one number, or a few named ones, out of each function: what the claims of the note measure.

A check and its control are the same measurement, taken of two things. What is computed is float64 and comes from fixed
seeds; what is trained is float32. The paper is Graves 2012 (arXiv 1211.3711v1) throughout.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from reproductions.transducer.alignments import alignment_probability, alignments, probability_by_enumeration
from reproductions.transducer.beam_search import transcribe
from reproductions.transducer.forward_backward import (
    backward_variables,
    emission_posteriors,
    forward_variables,
    log_probability,
    log_probability_on_diagonals,
    node_posteriors,
    transducer_loss,
)
from reproductions.transducer.gradients import gradients_of_vectors
from reproductions.transducer.lattice import NULL, lattice, random_lattice
from reproductions.transducer.spoken_digits import (
    DIGITS,
    heldout,
    loss_of_guessing_the_script,
    losses,
    trained,
    untrained,
    written_in_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reproductions.transducer.network import Transducer

SIZES = tuple(product(range(1, 7), range(6)))
"""Numbers of input steps and of symbols for which all alignments are written out."""


# The forward–backward algorithm: section 2.4.


def forward_against_all_alignments() -> float:
    """Return the largest relative difference of Pr(y | x) by Equations 16 and 17 from the sum over all alignments."""
    return _forward_against(probability_by_enumeration)


def forward_against_the_best_alignment() -> float:
    """Return the same against the most probable alignment alone."""
    return _forward_against(lambda y, null: max(alignment_probability(a, y, null) for a in alignments(*y.shape)))


def _forward_against(reference: Callable[[Tensor, Tensor], float]) -> float:
    apart = []
    for T, U in SIZES:
        y, null = lattice(*random_lattice(T, U, seed=T))
        forward = log_probability(forward_variables(y, null), null).exp().item()
        apart.append(abs(forward / reference(y[0], null[0]) - 1))
    return max(apart)


def backward_against_forward() -> float:
    """Return the largest |ln β(1, 0) − ln Pr(y | x)|: from the end to the start the sum is the same."""
    return max(_backward_against_forward(*random_lattice(T, U, seed=T)) for T, U in SIZES)


def backward_from_one_against_forward() -> float:
    """Return the same where β starts from 1 at the terminal node, as a sum over paths that stop short of the last ∅."""
    apart = []
    for T, U in SIZES:
        f, g, y = random_lattice(T, U, seed=T)
        symbols, null = lattice(f, g, y)
        log_pr = log_probability(forward_variables(symbols, null), null)
        null[:, -1, -1] = 0.0
        apart.append((backward_variables(symbols, null)[:, 0, 0] - log_pr).abs().item())
    return max(apart)


def _backward_against_forward(f: Tensor, g: Tensor, y: Tensor) -> float:
    symbols, null = lattice(f, g, y)
    log_pr = log_probability(forward_variables(symbols, null), null)
    return (backward_variables(symbols, null)[:, 0, 0] - log_pr).abs().item()


def diagonals_against_the_probability() -> float:
    """Return the largest |ln Σ α β − ln Pr(y | x)| over the diagonals t + u = n of lattices (Equation 19)."""
    return _sums_against_the_probability(log_probability_on_diagonals)


def columns_against_the_probability() -> float:
    """Return the same for sums over the columns of the lattices, which a path may cross at several nodes."""
    return _sums_against_the_probability(lambda alpha, beta: (alpha + beta).logsumexp(dim=2))


def _sums_against_the_probability(sums: Callable[[Tensor, Tensor], Tensor]) -> float:
    apart = []
    for T, U in SIZES:
        y, null = lattice(*random_lattice(T, U, seed=T))
        alpha, beta = forward_variables(y, null), backward_variables(y, null)
        apart.append((sums(alpha, beta) - log_probability(alpha, null)).abs().max().item())
    return max(apart)


def times_a_symbol_is_written() -> float:
    """Return the largest |Σ_t P(symbol u is written at t, given the output) − 1|, by the edges of the lattice."""
    return _times_a_symbol_is_written(edges=True)


def times_a_symbol_is_written_by_nodes() -> float:
    """Return the same by the nodes, α(t, u) β(t, u) / Pr(y | x), as the text of section 2.4 has it."""
    return _times_a_symbol_is_written(edges=False)


def _times_a_symbol_is_written(*, edges: bool) -> float:
    y, null = lattice(*random_lattice(8, 4, seed=1, B=16))
    alpha, beta = forward_variables(y, null), backward_variables(y, null)
    log_pr = log_probability(alpha, null)
    when = emission_posteriors(alpha, beta, y, log_pr) if edges else node_posteriors(alpha, beta, log_pr)[:, :, 1:]
    return (when.sum(dim=1) - 1).abs().max().item()


# What the distribution is over: section 2.3.


def probability_of_all_outputs() -> float:
    """Return Σ Pr(y | x) over all outputs of up to twelve symbols, for two inputs steps and two symbols.

    The prediction vector depends on the symbol before. Outputs that are longer have what is missing.
    """
    return _probability_of_all_outputs(ends_with_null=True)


def probability_of_all_outputs_without_the_last_null() -> float:
    """Return the same for α(T, U) in place of α(T, U) ∅(T, U)."""
    return _probability_of_all_outputs(ends_with_null=False)


def _probability_of_all_outputs(*, ends_with_null: bool) -> float:
    f, after, _ = random_lattice(2, 2, seed=3, K=3)  # after[k] is g once symbol k was written last, after[0] at first
    f[..., NULL] += 3.0  # short outputs are probable, so that the sum nears its limit early
    total = 0.0
    for U in range(13):
        outputs = torch.tensor(list(product((1, 2), repeat=U)), dtype=torch.int64).reshape(2**U, U)
        before = torch.cat([torch.zeros(2**U, 1, dtype=torch.int64), outputs], dim=1)
        y, null = lattice(f.expand(2**U, -1, -1), after[0, before], outputs)
        alpha = forward_variables(y, null)
        total += (log_probability(alpha, null) if ends_with_null else alpha[:, -1, -1]).exp().sum().item()
    return total


def probability_of_an_output_longer_than_the_input() -> float:
    """Return Pr(y | x) of five symbols from two input steps, where every label is as probable as any other."""
    f, g, y = torch.zeros(1, 2, 3), torch.zeros(1, 6, 3), torch.tensor([[1, 2, 1, 2, 1]])
    return (-transducer_loss(f, g, y)).exp().item()


def probability_of_an_output_longer_than_the_input_in_ctc() -> float:
    """Return the same by torch's CTC, which writes at most one symbol at each step."""
    log_probs, y = torch.full((2, 1, 3), -math.log(3)), torch.tensor([[1, 2, 1, 2, 1]])
    loss = nn.functional.ctc_loss(log_probs, y, torch.tensor([2]), torch.tensor([5]), blank=NULL, reduction="sum")
    return (-loss).exp().item()


# Training: section 2.5.


def gradient_against_autograd() -> float:
    """Return the largest difference of the gradient of Equation 20, taken on to f and g, from autograd's."""
    return max(_gradient_against_autograd(gradients_of_vectors, T, U) for T, U in SIZES)


def gradient_of_the_best_alignment_against_autograd() -> float:
    """Return the same for the gradient of the most probable alignment's loss, which sums out nothing."""
    return max(_gradient_against_autograd(_gradients_of_the_best_alignment, T, U) for T, U in SIZES)


def _gradient_against_autograd(
    gradients: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]], T: int, U: int
) -> float:
    f, g, y = random_lattice(T, U, seed=T)
    f.requires_grad_()
    g.requires_grad_()
    of_autograd = torch.autograd.grad(transducer_loss(f, g, y).sum(), (f, g))
    of_paper = gradients(f.detach(), g.detach(), y)
    return max((a - b).abs().max().item() for a, b in zip(of_autograd, of_paper, strict=True))


def _gradients_of_the_best_alignment(f: Tensor, g: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    f.requires_grad_()
    g.requires_grad_()
    symbols, null = (edges[0] for edges in lattice(f, g, y))
    best = max(alignments(*symbols.shape), key=lambda a: alignment_probability(a, symbols, null))
    t, u, loss = 0, 0, f.new_zeros(())
    for writes in best:
        loss = loss - (symbols[t, u] if writes else null[t, u])
        t, u = (t, u + 1) if writes else (t + 1, u)
    of_f, of_g = torch.autograd.grad(loss, (f, g))
    return of_f, of_g


# What a transducer learns, on a task made by rule: see `spoken_digits`.


def symbols_written_in_time() -> float:
    """Return the share of held-out symbols that a trained transducer writes on the frames where they are spoken."""
    return written_in_time(trained(), heldout())


def symbols_written_in_time_untrained() -> float:
    """Return the same for the weights that training starts from."""
    return written_in_time(untrained(), heldout())


def loss_relative_to_guessing_the_script() -> float:
    """Return the loss on held-out sequences, relative to that of hearing all digits and guessing each script anew."""
    return _loss_relative_to_guessing_the_script(trained())


def loss_relative_to_guessing_the_script_unread() -> float:
    """Return the same for a transducer whose prediction network counts the symbols and cannot read them."""
    return _loss_relative_to_guessing_the_script(trained(reads=False))


def _loss_relative_to_guessing_the_script(network: Transducer) -> float:
    data = heldout()
    return losses(network, data).mean().item() / loss_of_guessing_the_script(data)


def sequences_transcribed() -> float:
    """Return the share of held-out sequences whose digits the beam search writes down right, in one script."""
    return _sequences_transcribed(trained())


def sequences_transcribed_unread() -> float:
    """Return the same for the transducer whose prediction network cannot read."""
    return _sequences_transcribed(trained(reads=False))


def _sequences_transcribed(network: Transducer) -> float:
    data = heldout()
    right = 0
    for x, T, y, U in zip(data.x, data.T, data.y, data.U, strict=True):
        spoken = [(label - 1) % DIGITS for label in y[:U].tolist()]
        in_either_script = [tuple(1 + script * DIGITS + digit for digit in spoken) for script in (0, 1)]
        right += transcribe(network, x[:T]) in in_either_script
    return right / len(data.x)
