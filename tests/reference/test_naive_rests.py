"""What a silence is compared with, computed at once over all steps and rests, and one at a time."""

import numpy as np
import pytest

from detectors.inactivity_judging import PRICES
from detectors.inactivity_model import inactivity_model
from detectors.routine import DAY_US, MINUTE_US, Routine
from detectors.routine_features import EDGES, LASTING, begun, lasting
from detectors.routine_rests import rests_of
from tests.detectors.homes import days
from tests.reference import numpy_rests
from tests.reference.naive_rests import by_the_clock, own_rests

OWN, CLOCK, LIKED = (LASTING.index(name) for name in ("longer_near", "covered", "like_longer"))


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
    rows = lasting(routine)
    exact = np.column_stack([numpy_rests.longer(rests, at), numpy_rests.by_the_clock(rests, at)])
    assert np.array_equal(rows[:, OWN : OWN + 20], exact)
    assert rows[:, LIKED : LIKED + 2] == pytest.approx(numpy_rests.alike(rests, at), rel=1e-12, abs=1e-12)


def test_the_order_in_which_likeness_is_added_up_changes_no_time_at_which_a_silence_rings() -> None:
    """The two sums that are not numpy's to the last bit: with its own the trees come to the same leaves."""
    model, routine, looked, other = inactivity_model(), Routine(), 0, 0
    for sign in days(35):
        if not (sign.event_us // DAY_US % 4 == 0 and 6 <= sign.event_us % DAY_US * 24 // DAY_US < 11):
            routine.take(sign.event_us, sign.room)
        if routine.days < 3 or routine.last_us != sign.event_us:
            continue
        rests, head = rests_of(routine), begun(routine)
        rows = lasting(routine, head, rests)
        summed = rows.copy()
        summed[:, LIKED : LIKED + 2] = numpy_rests.alike(numpy_rests.rests_of(routine), EDGES[:-1])
        ours, numpys = (model.outlook_of(head, each, hourly=False, factor=1.1) for each in (rows, summed))
        assert ours.reach.tobytes() == numpys.reach.tobytes()
        assert {ours.ring_minutes(price_h) for price_h in PRICES.values()} == {
            numpys.ring_minutes(price_h) for price_h in PRICES.values()
        }
        looked, other = looked + 1, other + (rows.tobytes() != summed.tobytes())
    assert looked > 1000
    assert other > 100  # else nothing was compared
