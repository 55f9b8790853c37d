"""A library in; what is wrong with it across its files, out. One rule, one function.

What is wrong within one file is found where the file is read (`source.py`, `records.py`), what is wrong in Markdown by
`prose_checks.py`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from threepass.importers.imported import IMPORTED
from threepass.latex.equations import BrokenEquation, to_mathml
from threepass.latex.symbols_in_equations import mark_symbols
from threepass.library import hint_at_paper
from threepass.problems import Problem, did_you_mean
from threepass.prose_checks import check_prose, hint_at_code, hint_at_packages
from threepass.results import FOLDER, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threepass.ledger import Ledger, Row
    from threepass.library import Entry, Library, Note
    from threepass.models import RoadmapItem
    from threepass.reach.symbols import SourceTree
    from threepass.source import Document, Location, Place


PLANNED = "mend the date; what is planned can be written by hand"
"""What to try where a date is still to come."""


def check(library: Library, tree: SourceTree) -> list[Problem]:
    """Return every problem of a library's files, sorted by file and line."""
    found = [problem for rule in RULES for problem in rule(library)]
    found += code_can_be_found(library, tree)
    found += check_prose(library, tree)
    return sorted({*library.problems, *found})


def check_dates(library: Library) -> list[Problem]:
    """Return a warning for each day, pass and review that is still to come, which no rule forbids: P024."""
    found = [day_to_come(entry) for entry in library.entries]
    for note in library.notes.values():
        dates = {("readings", number): reading.date for number, reading in enumerate(note.paper.readings)}
        dates |= {("reviews", number): review.date for number, review in enumerate(note.paper.reviews)}
        found += [_to_come(date, note.source, note.source.place((*at, "date"))) for at, date in dates.items()]
    return sorted(problem for problem in found if problem is not None)


def day_to_come(entry: Entry) -> Problem | None:
    """Return a problem where a day is still to come: P024."""
    return _to_come(entry.date, entry.source, entry.source.place(("date",)))


def _to_come(date: dt.date, source: Document, place: Place) -> Problem | None:
    if date <= latest_date():
        return None
    return source.problem("P024", f"{date} is still to come", at=place, hint=PLANNED)


def latest_date() -> dt.date:
    """Return the last date at which something can have been done: in another time zone it may be tomorrow."""
    return dt.date.today() + dt.timedelta(days=1)


def check_claims(ledger: Ledger) -> list[Problem]:
    """Return a problem for each claim that is not verified."""
    return [_claim_problem(row) for row in ledger.rows if row.state is not State.VERIFIED]


def check_leftovers(library: Library) -> list[Problem]:
    """Return a warning for each file beside the notes whose note was renamed or deleted: P081."""
    papers = Path(library.settings.papers)
    there = {*library.notes, *(problem.path.stem for problem in library.problems)}
    files = {papers / FOLDER / f"{key}.json": key for key in library.results}
    files |= {papers / IMPORTED / f"{key}.json": key for key in library.imported}
    hint = "rename it as the note was, or delete it"
    left = ((path, key) for path, key in files.items() if key not in there)
    return [Problem(path, 1, 1, "P081", f"no note is called '{key}'", hint) for path, key in left]


def day_numbers_are_unique(library: Library) -> Iterator[Problem]:
    """P021."""
    first: dict[int, Entry] = {}
    for entry in library.entries:
        number = entry.day.day
        if number is None:
            continue
        if number in first and first[number].date != entry.date:
            place = entry.source.place(("day",))
            message = f"day {number} is {first[number].name} already"
            yield entry.source.problem("P021", message, at=place, hint="give one of the two another number")
        first.setdefault(number, entry)


def day_numbers_rise(library: Library) -> Iterator[Problem]:
    """P022."""
    last: Entry | None = None
    for entry in library.entries:
        if entry.day.day is None:
            continue
        if last and last.day.day is not None and entry.date > last.date and entry.day.day < last.day.day:
            message = f"day {entry.day.day} comes after day {last.day.day} ({last.name})"
            yield entry.source.problem("P022", message, at=entry.source.place(("day",)), hint="numbers rise with dates")
        last = entry


def arxiv_ids_are_unique(library: Library) -> Iterator[Problem]:
    """P033."""
    first: dict[str, Note] = {}
    for note in library.notes.values():
        arxiv = note.paper.arxiv
        if arxiv and arxiv in first:
            message = f"arXiv {arxiv} has a note already: {first[arxiv].source.path}"
            hint = "all versions of a paper are one note"
            yield note.source.problem("P033", message, at=note.source.place(("arxiv",)), hint=hint)
        elif arxiv:
            first[arxiv] = note


def words_are_known(library: Library) -> Iterator[Problem]:
    """P031: topics and goals are those that mkdocs.yml lists."""
    for source, kind, words in _words(library):
        known = library.settings.topics if kind == "topics" else library.settings.goals
        for number, word in enumerate(words):
            if known and word not in known:
                message = f"unknown {kind[:-1]} '{word}'"
                hint = did_you_mean(word, known) or f"known: {', '.join(known)}; more go into mkdocs.yml"
                yield source.problem("P031", message, at=source.place((kind, number)), hint=hint)


def _words(library: Library) -> Iterator[tuple[Document, str, tuple[str, ...]]]:
    for entry in library.entries:
        yield entry.source, "goals", entry.day.goals
        yield entry.source, "topics", entry.day.topics
    for note in library.notes.values():
        yield note.source, "topics", note.paper.topics


def readings_name_papers(library: Library) -> Iterator[Problem]:
    """P037."""
    for entry in library.entries:
        for number, reading in enumerate(entry.day.readings):
            if reading.paper not in library.notes:
                place = entry.source.place(("readings", number, "paper"))
                hint = hint_at_paper(library, reading.paper)
                yield entry.source.problem("P037", f"no paper '{reading.paper}'", at=place, hint=hint)
    for location, item in roadmap_items(library):
        if library.plan and item.paper and item.paper not in library.notes:
            place = library.plan.source.place((*location, "paper"))
            hint = hint_at_paper(library, item.paper)
            yield library.plan.source.problem("P037", f"no paper '{item.paper}'", at=place, hint=hint)


def roadmap_items(library: Library) -> Iterator[tuple[Location, RoadmapItem]]:
    """Yield every item of the roadmap, and where it stands."""
    for number, section in enumerate(library.plan.roadmap.sections if library.plan else ()):
        for place, item in enumerate(section.items):
            yield ("sections", number, "items", place), item


def passes_come_in_order(library: Library) -> Iterator[Problem]:
    """P038: a pass needs the one below it, on the same day or before."""
    for key, passes in library.passes.items():
        for reading in passes:
            earlier = {other.number for other in passes if other.date <= reading.date}
            if reading.number > 1 and reading.number - 1 not in earlier:
                source, place = _place_of_pass(library, key, reading.number, reading.entry)
                message = f"pass {reading.number} of {key} on {reading.date} has no pass {reading.number - 1} before it"
                hint = f"record pass {reading.number - 1} too, or mend the date"
                yield source.problem("P038", message, at=place, hint=hint)


def _place_of_pass(library: Library, key: str, number: int, entry: str | None) -> tuple[Document, Place]:
    if entry is not None:
        source = library.by_name[entry].source
        readings = [(r.paper, r.pass_) for r in library.by_name[entry].day.readings]
        return source, source.place(("readings", readings.index((key, number)), "pass"))
    note = library.notes[key]
    numbers = [r.pass_ for r in note.paper.readings]
    return note.source, note.source.place(("readings", numbers.index(number), "pass"))


def ids_are_unique(library: Library) -> Iterator[Problem]:
    """P044."""
    for note in library.notes.values():
        for kind, ids in (
            ("claims", [claim.id for claim in note.paper.claims]),
            ("equations", [equation.id for equation in note.paper.equations]),
        ):
            for number, name in enumerate(ids):
                if name in ids[:number]:
                    place = note.source.place((kind, number, "id"))
                    message = f"two {kind} have the id '{name}'"
                    yield note.source.problem("P044", message, at=place, hint="rename one")


def equations_compile(library: Library) -> Iterator[Problem]:
    """P046."""
    for note in library.notes.values():
        for number, equation in enumerate(note.paper.equations):
            made = to_mathml(equation.latex, display=True)
            if isinstance(made, BrokenEquation):
                location: Location = ("equations", number, "latex")
                place = note.source.place_in_value(location, made.offset)
                message = f"equation '{equation.id}' does not compile: {made.reason}"
                yield note.source.problem("P046", message, at=place, hint=made.hint(equation.latex))


def symbols_stand_in_their_equations(library: Library) -> Iterator[Problem]:
    """P015."""
    for note in library.notes.values():
        for number, equation in enumerate(note.paper.equations):
            made = to_mathml(equation.latex, display=True)
            if equation.symbols and isinstance(made, str):
                for symbol in mark_symbols(made, tuple(equation.symbols)).missing:
                    place = note.source.place(("equations", number, "symbols", symbol), key=True)
                    message = f"equation '{equation.id}' has no symbol `{symbol}`"
                    hint = "write it as the equation's LaTeX does, with its indices: x_i"
                    yield note.source.problem("P015", message, at=place, hint=hint)


def code_can_be_found(library: Library, tree: SourceTree) -> Iterator[Problem]:
    """P040 and P041: what a note or a day names as code is a function of the claims' packages."""
    packages = library.settings.claims.packages
    for source, location, reference in _code_references(library):
        place = source.place(location)
        if reference.split(":")[0].split(".")[0] not in packages:
            message, hint = f"'{reference}' is in none of the claims' packages", hint_at_packages(library)
            yield source.problem("P041", message, at=place, hint=hint)
        elif tree.find(reference) is None:
            hint = hint_at_code(library, tree, reference)
            yield source.problem("P040", f"'{reference}' cannot be found", at=place, hint=hint)


def _code_references(library: Library) -> Iterator[tuple[Document, Location, str]]:
    for entry in library.entries:
        for number, figure in enumerate(entry.day.figures):
            yield entry.source, ("figures", number, "plot"), figure.plot
    for note in library.notes.values():
        for number, figure in enumerate(note.paper.figures):
            yield note.source, ("figures", number, "plot"), figure.plot
        for number, equation in enumerate(note.paper.equations):
            if equation.code:
                yield note.source, ("equations", number, "code"), equation.code
        for number, claim in enumerate(note.paper.claims):
            yield note.source, ("claims", number, "check"), claim.check
            if claim.control and claim.control != "none":
                yield note.source, ("claims", number, "control"), claim.control


RULES: tuple[Callable[[Library], Iterator[Problem]], ...] = (
    day_numbers_are_unique,
    day_numbers_rise,
    arxiv_ids_are_unique,
    words_are_known,
    readings_name_papers,
    passes_come_in_order,
    ids_are_unique,
    equations_compile,
    symbols_stand_in_their_equations,
)

_CLAIM_PROBLEMS = {
    State.FAILED: ("P050", "failed", "mend the code, or the claim"),
    State.UNPROVEN: ("P051", "is unproven: its control meets the bound too", "find a control that must miss it"),
    State.STALE: ("P052", "is stale: its code or bound has changed since it was measured", "run `threepass verify`"),
    State.UNMEASURED: ("P053", "has not been measured", "run `threepass verify`"),
}


def _claim_problem(row: Row) -> Problem:
    number = row.note.paper.claims.index(row.claim)
    code, said, hint = _CLAIM_PROBLEMS[row.state]
    reason = f": {row.measured.reason}" if row.measured and row.measured.reason and code == "P050" else ""
    place = row.note.source.place(("claims", number, "id"))
    return row.note.source.problem(code, f"claim '{row.claim.id}' {said}{reason}", at=place, hint=hint)
