"""Where somebody usually is: stays on several days, and home by the nights."""

import pytest

from detectors.places_usual import usual_places
from detectors.tracks import Fix
from tests.detectors.wanders import EAST, HOME, NORTH

MINUTE_US = 60_000_000
DAY_US = 1440 * MINUTE_US
CHINA_US = 8 * 60 * MINUTE_US
#: A local midnight in China.
MIDNIGHT_US = 1_790_006_400_000_000 // DAY_US * DAY_US - CHINA_US


def china(_: int) -> int:
    return CHINA_US


def stay(day: int, from_h: float, to_h: float, east_m: float, north_m: float, each_min: int = 15) -> list[Fix]:
    start = MIDNIGHT_US + day * DAY_US + int(from_h * 60) * MINUTE_US
    count = int((to_h - from_h) * 60) // each_min + 1
    at = [start + k * each_min * MINUTE_US for k in range(count)]
    wobble = [12.0 * (-1) ** k for k in range(count)]
    return [
        Fix(us, HOME[1] + (east_m + w) * EAST, HOME[0] + north_m * NORTH, 15.0, True)
        for us, w in zip(at, wobble, strict=True)
    ]


def life(days: int) -> list[Fix]:
    """Nights at home, mornings at the market 600 m east."""
    told: list[Fix] = []
    for day in range(days):
        told += stay(day, 0, 8, 0, 0) + stay(day, 9, 10, 600, 0) + stay(day, 11, 23, 0, 0)
    return told


def test_home_is_where_the_nights_are_spent_and_the_market_is_usual_from_the_second_day() -> None:
    first = usual_places(life(1), china)
    assert [place.home for place in first] == [True]
    home, market = usual_places(life(5), china)
    assert home.home and not market.home
    assert (home.lon, home.lat) == pytest.approx((HOME[1], HOME[0]), abs=5 * EAST)
    assert market.lon == pytest.approx(HOME[1] + 600 * EAST, abs=15 * EAST)
    assert (home.days, market.days) == (5, 5)
    assert market.minutes == pytest.approx(300, abs=1)
    assert home.night_min == pytest.approx(5 * 300, abs=61)
    assert 40 <= market.radius_m <= 100


def test_a_silent_phone_at_home_is_at_home_and_a_place_passed_by_is_none() -> None:
    told = [fix for day in range(3) for fix in (*stay(day, 0, 0, 0, 0), *stay(day, 7, 7, 0, 0))]
    (home,) = usual_places(told, china)
    assert home.minutes == pytest.approx(3 * 420, abs=1)
    passed = [fix for day in range(3) for fix in stay(day, 9, 9.1, 600, 0, each_min=3)]
    assert [place.home for place in usual_places(sorted(told + passed, key=lambda fix: fix.at_us), china)] == [True]


def test_inexact_positions_and_those_of_a_building_say_nothing_of_places() -> None:
    poor = [Fix(fix.at_us, fix.x, fix.y, 400.0, True) for fix in life(3)]
    indoors = [Fix(fix.at_us, 1.0, 2.0, 0.5, False) for fix in life(3)]
    assert usual_places([*poor, *indoors], china) == []
    assert usual_places([], china) == []


def test_only_the_most_used_places_are_told() -> None:
    told = [fix for day in range(4) for k in range(12) for fix in stay(day, 8 + k, 8.5 + k, 500.0 * (k + 1), 0)]
    assert len(usual_places(told, china)) == 8
