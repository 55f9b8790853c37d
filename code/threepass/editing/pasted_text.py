"""Text as it was typed, pasted or piped in; the same without what cannot be seen, out.

What is copied from a PDF or a word processor brings form feeds, vertical tabs and byte order marks. YAML can hold them
only as escapes in quotes, and then all that the author wrote would stand on one line.
"""

import re

_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def seen(text: str) -> str:
    """Return text whose lines end in line feeds, without control characters; tabs stay."""
    return _UNSEEN.sub("", _BREAK.sub("\n", text))
