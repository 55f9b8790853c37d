"""Templates and the words they use: dates, numbers, bounds, addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from threepass.pages.outside import as_title, with_formulas
from threepass.pages.page import url
from threepass.pages.prose import plain
from threepass.remembered.compiled_templates import CompiledTemplates
from threepass.results import MEANING
from threepass.wording import bound, duration, long_date, number, numbers, quantity, short_date

if TYPE_CHECKING:
    from pathlib import Path

_POWER = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")


def environment(overrides: Path | None) -> Environment:
    """Return the templates: those in the author's folder go before ours of the same name."""
    ours = PackageLoader("threepass", "templates")
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(overrides), ours]) if overrides else ours,
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates("pages"),
        auto_reload=False,  # whoever serves takes a new environment when a template changes
    )
    made.filters |= {
        "tex": with_formulas,
        "as_title": as_title,
        "md": lambda text: Markup(plain(str(text))),
        "long_date": long_date,
        "short_date": short_date,
        "number": number,
        "numbers": numbers,
        "bound": bound,
        "raised": raised,
        "quantity": quantity,
        "duration": duration,
        "meaning": MEANING.__getitem__,
        "code_fence": code_fence,
        "one_line": lambda text: Markup(" ").join(text.split()),
    }
    made.globals |= {"url": url}
    return made


def raised(text: str) -> Markup:
    """Return a number with its power as raised digits: those of Unicode come from another font in most systems."""
    return Markup(_POWER.sub(lambda power: f"<sup>{power[0].translate(_PLAIN)}</sup>", str(escape(text))))


def code_fence(source: str) -> str:
    """Return a fence longer than any that the source holds."""
    longest = max(map(len, re.findall("`+", source)), default=0)
    return "`" * max(3, longest + 1)


def render(templates: Environment, name: str, **values: Any) -> str:
    """Render a template to Markdown."""
    return templates.get_template(name).render(**values)
