"""Nothing in; prose that every Python carries, the language reference's paragraphs, out.

They stand in `pydoc_data.topics`, among tables, grammars and code, which are left out.
"""

from __future__ import annotations

import re
from pydoc_data.topics import topics


def paragraphs() -> list[str]:
    """Return the paragraphs of prose of the Python language reference, each once, in the order of their topics."""
    blocks = (" ".join(block.split()) for name in sorted(topics) for block in re.split(r"\n\s*\n", topics[name]))
    prose = (block for block in blocks if re.fullmatch(r"[A-Z].{80,}\.", block) and "::=" not in block)
    return list(dict.fromkeys(prose))
