"""Nothing in; the emotion classifier out: trained the first time, read from disk from then on.

It is kept in the `.cache` of the library that one works in, else in the user's cache folder, under a fingerprint of the
training's code and sentences and of the packages that compute. So it is never older than what it was made from, and no
weights are in the repository.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from filelock import FileLock

from reproductions.emotions import classifier, sentences, training, vocabulary
from reproductions.emotions.saved_classifier import load_classifier, save_classifier
from reproductions.emotions.training import trained_here
from reproductions.kept import cache_folder

if TYPE_CHECKING:
    from reproductions.emotions.classifier import Classifier

MADE_FROM = (classifier, sentences, training, vocabulary)
COMPUTE = ("torch", "transformers", "tokenizers")


@cache
def emotion_classifier() -> Classifier:
    """Return the classifier of six emotions, trained on our sentences.

    Read once a process: do not change its weights. The first time on a machine it is trained, in under a minute.
    """
    return kept_in(cache_folder("emotions"))


def is_kept() -> bool:
    """Return whether the classifier of six emotions can be read at once, and has not to be trained first."""
    return cache_folder("emotions").joinpath(fingerprint()).is_dir()


def kept_in(folder: Path) -> Classifier:
    """Return the classifier kept in a folder; train and keep it if it is not there. Two processes train it once."""
    kept = folder / fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "training.lock"):
        if not kept.is_dir():
            trained = trained_here()
            making = Path(mkdtemp(dir=folder))
            try:
                save_classifier(trained, making)
                making.rename(kept)
            finally:
                shutil.rmtree(making, ignore_errors=True)
    read = load_classifier(kept)
    read.model.requires_grad_(False)
    return read


def fingerprint() -> str:
    """Return a digest of all that the weights follow from."""
    digest = hashlib.sha256()
    for module in MADE_FROM:
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(sentences.TRAINING.read_bytes())
    digest.update(" ".join(version(package) for package in COMPUTE).encode())
    return digest.hexdigest()[:16]
