"""Where the nodes of a graph stand."""

import math
from itertools import combinations, pairwise

from threepass.pages.layout import CORE, layout

NODES = ["a", "b", "c", "d", "e", "f"]
EDGES = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "e"), ("e", "f"), ("d", "f"), ("c", "d")]


def far(places: dict[str, tuple[float, float]], one: str, other: str) -> float:
    return math.dist(places[one], places[other])


def test_it_is_the_same_every_time_and_within_the_unit_square() -> None:
    places = layout(NODES, EDGES)
    assert layout(NODES, EDGES) == places
    assert {*places} == {*NODES}
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places.values())


def test_what_is_joined_stands_together() -> None:
    places = layout(NODES, EDGES)
    assert far(places, "a", "b") < far(places, "a", "f")
    assert far(places, "e", "f") < far(places, "b", "e")


def test_many_nodes_stand_beside_what_they_are_joined_to_and_not_on_one_another() -> None:
    hubs = ["left", "right"]
    many = [f"{hub} {number}" for hub in hubs for number in range(CORE)]
    edges = [(name.split()[0], name) for name in many]
    places = layout([*hubs, *many], edges)
    assert len({(round(x, 4), round(y, 4)) for x, y in places.values()}) == len(places)
    other = {"left": "right", "right": "left"}
    own = {name: name.split()[0] for name in many}
    nearer = [far(places, name, own[name]) < far(places, name, other[own[name]]) for name in many]
    assert sum(nearer) > 0.9 * len(many)


def test_where_nodes_are_few_none_stands_on_another() -> None:
    star = [("hub", f"leaf {number}") for number in range(60)]
    places = [*layout(["hub", *(leaf for _, leaf in star)], star).values()]
    nearest = min(math.dist(one, other) for one, other in combinations(places, 2))
    assert nearest > 0.5 / math.sqrt(len(places))


def test_few_nodes() -> None:
    assert layout([], []) == {}
    assert layout(["a"], []) == {"a": (0.0, 0.0)}
    assert len(set(layout(["a", "b"], []).values())) == 2
    assert all(one != other for one, other in pairwise(layout(["a", "b", "c"], []).values()))
