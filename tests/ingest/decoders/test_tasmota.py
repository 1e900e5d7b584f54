"""Tasmota: where a device speaks, what is news of what it repeats, and whose a value is."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders.families import Families
from ingest.decoders.meaning import Happened
from schemas.reading import Clock, ReadingKind
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import SECOND, Ear

MAC = "5CCF7F112233"
CARD: dict[str, Any] = {
    "ip": "192.0.2.7", "dn": "bath", "fn": ["motion", None], "hn": "bath-8755", "mac": MAC, "md": "Generic",
    "ofln": "weg", "onln": "da", "state": ["AUS", "AN", "TOGGLE", "HOLD"], "sw": "14.2.0", "t": "bath",
    "ft": "house/%topic%/%prefix%/", "tp": ["ask", "answer", "tell"], "rl": [1, 1, 0], "swc": [1, -1], "swn": [None],
    "btn": [0, 0], "so": {"114": 0}, "ver": 1,
}  # fmt: skip


@pytest.fixture
def home() -> Ear:
    return Ear()


def local(us: int, offset_h: float) -> str:
    when = datetime.datetime.fromtimestamp(us / SECOND, datetime.UTC) + datetime.timedelta(hours=offset_h)
    return when.strftime("%Y-%m-%dT%H:%M:%S")


# --- where it speaks ---


@pytest.mark.parametrize(
    "topic", ["tele/plug/SENSOR", "plug/tele/SENSOR", "cellar/west/plug/tele/SENSOR", "home/tele/plug/SENSOR"]
)
def test_the_full_topic_may_have_any_order_and_any_levels(home: Ear, topic: str) -> None:
    assert home.values(topic, {"Time": "2020-01-01T00:00:00", "SI7021": {"Temperature": 21.5}}) == {"temperature": 21.5}


@pytest.mark.parametrize("topic", ["SENSOR", "tele/SENSOR", "plug/SENSOR", "tele/plug/sensor", "telegram/plug/SENSOR"])
def test_what_only_looks_like_it_is_nobodys(home: Ear, topic: str) -> None:
    assert home.hear(topic, {"SI7021": {"Temperature": 21.5}}) == []


def test_renamed_prefixes_and_words_are_learnt_from_the_announcement(home: Ear) -> None:
    assert home.hear("house/bath/tell/SENSOR", {"SI7021": {"Temperature": 21.5}}) == []
    home.hear(f"tasmota/discovery/{MAC}/config", CARD, retain=True)
    assert home.values("house/bath/tell/SENSOR", {"SI7021": {"Temperature": 21.5}}) == {"temperature": 21.5}
    assert home.values("house/bath/answer/POWER1", "AN") == {"switch": True}
    assert home.values("house/bath/tell/LWT", "weg", retain=True) == {"available": False}
    (told,) = home.hear("house/bath/tell/LWT", "da")
    assert told.readings[0].device == f"tasmota-{MAC.lower()}-" + told.readings[0].device[-8:]


def test_an_announcement_that_is_deleted_is_forgotten(home: Ear) -> None:
    home.hear(f"tasmota/discovery/{MAC}/config", CARD, retain=True)
    home.hear(f"tasmota/discovery/{MAC}/config", b"")
    assert home.hear("house/bath/tell/SENSOR", {"SI7021": {"Temperature": 21.5}}) == []


def test_an_announcement_claims_nothing_that_is_anothers(home: Ear) -> None:
    home.families = Families(["zigbee2mqtt"], trees=("",))
    greedy = {**CARD, "t": "door", "ft": "zigbee2mqtt/%topic%/%prefix%/", "tp": ["a", "b", "c"]}
    home.hear(f"tasmota/discovery/{MAC}/config", greedy, retain=True)
    (told,) = home.hear("zigbee2mqtt/door/c/SENSOR", {"contact": False})
    assert all(not reading.device.startswith("tasmota") for reading in told.readings)


def test_a_device_that_is_announced_late_keeps_what_it_said(home: Ear) -> None:
    home.hear("tele/hall/SENSOR", {"Switch1": "ON"})
    home.hear(
        f"tasmota/discovery/{MAC}/config",
        {**CARD, "t": "hall", "ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"]},
    )
    (told,) = home.hear("tele/hall/SENSOR", {"Switch1": "ON"})
    assert told.readings[0].events == () and told.readings[0].device.startswith("tasmota-5ccf7f112233")


def test_the_sensors_of_an_announcement_are_a_schema_and_never_a_reading(home: Ear) -> None:
    (told,) = home.hear(
        f"tasmota/discovery/{MAC}/sensors", {"sn": {"Switch1": "ON", "SI7021": {"Temperature": 3}}}, retain=True
    )
    assert told.readings == () and told.meaning.observations == ()
    assert told.meaning.facts["schema"] == ["SI7021.Temperature"]


def test_commands_and_answers_to_settings_are_plumbing(home: Ear) -> None:
    for topic, payload in [
        ("cmnd/plug/POWER", "TOGGLE"), ("stat/plug/RESULT", {"TelePeriod": 10}), ("tele/plug/UPTIME", {"Uptime": "1T"}),
        ("stat/plug/STATUS5", {"StatusNET": {"Mac": MAC}}), ("tele/plug/INFO2", {"Info2": {"IPAddress": "192.0.2.7"}}),
        ("tele/plug/LWT", b""), ("stat/plug/RESULT", {"LD2410": {"Duration": 5, "Moving": {"Gates": 8}}}),
    ]:  # fmt: skip
        (told,) = home.hear(topic, payload)
        assert told.meaning.ignored and not told.readings, topic


# --- what is news ---


def test_telemetry_repeats_and_only_what_differs_is_news(home: Ear) -> None:
    said = [
        home.hear("tele/hall/SENSOR", {"Switch1": word})[0].readings[0].events for word in ("ON", "ON", "OFF", "OFF")
    ]
    assert said == [("switch",), (), ("switch_ended",), ()]


def test_one_switching_is_one_event_however_often_it_is_told(home: Ear) -> None:
    said = [home.hear(*each)[0] for each in [
        ("stat/plug/RESULT", {"POWER": "ON"}), ("stat/plug/POWER", "ON"), ("stat/plug/POWER1", "ON"),
        ("tele/plug/STATE", {"POWER": "ON", "Wifi": {"RSSI": 80, "Signal": -60}}),
    ]]  # fmt: skip
    assert [told.readings[0].events for told in said] == [("appliance",), (), (), ()]


def test_an_answer_to_a_question_is_no_news_and_hides_none(home: Ear) -> None:
    home.hear("tele/hall/SENSOR", {"Switch1": "OFF"})
    (told,) = home.hear("stat/hall/STATUS8", {"StatusSNS": {"Switch1": "ON"}})
    assert told.readings[0].events == () and told.meaning.observations[0].value is True
    assert home.hear("tele/hall/SENSOR", {"Switch1": "ON"})[0].readings[0].events == ("switch",)


def test_what_the_broker_remembered_is_no_news(home: Ear) -> None:
    (told,) = home.hear("stat/plug/POWER", "ON", retain=True)
    assert told.readings[0].events == ()
    assert home.events("stat/hall/BUTTON1", {"ACTION": "SINGLE"}, retain=True) == []


def test_a_button_that_is_told_twice_was_pressed_once(home: Ear) -> None:
    assert home.events("stat/hall/BUTTON2", {"ACTION": "DOUBLE"}) == [Happened("button", "double")]
    assert home.events("stat/hall/RESULT", {"Button2": {"Action": "DOUBLE"}}, after_s=0.2) == []
    assert home.events("stat/hall/BUTTON2", {"ACTION": "DOUBLE"}, after_s=20) == [Happened("button", "double")]


def test_a_detached_switch_says_its_state_or_that_it_was_held(home: Ear) -> None:
    assert home.values("stat/hall/SWITCH1", {"STATE": "ON"}) == {"switch": True}
    assert home.values("stat/hall/RESULT", {"Switch1": {"Action": "OFF"}}) == {"switch": False}
    assert home.events("stat/hall/SWITCH1T", {"TRIG": "HOLD"}) == [Happened("button", "hold")]


def test_an_input_is_a_switch_and_motion_only_where_its_name_says_so(home: Ear) -> None:
    assert home.values("tele/hall/SENSOR", {"Switch1": "ON"}) == {"switch": True}
    assert home.events("tele/hall/SENSOR", {"PIR": "ON"}) == [Happened("motion", True)]
    assert home.events("stat/porch/PIR1", "ON") == [Happened("motion", True)]
    home.hear(f"tasmota/discovery/{MAC}/config", {**CARD, "swn": ["Motion"]}, retain=True)
    assert home.events("house/bath/tell/SENSOR", {"Switch1": "AN"}) == [Happened("motion", True)]
    assert home.values("house/bath/answer/POWER1", "AN") == {"switch": True}, "a relay that is called motion is none"


# --- when ---


@pytest.mark.parametrize("offset", [0, 1, 5.5, 5.75, -9.5, 14])
def test_a_local_time_is_believed_where_an_offset_of_quarter_hours_makes_it_now(home: Ear, offset: float) -> None:
    now = home.now_us + 60 * SECOND
    (told,) = home.hear("tele/hall/SENSOR", {"Time": local(now - 3 * SECOND, offset), "SI7021": {"Temperature": 20}})
    assert told.readings[0].clock is Clock.DEVICE and told.readings[0].event_us == now - 3 * SECOND
    assert told.meaning.facts["time_local"] == local(now - 3 * SECOND, offset)


@pytest.mark.parametrize("off_s", [400, -200, 86_400, -86_400 * 2000])
def test_a_local_time_that_is_not_now_is_not_believed(home: Ear, off_s: int) -> None:
    when = local(home.now_us + (60 + off_s) * SECOND, 2)
    (told,) = home.hear("tele/hall/SENSOR", {"Time": when, "SI7021": {"Temperature": 20}})
    assert told.readings[0].clock is Clock.ARRIVAL


def test_the_age_of_what_the_broker_remembered_is_no_time_zone(home: Ear) -> None:
    when = local(home.now_us - 3600 * SECOND, 0)
    (told,) = home.hear("tele/hall/SENSOR", {"Time": when, "SI7021": {"Temperature": 20}}, retain=True)
    assert told.readings[0].clock is Clock.ARRIVAL


def test_epoch_and_offsets_are_utc(home: Ear) -> None:
    now = home.now_us // SECOND
    for time in (
        {"Time": "1970-01-01T00:00:00", "Epoch": now},
        {"Time": now},
        {"Time": f"{local(home.now_us, 2)}+02:00"},
    ):
        assert home.meaning("tele/hall/SENSOR", {**time, "SI7021": {"Temperature": 20}}).time_us == now * SECOND


# --- reachability ---


def test_a_device_that_is_gone_is_told_once(home: Ear) -> None:
    assert home.meaning("tele/plug/LWT", "Offline").technical == "sensor_offline"
    assert [told.entry for told in home.hear("tele/plug/LWT", "Offline")] == [None]
    assert home.values("tele/plug/LWT", "Online") == {"available": True}


def test_a_device_that_sleeps_deeply_is_offline_and_that_is_no_failure(home: Ear) -> None:
    told = home.meaning("stat/attic/DEEPSLEEP", {"DeepSleep": {"Time": "2026-09-21T13:00:00", "Epoch": 1_790_003_600}})
    assert told.facts["expected_silence_until"] == "2026-09-21T15:13:20Z"
    (told_offline,) = home.hear("tele/attic/LWT", "Offline")
    assert told_offline.meaning.technical is None and told_offline.entry is None
    assert told_offline.readings == (), "and it can be heard: else a home of such devices counts as cut off"
    home.hear("tele/loft/STATE", {"Wifi": {"Signal": -60, "DeepSleep": 300}})
    assert home.meaning("tele/loft/LWT", "Offline").technical is None
    home.hear("tele/shed/INFO3", {"RestartReason": "Deep-Sleep Wake"})
    assert home.meaning("tele/shed/LWT", "Offline").technical is None
    home.hear(f"tasmota/discovery/{MAC}/config", {**CARD, "dslp": 1}, retain=True)
    assert home.meaning("house/bath/tell/LWT", "weg").technical is None


def test_a_gateway_that_goes_down_takes_those_with_it_that_are_heard_through_it_alone(home: Ear) -> None:
    thermometer = {"LYWSD03-a1b2c3": {"Temperature": 20.5, "Battery": 80}}
    home.hear("tele/east/SENSOR", {**thermometer, "MJ_HT_V1-0a0b0c": {"Humidity": 50}})
    home.hear("tele/west/SENSOR", thermometer)
    (told,) = home.hear("tele/east/LWT", "Offline")
    assert told.meaning.technical == "bridge_offline" and told.entry is not None
    gone = {reading.device.split("-")[2] for reading in told.readings if "ble" in reading.device}
    assert gone == {"0a0b0c"}, "the other is still heard in the west"
    (again,) = home.hear("tele/east/LWT", "Offline")
    assert again.entry is None and len(again.readings) == 1, "said again, it is told of nobody else"
    (back,) = home.hear("tele/east/LWT", "Online")
    assert {obs.value for reading in back.readings for obs in reading.observations} == {True}


def test_the_strength_of_the_network_is_dbm_and_never_the_share(home: Ear) -> None:
    assert home.values("tele/plug/STATE", {"Wifi": {"RSSI": 86, "Signal": -57}}) == {"rssi": -57}
    assert home.values("tele/plug/STATE", {"Wifi": {"RSSI": 86}}) == {}
    assert home.hear("tele/plug/STATE", {"Wifi": {"RSSI": 86}})[0].readings[0].kind is ReadingKind.STATUS


def test_a_restart_says_nothing_of_people(home: Ear) -> None:
    (told,) = home.hear("tele/plug/INFO3", {"Info3": {"RestartReason": "Power On", "BootCount": 7}})
    assert told.meaning.facts == {"restart_reason": "Power On"} and told.meaning.events == ()
    assert told.readings[0].kind is ReadingKind.STATUS


# --- whatever is written ---

MESSAGES: list[tuple[str, Any]] = [
    (f"tasmota/discovery/{MAC}/config", CARD),
    (f"tasmota/discovery/{MAC}/sensors", {"sn": {"SI7021": {"Temperature": 1}}}),
    ("tele/a/SENSOR", {"Time": "2026-09-21T14:13:20", "Switch1": "ON", "TempUnit": "F",
                       "DS18B20-1": {"Id": "0011AABBCCDD", "Temperature": 70}, "LD2410": {"Distance": [1.0, 2]},
                       "ENERGY": {"Total": [1, 2], "Power": [3, 4], "Voltage": 230}, "ANALOG": {"Temperature1": 20}}),
    ("tele/a/SENSOR", {"ZbReceived": {"0x12AB": {"Device": "0x12AB", "Name": "x", "0006!01": "", "Power": 1,
                                                 "Contact": 1, "ZoneStatusChange": 13, "Fire": 1, "LinkQuality": 9}}}),
    ("tele/a/SENSOR", {"IBEACON": {"MAC": "A4C138000001", "RSSI": -50, "STATE": "ON"}, "COUNTER": {"C1": 4},
                       "MPU6050": {"Temperature": 20, "AccelXAxis": 1, "AccelYAxis": 2, "AccelZAxis": 3},
                       "LYWSD03-a1b2c3": {"Temperature": 20, "Btn": 1, "Door": 0, "PIR": 1}, "PN532": {"UID": "AB12"}}),
    ("tele/a/RESULT", {"RfReceived": {"Data": "0xA1", "Bits": 24}}),
    ("tele/a/SENSOR", {"LwReceived": {"d": {"DevEUIh": "A8404100", "DevEUIl": "01", "DoorOpen": 1, "Payload": [1]}}}),
    ("stat/a/RESULT", {"POWER2": "ON", "Button1": {"Action": "SINGLE"}}),
    ("stat/a/STATUS10", {"StatusSNS": {"Time": "2026-09-21T14:13:20", "Switch1": "OFF"}}),
    ("tele/a/STATE", {"Epoch": 1_790_000_000, "POWER": "ON", "Wifi": {"Signal": -50}}),
    ("tele/a/LWT", "Offline"), ("stat/a/POWER", "ON"), ("tele/a/INFO3", {"RestartReason": "x"}),
    ("stat/a/DEEPSLEEP", {"DeepSleep": {"Epoch": 1_790_000_000}}), ("house/bath/tell/SENSOR", {"Switch1": "AN"}),
]  # fmt: skip


@given(st.lists(spoiled(MESSAGES), min_size=1, max_size=6))
@settings(deadline=None, max_examples=300)
def test_nothing_that_a_sender_writes_breaks_it(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)


def test_a_message_with_thousands_of_parts_costs_what_one_with_a_few_does() -> None:
    many = {f"DS18B20-{n}": {"Id": f"{n:012X}", "Temperature": 20} for n in range(200)}
    devices = {f"0x{n:04X}": {"Power": 1, "Endpoint": 1, "LinkQuality": 1} for n in range(280)}
    bears(
        Families(trees=("",)),
        [("tele/a/SENSOR", msgspec.json.encode(body), False) for body in (many, {"ZbReceived": devices})],
    )
