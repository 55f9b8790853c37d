"""What every page is made from."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from markupsafe import Markup

from threepass.cms import place_in_editor
from threepass.ledger import Ledger
from threepass.library import Entry, Library
from threepass.markdown.links import references
from threepass.markdown.sentences import opening, sentence_at
from threepass.pages.environment import render
from threepass.pages.inline import inline
from threepass.pages.live import live_page, live_prose
from threepass.pages.page import Page, front_matter, url
from threepass.pages.prose import prose, source_of
from threepass.pages.reads import Look, Reads, Watched
from threepass.pages.related import Related, related
from threepass.reach.exercised import TestFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    from threepass.library import Backlink, Note
    from threepass.reach.symbols import SourceTree, Symbol
    from threepass.running.figures import Drawing


T = TypeVar("T")


class Kept(NamedTuple):
    """A page, or a part of one, as it was made, with all that it was made from."""

    asked: tuple[Any, ...]
    reads: Reads
    made: Any


OVERVIEW = "reproductions/index.md"


SUMMARY = 220
"""Characters of a day's notes that lists show."""


class Mention(NamedTuple):
    """A record that speaks of another: how (`link`, or `pass 2`), and the sentence in which it does, as HTML."""

    record: Entry | Note
    kind: str
    sentence: Markup


@dataclass(frozen=True)
class Site:
    """A library, what is known of its claims, its code, the templates, and the figures that were drawn."""

    library: Library
    ledger: Ledger
    tree: SourceTree
    templates: Environment
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    kept: dict[str, Kept] | None = None
    """What a former site with the same settings, templates, code and figures made, to be used again."""

    @cached_property
    def related(self) -> Mapping[str, Related]:
        """For each paper, the papers and days that are most like it."""
        return related(self.library)

    @cached_property
    def tests(self) -> TestFolder:
        """The tests of the library's code."""
        return TestFolder(self.library.root / self.library.settings.claims.tests, self.tree)

    @cached_property
    def _look(self) -> Look:
        return Look(self)

    def keep(self, name: str, asked: tuple[Any, ...], make: Callable[[Site], T]) -> T:
        """Return what `make` makes of this site, from a former one where that has asked and read the same.

        What `make` gives must depend on nothing but `asked` and what it reads of the site that it is called with.
        """
        if self.kept is None:
            return make(self)
        kept = self.kept.get(name)
        if kept is None or kept.asked != asked or not kept.reads.are_same(self._look):
            reads = Reads()
            watched: Any = Watched(self, (Library, Ledger), reads)
            kept = self.kept[name] = Kept(asked, reads, make(watched))
        made: T = kept.made
        return made

    def page(
        self,
        src: str,
        template: str,
        *,
        title: str,
        description: str = "",
        hide: tuple[str, ...] = ("navigation", "toc"),
        topics: tuple[str, ...] = (),
        parent: str = "",
        previous: str = "",
        following: str = "",
        found: Callable[[Site], Mapping[str, Any]] | None = None,
        **values: Any,
    ) -> Page:
        """Return one page; every template also knows the `site`, the `library`, its own `src` and some functions.

        `values` are for the template; `found` tells more of them from the site, only where the page is made anew. What
        it says is written later, by whichever process needs it; but now where it is kept, to note what it reads.
        """
        asked = (template, title, description, hide, topics, parent, previous, following, values)

        # The theme puts these into HTML as they are: the title between tags, the description between quotes.
        shown, said = title.replace("<", "&lt;"), html.escape(description)

        def text(site: Site) -> str:
            tags = [self.library.topic_title(topic) for topic in topics]
            head = front_matter(title=shown, description=said, hide=list(hide), tags=tags)
            body = render(
                self.templates,
                template,
                site=site,
                library=site.library,
                src=src,
                source_of=source_of,
                is_entry=lambda record: isinstance(record, Entry),
                **values,
                **(found(site) if found else {}),
            )
            return head + "\n" + body

        def make(site: Site) -> Page:
            write = partial(text, site) if self.kept is None else _always(text(site))
            return Page(src, write, parent, previous, following, topics, shown)

        return self.keep(src, asked, make)

    def prose(self, text: str | None, src: str, *, top: int = 2) -> Markup:
        """Return an author's Markdown for the page `src`: links, measured values and live source in their place."""
        return live_prose(text or "", self, src=src, top=top)

    def docstring(self, text: str | None, src: str, *, top: int) -> Markup:
        """Return a docstring as Markdown: its links lead to pages, and it shows nothing live, itself least of all."""
        return prose(text or "", self.library, src=src, top=top)

    def by_hand(self, text: str, src: str) -> str:
        """Return a page of `docs/` with links, measured values and live source in their place."""
        return live_page(text, self, src=src)

    def backlinks(self, target: str) -> list[Mention]:
        """Return what speaks of `target`, newest day first, then notes, with the sentence in which it does."""
        found = [(self.library.find(link.source), link) for link in self.library.backlinks.get(target, ())]
        known = [(record, link) for record, link in found if record is not None]
        days = sorted((pair for pair in known if isinstance(pair[0], Entry)), key=lambda p: p[1].source, reverse=True)
        notes = sorted((pair for pair in known if not isinstance(pair[0], Entry)), key=lambda pair: pair[1].source)
        return [Mention(record, link.kind, self._sentence(record, link, target)) for record, link in (*days, *notes)]

    def _sentence(self, record: Entry | Note, link: Backlink, target: str) -> Markup:
        text = (record.day.notes or "") if isinstance(record, Entry) else record.body
        places = [link.at] if link.kind == "link" else [r.start for r in references(text) if r.target == target][:1]
        return inline(sentence_at(text, places[0]), self, about=target) if places else Markup("")

    def tell_ahead(self) -> None:
        """Tell what many pages show, before they are divided among processes that would each tell it."""
        _ = self.summaries

    @cached_property
    def summaries(self) -> Mapping[str, Markup]:
        """For each day, by its name, the first sentences of its notes as one line of HTML."""
        return {each.name: inline(opening(each.below_title, limit=SUMMARY), self) for each in self.library.entries}

    def code_page(self, symbol: Symbol) -> str:
        """Return the path of the page that shows a symbol, with its anchor; what is private has none."""
        name = symbol.qualified_name.split(".")[0]
        shown = {member.qualified_name for member in self.tree.members(symbol.module)}
        return module_page(symbol.module) + (f"#{name}" if name in shown else "") if shown else OVERVIEW

    def editor_link(self, src: str, record: Entry | Note | None = None) -> str:
        """Return where the editor has a record, or begins a day, from the page `src`; nothing where none is."""
        if not self.library.settings.editor:
            return ""
        path, mark, place = place_in_editor(self.library, record).partition("#")
        return url(src, path) + "/" + mark + place

    def repository_link(self, symbol: Symbol) -> str:
        """Return the address of a symbol's lines in the repository, if mkdocs.yml names one."""
        repository = self.library.settings.repository
        if not repository:
            return ""
        path = symbol.path.resolve().relative_to(self.library.root.resolve()).as_posix()
        return f"{repository}/blob/{self.library.settings.branch}/{path}#L{symbol.first_line}-L{symbol.last_line}"


def _always(text: str) -> Callable[[], str]:
    """Return what gives a text, and holds nothing else."""
    return lambda: text


def module_page(module: str) -> str:
    """Return the path of a module's page: the package's own name is in the folder's."""
    return f"reproductions/{module.partition('.')[2] or module}.md"
