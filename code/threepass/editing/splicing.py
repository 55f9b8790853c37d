"""A layout and a change in; the changed text out, not yet read again."""

from __future__ import annotations

from threepass.editing.layout import LINE_BREAK, Block, Data, Layout, Node, Spot, leading_spaces
from threepass.editing.rendering import entry_lines, flow_scalar, in_flow, item_lines, rendered


def put(document: Layout, spot: Spot, new: Data) -> str:
    """Replace the value where a path leads, or add it with the mappings that are missing."""
    rest, node = spot.rest, spot.node
    if rest and node.kind == "mapping":
        for name in reversed(rest[1:]):
            new = {name: new}
        if node.flow:
            return append_to_flow(document, node, f"{flow_scalar(rest[0])}: {in_flow(new)}")
        column = document.column(node.inner)
        at = _below(document, node.end, column)
        return _insert_lines(document, at, entry_lines(rest[0], new, column, clear=_clear(document, at)))
    for name in reversed(rest):
        new = {name: new}
    if node is document.root:  # a document that says nothing yet
        assert isinstance(new, dict)
        at = len(document.text)
        return _insert_lines(document, at, [line for name in new for line in entry_lines(name, new[name], 0)])
    if spot.flow:
        space = "" if node.end > node.start or document.text[node.start - 1] in " \t" else " "
        return document.text[: node.start] + space + in_flow(new) + document.text[node.end :]
    return _replace_in_block(document, spot, new)


def _replace_in_block(document: Layout, spot: Spot, new: Data) -> str:
    text, node = document.text, spot.node
    mark = document.last_mark(spot.mark, spot.before, node.start) + 1
    if LINE_BREAK.search(text, mark, node.start):  # a block that begins on a line of its own
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
    head, body = rendered(new, spot.indent, clear=clear)
    space = "" if not head or text[start - 1] in " \t" else " "
    first = text[:start] + space + head + behind
    lines = [first if behind else first.rstrip(" "), *body]
    lines += [" " * max(spot.indent, 0) + comment for comment in moved]
    end = document.newline if body and cut == len(text) else ""
    return document.newline.join(lines) + end + text[cut:]


def append_to_block(document: Layout, node: Node, new: Data) -> str:
    """Add an item to a list in block style, in that list's indentation."""
    last = node.children[-1]
    above = node.children[-2].end if len(node.children) > 1 else node.inner
    dash = document.last_mark("-", above, last.start)
    gap = document.text[dash + 1 : last.start]
    gap = gap if gap and not gap.strip(" ") else " "
    column = document.column(node.inner)
    at = _below(document, node.end, column)
    in_block = last.kind == "mapping" and not last.flow
    lines = item_lines(new, column, gap=gap, in_block=in_block, clear=_clear(document, at))
    return _insert_lines(document, at, lines)


def append_to_flow(document: Layout, node: Node, written: str) -> str:
    """Add an item, as it is written, to a list or mapping in flow style."""
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


def append_to_text(document: Layout, block: Block, added: str) -> str:
    """Add a paragraph to a `|` or `>` block."""
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


def _below(document: Layout, end: int, column: int) -> int:
    """Return where a new line below a block goes: after the comments that follow at once, indented further than it."""
    at = document.next_line(end)
    while at < len(document.text):
        line = document.text[at : document.line_end(at)]
        if not line.lstrip(" ").startswith("#") or leading_spaces(line) <= column:
            break
        at = document.next_line(at)
    return at


def _clear(document: Layout, at: int) -> int:
    """Return the column that a `|` block before `at` must be right of.

    Else comments and white space that follow would become its text.
    """
    column = -1
    while at < len(document.text):
        line = document.text[at : document.line_end(at)]
        if line.strip(" ") and not line.lstrip(" ").startswith("#"):
            break
        column = max(column, leading_spaces(line))
        at = document.next_line(at)
    return column


def _insert_lines(document: Layout, at: int, lines: list[str]) -> str:
    text, newline = document.text, document.newline
    begins = at == 0 or text[:at] == "\ufeff" or LINE_BREAK.fullmatch(text[at - 1])
    return text[:at] + ("" if begins else newline) + "".join(line + newline for line in lines) + text[at:]
