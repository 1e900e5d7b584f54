"""What LoRaWAN sensors on a ChirpStack say on the wire: its habits, byte for byte where it matters."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from device_sim.forms.chirpstack import ChirpStack
from device_sim.forms.spoken import HOUR_US, SECOND_US, Cause, HomeSensor, Said, SensorKind
from device_sim.living.faults import Fault, FaultKind
from device_sim.play import Emission
from tests.device_sim.forms.home import START_US, day, understood

DOOR = HomeSensor("outer door", SensorKind.CONTACT, "hall")
BUTTON = HomeSensor("SOS button", SensorKind.BUTTON, "bedroom")
RADAR = HomeSensor("bed", SensorKind.BED, "bedroom")
PLUG = HomeSensor("kettle plug", SensorKind.PLUG, "kitchen")
LEAK = HomeSensor("water leak", SensorKind.LEAK, "bathroom")
ALL = (DOOR, BUTTON, RADAR, PLUG, LEAK)


def speaker(mark: str = "m1") -> ChirpStack:
    return ChirpStack(mark, ALL, 3)


def said(sensor: HomeSensor, cause: Cause, at_us: int = START_US, *, on: bool = True) -> Said:
    return Said(at_us, sensor, cause, on, 87, 100, 1800, 12.5, at_us)


def bodies(emissions: list[Emission], kind: str = "up") -> list[dict[str, Any]]:
    return [json.loads(each.payload) for each in emissions if each.topic.endswith(f"/event/{kind}")]


def at(body: dict[str, Any]) -> float:
    return datetime.fromisoformat(body["time"]).timestamp()


def test_an_uplink_is_this() -> None:
    made = speaker()
    list(made.hello(START_US))
    first, *_ = made.say(said(DOOR, Cause.BEGINS))
    eui = made.eui(DOOR)
    assert first.topic.startswith("application/") and first.topic.endswith(f"/device/{eui}/event/up")
    assert (first.qos, first.retain) == (0, False)
    assert b'"object": {"battery": 87.0, "magnet_status": "open", "tamper_status": "installed"}' in first.payload
    assert '"applicationName": "守望 家庭"'.encode() in first.payload
    told = json.loads(first.payload)
    assert (told["fCnt"], told["fPort"], told["confirmed"]) == (1, 85, True)
    assert told["deviceInfo"]["devEui"] == eui and eui.startswith("02") and made.device_id(DOOR) == f"lora-{eui}"


def test_a_counter_begins_anew_at_a_join_and_zeros_are_left_out() -> None:
    made = speaker()
    hello = list(made.hello(START_US))
    assert len(bodies(hello, "join")) == len(ALL)
    assert all("fCnt" not in each and "confirmed" not in each for each in bodies(hello))
    assert all(each["object"]["device_status"] == "on" for each in bodies(hello))
    before = {each.name: made.address(each) for each in ALL}
    for _ in range(3):
        list(made.say(said(DOOR, Cause.BEGINS)))
    for hours in range(1, 9):  # which devices join anew is drawn
        list(made.hello(START_US + hours * HOUR_US))
    assert all(made.address(each) != before[each.name] for each in ALL)
    assert made.counters[DOOR.name] < 3


def test_a_repetition_is_a_warning_or_where_counters_are_not_checked_the_same_counter_again() -> None:
    seen: Counter[str] = Counter()
    for number in range(12):
        made = speaker(f"m{number}")
        for count in range(20):
            told = list(made.say(said(DOOR, Cause.BEGINS, START_US + count * 60 * SECOND_US)))
            ups, warned = bodies(told), bodies(told, "log")
            assert len({each.get("fCnt", 0) for each in ups}) == len({each["data"] for each in ups}) == 1
            assert len({each["deduplicationId"] for each in ups}) == len(ups)
            assert all(each["code"] == "UPLINK_F_CNT_RETRANSMISSION" for each in warned)
            assert len(ups) == 1 or not warned
            seen["again"] += len(ups) - 1
            seen["warned"] += len(warned)
    assert seen["again"] > 2 and seen["warned"] > 2


def test_a_button_says_only_that_it_was_pressed_and_the_bed_is_a_radars() -> None:
    made = speaker()
    (pressed,) = bodies(list(made.say(said(BUTTON, Cause.BEGINS))))[:1]
    assert pressed["object"] == {"button_event": {"status": "short press"}}
    (up,) = bodies(list(made.say(said(RADAR, Cause.ENDS, on=False))))[:1]
    assert (up["object"]["detection_status"], up["object"]["region_1_occupancy"]) == ("out_of_bed", "vacant")
    assert up["object"]["events"] == [
        {"alarm_id": 7.0, "alarm_status": "alarm_triggered", "alarm_type": "out_of_bed", "region_id": 1.0}
    ]
    (plug,) = bodies(list(made.say(said(PLUG, Cause.BEGINS))))[:1]
    assert (plug["object"]["active_power"], plug["object"]["power_consumption"]) == (1800.0, 12500.0)


def test_two_gateways_are_one_event_and_after_an_outage_their_clock_is_behind() -> None:
    made = speaker()
    list(made.hello(START_US))
    right = bodies(list(made.say(said(DOOR, Cause.BEGINS, START_US + 60 * SECOND_US))))
    assert abs(at(right[0]) - START_US / 1e6 - 60) < 2
    list(made.hello(START_US + HOUR_US))
    wrong = bodies(list(made.say(said(DOOR, Cause.ENDS, START_US + HOUR_US + 10 * SECOND_US, on=False))))
    assert at(wrong[0]) < START_US / 1e6 and wrong[0]["time"] == wrong[0]["rxInfo"][0]["gwTime"]
    assert datetime.fromisoformat(wrong[0]["rxInfo"][0]["nsTime"]).timestamp() > START_US / 1e6 + 3600
    heard = [bodies(list(made.say(said(DOOR, Cause.BEGINS, START_US + n * HOUR_US)))) for n in range(2, 30)]
    assert {len(each[0]["rxInfo"]) for each in heard} == {1, 2}
    assert len({each["gatewayId"] for every in heard for each in every[0]["rxInfo"]}) == 2


def test_nothing_is_published_when_it_goes_and_nothing_is_remembered() -> None:
    made = speaker()
    assert list(made.gone(START_US)) == [] and list(made.say(said(DOOR, Cause.REMEMBERED))) == []
    assert not made.retells and not made.keeps and made.unavailable_after_us is None


def test_old_records_are_handed_in_after_an_outage_and_ring_nothing() -> None:
    made = day("chirpstack", [Fault(FaultKind.BRIDGE_DOWN, START_US + h * HOUR_US, START_US + (h + 1) * HOUR_US)
                              for h in (3, 7, 11, 15, 19)])  # fmt: skip
    told = [json.dumps(each["object"]) for each in bodies(made.sent) if "history" in each["object"]]
    assert any('"leak"' in each for each in told) and any('"fall"' in each for each in told)
    assert made.events("water_leak") == [] and made.events("fall") == [] and made.events("sos") == []


def test_a_press_while_the_gateways_clock_is_behind_happened_now() -> None:
    made = day("chirpstack", presses=False, hours=1)
    voice = made.wiring.speaker(1)
    list(voice.hello(START_US))
    back_us = START_US + 5 * HOUR_US
    list(voice.hello(back_us))
    made.readings.clear()
    button = next(each for each in made.wiring.sensors if each.kind is SensorKind.BUTTON)
    understood(made, list(voice.say(said(button, Cause.BEGINS, back_us + 5 * SECOND_US))))
    (pressed_us,) = made.events("button")
    assert 0 <= pressed_us - back_us <= 10 * SECOND_US


def test_all_that_is_said_has_the_homes_own_names() -> None:
    topics = [{each.topic for each in speaker(mark).hello(START_US)} for mark in ("m1", "m2")]
    assert not topics[0] & topics[1]
