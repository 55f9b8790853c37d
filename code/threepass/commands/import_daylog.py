"""`threepass import daylog`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threepass.commands.options import DryRun
from threepass.commands.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threepass.intake.daylog import Plan
    from threepass.library import Library


def daylog(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The log: a Markdown file, often a README.md.")],
    start: Annotated[
        str, typer.Option("--start", metavar="DATE", help="The date of its first day, where the log does not say.")
    ] = "",
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How to read 04/10/2019.", show_default=False)
    ] = None,
    add_papers: Annotated[bool, typer.Option("--add-papers", help="Add the arXiv papers it links to.")] = False,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="What to remember the log by, if not by its place.")
    ] = "",
    base: Annotated[
        str, typer.Option("--base", metavar="URL", help="Where its folder is on the web, for links to other files.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Write an entry for each day of a log.

    Dates come from the headings, else from the log's git history, else from --start. Imported again, a log that has
    grown or was mended is merged: what you changed here stays.

    What belongs to no day is said by its line, and kept beside the entries. Exits 1 where a paper could not be added.
    """
    import re

    from threepass.commands.opening import StopError, date_named, open_library, shown
    from threepass.fields import WORD
    from threepass.intake.daylog import Options, import_daylog, plan_daylog

    if name and not re.fullmatch(WORD, name):
        raise StopError(f"'{name}' is no name", "lower case, digits and hyphens: my-log", exit_code=2)
    if base and not re.match(r"https?://\S+$", base):
        raise StopError(f"'{base}' is not a web address", "it begins with https://", exit_code=2)
    library = open_library(context)
    options = Options(start=date_named(start) if start else None, day_first=day_first, name=name, base=base)
    plan = plan_daylog(library.root, file, options)
    _refuse_what_cannot_be(file, plan)
    _refuse_beside_the_example(library, plan)
    failed = _add_papers(library.root, plan, file) if add_papers and not dry_run else 0
    if not dry_run:
        plan = import_daylog(library.root, file, options)
        _refuse_what_cannot_be(file, plan)
    for line in _done(plan, library.settings.journal, file, dry_run=dry_run):
        typer.echo(line)
    for line in (*_remarks(plan, file, added=add_papers and dry_run), *shown(plan.problems, library.root)):
        typer.echo(line, err=True)
    typer.echo(_count(plan, dry_run=dry_run))
    if plan.problems or failed:
        raise typer.Exit(1)


def _refuse_what_cannot_be(file: Path, plan: "Plan") -> None:
    """Stop where the log has no days, or days without a date."""
    from threepass.commands.opening import StopError
    from threepass.wording import quantity

    if not plan.days:
        hint = "a day begins with a heading such as `## Day 4: July 9, 2018`, or is a row of a table"
        raise StopError(f"{file} holds no days", hint)
    if plan.undated:
        lines = [f"{file}:{remark.line}: {remark.text}" for remark in plan.remarks]
        first, days = plan.undated[0].day, quantity(len(plan.undated), "day")
        lines.append(f"{file}:{first.first}: no date is known of {days}, first of: {first.written}")
        ambiguous = any("--day-first" in remark.text for remark in plan.remarks)
        hint = "say --day-first or --month-first" if ambiguous else "say when the log began: --start 2021-08-27"
        raise StopError("\n".join(lines), hint, exit_code=2)


def _refuse_beside_the_example(library: "Library", plan: "Plan") -> None:
    """Stop where days would lose their numbers to the example that `init` wrote."""
    from threepass.authoring.new_library import new_files
    from threepass.commands.opening import StopError

    lost = any(day.number is None and day.dated.day.heading.numbers for day in plan.days if day.done == "new")
    for entry in library.entries if lost else ():
        if entry.source.text in new_files(name=library.site.name, today=entry.date).values():
            said = (
                f"{entry.source.path} is the example of `threepass init`: its number would take the log's days theirs"
            )
            raise StopError(said, "delete it, or change it, and import again")


def _add_papers(root: Path, plan: "Plan", file: Path) -> int:
    """Write a note for each paper that the log links to and that has none; return how many could not be added."""
    from threepass.authoring.new_paper import Added, add_papers

    failed = 0
    for outcome in add_papers(root, list(plan.missing_papers), tell=say):
        if isinstance(outcome, Added):
            typer.echo(f"wrote {outcome.path}  {outcome.title}")
        else:
            failed += 1
            typer.echo(f"{file}:{plan.missing_papers[outcome.asked][0]}: {outcome.asked}: {outcome.reason}", err=True)
    return failed


def _done(plan: "Plan", journal: str, file: Path, *, dry_run: bool) -> "Iterator[str]":
    """Yield a line for each day that is, or would be, written or refused."""
    for day in plan.days:
        if day.done != "unchanged" or dry_run:
            entry = f"{journal}/{day.name[:4]}/{day.name}.yml"
            yield f"{day.done:<9}  {entry}  {file}:{day.dated.day.first}  date from {day.dated.found}"
    if dry_run:
        for path in plan.images:
            yield f"{'image':<9}  {path}"


def _remarks(plan: "Plan", file: Path, *, added: bool) -> "Iterator[str]":
    for run in plan.unplaced:
        lines = str(run.first) if run.first == run.last else f"{run.first}-{run.last}"
        first = run.text.splitlines()[0].strip()
        more = " …" if len(first) > 60 or run.first != run.last else ""
        yield f"{file}:{lines}: belongs to no day: {first[:60]}{more}"
    for remark in plan.remarks:
        yield f"{file}:{remark.line}: {remark.text}"
    for paper, numbers in plan.missing_papers.items():
        says = "would be added" if added else "has no note, so that its reading is not recorded"
        also = f" (also {', '.join(map(str, numbers[1:]))})" if numbers[1:] else ""
        yield f"{file}:{numbers[0]}{also}: arXiv {paper} {says}"
    if plan.missing_papers and not added:
        yield "hint: import again with --add-papers, or after `threepass add`: readings are then put in"


def _count(plan: "Plan", *, dry_run: bool) -> str:
    """Return how many days were new, merged, unchanged, kept and refused."""
    from collections import Counter

    from threepass.wording import quantity

    counts = Counter(day.done for day in plan.days)
    said = [f"{counts[name]} {name}" for name in ("new", "merged", "unchanged", "kept", "refused") if counts[name]]
    images = f", {quantity(len(plan.images), 'image')}" if plan.images else ""
    return f"{quantity(len(plan.days), 'day')}: {', '.join(said)}{images}" + (
        " (nothing was written)" if dry_run else ""
    )
