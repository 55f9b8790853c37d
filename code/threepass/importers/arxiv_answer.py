"""What all answers of arXiv share: a server's bytes come in; text that can be kept, or what came instead, goes out."""

from __future__ import annotations

import html
import re
import unicodedata

from threepass.hinted import HintedError

_CONTROLS = frozenset({*range(32), 127}) - {9, 10, 13}
_CHARACTER_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));", re.IGNORECASE)
_LONGEST_QUOTE = 200
"""Characters of a server's own words that a message repeats."""


class NotAnAnswerError(HintedError):
    """No answer of the kind that was asked for: what it is instead, what to try, whether asking again may help."""

    def __init__(self, reason: str, hint: str, *, again: bool) -> None:
        super().__init__(reason, hint)
        self.again = again


def fold(text: str) -> str:
    """Return text on one line: each run of white space as one blank, control characters removed."""
    return " ".join(printable(text).split())


def fold_paragraphs(text: str) -> str:
    """Fold a text of several paragraphs, which arXiv sets apart by an indented or an empty line."""
    paragraphs = re.split(r"\n[ \t]+(?=\S)|\n\s*\n", text.strip())
    return "\n\n".join(filter(None, map(fold, paragraphs)))


def one_line(text: str) -> str:
    """Return the beginning of a server's words, fit to stand in a message."""
    folded = fold(text)
    return folded if len(folded) <= _LONGEST_QUOTE else f"{folded[:_LONGEST_QUOTE]}…"


def printable(text: str) -> str:
    """Return text without control characters; white space stays."""
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) != "Cc")


def without_control_characters(body: bytes) -> bytes:
    """Return XML without the control characters that it forbids, written out or as references."""

    def kept(reference: re.Match[bytes]) -> bytes:
        code = int(reference[1], 16) if reference[1] else int(reference[2])
        return b"" if code in _CONTROLS else reference[0]

    return _CHARACTER_REFERENCE.sub(kept, body.translate(None, bytes(_CONTROLS)))


def not_an_answer(body: bytes, hint: str) -> NotAnAnswerError:
    """Say what came instead of an answer; `hint` is what to try where it is nothing known."""
    text = body.decode("utf-8", "replace")
    if not text.strip():
        return NotAnAnswerError("arXiv's answer is empty", "try again later", again=True)
    if "rate exceeded" in text[:1000].lower():
        hint = "wait some minutes, and let no other program on this network ask arXiv at the same time"
        return NotAnAnswerError("arXiv asks for fewer requests (Rate exceeded.)", hint, again=True)
    if re.search(r"<(?:!doctype\s+)?html\b", text, re.IGNORECASE):
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        said = f": {one_line(html.unescape(title[1]))}" if title and title[1].strip() else ""
        hint = "a network that asks for a login, a block or an outage answers so: open the address in a browser"
        return NotAnAnswerError(f"a web page came instead of arXiv's answer{said}", hint, again=False)
    return NotAnAnswerError(f"what came is not an answer of arXiv: {one_line(text)}", hint, again=False)
