"""Where somebody was last, and where they may be by now."""

import pytest

from detectors.tracks import Fix
from detectors.whereabouts_last import FOUND_90_M, FOUND_99_M, last_seen, reach
from tests.detectors.wanders import EAST, HOME, NOON_US, NORTH

_SECOND = 1_000_000


def fix(s: float, north_m: float, east_m: float = 0.0, accuracy: float | None = 10.0) -> Fix:
    return Fix(NOON_US + int(s * _SECOND), HOME[1] + east_m * EAST, HOME[0] + north_m * NORTH, accuracy, True)


def walk(until_s: int, each_s: int = 10, speed: float = 1.0) -> list[Fix]:
    return [fix(s, speed * s) for s in range(0, until_s + 1, each_s)]


def test_nobody_is_anywhere_without_a_usable_fix() -> None:
    assert last_seen([], NOON_US) is None
    assert last_seen([fix(0, 0, accuracy=900.0)], NOON_US) is None
    assert last_seen([fix(60, 0)], NOON_US) is None, "it is of later"
    assert last_seen([Fix(NOON_US, 3.0, 4.0, 0.5, False)], NOON_US) is None, "metres of a building are on no map"


def test_who_walks_north_heads_north_at_their_speed() -> None:
    seen = last_seen(walk(300), NOON_US + 300 * _SECOND)
    assert seen is not None
    assert (seen.moves, seen.age_s) == ("walks", 0.0)
    assert seen.heading_deg == pytest.approx(0.0, abs=1.0) or seen.heading_deg == pytest.approx(360.0, abs=1.0)
    assert seen.speed_ms == pytest.approx(1.0, rel=0.05)
    assert seen.lat == pytest.approx(HOME[0] + 300 * NORTH, abs=NORTH)


def test_heading_is_clockwise_from_north() -> None:
    seen = last_seen([fix(s, 0.0, -s) for s in range(0, 200, 10)], NOON_US + 200 * _SECOND)
    assert seen is not None and seen.heading_deg == pytest.approx(270.0, abs=1.0)


def test_who_turned_round_heads_back() -> None:
    there = walk(300)
    back = [fix(300 + s, 300.0 - s) for s in range(10, 80, 10)]
    seen = last_seen(there + back, NOON_US + 380 * _SECOND)
    assert seen is not None and seen.heading_deg == pytest.approx(180.0, abs=1.0)


def test_who_stands_still_has_no_heading_and_the_mean_place() -> None:
    fixes = [fix(s, 8.0 * (-1) ** (s // 10)) for s in range(0, 120, 10)]
    seen = last_seen(fixes, NOON_US + 120 * _SECOND)
    assert seen is not None and (seen.moves, seen.heading_deg) == ("still", None)
    assert seen.lat == pytest.approx(HOME[0], abs=2 * NORTH)


def test_a_single_jump_at_the_end_is_doubted_and_told_apart() -> None:
    seen = last_seen([*walk(300), fix(310, 1700.0)], NOON_US + 310 * _SECOND)
    assert seen is not None and seen.doubted is not None
    assert seen.lat == pytest.approx(HOME[0] + 300 * NORTH, abs=NORTH)
    assert seen.doubted[1] == pytest.approx(HOME[0] + 1700 * NORTH, abs=NORTH)


def test_the_area_grows_with_the_clock_and_not_without_end() -> None:
    fixes, at = walk(300), NOON_US + 300 * _SECOND
    areas = []
    for later_s in (0, 60, 600, 3600, 6 * 3600, 48 * 3600):
        seen = last_seen(fixes, at + later_s * _SECOND)
        assert seen is not None
        areas.append(seen.area_m)
    assert areas == sorted(areas)
    assert areas[2] - areas[0] == pytest.approx(600.0)
    assert areas[3] - areas[0] == pytest.approx(3600.0)
    assert areas[4] < FOUND_99_M and areas[5] == pytest.approx(FOUND_99_M + areas[0])


def test_who_rides_may_be_much_farther_and_then_walks() -> None:
    bus = [fix(s, 12.0 * s) for s in range(0, 300, 10)]
    seen = last_seen(bus, NOON_US + (290 + 600) * _SECOND)
    assert seen is not None and seen.moves == "rides"
    assert seen.area_m > 12.0 * 600
    assert reach("rides", 12.0, 7200.0) == pytest.approx(12.0 * 1800 + FOUND_90_M + 0.25 * (5400 - FOUND_90_M))


def test_the_order_of_fixes_does_not_matter() -> None:
    fixes = [*walk(300), fix(310, 1700.0)]
    assert last_seen(fixes[::-1], NOON_US + 400 * _SECOND) == last_seen(fixes, NOON_US + 400 * _SECOND)


def test_an_untold_accuracy_is_assumed() -> None:
    seen = last_seen([fix(0, 0.0, accuracy=None)], NOON_US)
    assert seen is not None and seen.error_m == 25.0 and seen.moves == "unknown"
