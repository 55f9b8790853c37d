"""Hands the generated pages to MkDocs: hooks that ask plain functions, and put what these say where MkDocs looks.

The pages are generated files outside MkDocs' navigation tree, since every page renders the whole tree; they get their
parent, previous and next page here, as Material's blog plugin does it.
"""

from __future__ import annotations

import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.nav import Section
from mkdocs.utils import get_relative_url

from threepass import assets
from threepass.building.memory import Memory
from threepass.building.search_index import SearchIndexError, write_search_index
from threepass.building.theme_scripts import templates_with_scripts, theme_scripts
from threepass.checks import check
from threepass.cms import write_editor
from threepass.content_policy import with_policy
from threepass.ledger import ledger
from threepass.markdown.math import math_in_html
from threepass.npm_package import NpmError
from threepass.pages import Page, Site, files_of, pages_of
from threepass.pages.head import record_of, with_head, write_cards
from threepass.pages.page import url
from threepass.running.figures import draw_figures, figure_problems
from threepass.running.notebooks import SUFFIXES, NotebookError, cache_folder, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as MkDocsPage
    from mkdocs.utils.templates import TemplateContext

    from threepass.library import Library


log = logging.getLogger("mkdocs.plugins.threepass")

OF_CODE = 0.1
"""How much a word on a module's or a claim's page weighs for the search: on others 1, in their headings up to 7."""
EXTENSIONS = ("threepass.markdown.math", "threepass.markdown.safety")


class Tag(NamedTuple):
    """A topic as Material's `tags` partial shows it."""

    name: str
    type: str
    url: str


class PageFile(File):
    """A generated page as MkDocs has it; its text is written when it is first asked for."""

    def __init__(self, ours: Page, config: MkDocsConfig) -> None:
        outside = InclusionLevel.NOT_IN_NAV if ours.parent else InclusionLevel.INCLUDED
        super().__init__(ours.src, None, config.site_dir, config.use_directory_urls, inclusion=outside)
        self.generated_by = "threepass"
        self.ours = ours

    @cached_property
    def _content(self) -> str:  # type: ignore[override]  # what is set counts, as with MkDocs' own
        return self.ours.text


class OwnSearch(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # as below
    """Stands where the theme looks for its own search, so that it shows the field; the index is Pagefind's."""

    config = SimpleNamespace(enabled=True)  # all that the theme asks of it


# MkDocs would take a schema of the options as type argument; settings.py has ours, with places
class ThreepassPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # see above; MkDocs' hook is untyped
    """The library as pages of the site."""

    library: Library
    ours: Site
    pages: dict[str, Page]
    searches: bool = True
    """Whether our search is shown: not where mkdocs.yml lists another."""
    serving: bool = False
    """Whether more builds follow: then who serves makes the index, and what edits need again stays here."""
    theme_scripts: Callable[[str], tuple[str, ...]]
    memory: Memory | None = None
    """What builds of one process share."""

    def load_config(self, options: Any, config_file_path: str | None = None) -> tuple[list[Any], list[Any]]:  # noqa: ARG002 - MkDocs' signature
        """Take any options: `settings.py` reads and checks our section, with places."""
        self.config = options
        return [], []

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the library and render its pages; say what is wrong, so that a strict build fails."""
        self._read(Path(config.config_file_path).parent)
        self.math_characters: set[str] = set()
        self._configure(config)
        return config

    def _read(self, root: Path) -> None:
        memory = self.memory or Memory()
        self.library = memory.library(root)
        tree = memory.tree(self.library)
        drawings = draw_figures(self.library, tree)
        for problem in [*check(self.library, tree), *figure_problems(self.library, drawings)]:
            log.warning("%s", problem)
        self.ours = memory.site(self.library, ledger(self.library, tree), tree, drawings, last=not self.serving)
        ready = memory.ahead.layout.wait if memory.ahead else None
        self.pages = {page.src: page for page in pages_of(self.ours, ready=ready)}

    def _configure(self, config: MkDocsConfig) -> None:
        """Put in what our pages need of Markdown and of the theme."""
        config.site_name = escape(config.site_name)  # the theme writes it as it stands, or with this very function
        config.markdown_extensions += [name for name in EXTENSIONS if name not in config.markdown_extensions]
        config.extra_css = [assets.STYLE, *config.extra_css]
        config.extra_javascript = [_deferred(assets.FORMULAS), *config.extra_javascript]
        if self.library.settings.editor and isinstance(features := config.theme.get("features"), list):
            features += [name for name in ("content.action.edit",) if name not in features]
        self.searches = not any(name.rpartition("/")[2] == "search" for name in config.plugins)
        if self.searches:  # the theme shows its field where a plugin of this name is there
            config.plugins["material/search"] = OwnSearch()
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(Path(__file__).parent / "theme"))

    @event_priority(-50)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages, the files that belong to them, and our style sheet."""
        for page in self.pages.values():
            if page.src not in files.src_uris:
                files.append(PageFile(page, config))
        for name, content in (assets.style(self.library.settings) | files_of(self.ours)).items():
            files.append(File.generated(config, name, content=content))
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002 - MkDocs' signature
        """Give each generated page its parent, previous and next page; one that `nav` names has its place there."""
        for section in _sections(nav.items):
            section.title = _plain(section.title)
        made = {src: file.page for src in self.pages if (file := files.get_file_from_path(src)) and file.page}
        for src, page in made.items():
            ours = self.pages[src]
            if ours.parent and page not in nav.pages:
                page.parent = made.get(ours.parent)  # type: ignore[assignment]  # a page may be a parent: Material's blog does so
                page.previous_page = made.get(ours.previous)
                page.next_page = made.get(ours.next)
            if (record := record_of(self.ours, src)) and (link := self.ours.editor_link(src, record)):
                page.edit_url = link
        return nav

    def made_from(self, file: File) -> str:
        """Return all that a page's text is made from: `rebuild.py` asks, to render it only where that has changed."""
        ours = self.pages.get(file.src_uri)
        if ours and file.generated_by:
            if not self.serving:
                return ""  # it is rendered once, and its text is written only then
            return ours.digest + repr([self.library.topic_title(topic) for topic in ours.topics])
        content = file.content_bytes
        if notebook := _notebook(file):
            kept = cache_folder(notebook, self.ours.tree, root=self.library.root)
            return f"{kept} {hashlib.sha256(content).hexdigest()}"
        return self.ours.by_hand(content.decode("utf-8", "replace"), file.src_uri)

    def title_of(self, file: File) -> str | None:
        """Return the title of a generated page."""
        ours = self.pages.get(file.src_uri)
        return (ours.title or None) if ours else None

    @event_priority(100)  # before mkdocs-jupyter reads its options
    def _keep_notebook(self, page: MkDocsPage, *, config: MkDocsConfig, **_: Any) -> MkDocsPage:
        """Have mkdocs-jupyter keep a notebook's page by all that it comes from."""
        jupyter = config.plugins.get("mkdocs-jupyter")
        if jupyter is not None and (notebook := _notebook(page.file)):
            jupyter.config["cache_dir"] = str(cache_folder(notebook, self.ours.tree, root=self.library.root))
        return page

    @event_priority(-100)  # after mkdocs-jupyter has said how the page is rendered
    def _run_notebook(self, page: MkDocsPage, **_: Any) -> MkDocsPage:
        """Run a notebook in the library's folder, and say at which line it failed."""
        if notebook := _notebook(page.file):
            root, rendered = self.library.root, page.render

            def render(config: MkDocsConfig, files: Files) -> None:
                try:
                    with running(notebook, root=root, code=root / self.library.settings.claims.code):
                        rendered(config, files)
                except NotebookError as error:
                    raise PluginError(str(error)) from error

            page.render = render  # type: ignore[method-assign]  # of this page alone, as mkdocs-jupyter does it
        return page

    on_pre_page = CombinedEvent(_keep_notebook, _run_notebook)

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> str:
        """Put links, measured values and live source into pages written by hand."""
        if page.file.src_uri in self.pages or page.file.src_uri.endswith(SUFFIXES):
            return markdown
        return self.ours.by_hand(markdown, page.file.src_uri)

    def on_page_content(self, html: str, *, page: MkDocsPage, **_: Any) -> str:
        """Make formulas, code and tables by hand what they are in our pages; remember the characters of formulas."""
        shown = html
        if page.file.src_uri.endswith(SUFFIXES):
            shown = assets.without_drawn_words(assets.with_code_in_reach(math_in_html(html)))
        elif page.file.src_uri not in self.pages:
            shown = assets.with_breaks_in_paths(html)
        self.math_characters |= assets.characters_of_math(shown)
        return shown

    @event_priority(-50)
    def on_page_context(self, context: TemplateContext, *, page: MkDocsPage, **_: Any) -> TemplateContext:
        """Show a page's topics as tags that lead to the topics' pages."""
        ours = self.pages.get(page.file.src_uri)
        if ours and ours.topics:
            title, _src = self.library.topic_title, page.file.src_uri
            tags = [Tag(title(topic), "", url("index.md", f"topics/{topic}.md")) for topic in ours.topics]
            context["tags"] = tags  # type: ignore[typeddict-unknown-key]  # Material's own
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep how the theme's inline scripts are made: no others may run. Titles of pages by hand are text to it."""
        for page in (file.page for file in files.documentation_pages() if file.src_uri not in self.pages):
            if page is not None and isinstance(page.title, str) and not page.is_homepage:
                page.title = _plain(page.title)
                page.meta = {**page.meta, "title": page.title}  # else the theme turns `&lt;` into `<`
        self.theme_scripts = cache(partial(theme_scripts, templates_with_scripts(env), config))
        return env

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Let no page call home, none run what is not the theme's or ours; tell search, feeds and previews of it."""
        shown = output
        if searched := self._searched(page.file.src_uri):
            shown = output.replace('<article class="md-content__inner', f'<article {searched} class="md-content__inner')
        description = str(page.meta.get("description") or "")
        title = str(page.meta.get("title") or ("" if page.is_homepage else page.title) or self.library.site.name)
        shown = with_head(
            shown, self.ours, src=page.file.src_uri, title=unescape(title), description=unescape(description)
        )
        allowed = self.theme_scripts(get_relative_url(".", page.url))
        return with_policy(shown, allowed)

    def _searched(self, src: str) -> str:
        """Return what tells the search to lead to a page: to what is written, not to the lists of it.

        Modules and claims come after the days and notes that say what they are for: with a weight, their headings are
        words like others, too.
        """
        folder, _, name = src.removesuffix(".md").rpartition("/")
        if src not in self.pages or self.library.find(name) is not None:
            return "data-pagefind-body"
        listed = folder == "reproductions" or folder.startswith("claims")
        return f'data-pagefind-body data-pagefind-weight="{OF_CODE}"' if listed and name != "index" else ""

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Give the error page its policy, too."""
        if not template_name.endswith(".html"):
            return output_content
        return with_policy(output_content, self.theme_scripts(urlsplit(config.site_url or "/").path))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what is no page: the font, with all characters of formulas; cards; the editor; the search's index."""
        site, cache = Path(config.site_dir), self.library.root / ".cache" / "threepass"
        try:
            write_editor(self.library, site)
        except NpmError as error:
            log.warning("the site has no editor: %s", error)
        with ThreadPoolExecutor(1) as thread:  # which waits for a program
            index = thread.submit(write_search_index, site) if self.searches and not self.serving else None
            if ahead := self.memory and self.memory.ahead:
                ahead.font.give(self.math_characters, cache)
                ahead.font.wait()
            assets.write_math_font(site, self.math_characters, cache=cache)
            write_cards(self.ours, site)
            try:
                if index is not None:
                    index.result()
            except SearchIndexError as error:
                log.warning("the search has no index: %s", error)

    def on_serve(self, server: LiveReloadServer, **_: Any) -> LiveReloadServer:
        """Rebuild when a day, a note, a template or a reproduction changes."""
        settings = self.library.settings
        for folder in (settings.journal, settings.papers, settings.claims.code, settings.templates):
            if folder and (self.library.root / folder).is_dir():
                server.watch(str(self.library.root / folder))
        return server


def _sections(items: Iterable[StructureItem]) -> Iterator[Section]:
    """Yield the sections of a navigation, however deep."""
    for item in items:
        if isinstance(item, Section):
            yield item
            yield from _sections(item.children)


def _notebook(file: File) -> Path | None:
    """Return where a notebook lies; None for another file."""
    return Path(file.abs_src_path) if file.src_uri.endswith(SUFFIXES) and file.abs_src_path else None


def _plain(title: str) -> str:
    """Return a title that the theme writes as it stands, from a file's name say, without marks that would be HTML."""
    return title.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _deferred(path: str) -> ExtraScriptValue:
    """Return a script of the site that runs when the page has been read."""
    script = ExtraScriptValue(path)
    script.defer = True
    return script
