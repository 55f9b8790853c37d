"""`mkdocs.yml` in; the tool's settings out.

The plugin's section of `mkdocs.yml` is the tool's one configuration. The commands read it without importing MkDocs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from threepass.fields import Text, Url, Whole, Word, refuse
from threepass.library_root import CONFIG
from threepass.models import Record
from threepass.records import to_record
from threepass.source import Place, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threepass.problems import Problem
    from threepass.source import Document, Location


def _colour(value: str) -> str:
    if len(value) == 7 and value.startswith("#") and all(digit in "0123456789abcdef" for digit in value[1:].lower()):
        return value
    raise refuse("P014", f"'{value}' is not a colour", "write it as #1a7f37")


def _folder(value: str) -> str:
    if value.startswith(("/", "~")) or ".." in value.split("/") or "\\" in value:
        raise refuse("P014", f"'{value}' leaves the library", "name a folder inside it")
    return value.rstrip("/")


def _from_environment(value: Any) -> Any:
    """Take `!ENV [NAME, default]` for what the environment says, as MkDocs does; nothing said is not given."""
    if not isinstance(value, list):
        return value
    return next(filter(None, (os.environ.get(str(name)) for name in value[:-1])), value[-1] if value else "") or None


def _switch(value: Any) -> bool:
    words = {"true": True, "false": False, None: False}
    if value not in words and not isinstance(value, bool):
        raise refuse("P012", f"'{value}' is neither true nor false")
    return value if isinstance(value, bool) else words[value]


Colour = Annotated[str, AfterValidator(_colour)]
Folder = Annotated[str, AfterValidator(_folder)]
Repository = Annotated[Url | None, BeforeValidator(_from_environment)]
Switch = Annotated[bool, BeforeValidator(_switch), BeforeValidator(_from_environment)]
EDITABLE_HOSTS: Mapping[str, str] = {"github.com": "github", "gitlab.com": "gitlab"}
"""Where the site's editor can write to, by what it calls them."""


class Goal(Record):
    """One of the challenge's goals."""

    title: Text = Field(description="The goal in a few words.")
    color: Colour = Field("#5c6bc0", description="Its colour on the site.")


class Challenge(Record):
    """What the days count towards."""

    name: Text = Field("My notes", description="100 days of NLP.")
    days: Annotated[Whole, Field(ge=1, le=100_000)] = Field(100, description="How many days it has.")


class ClaimSettings(Record):
    """Which code a note may name."""

    packages: tuple[Text, ...] = Field((), description="Packages whose functions a claim may call.")
    code: Folder = Field("code", description="The folder that holds them.")
    tests: Folder = Field("tests", description="The folder of their tests, which pages list beside the code.")


class ArxivSettings(Record):
    """How arXiv is asked."""

    url: Url | None = Field(None, description="The query API's address, if not arXiv's own.")
    oai: Url | None = Field(None, description="OAI-PMH's address, if not arXiv's own; asked where the query API fails.")


class Settings(Record):
    """The `threepass` section under `plugins` in `mkdocs.yml`."""

    journal: Folder = Field("journal", description="The folder of the days.")
    papers: Folder = Field("papers", description="The folder of the notes.")
    challenge: Challenge = Field(default_factory=lambda: Challenge.model_validate({}))
    goals: dict[Word, Goal] = Field(default_factory=dict, description="The challenge's goals by name.")
    topics: dict[Word, Text] = Field(
        default_factory=dict, description="Topics by name, with their titles; none listed: any goes."
    )
    claims: ClaimSettings = Field(default_factory=lambda: ClaimSettings.model_validate({}))
    templates: Folder | None = Field(None, description="A folder of templates that replace ours by name.")
    arxiv: ArxivSettings = Field(default_factory=lambda: ArxivSettings.model_validate({}))
    repository: Repository = Field(None, description="The repository's address, for links to code and for the editor.")
    branch: Text = Field("main", description="The branch that those links show.")
    about: Text | None = Field(None, description="What the library is, in a sentence, for the home page.")
    editor: Switch = Field(
        False, description="Whether the site has an editor, at edit/, that writes to the repository."
    )

    @property
    def editor_host(self) -> str:
        """What the editor calls the repository's host; nothing where it cannot write there."""
        return EDITABLE_HOSTS.get(urlsplit(self.repository or "").netloc.lower(), "")


class Site(Record):
    """What the rest of `mkdocs.yml` says that our pages need."""

    name: str = "threepass"
    url: str = ""
    docs: Folder = "docs"

    @property
    def base(self) -> str:
        """Its address with a slash at its end, or nothing where it has none."""
        return self.url if not self.url or self.url.endswith("/") else f"{self.url}/"


def read_settings(root: Path) -> tuple[Settings, Site, list[Problem]]:
    """Read `mkdocs.yml`; a library without a section of ours gets the defaults and a problem."""
    shown = root / CONFIG
    document, problems = read_yaml(root / CONFIG, shown=shown.relative_to(root))
    if document is None:
        return Settings.model_validate({}), Site(), problems
    place = _section(document)
    site = Site(
        name=str(document.data.get("site_name", "threepass")),
        url=_address(document.data.get("site_url")),
        docs=_docs(document),
    )
    if place is None:
        hint = "add `- threepass` under `plugins:`"
        problem = document.problem("P060", "the threepass plugin is not configured", at=Place(1, 1), hint=hint)
        return Settings.model_validate({}), site, [*problems, problem]
    if not place:
        return Settings.model_validate({}), site, problems
    settings, wrong = to_record(document, Settings, within=place)
    if settings is not None and settings.editor and not settings.editor_host:
        wrong = [_no_editor(settings, document, at=document.place((*place, "editor")))]
        settings = settings.model_copy(update={"editor": False})
    return settings or Settings.model_validate({}), site, [*problems, *wrong]


def _no_editor(settings: Settings, document: Document, *, at: Place) -> Problem:
    if settings.repository is None:
        hint = "add `repository: https://github.com/…`"
        return document.problem("P060", "the editor needs the repository's address", at=at, hint=hint)
    hint = f"it can at {' and '.join(EDITABLE_HOSTS)}"
    return document.problem("P060", f"the editor cannot write to {settings.repository}", at=at, hint=hint)


def _address(given: object) -> str:
    """Return MkDocs' `site_url`, also where the environment says it: `!ENV [NAME, default]`, or `!ENV NAME`."""
    names = given if isinstance(given, list) else [given]
    known = [os.environ.get(str(name), "") for name in names]
    found = next(filter(None, known), str(names[-1] or "") if names else "")
    return found if found.startswith(("https://", "http://")) else ""


def _docs(document: Document) -> Folder:
    """Return MkDocs' `docs_dir`; what it names outside of the library is not ours to read."""
    try:
        return _folder(str(document.data.get("docs_dir", "docs")))
    except PydanticCustomError:
        return "docs"


def _section(document: Document) -> Location | None:
    """Return where our section is; `()` when the plugin is named without settings."""
    plugins = document.data.get("plugins")
    if isinstance(plugins, dict):
        if "threepass" in plugins:
            return ("plugins", "threepass")
        return () if ("plugins", "threepass") in document.keys else None
    for number, plugin in enumerate(plugins if isinstance(plugins, list) else []):
        if plugin == "threepass" or (isinstance(plugin, dict) and not plugin and _names_us(document, number)):
            return ()
        if isinstance(plugin, dict) and "threepass" in plugin:
            return ("plugins", number, "threepass")
    return None


def _names_us(document: Document, number: int) -> bool:
    return ("plugins", number, "threepass") in document.keys
