"""A name or a path in; the classifier of texts that is kept there, as `transformers` reads and writes it, out."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

from reproductions.emotions.classifier import Classifier
from reproductions.emotions.hub import was_fetched, why_silent

if TYPE_CHECKING:
    from collections.abc import Iterator

UNREADABLE = (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError, UnpicklingError)
"""What `from_pretrained` raises for folders, files and weights that it cannot make sense of."""


def load_classifier(name_or_path: str | Path) -> Classifier:
    """Return a classifier from a folder that holds it, or by its name on the Hugging Face Hub.

    Its attention is computed step by step, so that its weights can be read. Where the Hub does not answer, what was
    fetched from it before is read.

    Raises `ValueError`, in one line, for what is no classifier: a folder that is not there or does not hold one, a name
    of which nothing is here while the Hub does not answer, a model whose head was never trained, or one without its
    tokenizer.
    """
    name, is_folder = str(name_or_path), Path(name_or_path).is_dir()
    if _means_a_folder(name) and not is_folder:
        raise _no_classifier(name, "there is no such folder")
    silence = None if is_folder else why_silent(name)
    with _quietly(bars=not is_folder and silence is None and not was_fetched(name)):
        try:
            model: Any
            model, found = AutoModelForSequenceClassification.from_pretrained(
                name, attn_implementation="eager", output_loading_info=True, local_files_only=silence is not None
            )
            tokenizer: Any = AutoTokenizer.from_pretrained(name, local_files_only=silence is not None)
        except UNREADABLE as error:
            first_line = str(error).strip().partition("\n")[0]
            why = first_line if silence is None else f"{silence}, and it was not fetched before"
            raise _no_classifier(name, why) from error
    if found["missing_keys"]:
        missing = sorted(found["missing_keys"])
        raise _no_classifier(name, f"{missing[0]} and {len(missing) - 1} other weights are not there")
    if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):
        raise _no_classifier(name, "its tokenizer is not there")
    return Classifier(model.eval(), tokenizer)


def _means_a_folder(name: str) -> bool:
    """Return whether this can be no name on the Hub, which is `model` or `owner/model`."""
    return name.startswith(("/", ".", "~")) or name.count("/") > 1 or "\\" in name


def _no_classifier(name: str, why: str) -> ValueError:
    hint = "give a folder that `save_pretrained` wrote for model and tokenizer, or a name on the Hub"
    return ValueError(f"no classifier at '{name}': {why.rstrip('.')}; hint: {hint}")


def save_classifier(classifier: Classifier, folder: Path) -> None:
    """Write a classifier to a folder, as `load_classifier` and every `from_pretrained` reads it."""
    with _quietly():
        classifier.model.save_pretrained(folder)
        classifier.tokenizer.save_pretrained(folder)


@contextmanager
def _quietly(*, bars: bool = False) -> Iterator[None]:
    """Show no reports, and no progress bars but of what is fetched: what is wrong is told in one line."""
    showed, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    if not bars:
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers leaves it so
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if showed:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it so
