r"""Citation keys: authors, year and title come in; `vaswani2017attention` goes out.

A key is the first author's surname, the year, and the first word of the title that says something, in lower case
ASCII. It names the paper's file, so it holds letters and digits only, and once given it is never changed.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_STOP_WORD = re.compile("a|an|and|are|as|at|by|do|does|for|from|in|is|of|on|or|the|to|via|with")
"""Articles, prepositions and auxiliaries. Question words stay: `keshav2007how` asks how."""

_SUFFIX = re.compile(r"(?:jr|sr|junior|senior|ii|iii|iv|phd|ph\.d|md|m\.d)\.?", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:collaboration|team|group|consortium)\b", re.IGNORECASE)
_PARTICLE = re.compile("van|von|de|der|den|del|della|di|da|das|dos|du|la|le|lo|ter|ten|zu|zur|af|av|el|al|bin|ibn")

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
"""Letters that Unicode does not decompose into a base letter and a mark."""

_MATH = re.compile(r"\$\$?.*?\$\$?|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_LATEX_LETTER = re.compile(r"\\(ss|o|l|ae|oe|aa|i|j)(?![A-Za-z])\s*", re.IGNORECASE)
_LATEX_ACCENT = re.compile(r"\\(?:[^A-Za-z\s]|[uvHtcdbkr](?![A-Za-z]))\s*")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\*?")


def citation_key(authors: Sequence[str], year: int, title: str) -> str:
    r"""Return `surnameYYYYword` for a paper.

    `authors` are names as people write them ("Aäron van den Oord") or as BibTeX does ("van den Oord, Aäron"). The
    surname keeps its particles (`vandenoord`), joins its hyphens and loses "Jr."; a collaboration counts by its name
    (`atlas`). A word of the title joins its hyphens too (`pretraining`), begins with a letter and has two at least;
    formulas and LaTeX commands are no words, what a command wraps is. An author or a title without any Latin letter
    gives `anonymous` and `untitled`.
    """
    surname = next(filter(None, map(_surname, authors)), "anonymous")
    word = next(_significant(title), "untitled")
    return f"{surname}{year:04d}{word}"


def distinct_key(key: str, taken: Collection[str]) -> str:
    """Return `key`, or where it is taken the first of `keya`, `keyb`, …, `keyz`, `keyaa`, … that is not."""
    if key not in taken:
        return key
    suffixes = itertools.chain.from_iterable(
        map("".join, itertools.product(string.ascii_lowercase, repeat=size)) for size in itertools.count(1)
    )
    return next(candidate for suffix in suffixes if (candidate := key + suffix) not in taken)


def name_parts(name: str) -> tuple[str, str, str]:
    """Return a name's given part, its surname with its particles, and its suffix; a group is all surname."""
    if _GROUP.search(name):
        return "", name.strip(), ""
    family, *rest = (part.strip() for part in name.split(",", 2))
    suffix = " ".join(part for part in rest if _SUFFIX.fullmatch(part))
    given = " ".join(part for part in rest if not _SUFFIX.fullmatch(part))
    if given:
        return given, family, suffix
    words = family.split()
    while len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = f"{words.pop()} {suffix}".strip()
    start = max(len(words) - 1, 0)
    # Lower-case words before the last are particles, as in BibTeX; the first word is a given name whatever its case.
    while start > 1 and words[start - 1][0].islower():
        start -= 1
    # "Wim Van den Broeck": a capital particle is one only where another follows; alone it may be a middle name.
    if 1 < start < len(words) - 1 and _PARTICLE.fullmatch(words[start - 1].lower()):
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:]), suffix


def _surname(name: str) -> str:
    """Return the surname in lower case ASCII letters, or nothing where the name has none."""
    name = _without_latex(re.sub(r"\([^)]*\)", " ", name))
    if _GROUP.search(name):
        return next(_significant(_GROUP.sub(" ", name)), "")
    return _letters(name_parts(name)[1])


def _significant(title: str) -> Iterator[str]:
    """Yield the words of a title that may stand in a key, in their order."""
    for text in (_without_latex(_MATH.sub(" ", title)), _without_latex(title)):  # the second if all is formula
        for word in re.split(r"[^\w'’‐‑-]+", re.sub(r"['’]s\b", "", _undecorated(text))):
            plain = re.sub(r"[^a-z0-9]", "", word)
            if len(plain) > 1 and plain[0].isalpha() and not _STOP_WORD.fullmatch(plain):
                yield plain


def _without_latex(text: str) -> str:
    """Return text with LaTeX's accents, commands and braces taken away, and what they wrap kept."""
    text = _LATEX_LETTER.sub(r"\1", text)
    text = _LATEX_ACCENT.sub("", text)
    return re.sub(r"[{}$]", "", _LATEX_COMMAND.sub(" ", text)).replace("~", " ")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", _undecorated(text))


def _undecorated(text: str) -> str:
    """Return text in lower case, each letter without its diacritics."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
