"""`python -m reproductions.attribution "A sentence."`: which of its words say what a classifier makes of it."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from reproductions.attribution.marked_text import as_lines, as_page
from reproductions.attribution.reading import read_text
from reproductions.attribution.to_tolerance import ToleranceNotMet
from reproductions.attribution.word_importance import word_importance
from reproductions.emotions.kept import emotion_classifier, is_kept
from reproductions.emotions.saved_classifier import load_classifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reproductions.emotions.classifier import Classifier


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the sentence with its words weighted; return 0, 1 where that cannot be done, 130 if interrupted."""
    given = _parser().parse_args(arguments)
    try:
        return _weigh(given)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


def _weigh(given: argparse.Namespace) -> int:
    classifier = _emotion_classifier() if given.model is None else load_classifier(given.model)
    reading = read_text(classifier, given.sentence, label=given.label)
    with warnings.catch_warnings(record=True, category=ToleranceNotMet) as missed:
        found = word_importance(reading, tolerance=given.tolerance)
    if given.html is not None:
        given.html.write_text(as_page(found), encoding="utf-8")
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    sys.stdout.write("\n".join(as_lines(found, coloured=coloured)) + "\n")
    for warning in missed:
        sys.stderr.write(f"warning: {warning.message}\n")
    return 0


def _emotion_classifier() -> Classifier:
    if not is_kept():
        sys.stderr.write("training the classifier of six emotions, once on this machine: a minute or less …\n")
    return emotion_classifier()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reproductions.attribution",
        description="Weigh the words of a sentence by what they say for the label that a classifier gives it.",
    )
    parser.add_argument("sentence")
    parser.add_argument(
        "--model",
        metavar="PATH",
        help="a folder with a classifier and its tokenizer, or its name on the Hugging Face Hub; "
        "without it, the classifier of six emotions, which is trained the first time",
    )
    parser.add_argument("--label", help="the label to ask for; without it, the one that the classifier gives")
    parser.add_argument(
        "--tolerance", type=float, default=1e-2, help="relative error of the attributions (default: %(default)s)"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write the marked sentence as a web page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
