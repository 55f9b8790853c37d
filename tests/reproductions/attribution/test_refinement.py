import math

import pytest
import torch

from reproductions.attribution.refinement import PathSoFar
from reproductions.attribution.stretch_rules import NODES
from reproductions.attribution.stretches import Look, Part, Signal, Stretch


def tensor(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def path(*, difference=(2.0,), tolerance=0.1, max_evaluations=100 * NODES, rounding=1e-12):
    return PathSoFar(tensor(*difference), tolerance, max_evaluations, rounding)


def part(start=0.0, end=1.0, *, error=0.0, integral=(0.5,), behind=False, whole=None, gap=0.0, largest=1.0):
    return Part(Stretch(0, start, end, whole), tensor(*integral), gap, error, behind, largest)


def look(*signals, start=0.0, end=1.0):
    return Look(Stretch(0, start, end), (0.0, 1.0), [], 0, [Signal(*signal) for signal in signals])


def ends(stretches):
    return [(stretch.start, stretch.end) for stretch in stretches]


# What the error is.


def test_errors_add_up_as_squares_do_and_are_relative_to_the_attributions():
    known = path(difference=(3.0, 4.0))
    known.take([part(0, 0.5, error=0.3, integral=(0.5, 1.0)), part(0.5, 1, error=0.4, integral=(0.5, 0.0))])
    assert known.integral().tolist() == [1.0, 1.0]
    assert known.error() == pytest.approx(1.5 * 0.5 / 5)


def test_nothing_is_known_better_than_to_a_rounding():
    known = path(rounding=0.01)
    known.take([part(error=1e-9)])
    assert known.error() == 0.01


def test_where_nothing_is_attributed_an_error_is_all_there_is():
    known = path()
    known.take([part(integral=(0.0,))])
    assert known.error() == 0
    known.take([part(integral=(0.0,), error=1e-9)])
    assert known.error() == math.inf


# Which stretches gradients are taken on.


@pytest.mark.parametrize(
    ("signal", "ready"),
    [
        ((0.031, 1.0, False), True),  # 0.031² ≤ 0.1 · tolerance = 0.001
        ((0.032, 1.0, False), False),
        ((0.31, 10.0, False), True),
        ((0.32, 10.0, False), False),
    ],
)
def test_a_stretch_is_ready_where_a_signal_is_missed_by_little_of_what_it_moves(signal, ready):
    known = path(tolerance=0.01)
    assert known.is_ready(look(signal)) is ready
    assert known.forward_passes == NODES + 2


@pytest.mark.parametrize("tolerance", [1e-1, 1e-4])
def test_kinks_are_judged_alike_whatever_the_tolerance(tolerance):
    assert path(tolerance=tolerance).is_ready(look((0.031, 1.0, True)))
    assert not path(tolerance=tolerance).is_ready(look((0.032, 1.0, True)))


def test_where_little_of_the_movement_is_more_may_be_missed_of_it():
    known = path(tolerance=0.01)
    known.is_ready(look((0.0, 4.0, False), (0.0, 1.0, False)))
    # of 0.25 that a signal moves by, 0.031 · √(0.25 · 4) and not 0.031 · 0.25
    assert known.is_ready(look((0.031, 0.25, False), start=0.5))
    assert not known.is_ready(look((0.032, 0.25, False), start=0.5))
    # the second signal has its own line to be compared with
    assert known.is_ready(look((0.0, 4.0, False), (0.0155, 0.25, False), start=0.5))
    assert not known.is_ready(look((0.0, 4.0, False), (0.016, 0.25, False), start=0.5))


def test_all_signals_have_to_be_resolved_and_one_may_appear_later():
    known = path(tolerance=0.01)
    assert not known.is_ready(look((0.0, 1.0, False), (0.5, 1.0, False)))
    assert known.is_ready(look((0.0, 1.0, False), end=0.5))
    assert known.is_ready(look((0.0, 1.0, False), (0.0, 2.0, False), (0.031, 1.0, False), start=0.5))
    assert known.moved == [1.0, 2.0, 1.0]


def test_a_short_stretch_is_ready_and_so_is_any_where_no_room_is_left():
    unresolved = (1.0, 1.0, False)
    known = path(max_evaluations=2 * NODES)
    assert known.is_ready(look(unresolved, end=2**-8))
    assert known.room == 1
    assert not known.is_ready(look(unresolved, end=2**-8 + 1e-6))
    assert known.room == 0
    assert known.is_ready(look(unresolved))


# What rectifiers behind one another say besides.


def test_halves_are_compared_with_the_whole_where_rectifiers_stand_behind_one_another():
    whole = part(integral=(1.0, 0.0), behind=True)
    known = path(difference=(3.0, 4.0))
    known.take(
        [
            part(0, 0.5, integral=(0.5, 0.2), behind=True, whole=whole, error=0.1),
            part(0.5, 1, integral=(0.3, -0.1), behind=True, whole=whole, error=0.5),
        ]
    )
    # whole − halves = (0.2, −0.1), times the difference (0.6, −0.4); half of its length
    assert known.report().errors.tolist() == pytest.approx([math.hypot(0.6, 0.4) / 2, 0.5])
    assert all(one.stretch.whole is None for one in known.parts)


def test_a_stretch_is_not_compared_where_it_need_not_or_cannot_be():
    whole, other = part(behind=True), part(behind=True)
    known = path()
    known.take([part(0, 0.5, whole=whole, error=0.1), part(0.5, 1, whole=whole, error=0.2)])
    assert known.report().errors.tolist() == [0.1, 0.2]
    for alone in ([part(behind=True)], [part(behind=True, whole=whole), part(behind=True, whole=other)]):
        known = path()
        known.take(alone)
        assert known.report().errors.tolist() == [math.inf] * len(alone)


# What is halved, and when it ends.


def test_it_ends_where_the_tolerance_is_met():
    known = path(tolerance=0.375)  # 1.5 · 0.25 / 1
    known.take([part(error=0.25)])
    assert known.next() == []
    assert known.report().met
    assert known.report().ending == "tolerance met"


@pytest.mark.parametrize(
    ("errors", "halved"),
    [
        ((0.5, 0.027, 0.036), 1),  # hypot(0.027, 0.036) = 0.045 ≤ 0.7 · 0.1 / 1.5
        ((0.5, 0.030, 0.040), 2),  # hypot(0.030, 0.040) = 0.050 is more, 0.030 is less
        ((0.5, 0.048, 0.049), 3),
        ((0.046, 0.046, 0.046), 2),  # though one would meet the tolerance for now
        ((math.inf, math.inf, 0.001), 2),
    ],
)
def test_as_many_are_halved_as_leave_room_for_the_halves(errors, halved):
    known = path()
    known.take([part(i, i + 1, error=error, integral=(1 / 6,)) for i, error in enumerate(errors)])
    found = known.next()
    worst = sorted(range(3), key=lambda i: -errors[i])[:halved]
    assert ends(found) == [half for i in worst for half in ((i, i + 0.5), (i + 0.5, i + 1))]
    assert [half.whole.error for half in found] == [errors[i] for i in worst for _ in range(2)]
    assert len(known.parts) == 3 - halved
    assert known.room == 99 - 2 * halved


def test_what_cannot_be_halved_takes_of_the_room():
    known = path(rounding=2**-7)
    short = part(0.0, 0.0625, error=0.036, largest=0.1)  # no longer than eight roundings
    open_parts = [
        part(start, start + 0.4, error=error, integral=(0.0,), largest=0.1)
        for start, error in ((0.1, 0.5), (0.5, 0.036))
    ]
    known.take([short, *open_parts])
    assert len(known.next()) == 4  # hypot(0.036, 0.036) is too much for what is left
    assert ends(one.stretch for one in known.parts) == [(0.0, 0.0625)]


def test_no_more_are_halved_than_there_is_room_for():
    known = path(max_evaluations=6 * NODES)
    known.take([part(0, 0.5, error=1.0)])
    known.take([part(0.5, 1, error=2.0)])
    assert known.room == 5
    assert len(known.next()) == 4
    known.take([part(0, 1, error=1.0)])
    assert known.room == 1
    assert known.next() == []
    assert known.report().ending == "max_evaluations"
    assert known.report().evaluations == 3 * NODES


def test_it_ends_where_roundings_are_all_that_is_left():
    known = path(tolerance=1e-9, rounding=1e-3)
    known.take([part(0, 0.5, error=0.016, largest=2.0), part(0.5, 1, error=0.01, largest=1.0)])
    assert known.next() == []
    assert known.report().ending == "float precision"
    known = path(tolerance=1e-9, rounding=1e-3)
    known.take([part(0, 0.5, error=0.017, largest=2.0)])
    assert len(known.next()) == 2


def test_an_end_stays_the_end():
    known = path(tolerance=1e-9, rounding=1e-3)
    known.take([part(error=0.001)])
    assert known.next() == known.next() == []
    assert known.report().ending == "float precision"


def test_the_report_has_the_stretches_in_their_order():
    known = path(difference=(1.0,), tolerance=0.3)
    known.take([part(0.5, 1, error=0.2, gap=-0.1, integral=(2.0,)), part(0, 0.5, error=0.1, gap=0.3, integral=(1.0,))])
    report = known.report()
    assert report.alphas.tolist() == [0, 0.5, 1]
    assert report.gaps.tolist() == [0.3, -0.1]
    assert report.errors.tolist() == [0.1, 0.2]
    assert report.tolerance == 0.3
    assert report.evaluations == 2 * NODES
    assert report.error == pytest.approx(1.5 * math.hypot(0.1, 0.2) / 3)
    assert report.ending == "max_evaluations"
