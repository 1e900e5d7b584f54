"""How a gateway writes SenML packs: base fields, relative times, history, the same pack twice."""

import json
from itertools import pairwise
from typing import Any

from device_sim.forms.senml import SenML
from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind
from device_sim.play import Emission

AT_US = 1_772_380_800 * SECOND_US
MOTION = HomeSensor("bedroom motion", SensorKind.MOTION, "bedroom")
BUTTON = HomeSensor("SOS", SensorKind.BUTTON, "bedroom")
PLUG = HomeSensor("kettle", SensorKind.PLUG, "kitchen")
BASE = "urn:dev:mac:026ec2fffecead39_"


def speaker(seed: int = 3) -> SenML:
    return SenML("w1", (MOTION, BUTTON, PLUG), seed)


def said(sensor: HomeSensor, cause: Cause, *, on: bool = False, after_s: float = 0.0) -> Said:
    at_us = AT_US + round(after_s * SECOND_US)
    return Said(at_us, sensor, cause, on, 80, 100, watts=1800, kwh=12.34567, heard_us=at_us)


def pack(sent: list[Emission]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sent[0].payload)
    return found


def test_motion_is_a_pack_of_one_record_on_a_topic_of_its_own() -> None:
    (sent, *_) = speaker().say(said(MOTION, Cause.BEGINS, on=True))
    assert sent.topic == "sim/w1/senml/bedroom motion" and not sent.retain
    assert sent.payload.decode() == f'[{{"bn":"{BASE}","bt":1772380800.0,"n":"motion","vb":true}}]'


def test_a_report_tells_the_last_change_and_what_was_measured_before_relative_to_its_base_time() -> None:
    home = speaker()
    list(home.say(said(MOTION, Cause.TIMER)))
    state, battery, *measured = pack(list(home.say(said(MOTION, Cause.REPORT, after_s=90))))
    assert state == {"bn": BASE, "bt": 1772380890.0, "n": "motion", "vb": False, "t": -90.0}
    assert battery == {"n": "battery", "u": "%EL", "v": 80}
    assert [record.get("t", 0) for record in measured] == [-1200, -600, 0]
    assert {record["u"] for record in measured} == {"Cel"}


def test_a_gateway_that_starts_counts_from_its_boot_which_is_relative_to_now() -> None:
    (record,) = pack(list(speaker().say(said(MOTION, Cause.REMEMBERED))))
    assert 4 <= record["bt"] <= 40 and "t" not in record


def test_a_press_is_true_and_false_two_seconds_later() -> None:
    sent = list(speaker().say(said(BUTTON, Cause.BEGINS)))
    told = {(each.at_us - AT_US) / 1e6: json.loads(each.payload)[0]["vb"] for each in sent}
    assert told[0.0] is True and told[2.0] is False
    assert pack(list(speaker().say(said(BUTTON, Cause.REPORT))))[0]["vb"] is False


def test_a_plug_tells_watts_and_kilowatt_hours() -> None:
    power, energy = pack(list(speaker().say(said(PLUG, Cause.BEGINS, on=True))))
    assert (power["n"], power["u"], power["v"]) == ("power", "W", 1800)
    assert energy == {"n": "energy", "u": "kWh", "v": 12.346}


def test_some_packs_come_twice_the_very_same_and_no_will_is_ever_told() -> None:
    home, twice = speaker(), 0
    for number in range(200):
        sent = list(home.say(said(MOTION, Cause.AGAIN, on=True, after_s=number * 60)))
        twice += len(sent) - 1
        assert all(one.payload == other.payload and one.at_us < other.at_us for one, other in pairwise(sent))
    assert 8 <= twice <= 35
    assert list(home.gone(AT_US)) == [] and home.keeps
