"""Whose words a decoder is given in training in; what it has learnt after as many steps, out.

Equation 1 of Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3) conditions each word on the true words before it, and
so does the loss that training minimizes; the name is teacher forcing. At test time there are only the model's own.
The model is that of Cho and others 2014, the task that of `order` with the source reversed.
"""

from __future__ import annotations

from functools import cache

import torch

from reproductions.seq2seq.order import training_data
from reproductions.seq2seq.rnn_encoder_decoder import RNNEncoderDecoder
from reproductions.seq2seq.training import train
from reproductions.transformer.copying import SYMBOLS


@cache
def learnt(*, teacher: bool, seed: int = 0) -> RNNEncoderDecoder:
    """Return a model after 500 batches, given the true words before each word, or its own; the seed is the weights'."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = RNNEncoderDecoder(SYMBOLS.stop)
        train(model, training_data("copy", reverse=True), teacher=teacher)
    return model
