"""Data in; YAML text out, in block or flow style, read back as the same data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from threepass.editing.layout import Data, EditingError

Value = str | int | float | dt.date | Sequence["Value"] | Mapping[str, "Value"]
"""What an edit may write; a number or a date is written as Python shows it, a truth as `true` or `false`."""
_WIDTH = 100
"""Columns; a list or mapping that is longer than this on one line is written on several."""
TO_ESCAPE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Line breaks, the byte order mark and what YAML does not allow unescaped."""
_FIRST_OF_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]")
_NOT_IN_PLAIN = re.compile(r":\s|:$|\s#|^\.\.\.")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_SHORT = {"\0": r"\0", "\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def as_data(value: Value) -> Data:
    """Return a value as text, lists and mappings."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_data(inside) for key, inside in value.items()}
    if isinstance(value, Sequence):
        return [as_data(inside) for inside in value]
    return str(value)


def rendered(data: Data, indent: int, *, clear: int = -1) -> tuple[str, list[str]]:
    """Return what stands behind `key:` or `-`, and the lines below it; `indent` is the column of the key or dash.

    A `|` block begins right of column `clear`.
    """
    if isinstance(data, str):
        step = max(2, clear + 1 - indent)
        return block_scalar(data, max(indent, 0) + step, step)
    holds_mappings = isinstance(data, list) and any(isinstance(item, dict) for item in data)
    if not data or (not holds_mappings and _fits(data, indent)):
        return in_flow(data), []
    if isinstance(data, list):
        return "", [line for item in data for line in item_lines(item, indent + 2, clear=clear)]
    return "", [line for key in data for line in entry_lines(key, data[key], indent + 2, clear=clear)]


def entry_lines(key: str, data: Data, column: int, *, clear: int = -1) -> list[str]:
    """Return the lines of a mapping's entry whose key stands at `column`."""
    head, body = rendered(data, column, clear=clear)
    return [" " * column + f"{flow_scalar(key)}: {head}".rstrip(" "), *body]


def item_lines(data: Data, column: int, *, gap: str = " ", in_block: bool = False, clear: int = -1) -> list[str]:
    """Return the lines of a list's item whose dash stands at `column`, `gap` behind the dash."""
    pad = " " * column
    if isinstance(data, dict) and data and (in_block or not _fits(data, column + 2)):
        inset = column + 1 + len(gap)
        lines = [line for key in data for line in entry_lines(key, data[key], inset, clear=clear)]
        return [f"{pad}-{gap}{lines[0][inset:]}", *lines[1:]]
    head, body = (in_flow(data), []) if isinstance(data, dict) else rendered(data, column, clear=clear)
    return [f"{pad}-{gap}{head}".rstrip(" "), *body]


def _fits(data: Data, indent: int) -> bool:
    return "\n" not in "".join(_texts(data)) and indent + len(in_flow(data)) <= _WIDTH


def _texts(data: Data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for inside in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(inside)


def in_flow(data: Data) -> str:
    """Return data on one line: `[one, {two: three}]`."""
    if isinstance(data, list):
        return f"[{', '.join(map(in_flow, data))}]"
    if isinstance(data, dict):
        return f"{{{', '.join(f'{flow_scalar(key)}: {in_flow(inside)}' for key, inside in data.items())}}}"
    return flow_scalar(data or "")


def flow_scalar(value: str) -> str:
    """Return a text as a scalar that may stand in a flow collection, or as a key."""
    return _quoted(value) if _NOT_IN_FLOW.search(value) else _on_one_line(value)


def _on_one_line(value: str) -> str:
    """Return a text as a scalar on one line of a block."""
    plain = (
        _FIRST_OF_PLAIN.match(value)
        and value == value.strip()
        and not _NOT_IN_PLAIN.search(value)
        and not TO_ESCAPE.search(value)
    )
    return value if plain else _quoted(value)


def _quoted(value: str) -> str:
    """Return a text in double quotes, with what needs it escaped."""
    if re.search(r'["\\]', value) and not TO_ESCAPE.search(value):  # LaTeX reads better without doubled backslashes
        return "'" + value.replace("'", "''") + "'"
    return '"' + re.sub(f'["\\\\]|{TO_ESCAPE.pattern}', _escaped, value) + '"'


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise EditingError(f"the text holds half a character (U+{code:04X})", "write it in UTF-8")
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def block_scalar(value: str, column: int, step: int) -> tuple[str, list[str]]:
    """Return a text as one line, or as the header and the lines of a `|` block indented to `column`.

    `step` is how much deeper that is than the mapping or list around it, which the header must say where the text
    itself begins with white space.
    """
    content = value.removesuffix("\n")
    foreign = TO_ESCAPE.search(content.replace("\n", "").replace("\t", ""))
    if "\n" not in value or foreign or content.endswith("\n") or not content.strip() or step > 9:
        return _on_one_line(value), []
    inset = content.lstrip("\n")[0] in " \t"
    header = "|" + (str(step) if inset else "") + ("" if value.endswith("\n") else "-")
    return header, [" " * column + line if line else "" for line in content.split("\n")]
