"""Text in; plain data and the place of every key out. To edit YAML, `editing/layout.py` reads it in its own way.

YAML is composed from PyYAML's events, never constructed: every scalar stays the text that the author wrote, so that
the arXiv id `2301.00010` is not the number 2301.0001, `no` is not False and `12:30` is not 750. A key with nothing
behind it counts as not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import yaml

from threepass.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Data = dict[str, Any]
Location = tuple[str | int, ...]

LARGEST_FILE = 1_000_000
"""Bytes; a journal entry or a note is a page of text, not a data set."""
DEEPEST_NESTING = 20
MOST_NODES = 50_000
"""Nodes with aliases counted as often as they are used: an alias bomb is refused before it is expanded."""


class Place(NamedTuple):
    """A place in a file: line and column count from 1; `literal` is set where a `|` block begins."""

    line: int
    column: int
    literal: bool = False


@dataclass(frozen=True)
class Document:
    """What one file says: `data` as text, lists and mappings, and where each value and key stands."""

    path: Path
    text: str
    data: Data
    values: Mapping[Location, Place] = field(default_factory=dict)
    keys: Mapping[Location, Place] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1

    def place(self, location: Location, *, key: bool = False) -> Place:
        """Return the place of a value (or of its key), or of the nearest thing around it that has one."""
        known = self.keys if key else self.values
        for end in range(len(location), -1, -1):
            if (found := known.get(location[:end])) or (found := self.values.get(location[:end])):
                return found
        return Place(1, 1)

    def place_in_value(self, location: Location, offset: int) -> Place:
        """Return the place of character `offset` of a text value: exact in a `|` block, else where the value begins."""
        start = self.place(location)
        value: Any = self.data
        for step in location:
            value = value[step]
        if not start.literal or not isinstance(value, str):
            return start
        before = value[:offset]
        line = start.line + 1 + before.count("\n")
        inner = len(before) - before.rfind("\n") - 1
        rows = self.text.splitlines()
        row = rows[line - 1] if line <= len(rows) else ""
        said = value.splitlines()[before.count("\n")]
        return Place(line, max(row.find(said), 0) + inner + 1)

    def place_in_body(self, offset: int) -> Place:
        """Return the place of character `offset` of the Markdown below the front matter."""
        before = self.body[:offset]
        return Place(self.body_line + before.count("\n"), len(before) - before.rfind("\n"))

    def problem(self, code: str, message: str, *, at: Place, hint: str = "") -> Problem:
        """Return a problem of this file."""
        return Problem(self.path, at.line, at.column, code, message, hint)


Read = tuple[Document | None, list[Problem]]


def read_text(path: Path, *, shown: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file, or the problem that stands in its way; `shown` is the path as problems name it."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None, [_too_large(shown)]
        raw = path.read_bytes()
    except OSError as error:
        return None, [Problem(shown, 1, 1, "P001", f"the file cannot be read: {error.strerror or error}")]
    return text_of(raw, shown=shown)


def text_of(raw: bytes, *, shown: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file that holds these bytes, or the problem that stands in its way."""
    if len(raw) > LARGEST_FILE:
        return None, [_too_large(shown)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8: byte {raw[error.start]:#04x}"
        return None, [Problem(shown, line, 1, "P001", message, "save it as UTF-8")]
    if not text.strip():
        return None, [Problem(shown, 1, 1, "P003", "the file is empty", "fill it in, or delete it")]
    return text, []


def _too_large(shown: Path) -> Problem:
    return Problem(shown, 1, 1, "P002", "the file is larger than 1 MB", "keep data beside the notes")


def read_yaml(path: Path, *, shown: Path) -> Read:
    """Read a YAML file (a day's entry, `mkdocs.yml`)."""
    text, problems = read_text(path, shown=shown)
    return (None, problems) if text is None else compose(text, shown=shown)


def read_note(path: Path, *, shown: Path) -> Read:
    """Read a Markdown file with front matter between two lines of `---`."""
    text, problems = read_text(path, shown=shown)
    return (None, problems) if text is None else compose_note(text, shown=shown)


def compose_note(text: str, *, shown: Path) -> Read:
    """Compose the front matter of a note between two lines of `---` into a `Document`."""
    lines = text.splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if not ends or ends[0] != 0 or len(ends) < 2:
        where = 1 if not ends or ends[0] != 0 else len(lines)
        hint = "a note begins with a line `---`, its metadata, and a second line `---`"
        return None, [Problem(shown, where, 1, "P008", "the note has no front matter", hint)]
    close = ends[1]
    return compose(text, shown=shown, first=1, last=close, body="".join(lines[close + 1 :]), body_line=close + 2)


def compose(
    text: str, *, shown: Path, first: int = 0, last: int | None = None, body: str = "", body_line: int = 1
) -> Read:
    """Compose the YAML in the lines `first` to `last` of a text into a `Document`."""
    composer = _Composer(shown, first)
    source = text if last is None else "".join(text.splitlines(keepends=True)[first:last])
    try:
        data = composer.compose(source)
    except _RefusedError as refused:
        return None, [refused.problem]
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_problem(error, source, shown, first)]
    except yaml.YAMLError as error:  # a control character: the reader has a position and no mark
        at = source.count("\n", 0, getattr(error, "position", 0)) + 1 + first
        message = f"broken YAML: {getattr(error, 'reason', error)}"
        return None, [Problem(shown, at, 1, "P004", message, "remove the character; YAML allows no control characters")]
    return Document(shown, text, data, composer.values, composer.keys, body, body_line), composer.problems


class _RefusedError(Exception):
    """Reading stops here: the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Composer:
    """Builds plain data from YAML events, and notes where everything stands."""

    def __init__(self, shown: Path, first_line: int) -> None:
        self.shown = shown
        self.first_line = first_line
        self.values: dict[Location, Place] = {}
        self.keys: dict[Location, Place] = {}
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0

    def compose(self, source: str) -> Data:
        events = yaml.parse(source, Loader=yaml.CSafeLoader)
        place, data = Place(self.first_line + 1, 1), None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    hint = "one file holds one record: remove the second `---`"
                    self.refuse("P004", "broken YAML: a second document begins here", self.place(event), hint)
            elif isinstance(event, yaml.NodeEvent):
                place = self.place(event)
                data = self.node(event, events, ())
        if data is None:
            self.refuse("P003", "the file is empty", place, "fill it in, or delete it")
        if not isinstance(data, dict):
            self.refuse("P012", "a record is a mapping of keys to values", place, "write `key: value` lines")
        return data

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], location: Location) -> Any:
        place = self.place(event)
        self.values[location] = place
        self.count(1, place)
        if len(location) > DEEPEST_NESTING:
            self.refuse("P007", f"nested more than {DEEPEST_NESTING} deep", place, "flatten it")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, place)
        before = self.nodes
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            given = event.value != "" or event.style in ("'", '"', "|", ">")
            value = event.value if given else None
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(events, location)
        else:
            value = self.mapping(events, location)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = (value, self.nodes - before + 1)
        return value

    def sequence(self, events: Iterator[yaml.Event], location: Location) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, events, (*location, len(items))))
        return items

    def mapping(self, events: Iterator[yaml.Event], location: Location) -> Data:
        items: Data = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            at = self.place(event)
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse("P004", "broken YAML: a key is a word", at, "quote it if it begins with [, {, * or &")
            key, inner = event.value, (*location, event.value)
            if inner in self.keys:
                earlier = self.keys[inner]
                message = f"key '{key}' is given twice (first in line {earlier.line})"
                self.problems.append(Problem(self.shown, at.line, at.column, "P006", message, "keep one of the two"))
                self.node(next(events), events, (*location, f"{key} (again)"))
                continue
            self.keys[inner] = at
            value = self.node(next(events), events, inner)
            if value is not None:
                items[key] = value
        return items

    def alias(self, event: yaml.AliasEvent, place: Place) -> Any:
        if event.anchor not in self.anchors:
            self.refuse("P004", f"broken YAML: no anchor '&{event.anchor}' before this alias", place)
        value, nodes = self.anchors[event.anchor]
        self.count(nodes, place)
        return value

    def count(self, nodes: int, place: Place) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            self.refuse("P007", f"more than {MOST_NODES} values (aliases counted out)", place, "write it out, shorter")

    def place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # libyaml marks every event that is a node
        return Place(mark.line + 1 + self.first_line, mark.column + 1, getattr(event, "style", None) == "|")

    def refuse(self, code: str, message: str, at: Place, hint: str = "") -> NoReturn:
        raise _RefusedError(Problem(self.shown, at.line, at.column, code, message, hint))


def _syntax_problem(error: yaml.MarkedYAMLError, source: str, shown: Path, first_line: int) -> Problem:
    """Say in one line what libyaml found, and where; a tab gets a word of its own."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    rows = source.splitlines() or [""]
    row = rows[min(line, len(rows) - 1)]
    if "\t" in row[: column + 1]:
        at = row.index("\t")
        return Problem(shown, line + 1 + first_line, at + 1, "P005", "a tab indents the YAML", "indent with spaces")
    said = error.problem or "it cannot be parsed"
    hint = "quote a text that holds `: ` or ` #`, or begins with [ { * & ! | > % @ or `"
    if error.context and error.context_mark and error.context_mark.line != line:
        said = f"{said}, {error.context} that begins in line {error.context_mark.line + 1 + first_line}"
    return Problem(shown, line + 1 + first_line, column + 1, "P004", f"broken YAML: {said}", hint)
