"""Words with their importances in; the sentence with its words marked, for a terminal and as a web page, out.

Sign and size can be read without colour: what speaks for the label stands on a bar, what speaks against it hangs from
a hatched one, and every number is written.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from reproductions.attribution.word_importance import Word, WordImportance

LONGEST_BAR = 24
"""Characters, in a terminal."""
FOR, AGAINST = "\x1b[1;34m", "\x1b[33m"
_PLAIN = "\x1b[0m"


def as_lines(found: WordImportance, *, coloured: bool = False) -> list[str]:
    """Return the sentence with its words marked by one to three signs, then a line a word: number and bar."""
    sentence = "".join(f"{word.before}{_marked(word, found.largest, coloured=coloured)}" for word in found.words)
    widest = max(_columns(word.text) for word in found.words)
    rows = [
        f"  {word.text}{' ' * (widest - _columns(word.text))}  {signed(word.importance):>6}  "
        f"{_coloured(_bar(word, found.largest), word, coloured=coloured)}".rstrip()
        for word in found.words
    ]
    return [f"{sentence}{found.after}", "", *summary(found), "", *rows]


def summary(found: WordImportance) -> list[str]:
    """Return what was asked, how well the answer adds up, and what was not read, a line each."""
    lines = [
        f"{found.label}{_said(found)} {signed(found.difference)} over that of no words",
        f"the words add up to it within {abs(found.error):.1%}; ⁺ speaks for {found.label}, ⁻ against",
    ]
    return [*lines, _unread(found)] if found.cut else lines


def _said(found: WordImportance) -> str:
    """Return what the model says of the label, up to the number by which the words move it."""
    if found.answer == "numbers":
        return f": {signed(found.score)},"
    alone = ", each label for itself" if found.answer == "any labels" else ""
    return f": probability {found.score:.2f}{alone}, logit"


def _unread(found: WordImportance) -> str:
    return f"only the first {len(found.words)} words and marks were read: the classifier takes no longer text"


def signed(number: float) -> str:
    """Return a number with its sign and two decimals, zero without a sign."""
    written = f"{number:+.2f}".replace("-", "−")
    return "0.00" if written[1:] == "0.00" else written


def strength(word: Word, largest: float) -> int:
    """Return how many signs mark a word: 0 for less than a tenth of the largest importance, 3 for above two thirds."""
    share = abs(word.importance) / largest if largest else 0.0
    return sum(share > bound for bound in (0.1, 1 / 3, 2 / 3))


def _marked(word: Word, largest: float, *, coloured: bool) -> str:
    signs = ("⁺" if word.importance > 0 else "⁻") * strength(word, largest)
    return _coloured(f"{word.text}{signs}", word, coloured=coloured and bool(signs))


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: ideographs and emoji take two each."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _bar(word: Word, largest: float) -> str:
    length = round(LONGEST_BAR * abs(word.importance) / largest) if largest else 0
    return ("█" if word.importance > 0 else "░") * length


def _coloured(text: str, word: Word, *, coloured: bool) -> str:
    return f"{FOR if word.importance > 0 else AGAINST}{text}{_PLAIN}" if coloured else text


def as_html(found: WordImportance) -> str:
    """Return the marked sentence as one element of HTML, with its style inside; it loads nothing."""
    words = "".join(f"{escape(word.before)}{_ruby(word, found.largest)}" for word in found.words)
    unread = f" {_unread(found).capitalize()}." if found.cut else ""
    after = f"<small>{escape(found.after)}</small>" if found.cut else escape(found.after)
    return (
        f'<figure class="marked-text"><style>{_STYLE}</style>'
        f"<p>{words}{after}</p>"
        f"<figcaption>{escape(summary(found)[0])}. A solid bar under a word speaks for {escape(found.label)}, "
        "a hatched one over it against; its height is the size, and the number is written."
        f"{unread}</figcaption></figure>"
    )


def as_page(found: WordImportance) -> str:
    """Return the marked sentence as a page of its own."""
    title = escape(f"Which words say {found.label}?")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{_PAGE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{as_html(found)}\n</main>\n</body>\n</html>\n"
    )


def _ruby(word: Word, largest: float) -> str:
    size = abs(word.importance) / largest if largest else 0.0
    side = "for" if word.importance > 0 else "against"
    return (
        f'<ruby class="{side}"><span style="--size:{size:.2f}">{escape(word.text)}</span>'
        f"<rp> (</rp><rt>{signed(word.importance)}</rt><rp>)</rp></ruby>"
    )


_STYLE = """
.marked-text{--for:#2450b8;--against:#a35a10;margin:1em 0}
.marked-text p{line-height:1.2;font-size:1.1em;margin:0;text-align:left}
.marked-text ruby{display:inline-flex;flex-direction:column-reverse;align-items:center;vertical-align:bottom;
margin:0 .1em .4em;max-width:100%}
.marked-text rp{display:none}
.marked-text small{font-size:1em;opacity:.65}
.marked-text rt{display:block;white-space:nowrap;font-size:.6em;line-height:1.2;margin-bottom:.2em;opacity:.85}
.marked-text span{padding:.5em .06em;overflow-wrap:anywhere;background-repeat:no-repeat;
background-size:100% max(min(1px,100px*var(--size)),.5em*var(--size))}
.marked-text .for span{background-position:bottom;background-image:linear-gradient(var(--for),var(--for))}
.marked-text .against span{background-position:top;
background-image:repeating-linear-gradient(45deg,var(--against) 0 2px,transparent 2px 4px)}
.marked-text figcaption{font-size:.85em;margin:.5em 0 0;max-width:none;text-align:left}
@media (prefers-color-scheme:dark){.marked-text{--for:#8db4ff;--against:#f0bf6c}}
[data-md-color-scheme=default] .marked-text{--for:#2450b8;--against:#a35a10}
[data-md-color-scheme=slate] .marked-text{--for:#8db4ff;--against:#f0bf6c}
""".replace("\n", "")
_PAGE = (
    "body{font:1.05rem/1.6 system-ui,sans-serif;margin:0;padding:1.5rem}main{max-width:46rem;margin:auto}"
    "h1{font-size:1.4rem}"
)
