"""Walks through a made-up town, and what a phone tells of them; judged by the platform's own wandering detector."""

import json
from itertools import pairwise
from math import cos, radians

import numpy as np
import pytest

from detectors.host import Host
from device_sim.play import Emission
from device_sim.walking.paces import Floats
from device_sim.walking.phone import DEGREE_M, Phone, Trip, carried, walked
from device_sim.walking.receiver import error
from device_sim.walking.rides import BUS, FERRY
from device_sim.walking.streets import PLACES, Town, town
from device_sim.walking.ways import WANDERING, Walk, Way, walk
from ingest.decoders import owntracks
from ingest.decoders.message import RawMessage
from schemas.finding import Finding, FindingKind
from schemas.reading import Reading, ReadingKind

SECOND = 1_000_000
START = 1_795_320_000_000_000
HOUR = 3600 * SECOND
SEEDS = range(5)
PHONE = Phone("wang")


def way(kind: Way, seed: int, seconds: float = 2400.0) -> Walk:
    return walk(town(seed), kind, seconds, np.random.default_rng(seed))


def steps(xy: Floats) -> Floats:
    return np.asarray(np.hypot(*np.diff(xy, axis=0).T))


def reached(made: Town) -> set[int]:
    seen, queue = {made.home}, [made.home]
    for here in queue:
        for other in made.streets[here]:
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return seen


def test_a_town_has_its_places_about_where_they_belong_and_streets_to_them() -> None:
    for seed in SEEDS:
        made = town(seed)
        assert set(made.places.values()) <= reached(made)
        for name, far in PLACES.items():
            assert abs(float(np.hypot(*made.corners[made.places[name]])) - far) < 130
        assert np.array_equal(made.corners, town(seed).corners) and made.streets == town(seed).streets


def test_the_way_leads_along_streets() -> None:
    made = town(1)
    for goal in made.places.values():
        for route in (made.way(made.home, goal), made.way(made.home, goal, np.random.default_rng(2))):
            assert (route[0], route[-1]) == (made.home, goal)
            assert all(other in made.streets[one] for one, other in pairwise(route))


@pytest.mark.parametrize("kind", list(Way))
def test_walks_begin_at_home_and_move_as_people_do(kind: Way) -> None:
    for seed in SEEDS:
        made = way(kind, seed)
        assert float(np.hypot(*made.xy[0])) < 5
        pace = steps(made.xy)
        if kind in (Way.BUS, Way.FERRY):
            assert min(BUS[0], FERRY[0]) < np.quantile(pace, 0.97) < BUS[1] * 1.6
        else:
            assert np.quantile(pace, 0.99) < 2.2, "an old person on foot"
        if kind in WANDERING:
            assert made.onset_s is not None and 30 < made.onset_s < len(made.xy)
        else:
            assert made.onset_s is None
            assert float(np.hypot(*made.xy[-1])) < 15, "a walk with a purpose ends at home"


def test_lapping_goes_around_pacing_to_and_fro_and_both_stay_where_they_are() -> None:
    for seed in SEEDS:
        for kind, across in ((Way.LAPPING, 260), (Way.PACING, 150)):
            made = way(kind, seed)
            there = made.xy[round(made.onset_s or 0) :]
            length, extent = float(steps(there).sum()), float(np.hypot(*np.ptp(there, axis=0)))
            assert extent < across and length > 3 * extent


def test_a_receivers_error_is_as_large_as_it_claims_and_drifts() -> None:
    claimed, off = error(np.random.default_rng(3), 40_000, indoors=False)
    radius = np.hypot(*off.T)
    assert 0.55 < np.mean(radius < np.median(claimed)) < 0.8, "the radius of 68 %"
    assert 0.9 < float(np.corrcoef(off[:-1, 0], off[1:, 0])[0, 1]) < 1
    indoors, _ = error(np.random.default_rng(3), 200_000, indoors=True)
    assert 14 < np.median(indoors) < 28 and 300 < np.quantile(indoors, 0.9) < 700


def told(trip: Trip, seed: int = 1, phone: Phone = PHONE) -> list[Emission]:
    return list(carried([trip], phone, town(seed), START, trip.until_us + HOUR, seed))


def test_a_phone_tells_where_it_is_seldom_at_home_and_often_on_the_way() -> None:
    trip = Trip(START + 3 * HOUR, START + 3 * HOUR + 2400 * SECOND, Way.MARKET)
    sent = told(trip)
    assert all(one.at_us <= other.at_us for one, other in pairwise(sent))
    on_the_way = [each for each in sent if trip.from_us <= each.at_us < trip.until_us + SECOND]
    assert 200 < len(on_the_way) <= 241 and 5 <= len(sent) - len(on_the_way) <= 10
    truth = walked(trip, town(1), 1).xy
    off = []
    for each in on_the_way[:-1]:
        body = json.loads(each.payload)
        north = (body["lat"] - PHONE.home[0]) * DEGREE_M
        east = (body["lon"] - PHONE.home[1]) * DEGREE_M * cos(radians(PHONE.home[0]))
        off.append(np.hypot(*(truth[body["tst"] - trip.from_us // SECOND] - (east, north))))
    assert 0.5 < np.median(off) < 20 and max(off) < 60
    assert sent == told(trip) and sent != told(trip, seed=2)


def test_the_platform_knows_a_phone_by_the_id_it_was_planned_with() -> None:
    trip = Trip(START + HOUR, START + 2 * HOUR, Way.STROLL)
    assert {reading.device for reading in readings(told(trip))} == {PHONE.id}


def readings(sent: list[Emission]) -> list[Reading]:
    found = []
    for each in sent:
        decoded = owntracks.decode(owntracks.NEW_ROOT, {}, RawMessage(each.topic, each.payload, False, each.at_us))
        assert decoded.entry is None and decoded.reading is not None
        found.append(decoded.reading)
    return found


def wandering(trip: Trip, seed: int) -> list[Finding]:
    host, found = Host(), list[Finding]()
    for reading in readings(told(trip, seed)):
        at_us = reading.arrival_us
        bound = Reading(
            **{field: getattr(reading, field) for field in reading.__struct_fields__}
            | {"unit": "home", "resident": "wang"}
        )
        tick = Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)
        found += host.update([tick, bound])
    return [each for each in found if each.kind is FindingKind.WANDERING]


@pytest.mark.parametrize("kind", [Way.LAPPING, Way.PACING])
def test_wandering_outdoors_is_found_and_after_it_began(kind: Way) -> None:
    hits = 0
    for seed in SEEDS:
        trip = Trip(START + HOUR, START + 2 * HOUR, kind)
        onset_us = trip.from_us + round((walked(trip, town(seed), seed).onset_s or 0) * SECOND)
        found = wandering(trip, seed)
        assert all(each.decided_us > onset_us for each in found)
        hits += bool(found)
    assert hits >= 4


@pytest.mark.parametrize(
    "kind", [Way.MARKET, Way.SHOP, Way.VISIT, Way.STROLL, Way.DOG, Way.BUS, Way.HOSPITAL, Way.FERRY, Way.STANDING]
)
def test_walks_with_a_purpose_are_no_wandering(kind: Way) -> None:
    for seed in SEEDS:
        assert wandering(Trip(START + HOUR, START + 2 * HOUR, kind), seed) == []
