"""Texts in; a WordPiece tokenizer whose vocabulary was made from them, out.

The vocabulary grows from letters, by the pair of pieces that stands together most often: Sennrich, Haddow and Birch
2016 (arXiv 1508.07909), section 3.2. So does that of `tokenizers`' trainer; but among pairs that are equally frequent
it takes another one in every process, and a model with other words each time would be another model each time.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import DistilBertTokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""With the ids 0 to 4."""


def word_piece_tokenizer(texts: Iterable[str], *, size: int) -> DistilBertTokenizer:
    """Return a tokenizer of lower-case word pieces, `size` of them at most, special ones included."""
    pieces = word_pieces(Counter(word for text in texts for word in words(text)), size=size - len(SPECIAL))
    return DistilBertTokenizer(vocab={piece: index for index, piece in enumerate((*SPECIAL, *pieces))})


def words(text: str) -> list[str]:
    """Return the words and marks of a text, in lower case, as BERT's tokenizer parts them."""
    normal = BertNormalizer(lowercase=True).normalize_str(text)
    return [word for word, _ in BertPreTokenizer().pre_tokenize_str(normal)]


def word_pieces(counts: Counter[str], *, size: int) -> list[str]:
    """Return the letters of the words, then what joins the most frequent pairs of pieces, until there are `size`.

    A piece that does not begin a word has `##` in front. Of equally frequent pairs the first by the alphabet is joined.
    """
    parted = {word: [word[0], *(f"##{letter}" for letter in word[1:])] for word in counts}
    pieces = dict.fromkeys(sorted({piece for parts in parted.values() for piece in parts}))
    while len(pieces) < size:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in parted.items():
            for pair in pairwise(parts):
                pairs[pair] += counts[word]
        if not pairs:
            break
        left, right = min(pairs, key=lambda pair: (-pairs[pair], pair))
        pieces[left + right.removeprefix("##")] = None
        parted = {word: _joined(parts, left, right) for word, parts in parted.items()}
    return list(pieces)[:size]


def _joined(parts: list[str], left: str, right: str) -> list[str]:
    """Return the parts of a word with each `left` that `right` follows joined to it."""
    joined: list[str] = []
    for part in parts:
        if part == right and joined and joined[-1] == left:
            joined[-1] = left + right.removeprefix("##")
        else:
            joined.append(part)
    return joined
