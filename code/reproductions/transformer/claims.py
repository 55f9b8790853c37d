"""Nothing in; one number, or a few named ones, out of each function: what the claims of the note measure.

The paper is Vaswani and others 2017 (arXiv 1706.03762v7) throughout. A check and its control are the same measurement,
taken of two methods. All numbers come from fixed seeds; nothing is timed.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from reproductions.transformer.complexity import (
    convolutional,
    exponent,
    layers_to_cross,
    multiply_adds,
    projected_self_attention,
    recurrent,
    restricted_self_attention,
    self_attention,
    sequential_products,
)
from reproductions.transformer.copying import SMALL, exact, learnt, pairs
from reproductions.transformer.hyperparameters import BASE, TABLE_3, VOCABULARY
from reproductions.transformer.label_smoothing import smoothed_loss
from reproductions.transformer.layers import EncoderLayer
from reproductions.transformer.model import Transformer
from reproductions.transformer.multi_head import MultiHead
from reproductions.transformer.parameters import parameters, rows_missed
from reproductions.transformer.positions import frequencies, positional_encoding
from reproductions.transformer.scaled_dot_product import attention_weights
from reproductions.transformer.schedule import lrate

if TYPE_CHECKING:
    from collections.abc import Callable


def normal(*shape: int, seed: int) -> Tensor:
    """Return standard normal numbers of this shape, float64."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# Scaled dot-product attention: section 3.2.1, footnote 4.

SIZES = (16, 64, 256, 1024)
"""Sizes d_k of queries and keys."""


def variance_of_a_dot_product() -> dict[str, float]:
    """Return the variance of q·k over d_k, from 20,000 pairs of independent standard normal q and k."""
    return _variance_of_a_dot_product(correlation=0.0)


def variance_of_a_dot_product_of_dependent_vectors() -> dict[str, float]:
    """Return the same where each component of k is correlated with that of q, by one half."""
    return _variance_of_a_dot_product(correlation=0.5)


def _variance_of_a_dot_product(*, correlation: float) -> dict[str, float]:
    found = {}
    for d_k in SIZES:
        q, noise = normal(20_000, d_k, seed=0), normal(20_000, d_k, seed=1)
        k = correlation * q + math.sqrt(1 - correlation**2) * noise
        found[f"d_k = {d_k}"] = (q * k).sum(dim=1).var().item() / d_k
    return found


def gradient_kept_through_the_softmax() -> dict[str, float]:
    """Return the size of the softmax's Jacobian at each d_k over that at d_k = 16, with the scores divided by √d_k."""
    return _gradient_through_the_softmax(scaled=True)


def gradient_kept_without_the_scale() -> dict[str, float]:
    """Return the same without the division."""
    return _gradient_through_the_softmax(scaled=False)


def _gradient_through_the_softmax(*, scaled: bool) -> dict[str, float]:
    """Average the Frobenius norm of diag(a) − a aᵀ over 200 queries that look at 32 keys each."""
    sizes = {}
    for d_k in SIZES:
        a = attention_weights(normal(200, 1, d_k, seed=2), normal(200, 32, d_k, seed=3), scaled=scaled)[:, 0]
        jacobian = torch.diag_embed(a) - a.unsqueeze(-1) * a.unsqueeze(-2)
        sizes[d_k] = jacobian.flatten(start_dim=1).norm(dim=1).mean().item()
    return {f"d_k = {d_k}": sizes[d_k] / sizes[SIZES[0]] for d_k in SIZES[1:]}


# Multi-head attention: section 3.2.2.


def cost_of_eight_heads() -> float:
    """Return the multiply-adds of 8 heads of size d_model / 8, over those of one head of full size."""
    return _cost_of_heads(8, 64) / _cost_of_heads(1, 512)


def cost_of_eight_full_heads() -> float:
    """Return the same for 8 heads of full size."""
    return _cost_of_heads(8, 512) / _cost_of_heads(1, 512)


def _cost_of_heads(h: int, d: int) -> int:
    with torch.device("meta"):
        multi_head, x = MultiHead(512, h, d_k=d, d_v=d), torch.empty(1, 50, 512)
    with FlopCounterMode(display=False) as counter:
        multi_head(x, x, x)
    return int(counter.get_total_flops())


# The decoder's mask: section 3.1.


def leak_from_later_words() -> float:
    """Return how much the logits of the first 5 positions move, at most, when all later target words change."""
    return _leak_from_later_words(causal=True)


def leak_without_the_mask() -> float:
    """Return the same without the mask."""
    return _leak_from_later_words(causal=False)


def _leak_from_later_words(*, causal: bool) -> float:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(4)
        model = Transformer(SMALL, vocabulary=20, causal=causal).double().eval()
        source, target, other = torch.randint(20, (3, 8, 10))
    other[:, :5] = target[:, :5]
    with torch.no_grad():
        return float((model(source, target) - model(source, other))[:, :5].abs().max())


# Positional encoding: section 3.5.


def error_of_the_best_linear_map() -> dict[str, float]:
    """Return the largest |PE(pos + k) − M PE(pos)| over 1,000 positions, with the best M, for three offsets k.

    The best M is that of least squares; what it is, and that it serves every position, is in `positions.offset_matrix`.
    """
    return _error_of_the_best_linear_map(positional_encoding(1100, 64))


def error_of_the_best_linear_map_of_random_vectors() -> dict[str, float]:
    """Return the same for random vectors, as learned positions are before they are learned."""
    return _error_of_the_best_linear_map(normal(1100, 64, seed=10))


def _error_of_the_best_linear_map(PE: Tensor) -> dict[str, float]:
    errors = {}
    for k in (1, 10, 100):
        here, there = PE[:1000], PE[k : 1000 + k]
        M_transposed = torch.linalg.lstsq(here, there, driver="gelsd").solution
        errors[f"k = {k}"] = (there - here @ M_transposed).abs().max().item()
    return errors


def asymmetry_of_distance() -> float:
    """Return the largest |PE(pos)·PE(pos + k) − PE(pos)·PE(pos − k)|."""
    return _asymmetry_of_distance(torch.eye(64, dtype=torch.float64))


def asymmetry_of_distance_after_a_projection() -> float:
    """Return the same where the second vector has passed through a random matrix, as a key does."""
    return _asymmetry_of_distance(normal(64, 64, seed=5) / 8)


def _asymmetry_of_distance(W: Tensor) -> float:
    PE = positional_encoding(201, 64)
    product = PE @ W @ PE.T
    ahead = torch.stack([product[100, 100 + k] for k in range(1, 100)])
    behind = torch.stack([product[100, 100 - k] for k in range(1, 100)])
    return (ahead - behind).abs().max().item()


def longest_wavelength() -> float:
    """Return the longest wavelength of the base model's encoding, over 10000 · 2π."""
    return _longest_wavelength(512)


def longest_wavelength_of_a_narrow_model() -> float:
    """Return the same at d_model = 16."""
    return _longest_wavelength(16)


def _longest_wavelength(d_model: int) -> float:
    return 1 / (10000 * frequencies(d_model).min().item())


# Complexity per layer: section 4, Table 1.

LENGTHS, WIDTHS, NEIGHBOURS = (64, 128, 256, 512), (64, 128, 256, 512), (3, 5, 9, 17)
"""Lengths n, widths d, and sizes r and k of a neighbourhood."""


def exponents_of_table_1() -> dict[str, float]:
    """Return the largest error of the exponents of n, d and r or k that Table 1 states, for each kind of layer."""
    r5, k5 = partial(restricted_self_attention, r=5), partial(convolutional, k=5)
    found = {
        "self-attention": (_in_n(self_attention) - 2, _in_d(self_attention) - 1),
        "recurrent": (_in_n(recurrent) - 1, _in_d(recurrent) - 2),
        "convolutional": (_in_n(k5) - 1, _in_d(k5) - 2, _in_neighbours(convolutional, "k") - 1),
        "restricted": (_in_n(r5) - 1, _in_d(r5) - 1, _in_neighbours(restricted_self_attention, "r") - 1),
    }
    return {name: max(abs(error) for error in errors) for name, errors in found.items()}


def exponents_of_self_attention_with_projections() -> float:
    """Return the same for self-attention with its four projections."""
    return max(abs(_in_n(projected_self_attention) - 2), abs(_in_d(projected_self_attention) - 1))


def _in_n(layer: Callable[[Tensor], Tensor]) -> float:
    return exponent(LENGTHS, [multiply_adds(layer, n, 128) for n in LENGTHS])


def _in_d(layer: Callable[[Tensor], Tensor]) -> float:
    return exponent(WIDTHS, [multiply_adds(layer, 128, d) for d in WIDTHS])


def _in_neighbours(layer: Callable[..., Tensor], name: str) -> float:
    return exponent(NEIGHBOURS, [multiply_adds(partial(layer, **{name: size}), 128, 128) for size in NEIGHBOURS])


def length_where_recurrence_is_as_cheap() -> float:
    """Return the shortest length at which self-attention costs as many multiply-adds as recurrence, over d = 128."""
    return _length_where_recurrence_is_as_cheap(self_attention)


def length_where_recurrence_is_as_cheap_as_the_whole() -> float:
    """Return the same for self-attention with its four projections."""
    return _length_where_recurrence_is_as_cheap(projected_self_attention)


def _length_where_recurrence_is_as_cheap(layer: Callable[[Tensor], Tensor], d: int = 128) -> float:
    low, high = 1, 4 * d  # the cost of attention rises faster with n than that of recurrence
    while low < high:
        n = (low + high) // 2
        low, high = (low, n) if multiply_adds(layer, n, d) >= multiply_adds(recurrent, n, d) else (n + 1, high)
    return low / d


def growth_of_sequential_operations() -> float:
    """Return the longest chain of matrix products through self-attention at n = 64, over that at n = 8."""
    return sequential_products(self_attention, 64) / sequential_products(self_attention, 8)


def growth_of_sequential_operations_of_recurrence() -> float:
    """Return the same for a recurrent layer."""
    return sequential_products(recurrent, 64) / sequential_products(recurrent, 8)


def layers_that_connect_the_ends() -> dict[str, float]:
    """Return how many layers of self-attention it takes until the last position depends on the first."""
    return {f"n = {n}": float(layers_to_cross(lambda x, _: self_attention(x), n)) for n in (17, 65)}


def layers_that_connect_the_ends_of_a_neighbourhood() -> dict[str, float]:
    """Return the same for self-attention restricted to r = 9 positions."""
    return {f"n = {n}": float(layers_to_cross(lambda x, _: restricted_self_attention(x, r=9), n)) for n in (17, 65)}


def layers_of_dilated_convolutions() -> float:
    """Return the layers of convolutions of width 3, dilated by 3 to the power of the depth, over log₃(2n − 1), n = 122.

    L layers reach (3^L − 1)/2 positions to each side.
    """
    return layers_to_cross(lambda x, depth: convolutional(x, k=3, dilation=3**depth), 122) / math.log(2 * 122 - 1, 3)


def layers_of_contiguous_convolutions() -> float:
    """Return the same without dilation."""
    return layers_to_cross(lambda x, _: convolutional(x, k=3), 122) / math.log(2 * 122 - 1, 3)


# Parameters: section 3.4, section 5.1 and Table 3.

BASE_ROWS = tuple(row for row in TABLE_3 if row != "big")
"""The rows of Table 3 that vary the base model, and print a number of parameters."""
CONCEIVABLE = range(20_000, 60_001, 10)
"""Sizes of a vocabulary that are tried."""


def parameters_of_the_base_model() -> float:
    """Return the millions of parameters of the base model, whose one matrix of 37,000 rows embeds and predicts."""
    return parameters(BASE, vocabulary=VOCABULARY) / 1e6


def parameters_without_sharing() -> float:
    """Return the same with three matrices in place of one."""
    return parameters(BASE, vocabulary=VOCABULARY, matrices=3) / 1e6


def rows_missed_with_one_vocabulary() -> float:
    """Return how many of the base model's rows in Table 3 no rounding explains, with the vocabulary that suits best."""
    return float(min(len(rows_missed(vocabulary, rows=BASE_ROWS)) for vocabulary in CONCEIVABLE))


def rows_missed_with_the_stated_vocabulary() -> float:
    """Return the same with the 37,000 of section 5.1."""
    return float(len(rows_missed(VOCABULARY, rows=BASE_ROWS)))


def vocabulary_that_the_rows_imply() -> dict[str, float]:
    """Return the least and the largest vocabulary that explains all the base model's rows, over 37,000."""
    return _vocabulary_that_explains(BASE_ROWS)


def vocabulary_that_the_big_row_implies() -> dict[str, float]:
    """Return the same for the big model's row."""
    return _vocabulary_that_explains(("big",))


def _vocabulary_that_explains(rows: tuple[str, ...]) -> dict[str, float]:
    explaining = [vocabulary for vocabulary in CONCEIVABLE if not rows_missed(vocabulary, rows=rows)]
    return {"least": explaining[0] / VOCABULARY, "largest": explaining[-1] / VOCABULARY}


# Learning rate: section 5.3, Equation 3.


def steps_from_peak_to_warmup() -> dict[str, float]:
    """Return how far the step of the highest learning rate is from the end of the warm-up, for three warm-ups."""
    return _steps_from_peak_to_warmup(lambda step, warmup: lrate(step, warmup=warmup))


def steps_from_peak_to_warmup_without_one() -> dict[str, float]:
    """Return the same for the second branch of Equation 3 alone, step^(−1/2)."""
    return _steps_from_peak_to_warmup(lambda step, _: step**-0.5)


def _steps_from_peak_to_warmup(rate: Callable[[int, int], float]) -> dict[str, float]:
    return {
        f"warm-up {warmup}": float(abs(max(range(1, 20_001), key=lambda step: rate(step, warmup)) - warmup))
        for warmup in (400, 4000, 16_000)
    }


# Label smoothing: section 5.4.


def perplexity_of_the_best_smoothed_model() -> float:
    """Return the perplexity, on what is certain, of the distribution over 1,000 words with the least smoothed loss."""
    return _perplexity_of_the_best(epsilon=0.1)


def perplexity_of_the_best_model_without_smoothing() -> float:
    """Return the same without label smoothing, after as many steps."""
    return _perplexity_of_the_best(epsilon=0.0)


def _perplexity_of_the_best(*, epsilon: float) -> float:
    logits = torch.zeros(1, 1000, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([7])
    optimizer = torch.optim.Adam([logits], lr=0.1)
    for _ in range(500):
        optimizer.zero_grad()
        torch.autograd.backward(smoothed_loss(logits, y, epsilon=epsilon))
        optimizer.step()
    return float(smoothed_loss(logits.detach(), y, epsilon=0.0).exp())


# What the parts are for: a task made by rule.


def order_seen_without_positions() -> float:
    """Return how much an encoder layer's output at a word changes, at most, when the other words change places."""
    return _order_seen(0.0)


def order_seen_with_positions() -> float:
    """Return the same with the positional encoding added to the input."""
    return _order_seen(1.0)


def _order_seen(weight: float) -> float:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(6)
        layer = EncoderLayer(SMALL).double().eval()
    words = normal(1, 9, 64, seed=7)
    shuffled = torch.cat(
        [torch.zeros(1, dtype=torch.long), 1 + torch.randperm(8, generator=torch.Generator().manual_seed(8))]
    )
    PE = weight * positional_encoding(9, 64)
    with torch.no_grad():
        return float((layer(words + PE) - layer(words[:, shuffled] + PE))[:, 0].abs().max())


def copied_exactly() -> float:
    """Return the share of unseen sequences that a small Transformer copies without a mistake."""
    return exact(*learnt("copy"))


def copied_exactly_after_training_without_the_mask() -> float:
    """Return the same where the decoder saw, in training, the words that it was to predict."""
    return exact(*learnt("copy", causal=False))


def reversed_exactly() -> float:
    """Return the share of unseen sequences that a small Transformer reverses without a mistake."""
    return exact(*learnt("reverse"))


def reversed_exactly_without_positions() -> float:
    """Return the same for a model without the positional encoding, trained alike."""
    return exact(*learnt("reverse", positions=False))


def reversed_exactly_by_the_last_checkpoint() -> float:
    """Return the same for the weights of the last step, in place of the mean of five checkpoints."""
    return exact(*learnt("reverse", checkpoints=1))


def copied_exactly_beyond_the_lengths_of_training() -> float:
    """Return the share of sequences of 12 symbols that it copies, where training had 4 to 8."""
    model, _ = learnt("copy")
    longer = pairs(500, "copy", lengths=range(12, 13), generator=torch.Generator().manual_seed(9))
    return exact(model, longer)
