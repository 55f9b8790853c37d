"""`threepass add`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.options import Topics
from threepass.commands.output import printable, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threepass.importers.arxiv_paper import ArxivPaper
    from threepass.library import Library


_SHORTEST = 40
"""Characters of a line that are shown however narrow the terminal is: up to the first author."""


def add(
    context: typer.Context,
    papers: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="arXiv ids or addresses, in any form; - is standard input."),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A file of ids or addresses; - is standard input.")
    ] = None,
    words: Annotated[str, typer.Option("--search", metavar="WORDS", help="Search arXiv, and pick from a list.")] = "",
    most: Annotated[
        int, typer.Option("--max", metavar="N", min=1, max=100, help="How many papers --search lists.")
    ] = 20,
    abstract: Annotated[bool, typer.Option("--abstract", help="Keep the abstract in the note, too.")] = False,
    topic: Topics = None,
) -> None:
    """Write a note for each paper, from arXiv.

    It holds the metadata, and a skeleton of the three passes. A hundred papers are one request; what was asked today is
    not asked again.

    What succeeded is kept; exits 1 where any paper failed or has a note already.
    """
    from threepass.authoring.new_paper import Added, add_papers
    from threepass.commands.opening import StopError, open_library
    from threepass.hinted import with_hint
    from threepass.problems import did_you_mean
    from threepass.terminal.progress_bar import progress_bar

    library = open_library(context)
    known = library.settings.topics
    for name in topic or []:
        if known and name not in known:
            hint = did_you_mean(name, known) or f"known: {', '.join(known)}; more go into mkdocs.yml"
            raise StopError(f"unknown topic '{name}'", hint)
    if words and (papers or source):
        raise StopError("--search finds papers by itself: name no others beside it", exit_code=2)
    places: dict[str, str] = {}
    if words:
        asked = _picked(library, words, most=most)
        if not asked:
            return
    else:
        places = _asked(papers or [], source)
        asked = list(places)
    failed = added = 0
    with progress_bar(len(asked), "asking arXiv") as advance:
        for outcome in add_papers(
            library.root,
            asked,
            topics=topic or (),
            abstract=abstract,
            tell=say,
            done=lambda name: advance(name, done=True),
        ):
            place = f"{places[outcome.asked]}: " if places.get(outcome.asked) else ""
            if isinstance(outcome, Added):
                added += 1
                sys.stdout.write(f"{outcome.asked}: {outcome.path}  {printable(outcome.title)}\n")
                if outcome.withdrawn:
                    say(f"{outcome.asked}: arXiv says that this paper is withdrawn")
            else:
                failed += 1
                say(with_hint(f"{place}{outcome.asked}: {outcome.reason}", outcome.hint))
    if failed and len(asked) > 1:
        say(f"{added} of {added + failed} added; the others are named above")
    if failed:
        raise typer.Exit(1)


def _asked(papers: "Sequence[str]", source: "Path | None") -> dict[str, str]:
    """Return what was asked for, each with the place it stands at in a file, or nothing."""
    from threepass.commands.opening import StopError
    from threepass.commands.standard_input import at_terminal, piped_text
    from threepass.importers.arxiv_list import listed
    from threepass.writing import read_exactly

    asked = {text: "" for text in papers if text != "-"}
    piped = "-" in papers or source == Path("-")
    if piped or (not papers and source is None):
        content = piped_text() if piped or not at_terminal() else ""
        asked |= {text: f"line {line}" for line, text in listed(content) if text not in asked}
    if source is not None and source != Path("-"):
        asked |= {text: f"{source}:{line}" for line, text in listed(read_exactly(source)) if text not in asked}
    if not asked and (piped or source is not None):
        raise StopError("there is no arXiv id in it", "one a line: 1703.01365, or an address")
    if not asked:
        hint = 'an id or an address, --from FILE, or --search "integrated gradients"'
        raise StopError("say which papers", hint, exit_code=2)
    return asked


def _picked(library: "Library", words: str, *, most: int) -> list[str]:
    """Search arXiv, show what was found, and return the ids that were picked, at the terminal or from a pipe."""
    import shutil

    from threepass.commands.opening import StopError
    from threepass.commands.standard_input import at_terminal, piped_text
    from threepass.importers.arxiv import Failure, endpoint, search
    from threepass.terminal.picking import PickError, picks

    found = search(words, most=most, endpoint=endpoint(library.settings.arxiv.url), tell=say)
    if isinstance(found, Failure):
        raise StopError(found.reason, found.hint)
    if not found:
        raise StopError(f"arXiv finds nothing for: {words}", "fewer words, or another field: ti:… au:… abs:…")
    on_terminal = at_terminal()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for number, paper in enumerate(found, 1):
        typer.echo(_listed(number, paper, library, width=width))
    while True:
        if on_terminal:
            sys.stderr.write("Which? (1 3-5, all, or nothing) ")
            sys.stderr.flush()
            typed = sys.stdin.readline()
        else:
            typed = piped_text()
        try:
            chosen = picks(typed, of=len(found))
        except PickError as error:
            if not on_terminal:
                raise StopError(error.reason, error.hint, exit_code=2) from None
            say(error.text)
            continue
        if not chosen:
            say("nothing picked, nothing added")
        return [found[number - 1].arxiv for number in chosen]


def _listed(number: int, paper: "ArxivPaper", library: "Library", *, width: int) -> str:
    """Return a line of the list: number, id, year, who, title, and whether there is a note.

    On a terminal, whose `width` is given, it is one line.
    """
    who = paper.authors[0] + (" et al." if len(paper.authors) > 1 else "")
    there = library.by_arxiv.get(paper.arxiv)
    note = f"  [{'noted' if width else there.source.path}]" if there else ""
    line = f"{number:>3}  {paper.arxiv:<16}  {paper.published.year}  {printable(who)}: {printable(paper.title)}"
    room = max(width - len(note), _SHORTEST) if width else len(line)
    return (line if len(line) <= room else f"{line[: room - 1]}…") + note
