"""Where the words of a drawing stand."""

from hypothesis import given
from hypothesis import strategies as st

from threepass.pages.labels import ASCENT, LINE, Label, Mark, place_labels

WIDTH, HEIGHT = 400.0, 300.0
Box = tuple[float, float, float, float]


def box(mark: Mark, label: Label) -> Box:
    left = label.x - {"start": 0.0, "middle": mark.length / 2, "end": mark.length}[label.anchor]
    return left, label.y - ASCENT, left + mark.length, label.y - ASCENT + LINE


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


marks = st.builds(Mark, st.floats(0, WIDTH), st.floats(0, HEIGHT), st.just(6.0), st.sampled_from([0.0, 40.0, 90.0]))


@given(st.lists(marks, max_size=12))
def test_what_is_said_to_cover_nothing_covers_nothing(marks: list[Mark]) -> None:
    labels = place_labels(marks, width=WIDTH, height=HEIGHT)
    assert [label is None for label in labels] == [not mark.length for mark in marks]
    boxes = [(label, box(mark, label)) for mark, label in zip(marks, labels, strict=True) if label]
    for number, (label, one) in enumerate(boxes):
        if label.covers:
            continue
        assert one[0] >= -0.1
        assert one[1] >= -0.1
        assert one[2] <= WIDTH + 0.1
        assert one[3] <= HEIGHT + 0.1
        inner = (one[0] + 0.1, one[1] + 0.1, one[2] - 0.1, one[3] - 0.1)
        assert not any(meet(inner, other) for _, other in boxes[:number])
        assert not any(meet(inner, (m.x - 6, m.y - 6, m.x + 6, m.y + 6)) for m in marks)


def test_words_stand_below_and_give_way_to_marks_and_to_words() -> None:
    one = Mark(200, 100, 6, 60)
    assert place_labels([one], width=WIDTH, height=HEIGHT)[0] == Label(200, 122.5, "middle", 0.0)
    below = Mark(200, 118, 6)
    (label, _) = place_labels([one, below], width=WIDTH, height=HEIGHT)
    assert label
    assert label.y < 100
    both = place_labels([one, Mark(215, 100, 6, 60)], width=WIDTH, height=HEIGHT)
    assert [each.covers for each in both if each] == [0.0, 0.0]


def test_at_an_edge_words_stay_inside() -> None:
    (label,) = place_labels([Mark(395, 295, 5, 80)], width=WIDTH, height=HEIGHT)
    assert label
    assert label.anchor == "end"
    assert not label.covers


def test_where_there_is_no_place_it_is_said() -> None:
    crowd = [Mark(200, 150, 6, 390) for _ in range(30)]
    assert any(label.covers for label in place_labels(crowd, width=WIDTH, height=HEIGHT) if label)
