"""A YAML text and a change to it in; the text with that change and every other character as it was, out.

Nothing here dumps a document. PyYAML's events say where each value stands, the change is spliced in there in the
style of what is around it (flow or block, indentation, line breaks), and the outcome is read again: unless it says
exactly what was meant, and every comment is still there, `EditingError` is raised and nothing has changed.

Values are text, as in `source.py`: `no` and `2301.00010` need no quotes, and a key with nothing behind it is not given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threepass.editing.following import confirmed, data_with, follow, path_name, same_data
from threepass.editing.layout import EditingError, Location, line_break_of, read_layout
from threepass.editing.rendering import TO_ESCAPE, Value, as_data, block_scalar, in_flow
from threepass.editing.splicing import append_to_block, append_to_flow, append_to_text, put

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "EditingError", "Location", "Value", "append_item", "append_paragraph", "front_matter_span", "in_front_matter",
    "scalar", "set_value",
]  # fmt: skip


def set_value(text: str, path: Location, value: Value) -> str:
    """Return a YAML text with the value at `path` replaced, or added with the mappings that lead there.

    A new key comes last in its mapping. What was a list or mapping is replaced as a whole; comments within it move
    below the new value. Raises `EditingError` where `path` leads through something that is no mapping or list.
    """
    document = read_layout(text)
    new = as_data(value)
    spot = follow(document, path)
    if not spot.rest and same_data(spot.node.data, new):
        return text
    return confirmed(document, data_with(document.data, path, new), put(document, spot, new))


def append_item(text: str, path: Location, item: Value) -> str:
    """Return a YAML text with an item added to the list at `path`, in that list's style; an absent list is begun.

    Raises `EditingError` where something else than a list stands there.
    """
    document = read_layout(text)
    new = as_data(item)
    spot = follow(document, path)
    node = spot.node
    if spot.rest or node.data is None:
        return confirmed(document, data_with(document.data, path, [new]), put(document, spot, [new]))
    if not isinstance(node.data, list) or node.kind != "list":
        raise EditingError(f"'{path_name(path)}' is not a list", "write it as [one, two]")
    expected = data_with(document.data, path, [*node.data, new])
    if not node.flow:
        after = append_to_block(document, node, new)
    elif node.children or spot.flow or isinstance(new, str) or document.comments(node.start, node.end):
        after = append_to_flow(document, node, in_flow(new))
    else:
        after = put(document, spot, [new])
    return confirmed(document, expected, after)


def append_paragraph(text: str, path: Location, paragraph: str) -> str:
    r"""Return a YAML text with a paragraph added to the text at `path`, a blank line between; an absent one is begun.

    A `|` or `>` block grows in place; any other text becomes a `|` block. Line breaks of the paragraph become the
    file's (`\r\n` is a line break, not two characters); a paragraph of white space changes nothing.
    """
    added = paragraph.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not added.strip():
        return text
    document = read_layout(text)
    spot = follow(document, path)
    node = spot.node
    if spot.rest or node.data is None:
        return set_value(text, path, f"{added}\n")
    if not isinstance(node.data, str) or node.kind != "scalar":
        raise EditingError(f"'{path_name(path)}' is not a text", "write it after `|` on lines of its own")
    base = node.data.rstrip("\n")
    joined = f"{base}\n\n{added}" if base else added
    if node.block is not None and base and not TO_ESCAPE.search(added.replace("\n", "").replace("\t", "")):
        for end in ("\n", node.data[len(base) :], ""):  # which of them follows from the block's chomping
            try:
                expected = data_with(document.data, path, joined + end)
                return confirmed(document, expected, append_to_text(document, node.block, added))
            except EditingError:
                continue
    return confirmed(document, data_with(document.data, path, f"{joined}\n"), put(document, spot, f"{joined}\n"))


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
        edited = edited.replace("\n", line_break_of(text))
    after = text[:start] + edited + text[end:]
    if front_matter_span(after) != (start, start + len(edited)):
        raise EditingError("the change would end the note's front matter")
    return after


def scalar(value: str) -> str:
    """Return a text as a YAML scalar of a block mapping that is not indented.

    Plain where that is safe, else quoted; several lines as a `|` block (without the last line's break), unless only
    quotes keep them: control characters, several line breaks at the end. Raises `EditingError` for half a character
    (a lone surrogate), which no UTF-8 file can hold.
    """
    head, body = block_scalar(value, 2, 2)
    return "\n".join([head, *body])
