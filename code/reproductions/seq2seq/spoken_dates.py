"""A seed in; dates as one says them, with words around and between that say nothing, and the same in ISO 8601, out.

A translation made by rule: "on the third of march nineteen eighty four" into "1984-03-03". The words of the source
stand in the order day, month, year and those of the target in the other, so that a translation has to reorder; the
filler makes a source longer and its target not. All dates from 1900 to 1999 occur; that is all the data there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import torch
from torch import Tensor

from reproductions.transformer.copying import END, PADDING, Pairs

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
)
NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
FILLER = (
    *("well", "you know", "as far as i recall", "let me think", "if i am not mistaken", "it must have been"),
    *("so to say", "i believe", "was it not", "on a fine day", "or so they say", "when we were young", "as it were"),
)
"""Phrases that may stand between any two parts of a date and mean nothing."""
CHARACTERS = "0123456789-"


def spoken(day: date) -> tuple[str, str, str]:
    """Return the three parts of a date of the twentieth century as one says them: its day, month and year.

    Raises `ValueError` for another century.
    """
    if day.year // 100 != 19:
        raise ValueError(f"{day} is not in the years 1900 to 1999; hint: other centuries are said in other ways")
    return f"the {_ordinal(day.day)}", f"of {MONTHS[day.month - 1]}", f"nineteen {_year(day.year % 100)}"


def _ordinal(number: int) -> str:
    if number < 20:
        return ORDINALS[number - 1]
    tens, ones = divmod(number, 10)
    if ones == 0:
        return {2: "twentieth", 3: "thirtieth"}[tens]
    return f"{TENS[tens - 2]} {ORDINALS[ones - 1]}"


def _year(number: int) -> str:
    if number == 0:
        return "hundred"
    if number < 10:
        return f"oh {NUMBERS[number - 1]}"
    if number < 20:
        return NUMBERS[number - 1]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens - 2]} {NUMBERS[ones - 1]}" if ones else TENS[tens - 2]


WORDS = sorted(
    {
        word
        for phrase in (*MONTHS, *ORDINALS, *NUMBERS, *TENS, *FILLER, "the of hundred oh twentieth thirtieth")
        for word in phrase.split()
    }
)
"""Every word that a source may hold; token 3 is the first of them."""
VOCABULARY = 3 + max(len(WORDS), len(CHARACTERS))


@dataclass(frozen=True)
class Dates:
    """Sources and targets, and where in each source its day, month and year are said.

    `parts` has the shape (B, T, 3): whether the word belongs to the day, the month, the year.
    """

    pairs: Pairs
    parts: Tensor


def dates(count: int, *, phrases: range, generator: torch.Generator) -> Dates:
    """Return `count` dates, with as many filler phrases each as is drawn from `phrases`, anywhere but inside a part."""
    first, last = date(1900, 1, 1), date(1999, 12, 31)
    drawn = torch.randint((last - first).days + 1, (count,), generator=generator).tolist()
    rows = [_said(first + timedelta(days=days), phrases=phrases, generator=generator) for days in drawn]
    sources = [[*source, END] for source, _, _ in rows]
    longest = max(len(source) for source in sources)
    parts = torch.zeros(count, longest, 3, dtype=torch.bool)
    for row, (_, _, places) in enumerate(rows):
        for position, part in places:
            parts[row, position, part] = True
    targets = torch.tensor([[*target, END] for _, target, _ in rows])
    return Dates(Pairs(torch.tensor([_padded(source, longest) for source in sources]), targets), parts)


def _said(
    day: date, *, phrases: range, generator: torch.Generator
) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Return the tokens of a source and of its target, and which word of the source belongs to which part."""
    count = int(torch.randint(phrases.start, phrases.stop, (), generator=generator))
    which = torch.randint(len(FILLER), (count,), generator=generator).tolist()
    where = torch.randint(4, (count,), generator=generator).tolist()
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for slot in range(4):
        for phrase, its_slot in zip(which, where, strict=True):
            if its_slot == slot:
                words += FILLER[phrase].split()
        if slot < 3:
            part = spoken(day)[slot].split()
            places += [(len(words) + offset, slot) for offset in range(len(part))]
            words += part
    source = [3 + WORDS.index(word) for word in words]
    return source, [3 + CHARACTERS.index(character) for character in day.isoformat()], places


def _padded(tokens: list[int], length: int) -> list[int]:
    return tokens + [PADDING] * (length - len(tokens))


def text_of_source(source: Tensor) -> list[str]:
    """Return the words of one source, without its end and padding: (T,) in."""
    return [WORDS[token - 3] for token in source.tolist() if token not in (PADDING, END)]


def text_of_target(target: Tensor) -> str:
    """Return the characters of one target up to its end: (T′,) in; a token that is no character shows as `?`."""
    tokens = target.tolist()
    tokens = tokens[: tokens.index(END)] if END in tokens else tokens
    return "".join(CHARACTERS[token - 3] if 0 <= token - 3 < len(CHARACTERS) else "?" for token in tokens)
