"""Nothing in; sentences and the emotion that each of them shows, out: those to learn from, and those to be tested on.

They stand in `training.txt` and `test.txt` beside this module, and were written one by one for this project. No test
sentence is a training sentence with words exchanged; what the two share is the words of feeling themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

EMOTIONS = ("sadness", "joy", "love", "anger", "fear", "surprise")
"""In the order of the classifier's outputs."""
TRAINING = Path(__file__).with_name("training.txt")
TEST = Path(__file__).with_name("test.txt")


class Sentence(NamedTuple):
    """A text, and the index in `EMOTIONS` of what it shows."""

    text: str
    emotion: int


def training_sentences() -> list[Sentence]:
    """Return the sentences that the classifier is trained on."""
    return read_sentences(TRAINING)


def held_out_sentences() -> list[Sentence]:
    """Return the sentences that the classifier is tested on."""
    return read_sentences(TEST)


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a file: one a line, below a line `# joy` that names the emotion of those that follow.

    Raises `ValueError`, with the line, for an emotion that is not known and for a sentence before the first of them.
    """
    sentences: list[Sentence] = []
    emotion = -1
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("# "):
            if line[2:] not in EMOTIONS:
                raise ValueError(f"{path.name}:{number}: no emotion of ours: '{line[2:]}'; hint: {', '.join(EMOTIONS)}")
            emotion = EMOTIONS.index(line[2:])
        elif line:
            if emotion < 0:
                raise ValueError(f"{path.name}:{number}: which emotion is it? hint: begin with a line such as '# joy'")
            sentences.append(Sentence(line, emotion))
    return sentences
