"""What nodes hear of a beacon: nearest in its own room, elsewhere now and then, for minutes not at all."""

import json
from collections import Counter
from itertools import pairwise

from device_sim.forms.espresense import ESPresense
from device_sim.forms.spoken import SECOND_US, HomeSensor, SensorKind, Stay
from device_sim.play import Emission
from tests.device_sim.forms.home import HOUR_US, START_US, day

ROOMS = ("bedroom", "bathroom", "kitchen")


def heard(hours: float = 8, seed: int = 2) -> list[tuple[Emission, str, float]]:
    sensors = [HomeSensor(f"{room} motion", SensorKind.MOTION, room) for room in ROOMS]
    half_us = START_US + round(hours * HOUR_US / 2)
    stays = [
        Stay("wang", "bedroom", START_US, half_us),
        Stay("wang", "kitchen", half_us, START_US + round(hours * HOUR_US)),
    ]
    carried = ESPresense("m", sensors, seed).carried(stays)
    return [(each, each.topic.rpartition("m-")[2], float(json.loads(each.payload)["distance"])) for each in carried]


def test_it_is_nearest_where_its_owner_is() -> None:
    by_time: dict[int, dict[str, float]] = {}
    for emission, room, distance in heard():
        by_time.setdefault(emission.at_us // SECOND_US, {})[room] = distance
    nearest = Counter(
        (min(told, key=told.__getitem__), at_s < START_US // SECOND_US + 4 * 3600) for at_s, told in by_time.items()
    )
    assert nearest["bedroom", True] > 10 * nearest["bathroom", True]
    assert nearest["kitchen", False] > 10 * nearest["bathroom", False]
    assert nearest["bathroom", True] > 0, "a distance strays"


def test_it_is_lost_for_minutes_though_nobody_left() -> None:
    times = sorted({emission.at_us for emission, _, _ in heard()})
    gaps = [(later - earlier) / SECOND_US for earlier, later in pairwise(times)]
    assert 40 < max(gaps) < 400
    assert sum(gap > 40 for gap in gaps) <= 8


def test_nothing_of_it_reaches_the_broker_while_the_nodes_are_down_nor_while_she_is_out() -> None:
    lived = day("espresense", hours=12)
    known = lived.wiring.speaker().worn_id("wang")
    rooms = [each for each in lived.readings if each.device == known]
    assert rooms and all(each.observations for each in rooms)
    assert all(one.at_us <= other.at_us for one, other in pairwise(lived.sent))
