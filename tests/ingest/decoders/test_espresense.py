"""ESPresense: whose room it is, thinned and smoothed, and buttons that the broker remembers."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from tests.ingest.decoders.hearing import Ear

BEACON = "espresense/devices/irk:a1b2c3d4"


def report(distance: float, **more: Any) -> dict[str, Any]:
    return {"mac": "a1b2c3d4e5f6", "id": "irk:a1b2c3d4", "rssi": -60, "distance": distance, **more}


def test_a_report_says_room_and_distance_of_the_beacon_and_all_rooms_are_one_device() -> None:
    ear = Ear()
    (kitchen,) = ear.hear(f"{BEACON}/kitchen", report(1.25))
    (bedroom,) = ear.hear(f"{BEACON}/bedroom", report(6.5), after_s=0.3)
    seen = {each.type: (each.value, each.unit) for each in kitchen.meaning.observations}
    assert seen["room"] == ("kitchen", "") and seen["distance"] == (1.25, "m") and seen["beacon_present"] == (True, "")
    assert kitchen.readings[0].device == bedroom.readings[0].device


@pytest.mark.parametrize(("walking", "readings"), [(True, 10), (False, 3)])
def test_a_rooms_reports_are_thinned_to_one_in_two_seconds_in_eight_at_rest(walking: bool, readings: int) -> None:
    ear = Ear()
    for number in range(40):
        ear.hear(f"{BEACON}/kitchen", report(1.15**number if walking else 1.0 + number % 2 / 4), after_s=0.5)
    assert sum(len(each.readings) for each in ear.said) == readings
    assert all(each.meaning.events == () for each in ear.said)


def test_another_rooms_report_is_thinned_by_itself() -> None:
    ear = Ear()
    for number in range(40):
        ear.hear(f"{BEACON}/{('kitchen', 'hall')[number % 2]}", report(1.0), after_s=0.25)
    assert sum(len(each.readings) for each in ear.said) == 4


def test_one_report_out_of_line_is_not_taken_for_the_person() -> None:
    ear = Ear()
    told = [ear.values(f"{BEACON}/kitchen", report(each), after_s=3)["distance"] for each in (1.0, 1.1, 9.0, 1.2)]
    assert told == [1.0, 1.1, 1.1, 1.2]
    assert ear.values(f"{BEACON}/kitchen", report(9.0), after_s=60)["distance"] == 9.0, "after a pause it begins anew"


def test_a_nodes_own_sensors_speak_of_its_room_and_what_is_remembered_is_no_press() -> None:
    ear = Ear()
    assert ear.events("espresense/rooms/hall/motion", "ON") == [Happened("motion", True)]
    assert ear.events("espresense/rooms/hall/button_1", "ON", retain=True) == []
    assert ear.events("espresense/rooms/hall/button_1", "OFF") == []
    assert ear.events("espresense/rooms/hall/button_1", "ON") == [Happened("button", "press")]
    assert ear.values("espresense/rooms/hall/bme280_humidity", "51.5") == {"humidity": 51.5}
    assert "weight_raw" in ear.meaning("espresense/rooms/hall/raw_weight", "8388607").implausible


def test_a_node_that_goes_down_is_told_once() -> None:
    ear = Ear()
    ear.hear("espresense/rooms/hall/status", "online")
    (down,) = ear.hear("espresense/rooms/hall/status", "offline")
    assert down.meaning.technical == "bridge_offline" and down.entry is not None
    (again,) = ear.hear("espresense/rooms/hall/status", "offline")
    assert again.entry is None
