"""What is served in; the page of the form, as HTML, and the link on every other page that leads to it, out."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING, get_args

from markupsafe import Markup

from threepass import assets
from threepass.authoring.passes import PASSES
from threepass.content_policy import policy
from threepass.models import Contribution, Day, DayReading, Figure, Link
from threepass.pages.environment import render

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.day_form.shown import Shown
    from threepass.library import Library
    from threepass.models import Record

FOLDER = "/write/"
TITLE = "Write a day"
FILES = {"write.js": "application/javascript; charset=utf-8", "write.css": "text/css; charset=utf-8"}
"""What the page loads, and of which kind it is: files of `assets/served/`, which no build publishes."""
_ARTICLE = re.compile(r'(<article class="md-content__inner[^"]*">).*?(?=</article>)', re.DOTALL)
_PAGE_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_TOPIC = re.compile(r'data-md-component="header-topic">\s*<span class="md-ellipsis">')
_HEADER_END = re.compile(r"</nav>(?=(?:(?!</nav>).)*?</header>)", re.DOTALL)
_DAY = re.compile(r'<link rel="canonical" href="[^"]*/journal/(\d{4}-\d\d-\d\d)(?:-\d+)?/">')
_ROWS: Mapping[str, type[Record]] = {
    "readings": DayReading,
    "links": Link,
    "contributions": Contribution,
    "figures": Figure,
}


def form_page(shown: Shown, library: Library, *, token: str, today: dt.date, latest: dt.date) -> str:
    """Return the form in the frame of the site's own pages, or in a plain page where their theme has no article."""
    form = render(
        shown.site.templates,
        "write.html.jinja",
        library=library,
        today=today,
        latest=latest,
        token=token,
        named=name_of(library.root),
        goals={name: library.goal_title(name) for name in library.settings.goals},
        colours={name: goal.color for name, goal in library.settings.goals.items()},
        topics=library.settings.topics,
        passes=PASSES,
        statuses=get_args(get_args(Contribution.model_fields["status"].annotation)[0]),
        fields=_described(Day),
        rows_said={name: _described(model) for name, model in _ROWS.items()},
    )
    framed, found = _ARTICLE.subn(lambda article: article[1] + form, shown.frame, count=1)
    if found:
        return _TOPIC.sub(rf"\g<0>{TITLE}", _PAGE_TITLE.sub(f"<title>{TITLE}</title>", framed, count=1), count=1)
    alone = {"title": TITLE, "policy": policy([]), "style": assets.STYLE, "form": Markup(form)}
    return render(shown.site.templates, "write_alone.html.jinja", **alone)


def _described(model: type[Record]) -> dict[str, str]:
    """Return what the fields of a record are, in the words of its schema."""
    return {field.alias or name: field.description or "" for name, field in model.model_fields.items()}


def name_of(root: Path) -> str:
    """Return what tells a library from others that were served at the same address: drafts are kept by it."""
    return hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]


def served_file(name: str) -> bytes:
    """Return one of the `FILES`."""
    return (files("threepass.assets") / "served" / name).read_bytes()


def with_link(page: str) -> str:
    """Return a page of the site with the link to the form: in its header, or below where the theme has none."""
    day = _DAY.search(page)
    address, said = (f"{FOLDER}?date={day[1]}", "Add to this day") if day else (FOLDER, "Write")
    style = f'<link rel="stylesheet" href="{FOLDER}write.css">'
    link = f'<a class="tp-write-link" href="{address}"><span aria-hidden="true">✎</span> <span>{said}</span></a>'
    shown, found = _HEADER_END.subn(lambda end: link + end[0], page, count=1)
    shown = shown if found else shown.replace("</body>", f"{link}</body>", 1)
    return shown.replace("</head>", f"{style}</head>", 1)
