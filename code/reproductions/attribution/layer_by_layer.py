"""A text as a classifier reads it in; what each layer's states are given of the logit, out.

Captum's tutorial on BERT, and the notebook of the first days, draw these: `LayerIntegratedGradients` at one layer after
the other. A later layer's states are no words any more, each has taken something from all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from reproductions.attribution.baselines import mean_embedding_baseline
from reproductions.attribution.layer_attribution import LayerIntegratedGradients
from reproductions.attribution.reading import encoder_layers, word_embeddings

if TYPE_CHECKING:
    from torch import Tensor

    from reproductions.attribution.reading import Reading


def layers_by_tokens(reading: Reading, *, tolerance: float = 1e-2) -> Tensor:
    """Return the attributions to the output of each layer of the encoder, from the first on: (layers, T, d)."""
    attributions = [
        LayerIntegratedGradients(reading.classifier.logits, layer).attribute(
            reading.ids,
            reading.baseline_ids,
            target=reading.target,
            additional_forward_args=reading.mask,
            tolerance=tolerance,
        )
        for layer in encoder_layers(reading.classifier)
    ]
    return torch.cat([one[0] if isinstance(one, tuple) else one for one in attributions])


def words_and_positions(reading: Reading, *, tolerance: float = 1e-2) -> tuple[Tensor, Tensor]:
    """Return the attributions to the embeddings of words and to those of positions, (T, d) each.

    The path for words starts at those of the text that says nothing, the path for positions at the mean of the text's
    positions, which tells none from another. One must say so: a text that says nothing has its words at the same
    positions, so that positions would not move on the path and be given exactly nothing. Nor will zero do: where words
    begin at zero too, as padding does here, layer normalization makes the whole path but its first point the same.

    A model looks its positions up once for all texts of a batch, so that their value has the shape (1, T, d) whatever
    the batch. `LayerIntegratedGradients` here gives each text its own row; Captum's takes the one row for one text, so
    that it returns a wrong shape, or fails, for several.
    """
    words = word_embeddings(reading.classifier)
    positions = position_embeddings(reading)
    start = reading.embeddings(reading.baseline_ids)
    nowhere = mean_embedding_baseline(start, positions.weight[: start.shape[1]])
    to_words, to_positions = LayerIntegratedGradients(reading.classifier.logits, [words, positions]).attribute(
        reading.ids,
        target=reading.target,
        additional_forward_args=reading.mask,
        layer_baselines=(start, nowhere),
        tolerance=tolerance,
    )
    return to_words[0], to_positions[0]


def position_embeddings(reading: Reading) -> torch.nn.Embedding:
    """Return the layer that looks up the embeddings of positions.

    Raises `ValueError` for a model that has none, since its positions enter elsewhere.
    """
    for name, module in reading.classifier.model.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, torch.nn.Embedding):
            return module
    raise ValueError(f"a {type(reading.classifier.model).__name__} has no embeddings of positions")
