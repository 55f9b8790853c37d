"""A YAML text and a change to it in; the text with that change and every other character as it was, out.

Nothing here dumps a document. PyYAML's events say where each value stands, the change is spliced in there in the
style of what is around it (flow or block, indentation, line breaks), and the outcome is read again: unless it says
exactly what was meant, and every comment is still there, `EditingError` is raised and nothing has changed.

Values are text, as in `source.py`: `no` and `2301.00010` need no quotes, and a key with nothing behind it is not given.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from yaml._yaml import Mark as CMark

Location = tuple[str | int, ...]
Value = str | int | float | dt.date | Sequence["Value"] | Mapping[str, "Value"]
"""What an edit may write; a number or a date is written as Python shows it, a truth as `true` or `false`."""
Data = str | list["Data"] | dict[str, "Data"] | None
"""What a text says: scalars as text, None where nothing is given."""

_WIDTH = 100
"""Columns; a list or mapping that is longer than this on one line is written on several."""
_MOST_NODES = 50_000
_DEEPEST = 100

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""The line breaks that libyaml counts."""
_COMMENT = re.compile("#[^\r\n\x85\u2028\u2029]*")
_TO_ESCAPE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Line breaks, the byte order mark and what YAML does not allow unescaped."""
_FIRST_OF_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]")
_NOT_IN_PLAIN = re.compile(r":\s|:$|\s#|^\.\.\.")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_SHORT = {"\0": r"\0", "\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "\\": r"\\"}


class EditingError(Exception):
    """An edit that cannot be made without harm: why, and what to try. The text stays as it is."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def set_value(text: str, path: Location, value: Value) -> str:
    """Return a YAML text with the value at `path` replaced, or added with the mappings that lead there.

    A new key comes last in its mapping. What was a list or mapping is replaced as a whole; comments within it move
    below the new value. Raises `EditingError` where `path` leads through something that is no mapping or list.
    """
    document = _read(text)
    new = _data(value)
    spot = _find(document, path)
    if not spot.rest and _same(spot.node.data, new):
        return text
    return _confirmed(document, _with(document.data, path, new), _put(document, spot, new))


def append_item(text: str, path: Location, item: Value) -> str:
    """Return a YAML text with an item added to the list at `path`, in that list's style; an absent list is begun.

    Raises `EditingError` where something else than a list stands there.
    """
    document = _read(text)
    new = _data(item)
    spot = _find(document, path)
    node = spot.node
    if spot.rest or node.data is None:
        return _confirmed(document, _with(document.data, path, [new]), _put(document, spot, [new]))
    if not isinstance(node.data, list) or node.kind != "list":
        raise EditingError(f"'{_named(path)}' is not a list", "write it as [one, two]")
    expected = _with(document.data, path, [*node.data, new])
    if not node.flow:
        after = _append_to_block(document, node, new)
    elif node.children or spot.flow or isinstance(new, str) or document.comments(node.start, node.end):
        after = _append_to_flow(document, node, _flow(new))
    else:
        after = _put(document, spot, [new])
    return _confirmed(document, expected, after)


def append_paragraph(text: str, path: Location, paragraph: str) -> str:
    r"""Return a YAML text with a paragraph added to the text at `path`, a blank line between; an absent one is begun.

    A `|` or `>` block grows in place; any other text becomes a `|` block. Line breaks of the paragraph become the
    file's (`\r\n` is a line break, not two characters); a paragraph of white space changes nothing.
    """
    added = paragraph.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not added.strip():
        return text
    document = _read(text)
    spot = _find(document, path)
    node = spot.node
    if spot.rest or node.data is None:
        return set_value(text, path, f"{added}\n")
    if not isinstance(node.data, str) or node.kind != "scalar":
        raise EditingError(f"'{_named(path)}' is not a text", "write it after `|` on lines of its own")
    base = node.data.rstrip("\n")
    joined = f"{base}\n\n{added}" if base else added
    if node.block is not None and base and not _TO_ESCAPE.search(added.replace("\n", "").replace("\t", "")):
        for end in ("\n", node.data[len(base) :], ""):  # which of them follows from the block's chomping
            try:
                expected = _with(document.data, path, joined + end)
                return _confirmed(document, expected, _append_to_text(document, node.block, added))
            except EditingError:
                continue
    return _confirmed(document, _with(document.data, path, f"{joined}\n"), _put(document, spot, f"{joined}\n"))


def front_matter_span(text: str) -> tuple[int, int]:
    """Return where the YAML between a note's two lines of `---` begins and ends; `EditingError` where there is none."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].removeprefix("\ufeff").rstrip() != "---":
        raise EditingError("the note has no front matter", "a note begins with a line `---`")
    start = end = len(lines[0])
    for line in lines[1:]:
        if line.rstrip() == "---":
            return start, end
        end += len(line)
    raise EditingError("the note's front matter does not end", "close it with a second line `---`")


def in_front_matter(text: str, edit: Callable[[str], str]) -> str:
    """Return a note with its front matter edited: `in_front_matter(text, lambda yaml: set_value(yaml, …))`."""
    start, end = front_matter_span(text)
    edited = edit(text[start:end])
    if start == end:  # nothing there that shows the note's line breaks
        edited = edited.replace("\n", _newline(text))
    after = text[:start] + edited + text[end:]
    if front_matter_span(after) != (start, start + len(edited)):
        raise EditingError("the change would end the note's front matter")
    return after


def scalar(value: str, *, indent: int = 0, newline: str = "\n") -> str:
    """Return a text as a YAML scalar of a block mapping or list that is indented by `indent` spaces.

    Plain where that is safe, else quoted; several lines as a `|` block (without the last line's break), unless only
    quotes keep them: control characters, several line breaks at the end. Raises `EditingError` for half a character
    (a lone surrogate), which no UTF-8 file can hold.
    """
    head, body = _block_scalar(value, indent + 2, 2)
    return newline.join([head, *body])


# What a text says, and where.


@dataclass(frozen=True)
class _Block:
    """A `|` or (`folded`) `>` scalar: where its header and its last line of content end, how far it is indented."""

    header_end: int
    content_end: int
    indent: int
    folded: bool


@dataclass(frozen=True)
class _Node:
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
    block: _Block | None = None
    keys: tuple[_Node, ...] = ()
    children: tuple[_Node, ...] = ()


class _Spot(NamedTuple):
    """Where a path leads: the last node that is there, what holds it, and the steps that are still to make.

    `indent` is the column of the keys or dashes of what holds the node, `before` the end of what stands before the node
    (its key, or the item above), and `mark` the colon or dash between the two.
    """

    node: _Node
    indent: int
    flow: bool
    before: int
    mark: str
    rest: tuple[str, ...]


@dataclass(frozen=True)
class _Document:
    text: str
    root: _Node
    newline: str

    @property
    def data(self) -> Data:
        return self.root.data

    def line_start(self, offset: int) -> int:
        """Return where the line that holds `offset` begins."""
        found = [match.end() for match in _BREAK.finditer(self.text, 0, offset)]
        return found[-1] if found else int(self.text.startswith("\ufeff"))

    def line_end(self, offset: int) -> int:
        """Return where the line that holds `offset` ends, before its break."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Return where the line after the one that holds `offset` begins."""
        found = _BREAK.search(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
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


def _leaves(node: _Node) -> Iterator[_Node]:
    if not node.children:
        if node.kind in ("scalar", "alias"):
            yield node
        return
    for number, child in enumerate(node.children):
        if node.keys:
            yield node.keys[number]
        yield from _leaves(child)


def _newline(text: str) -> str:
    found = _BREAK.search(text)
    return found.group() if found and found.group() in ("\r\n", "\r") else "\n"


def _read(text: str) -> _Document:
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
        self.starts = [lead, *(match.end() for match in _BREAK.finditer(text))]
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.anchors: dict[str, _Node] = {}
        self.nodes = 0

    def document(self) -> _Document:
        root: _Node | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    raise EditingError("a second document begins in the file", "remove the second `---`")
                root = self.node(event, 0)
        return _Document(self.text, root or _Node("scalar", 0, 0, None), _newline(self.text))

    def place(self, mark: yaml.Mark | CMark | None) -> int:
        assert mark is not None  # libyaml marks every event
        return (
            min(self.starts[mark.line] + mark.column, len(self.text))
            if mark.line < len(self.starts)
            else len(self.text)
        )

    def node(self, event: yaml.Event, depth: int) -> _Node:
        if depth > _DEEPEST:
            raise EditingError("the YAML is nested too deeply", "flatten it")
        start, taken = self.place(event.start_mark), self.place(event.end_mark)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise EditingError(f"no anchor '&{event.anchor}' before its alias", "run `threepass check`")
            target = self.anchors[event.anchor]
            node = _Node("alias", start, taken, target.data, target.size, taken=taken)
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

    def scalar(self, event: yaml.ScalarEvent, start: int, taken: int) -> _Node:
        value: str = event.value
        if event.style in ("|", ">"):
            block = self.block(value, start, taken, folded=event.style == ">")
            keeps = "+" in self.text[start : block.header_end].partition("#")[0]
            end = self.before_break(taken) if keeps else block.content_end
            return _Node("scalar", start, max(end, block.header_end), value, taken=taken, block=block)
        given = value != "" or event.style in ("'", '"')
        return _Node("scalar", start, taken, value if given else None, taken=taken)

    def block(self, value: str, start: int, taken: int, *, folded: bool) -> _Block:
        found = _BREAK.search(self.text, start)
        header_end = found.start() if found else len(self.text)
        rows: list[tuple[int, str]] = []
        at = found.end() if found else taken
        while at < taken:
            row_end = _BREAK.search(self.text, at)
            stop = row_end.start() if row_end else len(self.text)
            rows.append((at, self.text[at:stop]))
            at = row_end.end() if row_end else taken
        written = next((row for _, row in rows if row.strip(" ")), "")
        read = next((line for line in _BREAK.split(value) if line.strip(" ")), "")
        indent = _leading_spaces(written) - _leading_spaces(read)
        ends = [place + len(row) for place, row in rows if len(row) > indent and row[indent:]]
        content_end = ends[-1] if written and ends else header_end
        return _Block(header_end, content_end, indent, folded)

    def before_break(self, offset: int) -> int:
        """Return the end of the last whole line before `offset`."""
        stripped = self.text[:offset].rstrip(" ")
        breaks = [match for match in _BREAK.finditer(stripped) if match.end() == len(stripped)]
        return breaks[-1].start() if breaks else offset

    def collection(self, event: yaml.Event, start: int, taken: int, depth: int) -> _Node:
        flow = bool(getattr(event, "flow_style", False))
        is_list = isinstance(event, yaml.SequenceStartEvent)
        # libyaml ends the start of a collection at its first key or dash; behind the dash where a list is not indented
        inner = taken - 1 if is_list and not flow and not self.text.startswith("-", taken) else taken
        keys: dict[str, _Node] = {}
        children: list[_Node] = []
        for inside in self.events:
            if isinstance(inside, yaml.CollectionEndEvent):
                taken = self.place(inside.end_mark)
                break
            value = inside if is_list else self.key(inside, keys, depth + 1)
            children.append(self.node(value, depth + 1))
        data: Data = [child.data for child in children]
        if not is_list:
            data = {key: child.data for key, child in zip(keys, children, strict=True) if child.data is not None}
        return _Node(
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

    def key(self, event: yaml.Event, keys: dict[str, _Node], depth: int) -> yaml.Event:
        """Add a key to those of a mapping; return the event of its value."""
        node = self.node(event, depth)
        if node.kind != "scalar" or not isinstance(node.data, str):
            raise EditingError("a key of the YAML is no word", "quote it if it begins with [, {, * or &")
        if node.data in keys:
            raise EditingError(f"key '{node.data}' is given twice", "keep one of the two")
        keys[node.data] = node
        return next(self.events)


def _leading_spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


# Where a path leads, and what the data are when it has been followed.


def _find(document: _Document, path: Location) -> _Spot:
    if not path:
        raise EditingError("a change names the key that it changes")
    node, indent, flow, before, mark = document.root, -2, False, 0, ""
    for number, step in enumerate(path):
        if node.kind == "mapping" and isinstance(step, str):
            index = next((at for at, key in enumerate(node.keys) if key.data == step), None)
        elif node.kind == "list" and isinstance(step, int) and 0 <= step < len(node.children):
            index = step
        elif node.kind == "scalar" and node.data is None:
            index = None
        else:
            raise EditingError(
                f"'{_named(path[: number + 1])}' is not there", "write the list or mapping above it first"
            )
        if index is None:
            rest = tuple(name for name in path[number:] if isinstance(name, str))
            if len(rest) < len(path) - number:
                raise EditingError(f"'{_named(path)}' is not there", "add items to a list one by one")
            return _Spot(node, indent, flow, before, mark, rest)
        indent, flow = document.column(node.inner), node.flow
        if node.kind == "mapping":
            before, mark = node.keys[index].end, ":"
        else:
            before, mark = node.children[index - 1].end if index else node.inner, "-"
        node = node.children[index]
    return _Spot(node, indent, flow, before, mark, ())


def _with(data: Data, path: Location, new: Data) -> Data:
    """Return `data` with `new` at `path`."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        assert isinstance(data, list)
        return [*data[:step], _with(data[step], rest, new), *data[step + 1 :]]
    inside = data if isinstance(data, dict) else {}
    return {**inside, step: _with(inside.get(step), rest, new)}


def _named(path: Location) -> str:
    return ".".join(map(str, path))


def _same(first: Data, second: Data) -> bool:
    """Whether two data are equal, the order of keys included."""
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(_same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_same, first, second))
    return first == second


def _confirmed(document: _Document, expected: Data, text: str) -> str:
    """Return a text that says what is expected and has lost no comment."""
    try:
        said = _read(text)
    except EditingError:
        said = None
    if said is None or said.data != expected:
        raise EditingError("the change cannot be made without touching something else", "make it by hand")
    if Counter(document.comments()) - Counter(said.comments()):
        raise EditingError("the change would lose a comment", "make it by hand")
    return text


# Splices: a document and a change in; the changed text out, not yet read again.


def _put(document: _Document, spot: _Spot, new: Data) -> str:
    """Replace the value where a path leads, or add it with the mappings that are missing."""
    rest, node = spot.rest, spot.node
    if rest and node.kind == "mapping":
        for name in reversed(rest[1:]):
            new = {name: new}
        if node.flow:
            return _append_to_flow(document, node, f"{_flow_scalar(rest[0])}: {_flow(new)}")
        column = document.column(node.inner)
        at = _below(document, node.end, column)
        return _insert_lines(document, at, _entry(rest[0], new, column, clear=_clear(document, at)))
    for name in reversed(rest):
        new = {name: new}
    if node is document.root:  # a document that says nothing yet
        assert isinstance(new, dict)
        at = len(document.text)
        return _insert_lines(document, at, [line for name in new for line in _entry(name, new[name], 0)])
    if spot.flow:
        space = "" if node.end > node.start or document.text[node.start - 1] in " \t" else " "
        return document.text[: node.start] + space + _flow(new) + document.text[node.end :]
    return _replace_in_block(document, spot, new)


def _replace_in_block(document: _Document, spot: _Spot, new: Data) -> str:
    text, node = document.text, spot.node
    mark = document.last_mark(spot.mark, spot.before, node.start) + 1
    if _BREAK.search(text, mark, node.start):  # a block that begins on a line of its own
        start, line_end, cut = mark, document.line_end(mark), document.line_end(node.end)
        behind, moved = text[start:line_end], document.comments(line_end, cut)
    elif node.block:
        start, cut = node.start, document.line_end(node.end)
        header = text[node.start : node.block.header_end]
        behind, moved = header[len(header.partition("#")[0].rstrip()) :], []
    else:
        start, cut = node.start, document.line_end(node.end)
        behind, moved = text[node.end : cut], document.comments(node.start, node.end)
    clear = _clear(document, document.next_line(cut))
    head, body = _rendered(new, spot.indent, clear=clear)
    space = "" if not head or text[start - 1] in " \t" else " "
    first = text[:start] + space + head + behind
    lines = [first if behind else first.rstrip(" "), *body]
    lines += [" " * max(spot.indent, 0) + comment for comment in moved]
    end = document.newline if body and cut == len(text) else ""
    return document.newline.join(lines) + end + text[cut:]


def _append_to_block(document: _Document, node: _Node, new: Data) -> str:
    last = node.children[-1]
    above = node.children[-2].end if len(node.children) > 1 else node.inner
    dash = document.last_mark("-", above, last.start)
    gap = document.text[dash + 1 : last.start]
    gap = gap if gap and not gap.strip(" ") else " "
    column = document.column(node.inner)
    at = _below(document, node.end, column)
    in_block = last.kind == "mapping" and not last.flow
    lines = _item(new, column, gap=gap, in_block=in_block, clear=_clear(document, at))
    return _insert_lines(document, at, lines)


def _append_to_flow(document: _Document, node: _Node, written: str) -> str:
    text, close = document.text, node.end - 1
    if not node.children:
        inside = text[node.inner : close]
        behind = "" if not inside.strip() else inside if inside[0] in " \t\r\n" else f" {inside}"
        return text[: node.inner] + written + behind + text[close:]
    last = node.children[-1].end
    first = (node.keys or node.children)[-1].start
    comma = document.last_mark(",", last, close)
    end = last if comma < 0 else comma + 1
    line_start, line_end = document.line_start(first), document.line_end(end)
    if not text[line_start:first].strip() and line_end < close:  # an item a line, and the bracket on one of its own
        item = text[line_start:first] + written + ("" if comma < 0 else ",")
        ended = text[:last] + ("," if comma < 0 else "") + text[last:line_end]
        return ended + document.newline + item + text[line_end:]
    return text[:end] + (f", {written}" if comma < 0 else f" {written},") + text[end:]


def _append_to_text(document: _Document, block: _Block, added: str) -> str:
    lines, text, end = added.split("\n"), document.text, block.content_end
    pad = " " * block.indent
    if block.folded:
        grown = _folded(lines, pad, document.newline, after=text[document.line_start(end) : end])
    else:
        grown = document.newline * 2 + document.newline.join(pad + line if line else "" for line in lines)
    return text[:end] + grown + (document.newline if end == len(text) else "") + text[end:]


def _folded(lines: list[str], pad: str, newline: str, *, after: str) -> str:
    """Return lines as they stand in a `>` block, a blank line behind `after`.

    One break reads as a space, so that n breaks are written as n + 1; beside a line that is indented further than the
    block they are read as they stand.
    """
    further = after[len(pad)] in " \t"
    grown, breaks = "", 2
    for line in lines:
        if line:
            inset = line[0] in " \t"
            grown += newline * (breaks if further or inset else breaks + 1) + pad + line
            further, breaks = inset, 0
        breaks += 1
    return grown


def _below(document: _Document, end: int, column: int) -> int:
    """Return where a new line below a block goes: after the comments that follow at once, indented further than it."""
    at = document.next_line(end)
    while at < len(document.text):
        line = document.text[at : document.line_end(at)]
        if not line.lstrip(" ").startswith("#") or _leading_spaces(line) <= column:
            break
        at = document.next_line(at)
    return at


def _clear(document: _Document, at: int) -> int:
    """Return the column that a `|` block before `at` must be right of.

    Else comments and white space that follow would become its text.
    """
    column = -1
    while at < len(document.text):
        line = document.text[at : document.line_end(at)]
        if line.strip(" ") and not line.lstrip(" ").startswith("#"):
            break
        column = max(column, _leading_spaces(line))
        at = document.next_line(at)
    return column


def _insert_lines(document: _Document, at: int, lines: list[str]) -> str:
    text, newline = document.text, document.newline
    begins = at == 0 or text[:at] == "\ufeff" or _BREAK.fullmatch(text[at - 1])
    return text[:at] + ("" if begins else newline) + "".join(line + newline for line in lines) + text[at:]


# Data as YAML.


def _data(value: Value) -> Data:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _data(inside) for key, inside in value.items()}
    if isinstance(value, Sequence):
        return [_data(inside) for inside in value]
    return str(value)


def _rendered(data: Data, indent: int, *, clear: int = -1) -> tuple[str, list[str]]:
    """Return what stands behind `key:` or `-`, and the lines below it; `indent` is the column of the key or dash.

    A `|` block begins right of column `clear`.
    """
    if isinstance(data, str):
        step = max(2, clear + 1 - indent)
        return _block_scalar(data, max(indent, 0) + step, step)
    holds_mappings = isinstance(data, list) and any(isinstance(item, dict) for item in data)
    if not data or (not holds_mappings and _fits(data, indent)):
        return _flow(data), []
    if isinstance(data, list):
        return "", [line for item in data for line in _item(item, indent + 2, clear=clear)]
    return "", [line for key in data for line in _entry(key, data[key], indent + 2, clear=clear)]


def _entry(key: str, data: Data, column: int, *, clear: int = -1) -> list[str]:
    head, body = _rendered(data, column, clear=clear)
    return [" " * column + f"{_flow_scalar(key)}: {head}".rstrip(" "), *body]


def _item(data: Data, column: int, *, gap: str = " ", in_block: bool = False, clear: int = -1) -> list[str]:
    """Return the lines of a list's item whose dash stands at `column`, `gap` behind the dash."""
    pad = " " * column
    if isinstance(data, dict) and data and (in_block or not _fits(data, column + 2)):
        inset = column + 1 + len(gap)
        lines = [line for key in data for line in _entry(key, data[key], inset, clear=clear)]
        return [f"{pad}-{gap}{lines[0][inset:]}", *lines[1:]]
    head, body = (_flow(data), []) if isinstance(data, dict) else _rendered(data, column, clear=clear)
    return [f"{pad}-{gap}{head}".rstrip(" "), *body]


def _fits(data: Data, indent: int) -> bool:
    return "\n" not in "".join(_texts(data)) and indent + len(_flow(data)) <= _WIDTH


def _texts(data: Data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for inside in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(inside)


def _flow(data: Data) -> str:
    if isinstance(data, list):
        return f"[{', '.join(map(_flow, data))}]"
    if isinstance(data, dict):
        return f"{{{', '.join(f'{_flow_scalar(key)}: {_flow(inside)}' for key, inside in data.items())}}}"
    return _flow_scalar(data or "")


def _flow_scalar(value: str) -> str:
    return _quoted(value) if _NOT_IN_FLOW.search(value) else _line(value)


def _line(value: str) -> str:
    """Return a text as a scalar on one line of a block."""
    plain = (
        _FIRST_OF_PLAIN.match(value)
        and value == value.strip()
        and not _NOT_IN_PLAIN.search(value)
        and not _TO_ESCAPE.search(value)
    )
    return value if plain else _quoted(value)


def _quoted(value: str) -> str:
    if re.search(r'["\\]', value) and not _TO_ESCAPE.search(value):  # LaTeX reads better without doubled backslashes
        return "'" + value.replace("'", "''") + "'"
    return '"' + re.sub(f'["\\\\]|{_TO_ESCAPE.pattern}', _escaped, value) + '"'


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise EditingError(f"the text holds half a character (U+{code:04X})", "write it in UTF-8")
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _block_scalar(value: str, column: int, step: int) -> tuple[str, list[str]]:
    """Return a text as one line, or as the header and the lines of a `|` block indented to `column`.

    `step` is how much deeper that is than the mapping or list around it, which the header must say where the text
    itself begins with white space.
    """
    content = value.removesuffix("\n")
    foreign = _TO_ESCAPE.search(content.replace("\n", "").replace("\t", ""))
    if "\n" not in value or foreign or content.endswith("\n") or not content.strip() or step > 9:
        return _line(value), []
    inset = content.lstrip("\n")[0] in " \t"
    header = "|" + (str(step) if inset else "") + ("" if value.endswith("\n") else "-")
    return header, [" " * column + line if line else "" for line in content.split("\n")]
