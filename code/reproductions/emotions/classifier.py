"""A model of `transformers` and its tokenizer in; texts in, and what the model says of each of its labels, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


Answer = Literal["one label", "any labels", "numbers"]
"""What a model says: which of its labels it is, each label for itself, or a number for each."""


@dataclass(frozen=True)
class Classifier:
    """A model that gives each text one logit a label, in evaluation mode, and its tokenizer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase

    @property
    def labels(self) -> list[str]:
        """The names of the outputs, in order."""
        names: Any = self.model.config.id2label
        return [str(names[index]) for index in range(len(names))]

    @property
    def answer(self) -> Answer:
        """What the model says, by the `problem_type` of its configuration.

        Where that says nothing, a single output is a number and several are one label: so does `transformers` train.
        """
        problem = self.model.config.problem_type
        if problem == "multi_label_classification":
            return "any labels"
        if problem == "regression" or (problem is None and len(self.labels) == 1):
            return "numbers"
        return "one label"

    @property
    def longest(self) -> int | None:
        """How many tokens the model can read, special ones included; None where nothing bounds them."""
        places: int | None = getattr(self.model.config, "max_position_embeddings", None)
        if places is None:
            return None
        for name, module in self.model.named_modules():
            if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
                places -= module.padding_idx + 1  # RoBERTa counts its positions from behind that of padding
        return min(places, int(self.tokenizer.model_max_length))

    def encode(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return token ids and the attention mask, (B, tokens) each, where the model is, padded to the longest text.

        What is longer than the model can read is cut off.
        """
        longest = self.longest
        encoded = self.tokenizer(
            list(texts), padding=True, truncation=longest is not None, max_length=longest, return_tensors="pt"
        )
        return encoded["input_ids"].to(self.model.device), encoded["attention_mask"].to(self.model.device)

    def logits(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the logits of each text: ids and mask (B, tokens) in, (B, labels) out."""
        logits: Tensor = self.model(input_ids=ids, attention_mask=mask).logits
        return logits

    def scores(self, logits: Tensor) -> Tensor:
        """Return what logits say: probabilities that add up to one, a probability each, or the numbers as they are.

        Shapes: (B, labels) in, the same out.
        """
        if self.answer == "any labels":
            return logits.sigmoid()
        return logits if self.answer == "numbers" else logits.softmax(dim=1)

    @torch.no_grad()
    def probabilities(self, texts: Sequence[str]) -> Tensor:
        """Return the score of each label for each text, (B, labels): probabilities, or the model's numbers."""
        return self.scores(self.logits(*self.encode(texts)))
