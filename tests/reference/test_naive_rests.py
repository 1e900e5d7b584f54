"""What a silence is compared with, computed at once over all steps and rests, and one at a time."""

import numpy as np
import pytest

from detectors.routine import DAY_US, MINUTE_US, Routine
from detectors.routine_features import EDGES, LASTING, lasting
from tests.detectors.homes import days
from tests.reference import numpy_rests
from tests.reference.naive_rests import by_the_clock, own_rests

OWN, CLOCK = LASTING.index("longer_near"), LASTING.index("covered")


def lived(count: int, skip: int) -> Routine:
    """A home's rhythm after ``count`` days, of which every ``skip``-th afternoon was silent."""
    routine = Routine()
    for sign in days(count):
        if not (sign.event_us // DAY_US % skip == 0 and 6 <= sign.event_us % DAY_US * 24 // DAY_US < 11):
            routine.take(sign.event_us, sign.room)
    return routine


@pytest.mark.parametrize(("count", "skip"), [(0, 1), (1, 2), (3, 2), (9, 3), (31, 4)])
def test_rests_compared_at_once_are_those_compared_one_by_one(count: int, skip: int) -> None:
    routine = lived(count, skip)
    if not count:
        routine.take(10 * DAY_US + 7 * MINUTE_US, 1)
    rows = lasting(routine)
    for row, at in zip(rows, EDGES[:-1].tolist(), strict=True):
        assert row[OWN : OWN + 9] == pytest.approx(own_rests(routine, at))
        assert row[CLOCK : CLOCK + 11] == pytest.approx(by_the_clock(routine, at))
    assert np.isfinite(rows).all()


@pytest.mark.parametrize(("count", "skip"), [(0, 1), (1, 2), (9, 3), (31, 4)])
def test_rests_compared_by_machine_code_are_those_compared_in_numpy_to_the_bit(count: int, skip: int) -> None:
    """But for likeness: its sums are added up one after the other, and numpy leaves their order to the processor."""
    routine = lived(count, skip)
    if not count:
        routine.take(10 * DAY_US + 7 * MINUTE_US, 1)
    rests, at = numpy_rests.rests_of(routine), EDGES[:-1]
    rows, liked = lasting(routine), len(LASTING) - 3
    exact = np.column_stack([numpy_rests.longer(rests, at), numpy_rests.by_the_clock(rests, at)])
    assert np.array_equal(rows[:, OWN : OWN + 20], exact)
    assert rows[:, liked : liked + 2] == pytest.approx(numpy_rests.alike(rests, at), rel=1e-12, abs=1e-12)
