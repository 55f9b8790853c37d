"""Nothing in; a matplotlib figure out: what the note on DistilBERT shows of the classifier.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

from reproductions.emotions.kept import emotion_classifier
from reproductions.emotions.sentences import EMOTIONS, held_out_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure


def what_it_answers() -> Figure:
    """Draw, for each emotion, how many of its held-out sentences were answered rightly, and what the others were."""
    sentences = held_out_sentences()
    with torch.no_grad():
        answers = emotion_classifier().probabilities([each.text for each in sentences]).argmax(dim=1).tolist()
    right, mistaken = answers_by_emotion([each.emotion for each in sentences], answers)
    figure, axis = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    wrong = [sum(others.values()) for others in mistaken]
    axis.barh(EMOTIONS, right, color="C0", label="found")
    axis.barh(EMOTIONS, wrong, left=right, facecolor="none", edgecolor="C1", hatch="///", label="taken for another")
    for place, (found, others) in enumerate(zip(right, mistaken, strict=True)):
        said = ", ".join(f"{EMOTIONS[other]} {count}" for other, count in others.most_common())
        axis.annotate(
            said, (found + others.total(), place), (4, 0), textcoords="offset points", va="center", fontsize=8
        )
    most = max(found + others for found, others in zip(right, wrong, strict=True))
    axis.set_xlim(0, 1.75 * most)  # room for the names
    axis.set_xticks(range(0, most + 1, 5))
    axis.invert_yaxis()
    axis.set_xlabel("held-out sentences", loc="left")
    figure.legend(loc="outside upper left", ncols=2, fontsize=8, frameon=False)
    return figure


def answers_by_emotion(emotions: Sequence[int], answers: Sequence[int]) -> tuple[list[int], list[Counter[int]]]:
    """Return for each emotion how many answers were right, and a count of the others; both by index in `EMOTIONS`."""
    pairs = Counter(zip(emotions, answers, strict=True))
    indices = range(len(EMOTIONS))
    mistaken = [Counter({other: pairs[each, other] for other in indices if other != each}) for each in indices]
    return [pairs[each, each] for each in indices], [+others for others in mistaken]
