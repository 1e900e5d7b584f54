"""What LoRaWAN sensors on The Things Stack say on the wire: its habits, and the console's tests."""

import json
from typing import Any

from device_sim.forms.spoken import HOUR_US, SECOND_US, Cause, HomeSensor, Said, SensorKind
from device_sim.forms.things_stack import ThingsStack
from device_sim.play import Emission
from tests.device_sim.forms.home import START_US, day

DOOR = HomeSensor("outer door", SensorKind.CONTACT, "hall")
BUTTON = HomeSensor("SOS button", SensorKind.BUTTON, "bedroom")
LEAK = HomeSensor("water leak", SensorKind.LEAK, "bathroom")


def speaker(mark: str = "m1") -> ThingsStack:
    return ThingsStack(mark, (DOOR, BUTTON, LEAK), 3)


def said(sensor: HomeSensor, cause: Cause, at_us: int = START_US, *, on: bool = True) -> Said:
    return Said(at_us, sensor, cause, on, 87, 100, heard_us=at_us)


def bodies(emissions: list[Emission], kind: str = "up") -> list[dict[str, Any]]:
    return [json.loads(each.payload) for each in emissions if each.topic.endswith(f"/{kind}")]


def test_an_uplink_is_this() -> None:
    made = speaker()
    (first,) = made.say(said(DOOR, Cause.BEGINS))
    assert first.topic == f"v3/home-m1@tenant/devices/eui-{made.eui(DOOR)}/up"
    assert (first.qos, first.retain) == (0, False)
    told = json.loads(first.payload)
    assert told["end_device_ids"]["dev_eui"] == made.eui(DOOR).upper()
    up = told["uplink_message"]
    assert up["decoded_payload"] == {"battery": 87, "door": "open", "install": "yes"}
    assert up["normalized_payload"] == [{"battery": 87}]
    assert "f_cnt" not in up and "decoded_payload_warnings" not in up and up["confirmed"] is True


def test_each_join_is_a_session_with_its_own_counter_and_address() -> None:
    made = speaker()
    joins = bodies(list(made.hello(START_US)), "join")
    assert len(joins) == 3
    for hours in range(1, 9):
        joins += bodies(list(made.hello(START_US + hours * HOUR_US)), "join")
    sessions = {each["join_accept"]["session_key_id"] for each in joins}
    assert len(sessions) == len(joins) == len({each["end_device_ids"]["dev_addr"] for each in joins})


def test_a_repetition_stays_with_the_network_server() -> None:
    made = speaker()
    told = [bodies(list(made.say(said(DOOR, Cause.BEGINS, START_US + n * 60 * SECOND_US)))) for n in range(60)]
    assert {len(each) for each in told} == {1}
    counters = [each[0]["uplink_message"].get("f_cnt", 0) for each in told]
    assert counters == list(range(60))


def test_a_tracker_calls_on_and_says_nothing_else_until_it_has() -> None:
    made = speaker()
    pressed = bodies(list(made.say(said(BUTTON, Cause.BEGINS))))
    assert [each["uplink_message"]["decoded_payload"]["ALARM_status"] for each in pressed] == ["TRUE"] * 3
    assert {each["uplink_message"]["f_port"] for each in pressed} == {2}
    assert list(made.say(said(BUTTON, Cause.REPORT, START_US + 30 * SECOND_US))) == []
    (later,) = bodies(list(made.say(said(BUTTON, Cause.REPORT, START_US + 7 * HOUR_US))))[:1]
    assert later["uplink_message"]["decoded_payload"]["ALARM_status"] == "FALSE"


def test_the_consoles_tests_say_everything_and_nothing_of_it_happened() -> None:
    made = day("the things stack", presses=False)
    tests = [each for each in bodies(made.sent) if each.get("simulated")]
    assert len(tests) > 3 and all(t["uplink_message"]["decoded_payload"]["ALARM_status"] == "TRUE" for t in tests)
    assert made.events("sos") == [] and made.events("water_leak") == []


def test_nothing_is_published_when_it_goes_and_nothing_is_remembered() -> None:
    made = speaker()
    assert list(made.gone(START_US)) == [] and list(made.say(said(DOOR, Cause.REMEMBERED))) == []
    assert not made.retells and not made.keeps
