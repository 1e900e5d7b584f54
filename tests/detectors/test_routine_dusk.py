"""Restless around dusk, as a pattern of a week against the weeks before: never an alarm."""

from collections.abc import Callable

import numpy as np
import pytest

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from detectors.routine_days import Day, days_of
from detectors.routine_week import report
from tests.detectors.routines import FIRST

WEEKS = 9


def lived(dusk: Callable[[int], int], doors: Callable[[int], int] = lambda _: 1) -> list[Day]:
    """Days with a change of room each quarter of an hour, more of them around dusk, and ways to the outer door."""
    at_us, room = [], []
    for number in range(WEEKS * 7):
        midnight = (FIRST + number) * DAY_US
        for quarter in range(7 * 4, 22 * 4):
            at_us.append(midnight + quarter * 15 * MINUTE_US + (number * 37 % 11) * MINUTE_US)
            room.append(int((Room.KITCHEN, Room.LIVING)[quarter % 2]))
        for step in range(dusk(number)):
            at_us.append(midnight + 17 * HOUR_US + step * MINUTE_US // 2)
            room.append(int((Room.HALL, Room.LIVING)[step % 2]))
        for time in range(doors(number)):
            at_us.append(midnight + 18 * HOUR_US + time * 5 * MINUTE_US)
            room.append(int(Room.OUTER_DOOR))
    return days_of(np.array(at_us), np.array(room), FIRST, FIRST + WEEKS * 7 - 1)


def last(number: int) -> bool:
    return number >= (WEEKS - 1) * 7


def told(days: list[Day]) -> dict[str, tuple[int, int]]:
    facts = report(days, FIRST + (WEEKS - 1) * 7)
    return {change.measure: (round(change.usual), round(change.now)) for change in facts.changes}


def test_a_week_of_walking_about_at_dusk_is_told_as_its_share_of_the_day() -> None:
    days = lived(lambda number: 60 if last(number) else 4)
    assert told(days).keys() >= {"dusk_share"}
    usual, now = told(days)["dusk_share"]
    assert 20 < usual < 40 < now < 70


def test_weeks_that_are_alike_at_dusk_have_nothing_to_tell_of_it() -> None:
    assert not told(lived(lambda number: 4 + number % 3)).keys() & {"dusk_share", "dusk_doors"}
    assert not told(lived(lambda number: 60 - number % 3)).keys() & {"dusk_share", "dusk_doors"}  # each week is so


def test_ways_to_the_outer_door_around_dusk_are_told() -> None:
    days = lived(lambda _: 4, lambda number: 8 if last(number) else 1 + number % 2)
    assert told(days)["dusk_doors"] == (2, 8)  # 1.5 is told as it is; here it is rounded


def test_a_door_whose_sensor_fell_silent_is_no_change_at_dusk() -> None:
    days = lived(lambda _: 4, lambda number: 0 if last(number) else 8)
    assert "dusk_doors" not in told(days)


@pytest.mark.parametrize(("hour", "share"), [(15.9, 0), (16, 100), (19.9, 100), (20, 0)])
def test_dusk_is_from_sixteen_to_twenty_by_the_clock(hour: float, share: float) -> None:
    at_us = FIRST * DAY_US + int(hour * HOUR_US) + np.arange(40) * 1_000_000
    before = np.array([(FIRST - 1) * DAY_US + 23 * HOUR_US + HOUR_US // 2])
    times = np.concatenate([before, before + 10 * HOUR_US, at_us])
    rooms = np.concatenate([[0, 0], np.arange(40) % 2 + 1])
    (day,) = days_of(times, rooms, FIRST, FIRST)
    assert day.dusk_share == share


def test_a_day_with_few_changes_of_room_has_no_share() -> None:
    at_us = FIRST * DAY_US + 12 * HOUR_US + np.arange(15) * MINUTE_US
    times = np.concatenate([[(FIRST - 1) * DAY_US + 20 * HOUR_US], at_us])
    (day,) = days_of(times, np.arange(16) % 2, FIRST, FIRST)
    assert (day.known, day.dusk_share) == (True, None)
