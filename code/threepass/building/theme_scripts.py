"""A theme's templates in; the inline scripts that they write into a page, which may run, out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound

from threepass.content_policy import inline_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment, Template
    from mkdocs.config.defaults import MkDocsConfig

THEME_SCRIPTS = ("announce", "base", "consent", "content", "outdated", "palette")
"""Material's templates that write scripts into a page, in the folder `partials/javascripts/`."""


def templates_with_scripts(env: Environment) -> list[Template]:
    """Return those of the theme's templates of scripts that are there: another theme has none of them."""
    found = []
    for name in THEME_SCRIPTS:
        with suppress(TemplateNotFound):
            found.append(env.get_template(f"partials/javascripts/{name}.html"))
    return found


def theme_scripts(templates: Iterable[Template], config: MkDocsConfig, base_url: str) -> tuple[str, ...]:
    """Return the theme's inline scripts as they stand in a page from which the site's root is at `base_url`."""
    values = {"config": config, "base_url": base_url, "features": config.theme.get("features") or []}
    return tuple(code for template in templates for code in inline_scripts(template.render(values)))
