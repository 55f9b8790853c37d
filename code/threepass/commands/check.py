"""`threepass check`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threepass.library import Library
    from threepass.problems import Problem


def check(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Ask every address on the web whether it is there.")] = False,
) -> None:
    """Check every file and claim. Silent when all is well.

    Exits 1 where a file is wrong, a claim failed or is unproven, or a link is dead. A claim that is to be measured, a
    date to come and an old form of issues are warnings.
    """
    from threepass import reporting
    from threepass.checks import check as check_files
    from threepass.checks import check_claims, check_dates, check_leftovers
    from threepass.commands.opening import StopError, root_of, shown
    from threepass.github.issue_form import check_form
    from threepass.ledger import ledger, source_tree
    from threepass.library import load
    from threepass.library_root import CONFIG

    root = root_of(context)
    library = load(root)
    tree = source_tree(library)
    problems = sorted(
        {
            *check_files(library, tree),
            *check_claims(ledger(library, tree)),
            *check_dates(library),
            *check_leftovers(library),
            *check_form(library.root, library.settings),
        }
    )
    if of_settings := [problem for problem in library.problems if problem.path == Path(CONFIG)]:
        problems = of_settings  # where goals, topics and packages are not known, what else is said would mislead
    offline = False
    if links:
        wrong, offline = _check_links(library)
        problems = sorted({*problems, *wrong})
    if as_json:
        typer.echo(reporting.as_json(problems, strict=strict))
    for line in [] if as_json else shown(problems, root, error=False, strict=strict):
        typer.echo(line)
    if offline:
        raise StopError("no host on the web can be reached: the links are not checked", "is this machine online?")
    if reporting.any_error(problems, strict=strict):
        raise typer.Exit(1)


def _check_links(library: "Library") -> "tuple[Iterable[Problem], bool]":
    """Ask every link, or remember what it answered; return what is wrong, and whether no host could be reached at all.

    What is found out is kept as soon as it is there.
    """
    import datetime as dt
    import os
    import time
    from importlib.metadata import version

    from platformdirs import user_cache_path

    from threepass.terminal.progress_bar import progress_bar
    from threepass.web_links.external_links import external_links, link_problems, to_ask
    from threepass.web_links.host_requests import Manners
    from threepass.web_links.link_answers import KnownAnswers
    from threepass.web_links.link_requests import ARCHIVE, ask

    links = list(external_links(library))
    wanted = to_ask(links, today=dt.date.today())
    known = KnownAnswers(user_cache_path("threepass", appauthor=False) / "links", time.time)
    answers = {address: answer for address in wanted if (answer := known.get(address))}
    unknown = {address: when for address, when in wanted.items() if address not in answers}
    home = f"; +{library.site.url}" if library.site.url.startswith("http") else ""
    manners = Manners(agent=f"Mozilla/5.0 (compatible; threepass/{version('threepass')}; link check{home})")
    with progress_bar(len(unknown), "asking") as advance:
        for address, answer in ask(unknown, manners=manners, archive=os.environ.get("THREEPASS_ARCHIVE_URL", ARCHIVE)):
            known.put(address, answer)
            answers[address] = answer
            advance(address, done=True)
    offline = bool(unknown) and not any(answers[address].reached for address in unknown)
    if offline:
        answers = {address: answer for address, answer in answers.items() if answer.reached}
    return link_problems(links, answers), offline
