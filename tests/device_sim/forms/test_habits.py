"""Habits of single families on the wire, exactly: so that one that is changed is seen."""

import json
from typing import Any

import pytest

from device_sim.forms.families import FAMILIES
from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind, Speaker
from device_sim.play import Emission
from tests.device_sim.forms.home import START_US

DOOR = HomeSensor("front door", SensorKind.CONTACT, "hall")
MOTION = HomeSensor("hall motion", SensorKind.MOTION, "hall")
BUTTON = HomeSensor("bedroom SOS button", SensorKind.BUTTON, "bedroom")
PLUG = HomeSensor("kettle plug", SensorKind.PLUG, "kitchen")


def speaker(family: str) -> Speaker:
    return FAMILIES[family]("m", [DOOR, MOTION, BUTTON, PLUG], 3)


def said(sensor: HomeSensor, cause: Cause, *, on: bool = True) -> Said:
    return Said(START_US, sensor, cause, on, 80, 120, watts=1800, kwh=12.5, heard_us=START_US)


def told(family: str, sensor: HomeSensor, cause: Cause, *, on: bool = True) -> list[Emission]:
    return list(speaker(family).say(said(sensor, cause, on=on)))


def bodies(emissions: list[Emission]) -> list[Any]:
    return [json.loads(each.payload) for each in emissions]


def test_tasmota_a_contact_is_1_when_it_is_open_and_a_press_is_received_three_times() -> None:
    (door,) = told("tasmota", DOOR, Cause.BEGINS)
    assert (door.topic, door.retain) == ("tele/zbbridge_m/SENSOR", False)
    body = json.loads(door.payload)["ZbReceived"]["front door"]
    assert (body["Contact"], body["ZoneStatusChange"], body["Name"]) == (1, 1, "front door")
    presses = told("tasmota", BUTTON, Cause.BEGINS)
    assert [each.at_us - START_US for each in presses] == [0, 400_000, 800_000]
    assert len({each.payload for each in presses}) == 1


def test_tasmota_announces_itself_with_stale_values_that_the_broker_remembers() -> None:
    announced = list(speaker("tasmota").hello(START_US))
    assert all(each.retain for each in announced)
    stale = [json.loads(each.payload)["sn"] for each in announced if each.topic.endswith("/sensors")]
    assert [sorted(each) for each in stale] == [["Time"], ["ENERGY", "Time"]]
    assert {each.payload for each in speaker("tasmota").gone(START_US)} == {b"Offline"}


def test_shelly_a_door_sleeps_and_is_given_up_by_the_broker_a_minute_and_a_half_later() -> None:
    door = told("shelly", DOOR, Cause.ENDS, on=False)
    online = [each for each in door if each.topic.endswith("/online")]
    assert [(each.payload, each.retain) for each in online] == [(b"true", True), (b"false", True)]
    assert online[1].at_us - START_US == 92 * SECOND_US
    assert [each.payload for each in door if each.topic.endswith("/sensor/state")] == [b"close"]


def test_shelly_a_press_has_a_count_and_is_said_again_with_it() -> None:
    shelly = speaker("shelly")
    presses = [
        json.loads(each.payload)
        for cause in (Cause.BEGINS, Cause.REPORT, Cause.BEGINS)
        for each in shelly.say(said(BUTTON, cause))
        if each.topic.endswith("/input_event/0")
    ]
    assert presses == [{"event": "S", "event_cnt": count} for count in (1, 1, 2)]


def test_shelly_the_second_generation_tells_a_change_twice_with_energy_in_watt_hours() -> None:
    notice, status = told("shelly", PLUG, Cause.BEGINS)
    assert notice.topic.endswith("/events/rpc") and status.topic.endswith("/status/switch:0")
    assert json.loads(notice.payload)["params"]["switch:0"]["apower"] == 1800.0
    assert json.loads(status.payload)["aenergy"]["total"] == 12_500.0


@pytest.mark.parametrize("family", ["theengs", "bthome"])
def test_bluetooth_each_advertisement_comes_many_times_from_two_gateways_with_one_packet_id(family: str) -> None:
    heard = told(family, DOOR, Cause.BEGINS)
    assert {each.topic.split("/")[1] for each in heard} == {"OMG_m_living", "OMG_m_hall"}
    assert len(heard) >= 5 and max(each.at_us for each in heard) > START_US
    packets = {body["packet"] if family == "theengs" else body["servicedata"][2:6] for body in bodies(heard)}
    assert len(packets) == 1


def test_bthome_bytes_are_those_of_the_standard() -> None:
    data = bytes.fromhex(bodies(told("bthome", DOOR, Cause.BEGINS))[0]["servicedata"])
    assert data[0] == 0x40 and data[1] == 0x00
    assert data[3:] == bytes((0x01, 80, 0x11, 1)), "battery 80 %, opening open"
    pressed = bytes.fromhex(bodies(told("bthome", BUTTON, Cause.BEGINS))[0]["servicedata"])
    assert pressed[0] == 0x44 and pressed[-2:] == bytes((0x3A, 0x01))
