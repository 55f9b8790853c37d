"""Pages in; each rendered into the site, by several processes, and what is to be kept of it, out."""

from __future__ import annotations

import logging
import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from mkdocs.commands import build as steps
from mkdocs.exceptions import BuildError
from mkdocs.structure.pages import Page

from threepass.assets import characters_of_math

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

    from threepass.building.conversion import Converter


class Rendered(NamedTuple):
    """What is kept of a page: its key, its anchors, its links to anchors of others, the characters of its formulas.

    The key of a page that something was wrong with is empty: it is rendered again, and says it again.
    """

    key: str
    anchors: frozenset[str]
    links: dict[str, dict[str, str]]
    characters: frozenset[str]


@dataclass(frozen=True)
class Job:
    """All that it takes to render pages."""

    config: MkDocsConfig
    files: Files
    docs: Sequence[File]
    nav: Navigation
    env: Environment
    converter: Converter | None = None
    """For generated pages, where no other plugin has a hook for them."""


def render(job: Job, stale: Sequence[File], *, processes: int) -> Iterator[tuple[str, Rendered]]:
    """Render pages and yield what is kept of each; warnings are logged here, whichever process they come from."""
    shares = [stale[number::processes] for number in range(processes)]
    fork = multiprocessing.get_context("fork") if processes > 1 else None
    started = []
    for share in shares[1:]:
        assert fork is not None
        receiver, sender = fork.Pipe(duplex=False)
        process = fork.Process(target=_in_process, args=(job, share, sender))
        process.start()
        sender.close()
        started.append((process, receiver))
    try:
        for file in shares[0]:
            yield file.src_uri, _render_page(job, file)
        for _process, receiver in started:
            made, records, failure = _received(receiver)
            for name, level, message in records:
                logging.getLogger(name).log(level, "%s", message)
            if failure:
                raise BuildError(failure)
            yield from made
    finally:
        for process, receiver in started:
            receiver.close()
            process.join(timeout=10)


def _received(receiver: Connection) -> tuple[list[tuple[str, Rendered]], list[tuple[str, int, str]], str]:
    try:
        return cast("tuple[list[tuple[str, Rendered]], list[tuple[str, int, str]], str]", receiver.recv())
    except EOFError:
        return [], [], "a process that rendered pages ended before it was done"


def _in_process(job: Job, share: Sequence[File], sender: Connection) -> None:
    logger = logging.getLogger("mkdocs")
    said = Warnings()
    logger.handlers, logger.propagate = [said], False
    made, failure = [], ""
    try:
        made = [(file.src_uri, _render_page(job, file)) for file in share]
    except KeyboardInterrupt:
        return  # so was who started it, and says so
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    sender.send((made, [(each.name, each.levelno, each.getMessage()) for each in said.records], failure))
    sender.close()


def _render_page(job: Job, file: File) -> Rendered:
    page = page_of(file, job.config)
    said = Warnings()
    with said:
        if page.content is None and job.converter is not None and file.generated_by is not None:
            job.converter.convert(page)
        elif page.content is None:
            steps._populate_page(page, job.config, job.files)
        excluded = file.inclusion.is_excluded()  # type: ignore[no-untyped-call]  # MkDocs' own
        steps._build_page(page, job.config, job.docs, job.nav, job.env, excluded=excluded)
    characters = frozenset(characters_of_math(page.content or ""))
    made = Rendered(
        "" if said.records else "clean", frozenset(page.present_anchor_ids or ()), links_of(page), characters
    )
    page.content, page.toc = None, []  # type: ignore[assignment]  # there may be thousands
    return made


def page_of(file: File, config: MkDocsConfig) -> Page:
    """Return the page of a file; one that is not in the navigation may not have been made yet."""
    return file.page if file.page is not None else Page(None, file, config)


def links_of(page: Page) -> dict[str, dict[str, str]]:
    """Return a page's links to headings of others: by the path of each, the headings with the links as written."""
    return {file.src_uri: dict(links) for file, links in (page.links_to_anchors or {}).items()}


class Warnings(logging.Handler):
    """The warnings that are logged while it is entered, beside where they go."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)

    def __enter__(self) -> None:
        logging.getLogger("mkdocs").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("mkdocs").removeHandler(self)
