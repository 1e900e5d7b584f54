"""The usual places of a person, from what was learnt or from positions."""

from math import hypot

import pytest

from detectors.tracks import Fix
from detectors.whereabouts_known import Known, Place
from detectors.whereabouts_places import UsualPlace, known_ways, usual_places, usual_places_of
from schemas.reading import Reading
from tests.detectors.goings import AT_HOME, DAUGHTER, MARKET, Metres, Phone, days
from tests.detectors.test_whereabouts import knowing
from tests.detectors.wanders import EAST, HOME, NORTH


def fixes(sent: list[Reading]) -> list[Fix]:
    told = [({o.type: float(o.value) for o in each.observations}, each.event_us) for each in sent]
    return [Fix(at_us, seen["lon"], seen["lat"], seen["accuracy"], True) for seen, at_us in told]


def metres_to(place: UsualPlace, there: Metres) -> float:
    return hypot((place.lat - HOME[0]) / NORTH - there[0], (place.lon - HOME[1]) / EAST - there[1])


def test_home_market_and_daughter_are_found_with_share_and_hours() -> None:
    found = usual_places_of(fixes(days(Phone(each_s=900.0), 0, 22).sent))
    assert [each.home for each in found] == [True, False, False]
    for place, there in zip(found, (AT_HOME, MARKET, DAUGHTER), strict=True):
        assert metres_to(place, there) < 60
    home, market, daughter = found
    assert home.share > 0.85 and sum(each.share for each in found) <= 1.0
    assert daughter.days == 3 and market.days >= 20
    # Three hours each from Monday 0 h on: the daughter's is Sunday afternoon, the market each morning at 9.
    assert max(range(56), key=daughter.week.__getitem__) in (6 * 8 + 4, 6 * 8 + 5)
    assert [market.week[8 * day + 3] > 0 for day in range(7)] == [True] * 7
    assert max(market.week[8 * day] for day in range(7)) == 0


def test_what_the_detector_learnt_says_the_same() -> None:
    detector, _ = knowing()
    home = detector.homes["u1"]
    assert home.origin is not None
    known = home.people["r1"].known
    for place, there in zip(usual_places(known, home.origin), (AT_HOME, MARKET, DAUGHTER), strict=True):
        assert metres_to(place, there) < 90
    ways = known_ways(known, home.origin)
    half_way = (HOME[1] + MARKET[1] / 2 * EAST, HOME[0] + MARKET[0] / 2 * NORTH)
    assert min(hypot((lon - half_way[0]) / EAST, (lat - half_way[1]) / NORTH) for lon, lat in ways) < 110


@pytest.mark.parametrize("sent", [[], [Fix(1, 3.0, 4.0, 0.5, False)]])
def test_nothing_is_known_of_nothing(sent: list[Fix]) -> None:
    assert usual_places_of(sent) == []


def test_what_bad_positions_make_of_home_is_no_place_of_its_own() -> None:
    home, shadow = Place(0, 0, minutes=9000.0, days=20), Place(120, 150, minutes=300.0, days=8)
    known = Known(places=[home, shadow, Place(150, 400, minutes=300.0, days=8)])
    assert [(round(each.share, 2), each.days) for each in usual_places(known, (122.2, 30.0))] == [(0.94, 20), (0.03, 8)]
