"""Homes of which a counter tells hour by hour: they are known for it, and judged by trees of their own."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from detectors.inactivity_model import HOURLY_WORTH, InactivityModel, Outlook, by_the_hour, inactivity_model
from detectors.routine import HOUR_US, Room, Routine
from detectors.trees import BoostedTrees
from tests.detectors.homes import MIDNIGHT_US, days

MODEL = inactivity_model()


def counted(hours: int) -> Routine:
    """Return what is learnt of a home whose counter tells every hour from seven to 22."""
    routine = Routine()
    for hour in range(hours):
        if 7 <= hour % 24 < 22:
            MODEL.take(routine, MIDNIGHT_US + 8 * HOUR_US + hour * HOUR_US, Room.OTHER, 9)
    return routine


def seen(count: int) -> Routine:
    """Return what is learnt of a home with sensors."""
    routine = Routine()
    for sign in days(count):
        MODEL.take(routine, sign.event_us + 8 * HOUR_US, sign.room)
    return routine


def surer(trees: BoostedTrees) -> BoostedTrees:
    """Return trees that say of everything that it is less likely."""
    return replace(trees, base=trees.base - 2.0)


@pytest.mark.parametrize(("routine", "told"), [(counted(14), True), (counted(120), True), (seen(5), False)])
def test_a_counter_is_known_on_its_first_day_and_sensors_are_none(routine: Routine, told: bool) -> None:
    assert by_the_hour(routine) is told


@pytest.mark.parametrize(
    ("routine", "other", "changes"),
    [
        (counted(120), replace(MODEL, hourly=surer(MODEL.hourly)), True),
        (counted(120), replace(MODEL, begun=surer(MODEL.begun), lasting=surer(MODEL.lasting)), False),
        (seen(5), replace(MODEL, hourly=surer(MODEL.hourly)), False),
        (seen(5), replace(MODEL, begun=surer(MODEL.begun)), True),
        (seen(5), replace(MODEL, lasting=surer(MODEL.lasting)), True),
    ],
)
def test_each_kind_of_home_is_judged_by_its_own_trees(routine: Routine, other: InactivityModel, changes: bool) -> None:
    same = np.array_equal(other.outlook(routine).reach, MODEL.outlook(routine).reach)
    assert same is not changes


@pytest.mark.parametrize(("routine", "by"), [(counted(120), "hourly"), (seen(5), "lasting")])
def test_the_home_s_own_factor_counts_what_its_own_trees_expected(routine: Routine, by: str) -> None:
    slow = replace(MODEL, **{by: surer(getattr(MODEL, by))})
    one, other = deepcopy(routine), deepcopy(routine)
    MODEL.take(one, routine.last_us + 5 * HOUR_US, Room.OTHER)
    slow.take(other, routine.last_us + 5 * HOUR_US, Room.OTHER)
    assert routine.expected < other.expected < one.expected


def test_the_hour_of_a_counter_always_begins_a_silence_of_half_an_hour() -> None:
    assert MODEL.outlook(counted(120)).reach[0] == 1.0
    assert MODEL.outlook(seen(5)).reach[0] < 0.5


def test_a_false_alarm_counts_half_where_everything_is_heard_an_hour_late() -> None:
    counts, sees = MODEL.outlook(counted(120)), MODEL.outlook(seen(5))
    assert (counts.worth, sees.worth) == (HOURLY_WORTH, 1.0)
    assert counts.ring_minutes(2000.0) == Outlook(counts.reach).ring_minutes(2000.0 * HOURLY_WORTH)
    assert counts.ring_minutes(2000.0) < Outlook(counts.reach).ring_minutes(2000.0)
