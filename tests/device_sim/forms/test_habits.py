"""Habits of single families on the wire, exactly: so that one that is changed is seen."""

import json
from typing import Any

import pytest

from device_sim.forms.families import FAMILIES
from device_sim.forms.spoken import HOUR_US, SECOND_US, Cause, HomeSensor, Said, SensorKind, Speaker
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


def received(emission: Emission) -> Any:
    return json.loads(emission.payload)["ZbReceived"]


def test_tasmota_a_contact_is_1_when_it_is_open_with_the_zones_other_bits_beside_it() -> None:
    (door,) = told("tasmota", DOOR, Cause.BEGINS)
    assert (door.topic, door.retain) == ("tele/zbbridge_m/SENSOR", False)
    body = received(door)["front door"]
    assert (body["0500<00"], body["ZoneStatusChange"], body["Contact"]) == ("310000010000", 0x31, 1)
    assert (body["Name"], body["Endpoint"], body["LinkQuality"]) == ("front door", 1, 120)
    (shut,) = told("tasmota", DOOR, Cause.ENDS, on=False)
    assert (received(shut)["front door"]["ZoneStatusChange"], received(shut)["front door"]["Contact"]) == (0x30, 0)


def test_tasmota_a_press_is_the_zones_second_alarm_received_three_times() -> None:
    presses = told("tasmota", BUTTON, Cause.BEGINS, on=False)  # a button has no state
    assert [each.at_us - START_US for each in presses] == [0, 400_000, 800_000]
    assert len({each.payload for each in presses}) == 1
    body = received(presses[0])["bedroom SOS button"]
    assert (body["ZoneStatusChange"], body["PersonalAlarm"], body["PersonalAlarm2"]) == (0x32, 0, 1)


def test_tasmota_the_bridges_own_timer_ends_motion_in_a_message_without_endpoint_and_link() -> None:
    (moves,) = told("tasmota", MOTION, Cause.BEGINS)
    (over,) = told("tasmota", MOTION, Cause.TIMER, on=False)
    assert set(received(moves)["hall motion"]) == {"Device", "Name", "Occupancy", "Endpoint", "LinkQuality"}
    device = received(moves)["hall motion"]["Device"]
    assert received(over) == {"hall motion": {"Device": device, "Name": "hall motion", "Occupancy": 0}}


def test_tasmota_a_plug_tells_power_at_once_and_its_state_with_each_report() -> None:
    assert [each.topic.rpartition("/")[2] for each in told("tasmota", PLUG, Cause.BEGINS)] == ["SENSOR"]
    assert [each.topic.rpartition("/")[2] for each in told("tasmota", PLUG, Cause.REPORT)] == ["STATE", "SENSOR"]
    started = told("tasmota", PLUG, Cause.REMEMBERED)
    assert [each.topic.rpartition("/")[2] for each in started] == ["RESULT", "POWER", "STATE", "SENSOR"]
    sensed = json.loads(started[-1].payload)
    assert sensed["Time"] == "2026-03-02T00:00:00", "local, without an offset"
    assert (sensed["ENERGY"]["Total"], sensed["ENERGY"]["Power"]) == (12.5, 1800)


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


def test_shelly_motion_tells_when_it_last_saw_somebody_also_in_the_report_of_an_empty_room() -> None:
    shelly, later_us = speaker("shelly"), START_US + 9 * HOUR_US
    seen = [Said(START_US, MOTION, Cause.BEGINS, True, 80, 120, heard_us=START_US),
            Said(later_us, MOTION, Cause.REPORT, False, 79, 120, heard_us=later_us)]  # fmt: skip
    told_s = [json.loads(each.payload)["timestamp"] for one in seen for each in shelly.say(one)]
    assert told_s == [START_US // SECOND_US] * 2
    away_us = later_us + HOUR_US
    shelly.missed(Said(away_us, MOTION, Cause.BEGINS, True, 79, 120, heard_us=away_us))
    (report,) = shelly.say(Said(away_us + 1, MOTION, Cause.REPORT, False, 79, 120, heard_us=away_us + 1))
    assert json.loads(report.payload)["timestamp"] == away_us // SECOND_US


def test_shelly_the_second_generation_tells_a_change_twice_with_energy_in_watt_hours() -> None:
    notice, status = told("shelly", PLUG, Cause.BEGINS)
    assert notice.topic.endswith("/events/rpc") and status.topic.endswith("/status/switch:0")
    changed = json.loads(notice.payload)
    assert (changed["method"], changed["params"]["ts"]) == ("NotifyStatus", START_US / SECOND_US)
    assert changed["params"]["switch:0"] == {"id": 0, "apower": 1800.0, "current": 7.826}
    whole = json.loads(status.payload)
    assert (whole["aenergy"]["total"], whole["aenergy"]["by_minute"]) == (12_500.0, [30_000.0] * 3)
    minute, _ = told("shelly", PLUG, Cause.REPORT)
    assert set(json.loads(minute.payload)["params"]["switch:0"]) == {"id", "aenergy"}


def test_shelly_connects_before_its_clock_is_set_and_each_device_has_its_own_will() -> None:
    hello = [each for each in speaker("shelly").hello(START_US) if "shellyplusplugs" in each.topic]
    assert [each.topic.partition("/")[2] for each in hello] == ["events/rpc", "online", "status/mqtt"]
    assert json.loads(hello[0].payload)["params"] == {"ts": 1.61, "mqtt": {"connected": True}}
    gone = list(speaker("shelly").gone(START_US))
    assert [each.topic.split("-")[0] for each in gone] == ["shellies/shellymotionsensor", "shellyplusplugs"]
    assert all(each.payload == b"false" and each.retain for each in gone), "who sleeps is not connected"


def test_shelly_announces_its_model_and_the_oldest_has_half_an_address() -> None:
    leak = HomeSensor("bathroom leak", SensorKind.LEAK, "bathroom")
    shelly = FAMILIES["shelly"]("m", [leak], 3)
    announced = [
        json.loads(each.payload) for each in shelly.say(said(leak, Cause.BEGINS)) if each.topic == "shellies/announce"
    ]
    assert [(each["model"], len(each["mac"])) for each in announced] == [("SHWT-1", 12)]
    assert announced[0]["id"] == f"shellyflood-{announced[0]['mac'][6:]}"
    assert shelly.device_id(leak) == announced[0]["id"].lower()


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
