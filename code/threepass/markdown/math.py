"""Markdown with `$…$` and `$$…$$` in; MathML out, at build time: no script renders math in the reader's browser.

A Python-Markdown extension. A formula that does not compile stays as its LaTeX, marked as an error, and is logged, so
that a strict build fails.
"""

from __future__ import annotations

import html
import logging
import re
from typing import TYPE_CHECKING, Any

from markdown import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.markdown.formulas import INLINE

if TYPE_CHECKING:
    from markdown import Markdown

log = logging.getLogger("mkdocs.plugins.threepass")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class MathExtension(Extension):
    """Turns `$…$` and `$$…$$` into MathML."""

    def __init__(self, **options: Any) -> None:
        self.config = {"quiet": [False, "whether formulas that do not compile are not logged"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the two forms: display before HTML is looked for, inline before backslashes are escapes."""
        quiet = bool(self.getConfig("quiet"))
        # after fences (25), before HTML (20); after `code` (190)
        md.preprocessors.register(_Display(md, quiet=quiet), "threepass-display-math", 24)
        md.inlinePatterns.register(_Inline(md, quiet=quiet), "threepass-inline-math", 185)


def makeExtension(**options: Any) -> MathExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it."""
    return MathExtension(**options)


def formula(latex: str, *, display: bool, quiet: bool = False) -> str:
    """Return the HTML of a formula; LaTeX that does not compile is shown as it is, and logged unless `quiet`."""
    made = to_mathml(latex, display=display)
    if isinstance(made, BrokenEquation):
        if not quiet:
            log.warning("P046 equation does not compile: %s: %s", made.reason, latex)
        return f'<code class="tp-broken" title="{html.escape(made.reason)}">{html.escape(latex)}</code>'
    if not display:
        return made
    return f'<div class="tp-equation" tabindex="0" role="group" aria-label="Equation">{made}</div>'


class _Inline(InlineProcessor):
    def __init__(self, md: Markdown, *, quiet: bool) -> None:
        super().__init__(INLINE, md)
        self.quiet = quiet

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802, ARG002 - Python-Markdown's name, and its base class returns elements as well
        latex = html.unescape(m.group(1))
        return self.md.htmlStash.store(formula(latex, display=False, quiet=self.quiet)), m.start(0), m.end(0)


class _Display(Preprocessor):
    def __init__(self, md: Markdown, *, quiet: bool) -> None:
        super().__init__(md)
        self.quiet = quiet

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        block: list[str] | None = None
        fence = ""
        for line in lines:
            mark = _FENCE.match(line)
            if block is None and (mark or fence):
                fence = "" if fence and mark and mark[1].startswith(fence) else fence or (mark[1] if mark else "")
                out.append(line)
                continue
            text = line.strip()
            if block is None and text.startswith("$$"):
                block, text = [], text[2:]
            if block is None:
                out.append(line)
                continue
            if text.endswith("$$"):
                block.append(text[:-2])
                latex = html.unescape("\n".join(block))
                out += ["", self.md.htmlStash.store(formula(latex, display=True, quiet=self.quiet)), ""]
                block = None
            else:
                block.append(text)
        return out if block is None else [*out, "$$", *block]


_SKIP = re.compile(r"(<(pre|code|script|style|math|textarea)\b.*?</\2\s*>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_IN_TEXT = re.compile(rf"\$\$(.+?)\$\$|{INLINE}", re.DOTALL)


def math_in_html(page: str) -> str:
    """Return HTML with the `$…$` of its text as MathML: notebooks come to us as HTML, not as Markdown."""
    parts = _SKIP.split(page)
    # split() with two groups: text, tag, the tag's name, text, …
    parts[0::3] = [_IN_TEXT.sub(_from_text, text) if "$" in text else text for text in parts[0::3]]
    del parts[2::3]
    return "".join(parts)


def _from_text(match: re.Match[str]) -> str:
    display, inline = match.groups()
    return formula(html.unescape(display or inline), display=bool(display))
