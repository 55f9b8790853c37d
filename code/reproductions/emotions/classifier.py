"""A name or a path in; a classifier of texts, as `transformers` has it, with its tokenizer, out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


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

    def encode(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return token ids and the attention mask, (B, tokens) each, where the model is, padded to the longest text.

        What is longer than the model can read is cut off.
        """
        longest = getattr(self.model.config, "max_position_embeddings", None)
        encoded = self.tokenizer(
            list(texts), padding=True, truncation=longest is not None, max_length=longest, return_tensors="pt"
        )
        return encoded["input_ids"].to(self.model.device), encoded["attention_mask"].to(self.model.device)

    def logits(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the logits of each text: ids and mask (B, tokens) in, (B, labels) out."""
        logits: Tensor = self.model(input_ids=ids, attention_mask=mask).logits
        return logits

    @torch.no_grad()
    def probabilities(self, texts: Sequence[str]) -> Tensor:
        """Return the probability of each label for each text, (B, labels)."""
        return self.logits(*self.encode(texts)).softmax(dim=1)


def load_classifier(name_or_path: str | Path) -> Classifier:
    """Return a classifier from a folder that holds it, or by its name on the Hugging Face Hub.

    Its attention is computed step by step, so that its weights can be read.

    Raises `ValueError`, in one line, for what is no classifier.
    """
    with _quietly():
        try:
            model: Any = AutoModelForSequenceClassification.from_pretrained(
                str(name_or_path), attn_implementation="eager"
            )
            tokenizer: Any = AutoTokenizer.from_pretrained(str(name_or_path))
        except (OSError, ValueError, KeyError) as error:
            said = str(error).strip().partition("\n")[0]
            raise ValueError(
                f"no classifier at '{name_or_path}': {said} "
                "hint: give a folder that `save_pretrained` wrote for model and tokenizer, or a name on the Hub"
            ) from error
    return Classifier(model.eval(), tokenizer)


def save_classifier(classifier: Classifier, folder: Path) -> None:
    """Write a classifier to a folder, as `load_classifier` and every `from_pretrained` reads it."""
    with _quietly():
        classifier.model.save_pretrained(folder)
        classifier.tokenizer.save_pretrained(folder)


@contextmanager
def _quietly() -> Iterator[None]:
    """Show no progress bars: what is loaded here is small, or reports its download itself."""
    showed = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
    try:
        yield
    finally:
        if showed:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
