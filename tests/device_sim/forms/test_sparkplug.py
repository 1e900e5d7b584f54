"""How a nurse-call gateway speaks Sparkplug B: births, aliases, a number that wraps, the will, and history."""

import pytest

from device_sim.forms.sparkplug import Sparkplug
from device_sim.forms.sparkplug_wire import BOOLEAN, DOUBLE, FLOAT, INT32, STRING, UINT64, Metric, Value, payload
from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind
from device_sim.living.faults import Fault, FaultKind
from tests.device_sim.forms.home import START_US, day

AT_US = 1_772_380_800 * SECOND_US
AT = "08808883d1ca33"  # field 1, the time in milliseconds
DOOR = HomeSensor("大门", SensorKind.CONTACT, "hall")
CORD = HomeSensor("bathroom cord", SensorKind.BUTTON, "bathroom")


def speaker() -> Sparkplug:
    return Sparkplug("w1", (DOOR, CORD), 3)


def said(sensor: HomeSensor, cause: Cause, *, on: bool = False, after_s: float = 0.0) -> Said:
    at_us = AT_US + round(after_s * SECOND_US)
    return Said(at_us, sensor, cause, on, 80, 100, heard_us=at_us)


def test_a_birth_names_what_is_said_by_its_alias_later() -> None:
    home = speaker()
    node, door, cord = home.hello(AT_US)
    assert node.topic == "spBv1.0/care/NBIRTH/w1" and door.topic == "spBv1.0/care/DBIRTH/w1/大门"
    assert b"Inputs/DoorOpen" in door.payload and b"Inputs/NurseCall" in cord.payload
    (opened,) = home.say(said(DOOR, Cause.BEGINS, on=True))
    assert (opened.topic, opened.qos, opened.retain) == ("spBv1.0/care/DDATA/w1/大门", 0, False)
    assert opened.payload.hex() == f"{AT}120d100118{AT[2:]}200b70011803"


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [(BOOLEAN, True, "7001"), (BOOLEAN, False, "7000"), (INT32, 300, "50ac02"), (UINT64, 300, "58ac02"),
     (FLOAT, 21.5, "650000ac41"), (DOUBLE, 0.5, "69000000000000e03f"), (STRING, "灯", "7a03e781af"),
     (INT32, None, "3801")],
)  # fmt: skip
def test_each_type_has_its_own_field(kind: int, value: Value, field: str) -> None:
    sent = payload(0, [Metric("n", None, 0, kind, value, historical=True)], 255).hex()
    inner = f"0a016e180020{kind:02x}2801{field}"
    assert sent == f"080012{len(inner) // 2:02x}{inner}18ff01"


def test_numbers_go_on_over_all_messages_and_wrap_and_begin_anew_with_a_birth() -> None:
    home = speaker()
    sent = list(home.hello(AT_US))
    for number in range(300):
        sent += home.say(said(DOOR, Cause.BEGINS, on=bool(number % 2), after_s=number))
    tails = [each.payload[-3:] if number % 256 > 127 else each.payload[-2:] for number, each in enumerate(sent)]
    assert tails[127] == b"\x18\x7f" and tails[128] == b"\x18\x80\x01" and tails[255] == b"\x18\xff\x01"
    assert tails[256] == b"\x18\x00" and next(home.hello(AT_US)).payload.endswith(b"\x18\x00")


def test_the_will_has_its_births_number_and_its_births_time() -> None:
    home = speaker()
    (first, *_), (will,) = home.hello(AT_US), home.gone(AT_US + 3600 * SECOND_US)
    assert will.topic == "spBv1.0/care/NDEATH/w1" and will.qos == 1 and not will.retain
    assert will.payload in first.payload and will.payload.hex().startswith(AT)
    next(home.hello(AT_US))
    assert next(iter(home.gone(AT_US))).payload != will.payload


def test_a_call_is_told_again_and_reset() -> None:
    home = speaker()
    list(home.hello(AT_US))
    told = list(home.say(said(CORD, Cause.BEGINS)))
    for after_s in (5, 20, 40, 50, 60):
        told += home.say(said(DOOR, Cause.BEGINS, on=True, after_s=after_s))
    lamp = [(each.at_us - AT_US, each.payload[-3]) for each in told if each.topic.endswith("cord")]
    assert lamp == [(0, 1), (20 * SECOND_US, 1), (40 * SECOND_US, 1), (50 * SECOND_US, 0)]


def test_what_the_network_missed_is_in_the_birth_and_follows_as_history_with_its_own_time() -> None:
    home = speaker()
    list(home.hello(AT_US))
    missed = said(DOOR, Cause.BEGINS, on=True)
    home.missed(missed)
    _, door, _ = home.hello(AT_US + 600 * SECOND_US)
    assert bytes.fromhex("200b7001") in door.payload, "it is open now"
    (late,) = home.late(missed, AT_US + 602 * SECOND_US)
    assert late.at_us == AT_US + 602 * SECOND_US
    assert late.payload.hex().endswith(f"120f100118{AT[2:]}200b280170011803")


def test_history_is_no_news_and_no_call() -> None:
    hour_us = 3600 * SECOND_US
    down = day("sparkplug", [Fault(FaultKind.NETWORK, START_US + 14 * hour_us, START_US + 16 * hour_us)])
    assert down.events("sos") == [] and down.refused == []
    assert [each for each in down.noted if "seq" in each] == []
