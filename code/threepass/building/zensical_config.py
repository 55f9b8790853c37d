"""The text of mkdocs.yml in; that of a configuration by which Zensical builds the exported pages, out.

Zensical reads mkdocs.yml and runs Python-Markdown's extensions, but no plugin of others. Our plugin's work is done when
the pages are written as Markdown; what is left are its two extensions and its style sheet. Notebooks need a plugin, so
that they stay out of the navigation.
"""

from __future__ import annotations

import re

from threepass.assets import STYLE

HEAD = "# Written by `threepass pages --zensical`."
"""The first line, by which such a file is known again."""
_LEFT_OUT = ("plugins", "docs_dir", "site_dir", "strict", "validation", "extra_css")
_NOTEBOOK = re.compile(r"^[ \t]+-.*\.(?:py|ipynb)[ \t]*\n", re.MULTILINE)
_EXTENSIONS = re.compile(r"^markdown_extensions:[ \t]*\n(?P<indent>[ \t]*)(?=-)", re.MULTILINE)


def for_zensical(config: str, *, docs: str) -> str:
    """Return the configuration for pages that were exported into the folder `docs` beside it."""
    text = config if config.endswith("\n") else config + "\n"
    for key in _LEFT_OUT:
        text = re.sub(rf"^{key}:.*\n(?:[ \t#-].*\n|\n)*", "", text, flags=re.MULTILINE)
    text = _NOTEBOOK.sub("", text)
    ours = "".join(f"{{indent}}- threepass.{name}\n" for name in ("markdown.math", "markdown.safety"))
    text, found = _EXTENSIONS.subn(
        lambda match: "markdown_extensions:\n" + ours.format(indent=match["indent"]) + match["indent"], text
    )
    if not found:
        text += "markdown_extensions:\n" + ours.format(indent="  ")
    return f"{HEAD}\n{text}docs_dir: {docs}\nextra_css: [{STYLE}]\nplugins: []\n"
