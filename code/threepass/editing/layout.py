"""A YAML text in; where each of its values, keys and comments stands, out.

Made from PyYAML's events. Nothing is judged here: `source.py` says what is wrong with a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import yaml

from threepass.hinted import HintedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml._yaml import Mark as CMark

Location = tuple[str | int, ...]
Data = str | list["Data"] | dict[str, "Data"] | None
"""What a text says: scalars as text, None where nothing is given."""

_MOST_NODES = 50_000
_DEEPEST = 100

LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""The line breaks that libyaml counts."""
_COMMENT = re.compile("#[^\r\n\x85\u2028\u2029]*")


class EditingError(HintedError):
    """An edit that cannot be made without harm. The text stays as it is."""


@dataclass(frozen=True)
class Block:
    """A `|` or (`folded`) `>` scalar: where its header and its last line of content end, how far it is indented."""

    header_end: int
    content_end: int
    indent: int
    folded: bool


@dataclass(frozen=True)
class Node:
    """A value: from `start` (anchor and tag included) to `end`, which leaves out the line break and comments behind it.

    `inner` is where the first key or dash of a block stands, and what follows the bracket of a flow collection; `taken`
    is where libyaml ended reading it.
    """

    kind: str
    start: int
    end: int
    data: Data
    size: int = 1
    inner: int = 0
    taken: int = 0
    flow: bool = False
    block: Block | None = None
    keys: tuple[Node, ...] = ()
    children: tuple[Node, ...] = ()


class Spot(NamedTuple):
    """Where a path leads: the last node that is there, what holds it, and the steps that are still to make.

    `indent` is the column of the keys or dashes of what holds the node, `before` the end of what stands before the node
    (its key, or the item above), and `mark` the colon or dash between the two.
    """

    node: Node
    indent: int
    flow: bool
    before: int
    mark: str
    rest: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A text and its nodes, with the line break that it uses."""

    text: str
    root: Node
    newline: str

    @property
    def data(self) -> Data:
        """What the text says."""
        return self.root.data

    def line_start(self, offset: int) -> int:
        """Return where the line that holds `offset` begins."""
        found = [match.end() for match in LINE_BREAK.finditer(self.text, 0, offset)]
        return found[-1] if found else int(self.text.startswith("\ufeff"))

    def line_end(self, offset: int) -> int:
        """Return where the line that holds `offset` ends, before its break."""
        found = LINE_BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Return where the line after the one that holds `offset` begins."""
        found = LINE_BREAK.search(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
        """Return how many characters stand before `offset` on its line."""
        return offset - self.line_start(offset)

    def comments(self, start: int = 0, end: int | None = None) -> list[str]:
        """Return the comments between two offsets: what follows a `#` that stands in no scalar."""
        end = len(self.text) if end is None else end
        found: list[str] = []
        at = start
        for node in _leaves(self.root):
            if node.taken <= at or node.start >= end:
                continue
            found += _COMMENT.findall(self.text, at, max(node.start, at))
            if node.block:
                found += _COMMENT.findall(self.text, node.start, node.block.header_end)
            at = node.taken
        return found + _COMMENT.findall(self.text, at, end)

    def last_mark(self, mark: str, start: int, end: int) -> int:
        """Return where `mark` stands last between two offsets that hold no scalar, or -1; comments do not count."""
        gap = _COMMENT.sub(lambda comment: " " * len(comment.group()), self.text[start:end])
        found = gap.rfind(mark)
        return -1 if found < 0 else start + found


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        if node.kind in ("scalar", "alias"):
            yield node
        return
    for number, child in enumerate(node.children):
        if node.keys:
            yield node.keys[number]
        yield from _leaves(child)


def line_break_of(text: str) -> str:
    """Return the line break that a text uses."""
    found = LINE_BREAK.search(text)
    return found.group() if found and found.group() in ("\r\n", "\r") else "\n"


def read_layout(text: str) -> Layout:
    """Read a text; `EditingError` where it is broken YAML."""
    try:
        return _Reader(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" in line {mark.line + 1}" if mark else ""
        raise EditingError(f"broken YAML{where}: {error.problem}", "run `threepass check`") from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        reason = str(error).splitlines()[0]
        raise EditingError(f"broken YAML: {reason}", "remove the character that YAML does not allow") from None


class _Reader:
    """Builds the nodes of one document from libyaml's events.

    Places come from line and column: the index that libyaml gives counts a line break as one character even where it
    is two, and leaves out a byte order mark.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        lead = int(text.startswith("\ufeff"))
        self.starts = [lead, *(match.end() for match in LINE_BREAK.finditer(text))]
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def document(self) -> Layout:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    raise EditingError("a second document begins in the file", "remove the second `---`")
                root = self.node(event, 0)
        return Layout(self.text, root or Node("scalar", 0, 0, None), line_break_of(self.text))

    def place(self, mark: yaml.Mark | CMark | None) -> int:
        assert mark is not None  # libyaml marks every event
        return (
            min(self.starts[mark.line] + mark.column, len(self.text))
            if mark.line < len(self.starts)
            else len(self.text)
        )

    def node(self, event: yaml.Event, depth: int) -> Node:
        if depth > _DEEPEST:
            raise EditingError("the YAML is nested too deeply", "flatten it")
        start, taken = self.place(event.start_mark), self.place(event.end_mark)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise EditingError(f"no anchor '&{event.anchor}' before its alias", "run `threepass check`")
            target = self.anchors[event.anchor]
            node = Node("alias", start, taken, target.data, target.size, taken=taken)
        elif isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event, start, taken)
        else:
            node = self.collection(event, start, taken, depth)
        self.nodes += node.size if node.kind in ("scalar", "alias") else 1
        if self.nodes > _MOST_NODES:
            raise EditingError("the YAML holds too many values or aliases", "write it out, shorter")
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = node
        return node

    def scalar(self, event: yaml.ScalarEvent, start: int, taken: int) -> Node:
        value: str = event.value
        if event.style in ("|", ">"):
            block = self.block(value, start, taken, folded=event.style == ">")
            keeps = "+" in self.text[start : block.header_end].partition("#")[0]
            end = self.before_break(taken) if keeps else block.content_end
            return Node("scalar", start, max(end, block.header_end), value, taken=taken, block=block)
        given = value != "" or event.style in ("'", '"')
        return Node("scalar", start, taken, value if given else None, taken=taken)

    def block(self, value: str, start: int, taken: int, *, folded: bool) -> Block:
        found = LINE_BREAK.search(self.text, start)
        header_end = found.start() if found else len(self.text)
        rows: list[tuple[int, str]] = []
        at = found.end() if found else taken
        while at < taken:
            row_end = LINE_BREAK.search(self.text, at)
            stop = row_end.start() if row_end else len(self.text)
            rows.append((at, self.text[at:stop]))
            at = row_end.end() if row_end else taken
        written = next((row for _, row in rows if row.strip(" ")), "")
        read = next((line for line in LINE_BREAK.split(value) if line.strip(" ")), "")
        indent = leading_spaces(written) - leading_spaces(read)
        ends = [place + len(row) for place, row in rows if len(row) > indent and row[indent:]]
        content_end = ends[-1] if written and ends else header_end
        return Block(header_end, content_end, indent, folded)

    def before_break(self, offset: int) -> int:
        """Return the end of the last whole line before `offset`."""
        stripped = self.text[:offset].rstrip(" ")
        breaks = [match for match in LINE_BREAK.finditer(stripped) if match.end() == len(stripped)]
        return breaks[-1].start() if breaks else offset

    def collection(self, event: yaml.Event, start: int, taken: int, depth: int) -> Node:
        flow = bool(getattr(event, "flow_style", False))
        is_list = isinstance(event, yaml.SequenceStartEvent)
        # libyaml ends the start of a collection at its first key or dash; behind the dash where a list is not indented
        inner = taken - 1 if is_list and not flow and not self.text.startswith("-", taken) else taken
        keys: dict[str, Node] = {}
        children: list[Node] = []
        for inside in self.events:
            if isinstance(inside, yaml.CollectionEndEvent):
                taken = self.place(inside.end_mark)
                break
            value = inside if is_list else self.key(inside, keys, depth + 1)
            children.append(self.node(value, depth + 1))
        data: Data = [child.data for child in children]
        if not is_list:
            data = {key: child.data for key, child in zip(keys, children, strict=True) if child.data is not None}
        return Node(
            kind="list" if is_list else "mapping",
            start=start,
            end=taken if flow or not children else children[-1].end,
            data=data,
            size=1 + sum(child.size for child in children),
            inner=inner,
            taken=taken,
            flow=flow,
            keys=tuple(keys.values()),
            children=tuple(children),
        )

    def key(self, event: yaml.Event, keys: dict[str, Node], depth: int) -> yaml.Event:
        """Add a key to those of a mapping; return the event of its value."""
        node = self.node(event, depth)
        if node.kind != "scalar" or not isinstance(node.data, str):
            raise EditingError("a key of the YAML is no word", "quote it if it begins with [, {, * or &")
        if node.data in keys:
            raise EditingError(f"key '{node.data}' is given twice", "keep one of the two")
        keys[node.data] = node
        return next(self.events)


def leading_spaces(line: str) -> int:
    """Return how far a line is indented."""
    return len(line) - len(line.lstrip(" "))
