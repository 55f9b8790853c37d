"""An MkDocs configuration, and what the last build made, in; the site, with what has changed rendered anew, out.

It does what `mkdocs.commands.build.build` does, with its functions and the plugins' hooks, and three things more:

- A page is rendered again only when something that it is made from has changed: its text, what its neighbours are
  called, the navigation. All of that is in the page's key.
- Pages are rendered by as many processes as there are processors, where the system can fork.
- What a clean build would not write is taken out of the site's folder.

Another plugin may keep in its hooks what it sees of each page; where one is configured, every build renders all pages
in this process.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from mkdocs.commands import build as steps
from mkdocs.exceptions import Abort
from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.utils import CountHandler

from threepass import cms
from threepass.building import search_index
from threepass.building.beside import processors
from threepass.building.conversion import Converter
from threepass.building.rendering import Job, Rendered, Warnings, links_of, page_of, render
from threepass.building.theme_files import ThemeFiles
from threepass.remembered.compiled_templates import CompiledTemplates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

PER_PROCESS = 30
"""Pages for which it is worth while to start a process."""
OURS = ("threepass", "mkdocs-jupyter")
"""Plugins that keep nothing in their hooks of a page that would be missing if it were not rendered here and now."""
_OF_PAGES = ("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page", "env")
_POPULATED = ("markdown", "content", "toc", "meta", "_title_from_render", "present_anchor_ids")


class Source(Protocol):
    """What the threepass plugin says of pages."""

    math_characters: set[str]

    def made_from(self, file: File) -> str:
        """Return all that a page's text is made from."""

    def title_of(self, file: File) -> str | None:
        """Return the title of a generated page."""


@dataclass
class Built:
    """What the builds into one folder have made so far: the pages there, and those of docs/ as HTML, by their paths."""

    pages: dict[str, Rendered] = field(default_factory=dict)
    by_hand: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    templates: CompiledTemplates = field(default_factory=partial(CompiledTemplates, "theme"))
    theme: ThemeFiles = field(default_factory=ThemeFiles)
    rendered: tuple[str, ...] = ()
    """The pages that the last build rendered."""
    warnings: int = 0


def rebuild(config: MkDocsConfig, built: Built, *, serving: bool = False) -> None:
    """Build the site, or bring it up to date from what `built` says is there.

    Raises MkDocs' errors, and `Abort` where a strict build found something wrong. `built` is true after an error, too.
    """
    counter = CountHandler()
    counter.setLevel(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(counter)
    try:
        _rebuild(config, built, serving=serving)
    except Exception as error:
        config.plugins.on_build_error(error=error)
        raise
    finally:
        logger.removeHandler(counter)
    counts = counter.get_counts()
    built.warnings = sum(number for _, number in counts)
    if config.strict and counts:
        said = ", ".join(f"{number} {name.lower()}s" for name, number in counts)
        raise Abort(f"Aborted with {said} in strict mode!")


def _rebuild(config: MkDocsConfig, built: Built, *, serving: bool) -> None:
    inclusion = InclusionLevel.is_in_serve if serving else InclusionLevel.is_included
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    source = cast("Source", config.plugins["threepass"])
    ours = _only_ours(config)
    if not ours:
        built.pages.clear()
        built.by_hand.clear()
    env = config.theme.get_env()
    files = _files(config, env, built)
    nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
    docs = files.documentation_pages(inclusion=inclusion)
    texts = {file.src_uri: source.made_from(file) for file in docs}
    others = _digest(sorted(file.src_uri for file in docs if file.generated_by is None))
    for file in docs:
        page = page_of(file, config)
        if file.generated_by is None:
            _populate_by_hand(page, config, files, built, _digest(texts[file.src_uri], others))
        elif page.title is None:
            page.title = source.title_of(file)  # a weak property: what is set counts
    env = config.plugins.on_env(env, config=config, files=files)
    around = _digest(others, *((item.title, getattr(item, "url", None)) for item in _walk(nav.items)))
    keys = {file.src_uri: _key(page_of(file, config), texts[file.src_uri], around) for file in docs}
    static = [file for file in files if not file.is_documentation_page() and inclusion(file.inclusion)]  # type: ignore[no-untyped-call]  # MkDocs' own
    for file in static:
        _copy(file)
    templates = _write_templates(config, env, files, nav)
    _render(Job(config, files, docs, nav, env), built, keys, ours=ours)
    source.math_characters |= {character for made in built.pages.values() for character in made.characters}
    wanted = {file.dest_uri for file in [*docs, *static]} | {*templates, "sitemap.xml.gz"}
    _remove_all_but(Path(config.site_dir), wanted)
    config.plugins.on_post_build(config=config)


def _files(config: MkDocsConfig, env: Environment, built: Built) -> Files:
    """Return all files that the site is made of: those of docs/, of the theme, and of the plugins."""
    files = get_files(config)
    env.bytecode_cache, built.theme.folders = built.templates, config.theme.dirs
    files.add_files_from_theme(cast("Environment", built.theme), config)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    return files


def _write_templates(config: MkDocsConfig, env: Environment, files: Files, nav: Navigation) -> list[str]:
    """Write the pages that are templates alone, such as the error page; return their names."""
    for name in config.theme.static_templates:
        steps._build_theme_template(name, env, files, config, nav)
    for name in config.extra_templates:
        steps._build_extra_template(str(name), files, config, nav)
    return [*config.theme.static_templates, *map(str, config.extra_templates)]


def _render(job: Job, built: Built, keys: Mapping[str, str], *, ours: bool) -> None:
    """Render the pages that are not there as they should be; by several processes where no other plugin looks on."""
    stale = [file for file in job.docs if not _is_there(file, built, keys[file.src_uri])]
    for path in {*(file.src_uri for file in stale), *(built.pages.keys() - keys.keys())}:
        built.pages.pop(path, None)
    if ours and stale:
        job = replace(job, converter=Converter(job.config, job.files))
    for path, made in render(job, stale, processes=max(1, min(processors(), len(stale) // PER_PROCESS)) if ours else 1):
        built.pages[path] = made._replace(key=keys[path] if made.key else "")
    built.rendered = tuple(file.src_uri for file in stale)
    _validate_anchors(job, built)


def _only_ours(config: MkDocsConfig) -> bool:
    ours = [plugin for name, plugin in config.plugins.items() if name.rpartition("/")[2] in OURS]
    hooks = [hook for name in _OF_PAGES for hook in config.plugins.events[name]]
    return all(any(getattr(hook, "__self__", None) is plugin for plugin in ours) for hook in hooks)


def _walk(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        yield item
        yield from _walk(item.children or ())


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _key(page: Page, text: str, around: str) -> str:
    neighbours = (page.previous_page, page.next_page, page.parent)
    called = [(each.title, getattr(each, "url", None)) if each else None for each in neighbours]
    return _digest(text, around, page.title, called)


def _is_there(file: File, built: Built, key: str) -> bool:
    kept = built.pages.get(file.src_uri)
    return kept is not None and kept.key == key and Path(file.abs_dest_path).is_file()


def _populate_by_hand(page: Page, config: MkDocsConfig, files: Files, built: Built, text: str) -> None:
    """Convert a page of docs/ where it has changed: the navigation may name it by a title that stands in it."""
    path = page.file.src_uri
    kept, populated = built.by_hand.get(path, ("", {}))
    if kept == text:
        vars(page).update(populated)
        targets = populated["links"].items()
        page.links_to_anchors = {file: to for src, to in targets if (file := files.src_uris.get(src))}
        return
    built.by_hand.pop(path, None)
    said = Warnings()
    with said:
        steps._populate_page(page, config, files)
    if said.records:
        return
    populated = {name: vars(page)[name] for name in _POPULATED if name in vars(page)}
    built.by_hand[path] = text, populated | {"links": links_of(page)}


def _validate_anchors(job: Job, built: Built) -> None:
    """Warn of links to headings that are not there, on pages that were not rendered this time as well."""
    level = job.config.validation.links.anchors
    linking = [(file, links) for file in job.docs if (links := built.pages[file.src_uri].links)]
    for src in {src for _, links in linking for src in links}:
        if src in built.pages:
            page_of(job.files.src_uris[src], job.config).present_anchor_ids = set(built.pages[src].anchors)
    for file, links in linking:
        page = page_of(file, job.config)
        page.links_to_anchors = {there: to for src, to in links.items() if (there := job.files.src_uris.get(src))}
        page.validate_anchor_links(files=job.files, log_level=level)


def _copy(file: File) -> None:
    """Write a file that is no page, unless it is there as it should be."""
    target = Path(file.abs_dest_path)
    content = file.content_bytes
    if not target.is_file() or target.stat().st_size != len(content) or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _remove_all_but(folder: Path, wanted: set[str]) -> None:
    """Take out of the site's folder what a clean build would not write: what plugins write comes after this."""
    for path, _, names in os.walk(folder, topdown=False):
        inside = os.path.relpath(path, folder).replace(os.sep, "/")
        top = inside.partition("/")[0]
        if inside != "." and (top.startswith((".", search_index.FOLDER)) or top == cms.FOLDER):
            continue  # made of the pages, or of none, and exchanged as a whole
        kept = [name for name in names if (name if inside == "." else f"{inside}/{name}") in wanted]
        for name in {*names} - {*kept}:
            Path(path, name).unlink()
        if inside != "." and not kept and not any(Path(path).iterdir()):
            Path(path).rmdir()
