"""A beacon that is carried between rooms: raw reports, through the decoder, into the detector that knows rooms."""

import json
from collections.abc import Callable
from math import exp, hypot

import msgspec
import numpy as np
import pytest

from detectors import reasons
from detectors.wandering import WanderingConfig
from detectors.wandering_signs import What, signs_of
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.reading import Reading
from tests.detectors.wanders import NIGHT_US, play

SECOND = 1_000_000
#: Nodes along a corridor of a home, metres.
NODES = {"bedroom": 0.0, "hall": 8.0, "kitchen": 16.0}
#: A node reports a beacon up to twice a second, and nothing beyond its greatest distance (the firmware's defaults).
EACH_S, FARTHEST_M = 0.5, 16.0


def reports(along: Callable[[float], tuple[float, float]], seconds: float, seed: int) -> list[RawMessage]:
    """What the nodes publish of somebody who is ``along(s)`` metres: errors are ratios, and drift as the body turns."""
    rng = np.random.default_rng(seed)
    found = []
    for room, place in NODES.items():
        drift, kept = 0.0, exp(-EACH_S / 15)
        for s in np.arange(rng.uniform(0, EACH_S), seconds, EACH_S):
            drift = kept * drift + np.sqrt(1 - kept**2) * rng.normal(0, 0.3)
            x, y = along(float(s))
            metres = hypot(x - place, y) * exp(drift + rng.normal(0, 0.25))
            if metres < FARTHEST_M:
                body = {"id": "irk:a1b2", "rssi": -60, "distance": round(metres, 2)}
                topic, at_us = f"espresense/devices/irk:a1b2/{room}", NIGHT_US + int(s * SECOND)
                found.append(RawMessage(topic, json.dumps(body).encode(), False, at_us))
    return sorted(found, key=lambda message: message.arrival_us)


def understood(messages: list[RawMessage]) -> list[Reading]:
    """Return what the decoder made of them, of a beacon that resident r1 wears."""
    families = Families(trees=("",))
    told = [each for message in messages for each in families.decode(message)]
    readings = [reading for each in told for reading in each.readings]
    return [msgspec.structs.replace(reading, unit="u2", resident="r1") for reading in readings]


def paced(s: float) -> tuple[float, float]:
    """To and fro through all rooms at 0.7 m/s."""
    return 16 - abs(0.7 * s % 32 - 16), 0.5


def test_each_reading_is_a_sign_of_the_room_with_its_distance() -> None:
    (reading, *_) = understood(reports(paced, 10, 1))
    (sign,) = signs_of(reading)
    assert (sign.what, sign.resident, sign.room in NODES) == (What.ROOM, "r1", True)
    assert sign.distance_m is not None and 0 < sign.distance_m < FARTHEST_M


@pytest.mark.parametrize("seed", range(3))
def test_who_paces_at_night_is_found_from_the_nodes_own_messages(seed: int) -> None:
    found = play(WanderingConfig().build(), understood(reports(paced, 1200, seed)))
    assert found, "pacing is told"
    assert (found[0].resident, found[0].evidence.reasons[0].code) == ("r1", reasons.ROOM_PACING)
    assert found[0].decided_us - NIGHT_US < 10 * 60 * SECOND


@pytest.mark.parametrize("seed", range(3))
def test_who_sits_between_two_rooms_for_an_hour_is_not(seed: int) -> None:
    assert play(WanderingConfig().build(), understood(reports(lambda s: (4.0, 1.0), 3600, seed))) == []


@pytest.mark.parametrize(("along", "a_minute"), [(paced, 60), (lambda s: (1.0, 0.5), 40)])
def test_of_three_nodes_few_reports_make_readings(along: Callable[[float], tuple[float, float]], a_minute: int) -> None:
    messages = reports(along, 600, 1)
    assert len(messages) > 250 * 10
    assert len(understood(messages)) < a_minute * 10


def test_a_beacon_that_falls_silent_is_nothing_by_itself() -> None:
    silent = understood(reports(lambda s: (1.0, 0.5), 60, 1))
    assert play(WanderingConfig().build(), silent, after_s=3600) == []
