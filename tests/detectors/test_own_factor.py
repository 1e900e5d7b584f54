"""A home's own factor: what its long silences taught of it, and what that changes."""

import numpy as np
import pytest

from detectors.inactivity_model import ENDED_KEPT, LONG_MINUTES, PRIOR_ENDED, inactivity_model, own_factor
from detectors.routine import DAY_US, MINUTE_US, Room, Routine
from detectors.routine_features import EDGES
from tests.detectors.homes import days

MODEL = inactivity_model()


def lived(count: int) -> Routine:
    routine = Routine()
    for sign in days(count):
        MODEL.take(routine, sign.event_us, sign.room)
    return routine


def test_a_home_begins_as_others_are() -> None:
    assert own_factor(Routine()) == 1.0
    assert own_factor(lived(1)) == pytest.approx(1.0, abs=0.5)


def test_silences_that_outlast_what_was_expected_make_the_next_ones_longer() -> None:
    routine = lived(5)
    usual = MODEL.outlook(routine).reach
    routine.ended, routine.expected = 3.0, 30.0
    assert own_factor(routine) == (PRIOR_ENDED + 3) / (PRIOR_ENDED + 30)
    longer = MODEL.outlook(routine).reach
    late = EDGES > LONG_MINUTES + 10
    assert np.all(longer[late] >= usual[late])
    assert np.array_equal(longer[EDGES < LONG_MINUTES], usual[EDGES < LONG_MINUTES])


@pytest.mark.parametrize(
    ("minutes", "counts"), [(LONG_MINUTES - 1, False), (LONG_MINUTES, True), (1440, True), (1441, False)]
)
def test_only_long_silences_within_a_day_count(minutes: int, counts: bool) -> None:
    routine = Routine()
    MODEL.take(routine, DAY_US, Room.LIVING)
    MODEL.take(routine, DAY_US + minutes * MINUTE_US, Room.LIVING)
    assert (routine.ended == 1.0) is counts
    assert (routine.expected > 0.0) is counts


def test_what_was_long_ago_is_forgotten() -> None:
    routine = lived(2)
    routine.ended, routine.expected = 300.0, ENDED_KEPT
    MODEL.take(routine, routine.last_us + 300 * MINUTE_US, Room.LIVING)
    assert routine.ended == 150.5
    assert routine.expected <= ENDED_KEPT / 2 + 5


def test_the_factor_is_counted_before_the_sign_is_taken_and_the_rest_is_the_rhythm() -> None:
    with_model, without = lived(4), Routine()
    for sign in days(4):
        without.take(sign.event_us, sign.room)
    without.ended, without.expected = with_model.ended, with_model.expected
    assert with_model == without
