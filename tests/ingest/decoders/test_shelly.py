"""Shelly's decoder: presses that are repeated for hours, chips that are no rooms, and who it was that switched."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED, Told
from tests.ingest.decoders.hearing import NOW, SECOND, Ear

DOOR = "shellies/shellydw2-A1B2C3"
PLUG, SOURCE = "kitchen/kettle", "shellyplugsg3-a1b2c3d4e5f6"


def notify(params: dict[str, Any], method: str = "NotifyStatus", ts: float = NOW / SECOND + 60) -> dict[str, Any]:
    return {"src": SOURCE, "dst": f"{PLUG}/events", "method": method, "params": {"ts": ts, **params}}


def press(event: str, ts: float) -> dict[str, Any]:
    return notify({"events": [{"component": "input:0", "id": 0, "event": event, "ts": ts}]}, "NotifyEvent", ts)


def test_a_door_is_open_when_it_says_so_and_each_change_is_one_event() -> None:
    ear = Ear()
    assert ear.events(f"{DOOR}/sensor/state", "open") == [Happened("door_open", True)]
    assert ear.events(f"{DOOR}/sensor/state", "open") == [], "said again every half minute, if so set"
    assert ear.events(f"{DOOR}/sensor/state", "close") == [Happened("door_open", False)]
    assert ear.events(f"{DOOR}/sensor/state", "ajar") == [] and ear.said[-1].meaning.unknown == ("door_open",)
    assert ear.said[-1].readings[0].device == "shellydw2-a1b2c3"


def test_a_press_that_is_repeated_with_its_count_is_one_and_the_empty_one_at_start_is_none() -> None:
    ear, topic = Ear(), "shellies/shellybutton1-A1B2C3/input_event/0"
    assert ear.events(topic, {"event": "", "event_cnt": 0}) == []
    assert ear.events(topic, {"event": "SS", "event_cnt": 1}) == [Happened("button", "double")]
    assert ear.events(topic, {"event": "SS", "event_cnt": 1}, after_s=1800) == []
    assert ear.events(topic, {"event": "SS", "event_cnt": 2}, after_s=1) == [Happened("button", "double")]
    assert ear.events(topic, {"event": "L", "event_cnt": 3}, retain=True) == []


@pytest.mark.parametrize(
    ("rest", "word", "kind"),
    [
        ("sensor/flood", "true", "water_leak"),
        ("sensor/smoke", "true", "smoke"),
        ("sensor/gas", "heavy", "gas"),
        ("sensor/gas", "mild", "gas"),
    ],
)
def test_dangers_ring_once_and_what_the_broker_remembered_is_a_note(rest: str, word: str, kind: str) -> None:
    ear, topic = Ear(), f"shellies/shellyflood-A1B2C3/{rest}"
    (told,) = ear.hear(topic, word, retain=True)
    assert told.meaning.alarm is None and told.entry is not None
    assert told.entry.reason == "state-at-start-unclear"
    other = Ear()
    assert other.meaning(topic, word).alarm == kind
    assert other.meaning(topic, word).alarm is None
    assert other.meaning(topic, "unknown").alarm is None


def test_not_known_and_a_hot_relay_ring_nothing() -> None:
    ear = Ear()
    assert "vibration" in ear.meaning(f"{DOOR}/sensor/vibration", "-1").unknown
    assert "tilt" in ear.meaning(f"{DOOR}/sensor/tilt", "-1").unknown
    hot = ear.meaning("shellies/shelly1pm-A1B2C3/overtemperature", "1")
    assert (hot.alarm, hot.technical) == (None, "device_hot")
    assert ear.values("shellies/shelly1pm-A1B2C3/temperature", "61.5") == {"device_temperature": 61.5}
    assert ear.values("shellies/shelly1pm-A1B2C3/temperature_f", "100.4") == {"device_temperature": 38.0}


def test_energy_comes_in_three_units() -> None:
    ear = Ear()
    assert ear.values("shellies/shelly1pm-A1B2C3/relay/0/energy", "60000") == {"energy_total": 1.0}, "watt-minutes"
    assert ear.values("shellies/shellyem-A1B2C3/emeter/0/total", "1500.0") == {"energy_total": 1.5}, "watt-hours"
    seen = ear.values(f"{PLUG}/status/switch:0", {"id": 0, "aenergy": {"total": 2500.0}, "apower": 4.5})
    assert seen == {"energy_total": 2.5, "power": 4.5}


def test_motion_has_its_own_time() -> None:
    ear = Ear()
    topic = "shellies/shellymotion2-A1B2C3/status"
    told = ear.meaning(
        topic, {"motion": True, "timestamp": NOW // SECOND + 50, "vibration": False, "lux": 12, "bat": 80}
    )
    assert told.time_us == NOW + 50 * SECOND
    assert Happened("motion", True) in told.events


def test_a_report_of_an_empty_room_is_of_now_although_it_tells_when_somebody_was_last_seen() -> None:
    ear, topic = Ear(), "shellies/shellymotionsensor-A1B2C3/status"
    ear.hear(topic, {"motion": True, "timestamp": NOW // SECOND, "lux": 12, "bat": 80})
    for hours in (9, 24 * 8):  # the second is too long ago for any message
        report = {"motion": False, "timestamp": NOW // SECOND, "lux": 3, "bat": 79}
        told = ear.meaning(topic, report, after_s=hours * 3600)
        assert (told.time_us, told.claimed_us, told.implausible) == (None, None, ())


def test_who_switched_is_told_and_somebody_elsewhere_is_nobody_at_home() -> None:
    ear = Ear()
    on = ear.meaning(f"{PLUG}/events/rpc", notify({"switch:0": {"output": True, "source": "button"}}))
    assert (on.moved, on.facts["activity_evidence"]) == (("appliance",), True)
    off = ear.meaning(f"{PLUG}/events/rpc", notify({"switch:0": {"output": False, "source": "WS_in"}}))
    assert (off.moved, off.facts["activity_evidence"]) == ((), False)
    timer = ear.meaning(f"{PLUG}/events/rpc", notify({"switch:0": {"output": True, "source": "timer"}}))
    assert timer.moved == ()
    anew = ear.meaning(
        f"{PLUG}/events/rpc", notify({"switch:0": {"output": False, "source": "init"}}, "NotifyFullStatus")
    )
    assert anew.moved == (), "it began anew"


def test_a_press_from_gen2_on_is_told_by_its_time_and_going_down_and_up_is_none() -> None:
    ear, ts = Ear(), NOW / SECOND + 60
    assert ear.events(f"{PLUG}/events/rpc", press("btn_down", ts)) == []
    assert ear.events(f"{PLUG}/events/rpc", press("single_push", ts + 0.5)) == [Happened("button", "single")]
    assert ear.events(f"{PLUG}/events/rpc", press("single_push", ts + 0.5)) == [], "the same, delivered again"
    assert ear.events(f"{PLUG}/events/rpc", press("single_push", ts + 2.5)) == [Happened("button", "single")]
    assert ear.events(f"{PLUG}/events/rpc", press("config_changed", ts + 3)) == []


def test_a_clock_that_was_never_set_is_not_believed_and_is_no_fault() -> None:
    ear = Ear()
    meaning = ear.meaning(f"{PLUG}/events/rpc", notify({"switch:0": {"apower": 3.0}}, ts=1.61))
    assert (meaning.time_us, meaning.implausible) == (None, ())


def test_a_status_that_repeats_a_notification_is_no_news() -> None:
    ear = Ear()
    flood = {"id": 0, "alarm": True, "mute": False}
    assert ear.meaning(f"{PLUG}/events/rpc", notify({"flood:0": flood})).alarm == "water_leak"
    assert ear.meaning(f"{PLUG}/status/flood:0", flood).events == ()


def test_a_device_heard_by_its_prefix_is_the_same_when_it_says_who_it_is() -> None:
    ear = Ear()
    ear.hear(f"{PLUG}/status/smoke:0", {"id": 0, "alarm": True})
    again = ear.hear(f"{PLUG}/events/rpc", notify({"smoke:0": {"id": 0, "alarm": True}}, "NotifyFullStatus"))
    assert again[0].meaning.events == ()
    assert again[0].readings[0].device == SOURCE
    assert ear.hear(f"{PLUG}/status/smoke:0", {"alarm": False})[0].readings[0].device == SOURCE


def test_who_sleeps_is_offline_without_a_fault_and_can_be_heard_all_the_same() -> None:
    """A home whose doors and buttons all sleep would else count as cut off, and no silence in it as one."""
    ear = Ear()
    for told in (ear.hear(f"{DOOR}/online", "true"), ear.hear(f"{DOOR}/online", "false")):
        assert told[0].meaning.technical is None and ("available", False) not in _seen(told[0])
    assert ear.hear("shellies/front/sensor/battery", "80")
    assert _seen(ear.hear("shellies/front/online", "false")[0]) == [], "by its battery, whatever it is called"
    assert ear.meaning(f"{SOURCE}/online", "false").technical == "sensor_offline"


@pytest.mark.parametrize("name", ["shellymotionsensor-A1B2C3", "shellymotion2-A1B2C3", "shellysense-A1B2C3", "hall"])
def test_who_has_a_battery_and_stays_connected_is_missed(name: str) -> None:
    ear, base = Ear(), f"shellies/{name}"
    if "sense-" in name:
        ear.hear(f"{base}/sensor/battery", "80")
    else:
        ear.hear(f"{base}/status", {"motion": False, "timestamp": 0, "lux": 3, "bat": 80})
    assert ear.meaning(f"{base}/online", "false").technical == "sensor_offline"


def test_whether_a_device_of_any_prefix_is_online_is_known_from_its_first_message_on() -> None:
    ear = Ear()
    ear.hear(f"{PLUG}/online", "true", retain=True)
    told = ear.hear(f"{PLUG}/events/rpc", notify({"switch:0": {"apower": 3.0}}))
    assert [each.readings[0].device for each in told] == [SOURCE, SOURCE], "what was remembered of it, too"
    assert ear.meaning(f"{PLUG}/online", "false").technical == "sensor_offline"
    quiet = Ear()
    quiet.hear("bath/boiler/status/switch:0", {"id": 0, "output": False, "apower": 0.0})
    assert quiet.meaning("bath/boiler/online", "false").technical == "sensor_offline"


def test_a_prefix_that_looks_like_gen1s_may_have_more_levels() -> None:
    told = Ear().values("shellies/home/bath/status/flood:0", {"id": 0, "alarm": False})
    assert told == {"water_leak": False}


def test_a_plug_s_has_an_id_of_its_own() -> None:
    (told,) = Ear().hear("shellies/shellyplug-s-A1B2C3/relay/0", "on")
    assert told.readings[0].device == "shellyplug-s-a1b2c3"


def test_a_thermometer_that_is_set_to_fahrenheit_says_so_in_its_info() -> None:
    ear, base = Ear(), "shellies/shellyht-A1B2C3"
    assert ear.values(f"{base}/sensor/temperature", "21.5") == {"temperature": 21.5}
    (info,) = ear.hear(f"{base}/info", {"tmp": {"value": 68.0, "units": "F", "tC": 20.0, "tF": 68.0}})
    assert info.readings == ()
    assert ear.values(f"{base}/sensor/temperature", "68.0") == {"temperature": 20.0}
    ear.hear(f"{base}/info", {"tmp": {"value": 20.0, "units": "C"}})
    assert ear.values(f"{base}/sensor/temperature", "21.5") == {"temperature": 21.5}
    motion = {"motion": False, "timestamp": 0, "bat": 80, "tmp": {"value": 68.0, "units": "F", "is_valid": True}}
    assert ear.values("shellies/shellymotion2-A1B2C3/status", motion)["temperature"] == 20.0


def test_a_gas_sensors_test_is_no_gas_and_is_told_once() -> None:
    ear, base = Ear(), "shellies/shellygas-A1B2C3/sensor"
    ear.hear(f"{base}/gas", "none")
    meaning = ear.meaning(f"{base}/gas", "test")
    assert (meaning.events, meaning.alarm, meaning.unknown) == ((Happened("self_test", True),), None, ())
    assert ear.events(f"{base}/self_test", "running") == [] and ear.events(f"{base}/self_test", "completed") == []
    assert ear.meaning(f"{base}/gas", "heavy").alarm == "gas"


def test_a_count_that_begins_anew_takes_no_press_away() -> None:
    ear, topic = Ear(), "shellies/shellyix3-A1B2C3/input_event/1"
    assert ear.events(topic, {"event": "L", "event_cnt": 1}) == [Happened("button", "button2:long")]
    assert ear.events(topic, {"event": "S", "event_cnt": 1}) == [Happened("button", "button2:single")]
    assert ear.events(topic, {"event": "S", "event_cnt": 1}) == []
    assert ear.events(topic, {"event": "", "event_cnt": 0}) == [], "it began anew"
    assert ear.events(topic, {"event": "S", "event_cnt": 1}) == [Happened("button", "button2:single")]


def test_what_is_wrong_with_a_component_is_a_note_and_no_alarm() -> None:
    ear = Ear()
    hot = ear.meaning(f"{PLUG}/status/switch:0", {"id": 0, "output": False, "errors": ["overtemp"]})
    cable = ear.meaning(f"{PLUG}/status/flood:0", {"id": 0, "alarm": False, "errors": ["cable_unplugged"]})
    assert [(each.technical, each.alarm) for each in (hot, cable)] == [("device_hot", None), ("sensor_unplugged", None)]


def test_somebody_is_there_as_long_as_one_zone_sees_somebody() -> None:
    ear, topic = Ear(), f"{PLUG}/events/rpc"

    def zones(**told: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
        meaning = ear.meaning(topic, notify({f"presencezone:{key[1:]}": {"value": on} for key, on in told.items()}))
        return {each.type: each.value for each in meaning.observations}, meaning.moved

    assert zones(_200=True, _201=False) == ({"presence": True}, ("presence",))
    assert zones(_201=True) == ({"presence": True}, ("presence",)), "somebody moved there"
    assert zones(_200=False) == ({"presence": True}, ())
    assert zones(_201=False) == ({"presence": False}, ("presence_ended",))
    assert ear.values(f"{PLUG}/status/presence", {"num_objects": 1}) == {"presence": True}


def _seen(told: Told) -> list[tuple[str, Any]]:
    return [(each.type, each.value) for each in told.meaning.observations]


def test_a_bound_sensor_means_what_its_configuration_says_and_nothing_before() -> None:
    ear, topic = Ear(), f"{PLUG}/status/bthomesensor:200"
    assert ear.meaning(topic, {"id": 200, "value": True}).unknown == ("bthomesensor:200",)
    answer = {
        "id": 1,
        "src": SOURCE,
        "result": {"components": [{"key": "bthomesensor:200", "config": {"obj_id": 0x21}}]},
    }
    ear.hear(f"{PLUG}/rpc", answer)
    assert ear.events(topic, {"id": 200, "value": True}) == [Happened("motion", True)]


def test_answers_and_announcements_are_no_readings() -> None:
    ear = Ear()
    assert ear.hear(f"{PLUG}/rpc", {"id": 0, "src": SOURCE, "error": {"code": -109, "message": "x"}}) == [IGNORED]
    (told,) = ear.hear("shellies/announce", {"id": "shellydw2-A1B2C3", "mac": "8CAAB5A1B2C3", "model": "SHDW-2"})
    assert told.readings == () and told.meaning.facts["device"]["mac"] == "8CAAB5A1B2C3"
    assert ear.hear(f"{PLUG}/status/wifi", {"rssi": -50})[0].meaning.observations[0].type == "rssi"
    assert ear.hear(f"{PLUG}/status/sys", {"uptime": 5}) == [IGNORED]
