"""Bluetooth sensors behind a Shelly: each is a device of its own, and none of them is the gateway."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from ingest.decoders.told import Told
from tests.ingest.decoders.hearing import NOW, SECOND, Ear

GATEWAY = "shellyblugwg3-a1b2c3d4e5f6"
BATH, HALL = "ble-0a0b0c0d0e01", "ble-0a0b0c0d0e02"


def notify(params: dict[str, Any], method: str = "NotifyStatus") -> dict[str, Any]:
    return {"src": GATEWAY, "dst": f"{GATEWAY}/events", "method": method, "params": {"ts": NOW / SECOND + 60, **params}}


def sensor(number: int, obj_id: int, end: str) -> dict[str, Any]:
    config = {"id": number, "addr": f"0A:0B:0C:0D:0E:{end}", "obj_id": obj_id, "idx": 0}
    return {"key": f"bthomesensor:{number}", "config": config}


def bound() -> Ear:
    """Return what has heard how the sensors of two doors, one with a battery, are configured."""
    ear = Ear()
    found = [sensor(200, 0x2D, "01"), sensor(201, 0x2D, "02"), sensor(202, 0x01, "02")]
    found.append({"key": "bthomedevice:203", "config": {"id": 203, "addr": "0a:0b:0c:0d:0e:02"}})
    ear.hear(f"{GATEWAY}/rpc", {"id": 1, "src": GATEWAY, "dst": GATEWAY, "result": {"components": found}})
    return ear


def by_device(told: list[Told]) -> dict[str, dict[str, Any]]:
    return {each.device: {seen.type: seen.value for seen in each.observations} for each in told[0].readings}


def event(what: str, component: str = "bthomedevice:203", **more: Any) -> dict[str, Any]:
    return notify({"events": [{"component": component, "id": 203, "event": what, **more}]}, "NotifyEvent")


def test_two_doors_of_a_gateway_are_two_devices_and_their_battery_is_not_its_own() -> None:
    ear, topic = bound(), f"{GATEWAY}/events/rpc"
    said = ear.hear(topic, notify({"bthomesensor:200": {"value": True}, "bthomesensor:201": {"value": False}}))
    told = by_device(said)
    assert (told[BATH], told[HALL]) == ({"door_open": True}, {"door_open": False})
    assert ear.hear(f"{GATEWAY}/status/bthomesensor:201", {"id": 201, "value": False})[0].meaning.events == ()
    told = by_device(ear.hear(f"{GATEWAY}/status/bthomesensor:202", {"id": 202, "value": 87}))
    assert told[HALL] == {"battery": 87} and "battery" not in told[GATEWAY]
    told = by_device(ear.hear(f"{GATEWAY}/status/bthomedevice:203", {"id": 203, "battery": 86, "rssi": -60}))
    assert told[HALL] == {"battery": 86, "rssi": -60} and told[GATEWAY] == {}
    assert ear.meaning(f"{GATEWAY}/online", "false").technical == "bridge_offline", "it has no battery: it is down"


def test_a_sensor_that_nobody_knows_is_apart_from_its_gateway_too() -> None:
    ear = Ear()
    (told,) = ear.hear(f"{GATEWAY}/status/bthomedevice:203", {"id": 203, "battery": 86})
    assert [each.device for each in told.readings if each.observations] != [GATEWAY]
    assert ear.meaning(f"{GATEWAY}/online", "false").technical == "bridge_offline"


@pytest.mark.parametrize(
    ("what", "more", "word"),
    [
        ("single_push", {"idx": 0}, "single"),
        ("double_push", {"idx": 1}, "button2:double"),
        ("long_triple_push", {}, "long_triple"),
        ("hold_press", {"idx": 3}, "button4:hold"),
    ],
)
def test_a_bound_button_is_pressed_in_all_its_ways(what: str, more: dict[str, Any], word: str) -> None:
    ear, topic, ts = bound(), f"{GATEWAY}/events/rpc", NOW / SECOND
    assert ear.events(topic, event(what, ts=ts, **more)) == [Happened("button", word)]
    assert [each.device for each in ear.said[-1].readings if each.events] == [HALL]
    assert ear.events(topic, event(what, ts=ts, **more)) == [], "delivered again"
    assert ear.events(topic, event(what, ts=ts + 9, **more)) == [Happened("button", word)]


def test_without_a_time_a_press_is_the_same_for_five_seconds_and_not_for_ever() -> None:
    ear, topic = bound(), f"{GATEWAY}/events/rpc"
    assert ear.events(topic, event("single_push")) == [Happened("button", "single")]
    assert ear.events(topic, event("single_push"), after_s=1) == []
    assert ear.events(topic, event("single_push"), after_s=3600) == [Happened("button", "single")]


def test_a_button_of_the_app_is_pressed_by_nobody_at_home() -> None:
    ear, topic = bound(), f"{GATEWAY}/events/rpc"
    assert ear.events(topic, event("single_push", "button:200", ts=NOW / SECOND)) == []


def test_a_gateway_that_is_down_takes_its_sensors_with_it() -> None:
    ear, door = bound(), f"{GATEWAY}/status/bthomesensor:200"
    ear.hear(door, {"id": 200, "value": True})
    (down,) = ear.hear(f"{GATEWAY}/online", "false")
    assert by_device([down])[BATH] == {"available": False} and down.entry is not None
    assert HALL not in by_device([down]), "that one was not heard yet"
    (again,) = ear.hear(f"{GATEWAY}/online", "false")
    assert again.entry is None and BATH not in by_device([again])
    ear.hear(f"{GATEWAY}/online", "true")
    assert by_device(ear.hear(door, {"id": 200, "value": False}))[BATH] == {"available": True, "door_open": False}


def test_what_its_makers_script_tells_of_doors_and_buttons_is_read() -> None:
    ear, topic = Ear(), f"{GATEWAY}/events/rpc"
    state = {"addr": "0a:0b:0c:0d:0e:01", "rssi": -70, "local_name": "SBDW-002C", "window": 1, "battery": 93}
    told = by_device(ear.hear(topic, notify({"blu": {"shellybludw-0a0b0c0d0e01": state}})))
    assert told[BATH] == {"rssi": -70, "door_open": True, "battery": 93}
    pressed = {"device": "shellyblubutton1-0a0b0c0d0e02", "value": [0, 1, 0, 0], "event": "unknown"}
    assert ear.events(topic, event("button", "blu", ts=0, data=pressed)) == [Happened("button", "button2:single")]
    assert ear.said[-1].readings[-1].device == HALL
    assert ear.events(topic, event("button", "blu", ts=0, data=pressed), after_s=1) == [], "each advertisement again"
    alone = pressed | {"value": 2}
    assert ear.events(topic, event("button", "blu", ts=0, data=alone), after_s=1) == [Happened("button", "double")]
    assert ear.events(topic, event("button", "blu", ts=0, data=alone | {"value": 0}), after_s=9) == []
    assert ear.events(topic, event("button", "blu", ts=0, data=alone), after_s=9) == [Happened("button", "double")]
