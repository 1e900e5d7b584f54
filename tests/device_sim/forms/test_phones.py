"""What is true of a phone or tracker whatever its family is: a day of it through the platform's own decoders."""

import json
from itertools import pairwise

import numpy as np
import pytest

from device_sim.forms.families import PHONES
from device_sim.forms.positions import Fix
from device_sim.forms.spoken import SECOND_US
from device_sim.forms.traccar import Traccar
from device_sim.play import Emission
from device_sim.walking.phone import DEGREE_M, SOMEWHERE, Phone, Trip, carried
from device_sim.walking.streets import town
from device_sim.walking.ways import Way
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.reading import Reading
from tests.device_sim.forms.home import HOUR_US, START_US

TRIP = Trip(START_US + 2 * HOUR_US, START_US + 3 * HOUR_US, Way.MARKET)
PRESSED_US = START_US + 5 * HOUR_US


def sent(family: str, seed: int = 3) -> list[Emission]:
    phone = Phone("m-wang", "tracker", family=family)
    end_us = START_US + 8 * HOUR_US
    return list(carried([TRIP], phone, town(1), START_US, end_us, seed, presses=[PRESSED_US]))


def understood(emissions: list[Emission]) -> list[Reading]:
    families, found = Families(trees=("",)), list[Reading]()
    for each in emissions:
        for told in families.decode(RawMessage(each.topic, each.payload, False, each.at_us)):
            assert told.entry is None, told.entry
            found += told.readings
    return found


def places(readings: list[Reading]) -> list[tuple[int, float]]:
    """Return when somebody was how far from home, metres."""
    found = []
    for reading in readings:
        seen = {each.type: float(each.value) for each in reading.observations if each.type in ("lat", "lon")}
        if len(seen) == 2:
            north = (seen["lat"] - SOMEWHERE[0]) * DEGREE_M
            east = (seen["lon"] - SOMEWHERE[1]) * DEGREE_M * np.cos(np.radians(SOMEWHERE[0]))
            found.append((reading.event_us, float(np.hypot(north, east))))
    return found


@pytest.mark.parametrize("family", sorted(PHONES))
def test_a_walk_is_understood_where_and_when_it_was(family: str) -> None:
    emissions = sent(family)
    assert all(one.at_us <= other.at_us for one, other in pairwise(emissions))
    assert emissions == sent(family) != sent(family, seed=4)
    readings = understood(emissions)
    assert {each.device for each in readings if "bridge" not in each.device} == {
        Phone("m-wang", "tracker", family=family).id
    }
    away = [at_us for at_us, metres in places(readings) if metres > 150]
    assert away and all(TRIP.from_us <= at_us <= TRIP.until_us for at_us in away)
    assert any(metres < 60 for at_us, metres in places(readings) if at_us > TRIP.until_us)


@pytest.mark.parametrize("family", sorted(PHONES))
def test_a_press_is_one_call_where_there_is_a_button_and_an_ordinary_day_is_none(family: str) -> None:
    called = [each.event_us for each in understood(sent(family)) if "sos" in each.events]
    assert called == ([PRESSED_US] if PHONES[family].calls else [])


def test_a_pendant_under_a_roof_repeats_where_it_last_saw_the_sky_and_says_that_it_is_no_fix() -> None:
    pendant = Traccar("wang", "pendant", 1)
    outside = Fix(START_US, 30.0, 122.0, 5.0, 3.704, moving=True, roofed=False, battery=80)
    inside = Fix(START_US + 15 * SECOND_US, 30.1, 122.0, 40.0, 0.0, moving=True, roofed=True, battery=80)
    first, second = (json.loads(next(pendant.say(fix)).payload)["position"] for fix in (outside, inside))
    assert (first["valid"], first["speed"], first["latitude"]) == (True, 2.0, 30.0)
    assert (second["valid"], second["latitude"], second["fixTime"]) == (False, 30.0, first["fixTime"])
    assert second["deviceTime"] != first["deviceTime"]


def test_a_pendant_out_of_cover_hands_in_what_it_kept_newest_first() -> None:
    readings = [json.loads(each.payload)["position"] for each in sent("traccar") if each.topic == "positions"]
    kept = [each for each in readings if each["attributes"].get("archive")]
    assert kept and any(one["fixTime"] > other["fixTime"] for one, other in pairwise(readings))
