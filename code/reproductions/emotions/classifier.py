"""A name or a path in; a classifier of texts, as `transformers` has it, with its tokenizer, out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


UNREADABLE = (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError, UnpicklingError)
"""What `from_pretrained` raises for folders, files and weights that it cannot make sense of."""


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

    @torch.no_grad()
    def probabilities(self, texts: Sequence[str]) -> Tensor:
        """Return the probability of each label for each text, (B, labels)."""
        return self.logits(*self.encode(texts)).softmax(dim=1)


def load_classifier(name_or_path: str | Path) -> Classifier:
    """Return a classifier from a folder that holds it, or by its name on the Hugging Face Hub.

    Its attention is computed step by step, so that its weights can be read.

    Raises `ValueError`, in one line, for what is no classifier: a folder that is not there or does not hold one, a
    model whose head was never trained, one with a single output, or one without its tokenizer.
    """
    if _means_a_folder(str(name_or_path)) and not Path(name_or_path).is_dir():
        raise _no_classifier(name_or_path, "there is no such folder")
    with _quietly():
        try:
            model: Any
            model, found = AutoModelForSequenceClassification.from_pretrained(
                str(name_or_path), attn_implementation="eager", output_loading_info=True
            )
            tokenizer: Any = AutoTokenizer.from_pretrained(str(name_or_path))
        except UNREADABLE as error:
            raise _no_classifier(name_or_path, str(error).strip().partition("\n")[0]) from error
    if found["missing_keys"]:
        missing = sorted(found["missing_keys"])
        raise _no_classifier(name_or_path, f"{missing[0]} and {len(missing) - 1} other weights are not there")
    if model.config.num_labels < 2:
        raise _no_classifier(name_or_path, "it has one output, and a label needs another to be told from")
    if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):
        raise _no_classifier(name_or_path, "its tokenizer is not there")
    return Classifier(model.eval(), tokenizer)


def _means_a_folder(name_or_path: str) -> bool:
    """Return whether this can be no name on the Hub, which is `model` or `owner/model`."""
    return name_or_path.startswith(("/", ".", "~")) or name_or_path.count("/") > 1 or "\\" in name_or_path


def _no_classifier(name_or_path: str | Path, why: str) -> ValueError:
    hint = "give a folder that `save_pretrained` wrote for model and tokenizer, or a name on the Hub"
    return ValueError(f"no classifier at '{name_or_path}': {why.rstrip('.')}; hint: {hint}")


def save_classifier(classifier: Classifier, folder: Path) -> None:
    """Write a classifier to a folder, as `load_classifier` and every `from_pretrained` reads it."""
    with _quietly():
        classifier.model.save_pretrained(folder)
        classifier.tokenizer.save_pretrained(folder)


@contextmanager
def _quietly() -> Iterator[None]:
    """Show no progress bars and no reports: what is wrong with a classifier is told in one line."""
    showed, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers leaves it so
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if showed:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
