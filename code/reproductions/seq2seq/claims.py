"""Nothing in; one number, or a few named ones, out of each function: what the claims of three notes measure.

The papers are Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3), Cho and others 2014 (arXiv 1406.1078v3) and Bahdanau,
Cho and Bengio 2014 (arXiv 1409.0473v7). A check and its control are the same measurement, taken of two methods. All
numbers come from fixed seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.seq2seq import long_inputs, own_words
from reproductions.seq2seq.encoder_decoder import exact, perplexity, teacher_forced
from reproductions.seq2seq.lstm_pair import LSTMPair, probability_by_length
from reproductions.seq2seq.order import learnt, loss_by_position, unseen
from reproductions.seq2seq.rnn_encoder_decoder import RNNEncoderDecoder
from reproductions.seq2seq.rnn_search import RNNsearch
from reproductions.seq2seq.spoken_dates import VOCABULARY
from reproductions.transformer.copying import END, SYMBOLS

if TYPE_CHECKING:
    from reproductions.seq2seq.encoder_decoder import EncoderDecoder
    from reproductions.transformer.copying import Task

# A distribution over sequences of all lengths: 1409.3215, section 2.


def probability_of_all_outputs() -> float:
    """Return the probability of all outputs of up to 12 symbols of two, from a pair of LSTMs that is not trained."""
    return _by_length().sum().item()


def probability_of_all_outputs_without_an_end() -> float:
    """Return the same where a sequence need not end: what has begun with a sequence counts as that sequence, too."""
    by_length = _by_length()
    continued = 1 - by_length.cumsum(dim=0)
    return (continued + by_length).sum().item()


def _by_length() -> torch.Tensor:
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        model = LSTMPair(END + 3)
        model.output.bias[:END] = -torch.inf  # neither padding nor start is ever written
        return probability_by_length(model, torch.tensor([[END + 1, END + 2, END]]), longest=12, symbols=2, end=END)


# The size of the model: 1409.3215, section 3.4.


def parameters() -> float:
    """Return the millions of parameters of the paper's model: 4 layers of 1000 cells, 160,000 and 80,000 words."""
    return sum(weights.numel() for weights in _at_full_size().parameters()) / 1e6


def parameters_of_one_lstm_for_both() -> float:
    """Return the same where one LSTM reads and writes, as it might (section 2)."""
    return parameters() - sum(weights.numel() for weights in _at_full_size().decoder.parameters()) / 1e6


def _at_full_size() -> LSTMPair:
    with torch.device("meta"):
        return LSTMPair(80_000, of_source=160_000, m=1000, n=1000, layers=4)


# The order of the source: 1409.3215, section 3.3.


def perplexity_when_reversed() -> float:
    """Return the perplexity of unseen targets with the source reversed, over that with the source as it is.

    The translation keeps the order of the words, as a copy does.
    """
    return _perplexity_when_reversed("copy")


def perplexity_when_reversed_though_the_target_is() -> float:
    """Return the same for a translation that turns the order of the words round."""
    return _perplexity_when_reversed("reverse")


def _perplexity_when_reversed(task: Task) -> float:
    reversed_, as_it_is = (
        perplexity(learnt(task, reverse=reverse), *unseen(task, reverse=reverse)) for reverse in (True, False)
    )
    return reversed_ / as_it_is


def gains_at_each_word() -> dict[str, float]:
    """Return by how many nats the loss of each of the first eight target words falls when the source is reversed."""
    return _gains_at_each_word("copy")


def gains_at_each_word_though_the_target_is_reversed() -> dict[str, float]:
    """Return the same for a translation that turns the order of the words round."""
    return _gains_at_each_word("reverse")


def _gains_at_each_word(task: Task) -> dict[str, float]:
    gains = loss_by_position(task, reverse=False) - loss_by_position(task, reverse=True)
    return {f"word {position}": gain for position, gain in enumerate(gains.tolist(), start=1)}


# Teacher forcing: 1409.3215, Equation 1.


def written_whole_after_training_on_own_words() -> float:
    """Return how many unseen targets a decoder trained on its own words writes whole, over those of teacher forcing."""
    return _over_teacher_forcing(own_words.learnt(teacher=False))


def written_whole_after_another_start() -> float:
    """Return the same for teacher forcing from other first weights."""
    return _over_teacher_forcing(own_words.learnt(teacher=True, seed=1))


def _over_teacher_forcing(model: EncoderDecoder) -> float:
    data = unseen("copy", reverse=True)
    return exact(model, *data) / exact(own_words.learnt(teacher=True), *data)


# The summary at every word: 1406.1078, section 2.2.


def source_felt_at_the_fortieth_word() -> float:
    """Return how much the logits of word 40 change with the source, over how much those of word 1 do.

    The least of four decoders with random weights, as torch starts them, that read the summary c at every word.
    """
    return min(_source_felt(seed, at_every_word=True) for seed in range(4))


def source_felt_at_the_fortieth_word_if_read_once() -> float:
    """Return the most for the same decoders where c makes the first state and is not seen again."""
    return max(_source_felt(seed, at_every_word=False) for seed in range(4))


@torch.no_grad()
def _source_felt(seed: int, *, at_every_word: bool) -> float:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = RNNEncoderDecoder(SYMBOLS.stop)
        one, other = torch.randint(SYMBOLS.start, SYMBOLS.stop, (2, 16, 8))
        target = torch.randint(SYMBOLS.start, SYMBOLS.stop, (16, 40))
    if not at_every_word:
        for name in ("C", "C_z", "C_r", "O_c"):
            model.decoder.get_parameter(f"{name}.weight").zero_()
    change = (teacher_forced(model, one, target) - teacher_forced(model, other, target)).norm(dim=-1).mean(dim=0)
    return float(change[-1] / change[0])


# Long sources: 1409.0473, section 5.1 and Figure 2.

LONG = (12, 16)
"""Phrases of filler in sources that are twice, and two and a half times, as long as the longest in training."""


def kept_on_long_sources() -> dict[str, float]:
    """Return the share of dates written right from long sources, over that from sources without any filler."""
    return _kept_on_long_sources(long_inputs.learnt("at each word"))


def kept_on_long_sources_by_one_vector() -> dict[str, float]:
    """Return the same for a model that looks once, trained alike."""
    return _kept_on_long_sources(long_inputs.learnt("once"))


def kept_on_long_sources_by_one_vector_after_longer_training() -> dict[str, float]:
    """Return the same for a model that looks once and has seen 300 batches in place of 180."""
    return _kept_on_long_sources(long_inputs.learnt("once", steps=300))


def _kept_on_long_sources(model: RNNsearch) -> dict[str, float]:
    short = long_inputs.translated(model, 0)
    return {f"{long_inputs.words(k):.0f} words": long_inputs.translated(model, k) / short for k in LONG}


# Alignments: 1409.0473, section 5.2.1 and Figure 3.


def digits_that_look_at_their_part() -> dict[str, float]:
    """Return the share of digits, of unseen dates, that look most at the words of their own part, by part."""
    return _digits_that_look_at_their_part(long_inputs.learnt("at each word"))


def digits_that_look_at_their_part_untrained() -> dict[str, float]:
    """Return the same for a model that has learnt nothing."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return _digits_that_look_at_their_part(RNNsearch(VOCABULARY))


def _digits_that_look_at_their_part(model: RNNsearch) -> dict[str, float]:
    share = long_inputs.looked_at(model, long_inputs.unseen(3)).double().mean(dim=0)
    parts = {"year": share[:4], "month": share[4:6], "day": share[6:]}
    return {name: digits.mean().item() for name, digits in parts.items()}
