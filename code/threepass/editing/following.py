"""A layout and a path in; where the path leads, and what the data are when it has been followed, out."""

from __future__ import annotations

from collections import Counter

from threepass.editing.layout import Data, EditingError, Layout, Location, Spot, read_layout


def follow(document: Layout, path: Location) -> Spot:
    """Return where a path leads; `EditingError` where it goes through something that is no mapping or list."""
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
                f"'{path_name(path[: number + 1])}' is not there", "write the list or mapping above it first"
            )
        if index is None:
            rest = tuple(name for name in path[number:] if isinstance(name, str))
            if len(rest) < len(path) - number:
                raise EditingError(f"'{path_name(path)}' is not there", "add items to a list one by one")
            return Spot(node, indent, flow, before, mark, rest)
        indent, flow = document.column(node.inner), node.flow
        if node.kind == "mapping":
            before, mark = node.keys[index].end, ":"
        else:
            before, mark = node.children[index - 1].end if index else node.inner, "-"
        node = node.children[index]
    return Spot(node, indent, flow, before, mark, ())


def data_with(data: Data, path: Location, new: Data) -> Data:
    """Return `data` with `new` at `path`."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        assert isinstance(data, list)
        return [*data[:step], data_with(data[step], rest, new), *data[step + 1 :]]
    inside = data if isinstance(data, dict) else {}
    return {**inside, step: data_with(inside.get(step), rest, new)}


def path_name(path: Location) -> str:
    """Return a path as people write it: `readings.0.pass`."""
    return ".".join(map(str, path))


def same_data(first: Data, second: Data) -> bool:
    """Whether two data are equal, the order of keys included."""
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(same_data(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_data, first, second))
    return first == second


def confirmed(document: Layout, expected: Data, text: str) -> str:
    """Return a text that says what is expected and has lost no comment."""
    try:
        said = read_layout(text)
    except EditingError:
        said = None
    if said is None or said.data != expected:
        raise EditingError("the change cannot be made without touching something else", "make it by hand")
    if Counter(document.comments()) - Counter(said.comments()):
        raise EditingError("the change would lose a comment", "make it by hand")
    return text
