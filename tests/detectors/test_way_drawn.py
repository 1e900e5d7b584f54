"""The way that is drawn for people: what is left out is counted, what is passed again is told, rides are shown."""

from math import cos, pi, sin

import pytest

from detectors.tracks import Fix
from detectors.way_drawn import drawn
from tests.detectors.wanders import EAST, HOME, NOON_US, NORTH

_SECOND = 1_000_000
ORIGIN = (HOME[1], HOME[0])


def fix(s: float, east_m: float, north_m: float, accuracy: float | None = 6.0) -> Fix:
    return Fix(NOON_US + int(s * _SECOND), HOME[1] + east_m * EAST, HOME[0] + north_m * NORTH, accuracy, True)


def laps(count: float, radius: float = 60.0, speed: float = 1.0) -> list[Fix]:
    seconds = count * 2 * pi * radius / speed
    angles = [k * 10 * speed / radius for k in range(int(seconds / 10))]
    return [fix(10 * k, radius * sin(a), radius * cos(a)) for k, a in enumerate(angles)]


def test_a_straight_way_is_passed_once_and_laps_as_often_as_they_were_walked() -> None:
    straight = drawn([fix(10 * k, 10.0 * k, 0.0) for k in range(40)], ORIGIN, NOON_US)
    assert {point.passes for point in straight.points} == {1}
    circled = drawn(laps(3), ORIGIN, NOON_US)
    assert {point.passes for point in circled.points} <= {3, 4}
    assert [point.passes for point in circled.points].count(3) > len(circled.points) * 0.7


def test_what_was_walked_before_it_began_is_no_revisiting() -> None:
    way = laps(3)
    half_us = way[len(way) * 2 // 3].at_us
    later = drawn(way, ORIGIN, half_us)
    before = [point for point in later.points if point.until_us < half_us]
    assert {point.passes for point in before} == {1}
    assert max(point.passes for point in later.points) <= 2


def test_standing_is_one_point_with_how_long_and_a_jump_and_a_masts_cell_are_left_out() -> None:
    stood = [fix(10 * k, 4.0 * (-1) ** k, 0.0) for k in range(60)]
    way = [
        *stood,
        fix(605, 1500.0, 0.0),
        fix(607, 0.0, 0.0, 2000.0),
        *(fix(610 + 10 * k, 10.0 * k, 0.0) for k in range(9)),
    ]
    seen = drawn(way, ORIGIN, NOON_US)
    first = seen.points[0]
    assert (first.until_us - first.at_us) / _SECOND >= 590
    assert (seen.jumps, seen.inexact) == (1, 1)
    assert max(point.x for point in seen.points) < 100
    assert len(seen.points) + seen.jumps + seen.inexact + seen.standing + seen.thinned == len(way)


def test_a_ride_and_a_silence_are_drawn_as_what_they_are() -> None:
    walked = [fix(10 * k, 10.0 * k, 0.0) for k in range(10)]
    ridden = [fix(100 + 10 * k, 90.0 + 100.0 * (k + 1), 0.0) for k in range(12)]
    after = [fix(1420 + 20 * k, 1290.0, 300.0 + 20.0 * k) for k in range(3)]
    seen = drawn([*walked, *ridden, *after], ORIGIN, NOON_US).points
    assert [point.rides for point in seen if point.x > 150 and point.at_us < NOON_US + 220 * _SECOND] == [True] * 12
    assert not any(point.rides for point in seen if point.x < 95)
    assert [(point.silent, point.rides) for point in seen if point.y > 200] == [
        (True, False),
        (False, False),
        (False, False),
    ]
    assert not any(point.silent for point in seen if point.y < 200)


def test_there_are_never_more_points_than_fit_and_the_last_is_the_newest() -> None:
    long = [fix(20 * k, 20.0 * k, 0.0) for k in range(700)]
    seen = drawn(long, ORIGIN, NOON_US, most=100)
    assert len(seen.points) == 100
    assert (seen.points[0].at_us, seen.points[-1].at_us) == (long[0].at_us, long[-1].at_us)
    assert seen.thinned + seen.standing == 600


def test_a_building_is_drawn_in_its_own_metres() -> None:
    paced = [Fix(NOON_US + k * _SECOND // 2, 12.0 * abs(((k / 20) % 2) - 1), 1.0, None, False) for k in range(200)]
    seen = drawn(paced, (0.0, 0.0), NOON_US)
    assert seen.inexact == seen.jumps == 0
    assert max(point.passes for point in seen.points) >= 5
    assert max(point.x for point in seen.points) == pytest.approx(12.0, abs=1.0)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn([], ORIGIN, NOON_US).points == ()
    assert drawn([fix(0, 0, 0, 900.0)], ORIGIN, NOON_US).inexact == 1
