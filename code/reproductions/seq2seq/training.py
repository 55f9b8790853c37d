r"""A model and pairs of sequences in; the model trained to make the right target likely, out.

Sutskever, Vinyals and Le 2014 (arXiv 1409.3215v3), section 3.2: with $S$ a source and $T$ its target, the
training objective is $\frac{1}{|\mathcal{S}|} \sum_{(T, S) \in \mathcal{S}} \log p(T \mid S)$. The optimizer is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.seq2seq.encoder_decoder import free_running, log_probabilities, teacher_forced
from reproductions.transformer.copying import PADDING

if TYPE_CHECKING:
    from reproductions.seq2seq.encoder_decoder import EncoderDecoder
    from reproductions.transformer.copying import Pairs


def train(model: EncoderDecoder, data: Pairs, *, batch: int = 64, rate: float = 3e-3, teacher: bool = True) -> None:
    """Train the model once through the data.

    Equation 1 asks for each word given the true words before it, which is teacher forcing; with `teacher=False` the
    model is given the words that it found likeliest itself. Gradients longer than 5 are cut to 5 (section 3.4).

    Where it differs from the paper: Adam in place of gradient descent at 0.7, and the mean is over words.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    steps = -(-len(data.source) // batch)
    for source, target in zip(data.source.chunk(steps), data.target.chunk(steps), strict=True):
        if teacher:
            logits = teacher_forced(model, source, target)
        else:
            logits = free_running(model, source, length=target.shape[1])
        loss = -log_probabilities(logits, target).sum() / (target != PADDING).sum()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
