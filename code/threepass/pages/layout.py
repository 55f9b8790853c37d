"""Nodes and edges in; where each node stands, out: the same every time.

The nodes with most edges, a few hundred at most, are laid out by forces (Fruchterman and Reingold, 1991, as networkx
has it); each of the rest is put beside those that it is joined to. So the work grows with the number of nodes. Where
they are few, none stands on another.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from threepass.remembered.kept import kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Place = tuple[float, float]

CORE = 240
"""Nodes laid out by forces; their work grows with the square of this."""
ROOM, ROUNDS = 0.7, 40
"""How far apart few nodes are pushed, as a part of the room that each would have on a grid; and how often."""

FORMAT = 2
"""To be raised where nodes are placed otherwise: what was kept counts no more."""

SEED = 1
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def kept_layout(root: Path, nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, list[float]]:
    """Return a place in the unit square for each node, from the cache of a library where that has it."""
    places: dict[str, list[float]] = kept(root, "graph", [FORMAT, nodes, edges], lambda: layout(nodes, edges))
    return places


def layout(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """Return a place in the unit square for each node; edges name nodes."""
    if not nodes:
        return {}
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in edges:
        joined[one].append(other)
        joined[other].append(one)
    order = {node: number for number, node in enumerate(nodes)}
    core = sorted(sorted(nodes, key=lambda node: (-len(joined[node]), order[node]))[:CORE], key=order.__getitem__)
    placed = _by_forces(core, edges)
    _beside(nodes, joined, placed)
    return _apart(_in_unit_square(placed))


def _by_forces(core: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, Place]:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(core)
    graph.add_edges_from((one, other) for one, other in edges if one in graph and other in graph)
    parts = sorted(map(sorted, networkx.connected_components(graph)))
    # what is joined to nothing else is held by one node that is not shown, or it would drift away
    graph.add_edges_from(((("middle",), part[0]) for part in parts if len(parts) > 1), weight=0.5)
    found = networkx.spring_layout(graph, k=2.5 / math.sqrt(len(graph)), iterations=300, seed=SEED)
    return {node: (float(found[node][0]), float(found[node][1])) for node in core}


def _beside(nodes: Sequence[str], joined: Mapping[str, Sequence[str]], placed: dict[str, Place]) -> None:
    """Put each other node beside the middle of those it is joined to, on a spiral of those with the same middle."""
    known = dict(placed)
    turns: defaultdict[tuple[str, ...], int] = defaultdict(int)
    gap = 0.5 / math.sqrt(len(nodes))
    for node in nodes:
        if node in known:
            continue
        beside = tuple(sorted(other for other in joined[node] if other in known))
        x = sum(known[other][0] for other in beside) / len(beside) if beside else 0.0
        y = sum(known[other][1] for other in beside) / len(beside) if beside else 1.15
        turns[beside] += 1
        angle, radius = turns[beside] * GOLDEN_ANGLE, gap * math.sqrt(turns[beside])
        placed[node] = (x + radius * math.cos(angle), y + radius * math.sin(angle))


def _in_unit_square(placed: Mapping[str, Place]) -> dict[str, Place]:
    """Return places from 0 to 1: half by how far apart they are, half by their order, so that no part is crowded."""
    spread: dict[str, list[float]] = {node: [] for node in placed}
    for axis in (0, 1):
        order = sorted(placed, key=lambda node: (placed[node][axis], node))
        low, high = placed[order[0]][axis], placed[order[-1]][axis]
        for rank, node in enumerate(order):
            by_rank = rank / max(1, len(order) - 1)
            spread[node].append(0.5 * by_rank + 0.5 * (placed[node][axis] - low) / ((high - low) or 1.0))
    return {node: (x, y) for node, (x, y) in spread.items()}


def _apart(placed: dict[str, Place]) -> dict[str, Place]:
    """Push those apart that stand on one another, where there are so few that each can have a place to itself."""
    if len(placed) > CORE:
        return placed
    gap = ROOM / math.sqrt(len(placed))
    places = {node: [x, y] for node, (x, y) in placed.items()}
    pairs = list(combinations(places.values(), 2))
    for _ in range(ROUNDS):
        for one, other in pairs:
            x, y = other[0] - one[0], other[1] - one[1]
            distance = math.hypot(x, y)
            if not 0 < distance < gap:
                continue
            push = (gap - distance) / distance / 4
            for node, way in ((one, -push), (other, push)):
                node[0] = min(1.0, max(0.0, node[0] + way * x))
                node[1] = min(1.0, max(0.0, node[1] + way * y))
    return {node: (x, y) for node, (x, y) in places.items()}
