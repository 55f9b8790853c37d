"""Records in; a library of them out, indexed by name, date, topic, goal and arXiv id, with passes and backlinks."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from threepass.fields import ARXIV_ID
from threepass.markdown.links import references
from threepass.markdown.passages import Passage
from threepass.problems import did_you_mean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from threepass.models import Day, Imported, Measurement, Paper, Results, Roadmap, RoadmapItem
    from threepass.problems import Problem
    from threepass.settings import Settings, Site
    from threepass.source import Document

_MARKUP = re.compile(r"[*_`\[\]$\\<>{}#|&!]|^\s*([-+~=]|\d+[.)])|://")
"""What may be more than words to Markdown."""


@dataclass(frozen=True)
class Entry:
    """A day's entry; its name is its file's: `2021-08-27`, or `2021-09-10-2` for a second one on a date."""

    name: str
    day: Day
    source: Document

    @property
    def date(self) -> dt.date:
        """The day it speaks of."""
        return self.day.date

    @property
    def number_on_date(self) -> int:
        """2 for `2021-09-10-2`, and 1 for the first entry of a date."""
        parts = self.name.split("-")
        return int(parts[3]) if len(parts) == 4 and parts[3].isdigit() else 1

    @property
    def title(self) -> str:
        """Its title, or the beginning of its notes."""
        if self.day.title:
            return self.day.title
        first = (self.day.notes or "").strip().splitlines()[0]
        return first if len(first) <= 80 else first[:79].rsplit(" ", 1)[0] + " …"

    @property
    def below_title(self) -> str:
        """Its notes; where a plain line of its own is their first and serves as the title, what comes after it."""
        notes = self.day.notes or ""
        first, _, rest = notes.strip().partition("\n")
        goes_on = bool(rest.partition("\n")[0].strip())
        is_title = not self.day.title and first == self.title and not goes_on and not _MARKUP.search(first)
        return rest.strip("\n") if is_title else notes


@dataclass(frozen=True)
class Note:
    """A paper's note; its citation key is its file's name."""

    key: str
    paper: Paper
    source: Document

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""
        return self.source.body


@dataclass(frozen=True)
class Plan:
    """The roadmap, and the file that it stands in."""

    roadmap: Roadmap
    source: Document


class Pass(NamedTuple):
    """One reading of a paper, recorded in its note or by a day's entry."""

    number: int
    date: dt.date
    minutes: int | None
    entry: str | None


class Backlink(NamedTuple):
    """Where a record is spoken of: the entry or note, and whether it was read there or linked."""

    source: str
    kind: str
    at: int = 0


@dataclass(frozen=True)
class Library:
    """All records of a library. `entries` are sorted by date, `notes` by key, `pages` (by hand, in docs/) by path."""

    root: Path
    settings: Settings
    site: Site
    entries: tuple[Entry, ...]
    notes: Mapping[str, Note]
    results: Mapping[str, Results]
    problems: tuple[Problem, ...]
    pages: tuple[Document, ...] = ()
    imported: Mapping[str, Imported] = field(default_factory=dict)
    plan: Plan | None = None

    def with_entries(self, entries: Iterable[Entry]) -> Library:
        """Return the library with some entries, in place of those of the same names."""
        new = {entry.name: entry for entry in entries}
        kept = (entry for entry in self.entries if entry.name not in new)
        return replace(self, entries=in_order([*kept, *new.values()]))

    def with_notes(self, notes: Iterable[Note]) -> Library:
        """Return the library with some notes, in place of those of the same keys."""
        return replace(self, notes=dict(sorted({**self.notes, **{note.key: note for note in notes}}.items())))

    @cached_property
    def by_name(self) -> dict[str, Entry]:
        """Entries by name."""
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def by_date(self) -> dict[dt.date, tuple[Entry, ...]]:
        """Entries by date."""
        found: defaultdict[dt.date, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.date].append(entry)
        return {date: tuple(entries) for date, entries in found.items()}

    @cached_property
    def by_arxiv(self) -> dict[str, Note]:
        """Notes by arXiv id (without version)."""
        return {note.paper.arxiv: note for note in self.notes.values() if note.paper.arxiv}

    @cached_property
    def topics(self) -> dict[str, tuple[tuple[Entry, ...], tuple[Note, ...]]]:
        """Every topic that is used, with its entries and notes; in the order of the settings, then by name."""
        used = {topic for entry in self.entries for topic in entry.day.topics}
        used |= {topic for note in self.notes.values() for topic in note.paper.topics}
        listed = [topic for topic in self.settings.topics if topic in used]
        return {
            topic: (
                tuple(entry for entry in self.entries if topic in entry.day.topics),
                tuple(note for note in self.notes.values() if topic in note.paper.topics),
            )
            for topic in [*listed, *sorted(used - set(listed))]
        }

    @cached_property
    def goals(self) -> dict[str, tuple[Entry, ...]]:
        """Every goal, with the entries that served it; in the order of the settings, then by name."""
        used = {goal for entry in self.entries for goal in entry.day.goals}
        names = [*self.settings.goals, *sorted(used - set(self.settings.goals))]
        return {name: tuple(entry for entry in self.entries if name in entry.day.goals) for name in names}

    def goal_title(self, goal: str) -> str:
        """A goal's title: the settings' one, or its name in words."""
        known = self.settings.goals.get(goal)
        return known.title if known else goal.replace("-", " ").capitalize()

    def years_before(self, entry: Entry) -> list[tuple[int, Entry]]:
        """Return the entries of the same day in earlier years, with how many years ago that was, the last first."""
        years = range(1, entry.date.year - self.entries[0].date.year + 1)
        dates = [(ago, _years_before(entry.date, ago)) for ago in years]
        return [(ago, other) for ago, date in dates if date for other in self.by_date.get(date, ())]

    def topic_title(self, topic: str) -> str:
        """A topic's title: the settings' one, or its name in words."""
        return self.settings.topics.get(topic, topic.replace("-", " ").capitalize())

    @cached_property
    def passes(self) -> dict[str, tuple[Pass, ...]]:
        """Every reading of each paper, in order: its note's own and those of the days; what both say is one."""
        found: defaultdict[str, list[Pass]] = defaultdict(list)
        own = {(n.key, r.pass_, r.date): r.minutes for n in self.notes.values() for r in n.paper.readings}
        told = set()
        for entry in self.entries:
            for reading in entry.day.readings:
                same = (reading.paper, reading.pass_, entry.date)
                told.add(same)
                minutes = reading.minutes if reading.minutes is not None else own.get(same)
                found[reading.paper].append(Pass(reading.pass_, entry.date, minutes, entry.name))
        for (key, number, date), minutes in own.items():
            if (key, number, date) not in told:
                found[key].append(Pass(number, date, minutes, None))
        return {key: tuple(sorted(found[key], key=lambda p: (p.date, p.number))) for key in found}

    def pass_of(self, key: str) -> int:
        """How deeply a paper has been read: 0 to 3."""
        return max((reading.number for reading in self.passes.get(key, ())), default=0)

    def newer_version(self, key: str) -> Imported | None:
        """Return what arXiv has where it is a later version of a paper than the one that its notes speak of."""
        note, imported = self.notes.get(key), self.imported.get(key)
        if note is None or imported is None or imported.arxiv != note.paper.arxiv or note.paper.version is None:
            return None
        return imported if imported.version > note.paper.version else None

    def withdrawn(self, key: str) -> Imported | None:
        """Return what arXiv has where it says that the paper is withdrawn."""
        note, imported = self.notes.get(key), self.imported.get(key)
        same = note and imported and imported.arxiv == note.paper.arxiv
        return imported if same and imported and imported.withdrawn else None

    def is_done(self, item: RoadmapItem) -> bool:
        """Whether an item of the roadmap has been read or watched, a paper as deeply as it is meant to be."""
        return self.pass_of(item.paper) >= item.pass_ if item.paper else item.done is not None

    def find(self, target: str) -> Entry | Note | None:
        """Return the record that `[[target]]` names."""
        return self.notes.get(target) or self.by_name.get(target)

    def texts(self) -> Iterator[tuple[Entry | Note, str]]:
        """Yield every record with its Markdown."""
        for entry in self.entries:
            yield entry, entry.day.notes or ""
        for note in self.notes.values():
            yield note, note.body

    def passages(self) -> Iterator[Passage]:
        """Yield every text in which an author's Markdown may link, calculate and show: entries, notes, pages."""
        for entry in self.entries:
            if entry.day.notes:
                yield Passage(entry.source, entry.day.notes, ("notes",))
            for number, figure in enumerate(entry.day.figures):
                yield Passage(entry.source, figure.caption, ("figures", number, "caption"))
        for note in self.notes.values():
            for name, answer in note.paper.five_cs or ():
                if answer:
                    yield Passage(note.source, answer, ("five_cs", name))
            for number, figure in enumerate(note.paper.figures):
                yield Passage(note.source, figure.caption, ("figures", number, "caption"))
            yield Passage(note.source, note.body)
        for page in self.pages:
            yield Passage(page, page.body)

    @cached_property
    def backlinks(self) -> dict[str, tuple[Backlink, ...]]:
        """For each record, what speaks of it: the days that read it, then what links to it."""
        found: defaultdict[str, list[Backlink]] = defaultdict(list)
        for entry in self.entries:
            for reading in entry.day.readings:
                found[reading.paper].append(Backlink(entry.name, f"pass {reading.pass_}"))
        for record, text in self.texts():
            name = record.name if isinstance(record, Entry) else record.key
            for reference in references(text):
                known = [link.source for link in found[reference.target]]
                if name not in known and name != reference.target:
                    found[reference.target].append(Backlink(name, "link", reference.start))
        return {target: tuple(links) for target, links in found.items() if links}

    def measurement(self, key: str, claim: str) -> Measurement | None:
        """Return what a claim last measured."""
        results = self.results.get(key)
        return results.claims.get(claim) if results else None

    def former_measurements(self, key: str, claim: str) -> tuple[Measurement, ...]:
        """Return what a claim measured before its last measurement, newest first."""
        results = self.results.get(key)
        return results.history.get(claim, ()) if results else ()


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries by date, and those of one date by their number."""
    return tuple(sorted(entries, key=lambda entry: (entry.date, entry.number_on_date)))


def _years_before(date: dt.date, years: int) -> dt.date | None:
    """Return the same day of an earlier year; 29 February has none in most."""
    try:
        return date.replace(year=date.year - years)
    except ValueError:
        return None


def resolve(library: Library, text: str) -> Note | None:
    """Return the note that a citation key or an arXiv id (with or without version) names."""
    if text in library.notes:
        return library.notes[text]
    match = re.fullmatch(rf"(?:arxiv:)?({ARXIV_ID})(?:v\d+)?", text.strip(), re.IGNORECASE)
    return library.by_arxiv.get(match[1]) if match else None


def hint_at_paper(library: Library, text: str) -> str:
    """Return what to try where a paper is named that has no note: the key that may be meant, or how a note is made."""
    titled = [key for key, note in library.notes.items() if note.paper.title.casefold() == text.strip().casefold()]
    meant = f"did you mean '{titled[0]}'?" if titled else did_you_mean(text, library.notes)
    return meant or "`threepass add` makes a paper's note"
