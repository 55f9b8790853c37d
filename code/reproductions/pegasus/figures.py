"""Nothing in; matplotlib figures out: what the note on PEGASUS shows.

Colours are those of matplotlib's cycle, so that whoever asks for a figure chooses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from reproductions.pegasus.documents import documents
from reproductions.pegasus.gap_sentences import importance, independent, sequential

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def importance_and_length() -> Figure:
    """Draw the importance of each sentence of a news article, and of many sentences against their length."""
    article = documents()[0]
    chosen, together = independent(article, 3), sequential(article, 3)
    figure, (above, below) = plt.subplots(2, 1, layout="constrained", height_ratios=(1, 1.1))
    s = importance(article)
    colours = ["C1" if i in chosen else "C0" for i in range(len(article))]
    above.bar(range(1, len(article) + 1), s, color=colours)
    above.plot([i + 1 for i in together], [s[i] + 0.01 for i in together], "v", color="C2", label="chosen in sequence")
    above.set(title="Importance of each sentence of an article", xlabel="sentence", ylabel="ROUGE-1 F1")
    above.legend(fontsize=8)
    some = documents()[:40]
    below.scatter(
        [len(sentence) for document in some for sentence in document],
        [score for document in some for score in importance(document)],
        s=6,
        alpha=0.5,
    )
    below.set(title="Importance and length, sentences of 40 articles", xlabel="words", ylabel="ROUGE-1 F1")
    return figure
