"""A list of papers as people keep it in; each thing in it that may be an arXiv id, with its line, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threepass.importers import arxiv_id

if TYPE_CHECKING:
    from collections.abc import Iterator


def listed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line (from 1) and the text of each id: several on a line, apart by blanks or commas; `#` comments.

    What is no id is yielded too, for it to be refused by name and not passed over.
    """
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        content = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not content:
            continue
        item = re.sub(r"^[-*+]\s+", "", content)  # an item of a Markdown list
        if arxiv_id.parse(item):
            yield number, item
            continue
        for word in re.split(r"[\s,;]+", item):
            if word:
                yield number, word
