"""Zigbee2MQTT's decoder: what is an event and what only looks like one."""

import json
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from ingest.decoders.families import Families
from ingest.decoders.kept import Keeper
from ingest.decoders.meaning import Happened
from ingest.decoders.message import RawMessage
from ingest.decoders.told import MAX_BYTES, Told
from ingest.decoders.zigbee2mqtt import DEFAULT_BASE, NAME
from schemas.reading import Clock, Observation, ReadingKind
from schemas.topics import is_device_id

SECOND = 1_000_000
NOW = 1_790_000_000 * SECOND
IEEE = "0x00158d0001a2b3c4"


@dataclass
class Home:
    """A bridge's messages one after the other, a minute apart unless said otherwise."""

    families: Families = field(default_factory=lambda: Families([DEFAULT_BASE]))
    now_us: int = NOW
    said: list[Told] = field(default_factory=list)

    def hear(self, rest: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> Told:
        self.now_us += round(after_s * SECOND)
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        message = RawMessage(f"zigbee2mqtt/{rest}", data, retain, self.now_us)
        (decoded,) = self.families.decode(message)
        self.said.append(decoded)
        return decoded

    def events(self, rest: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> list[Happened]:
        return list(self.hear(rest, payload, retain=retain, after_s=after_s).meaning.events)


def binary(name: str, on: Any = True, off: Any = False) -> dict[str, Any]:
    return {"type": "binary", "name": name, "property": name, "access": 1, "value_on": on, "value_off": off}


def inventory(*entries: tuple[str, str, str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    coordinator = {"type": "Coordinator", "friendly_name": "Coordinator", "ieee_address": "0x00124b00120144ae"}
    return [coordinator] + [
        {
            "type": "EndDevice",
            "friendly_name": name,
            "ieee_address": ieee,
            "definition": {"model": "M1", "description": description, "exposes": exposes},
        }
        for name, ieee, description, exposes in entries
    ]


def test_a_battery_report_that_repeats_yesterdays_motion_is_no_motion() -> None:
    home = Home()
    assert home.events("hall", {"occupancy": True}) == [Happened("motion", True)]
    decoded = home.hear("hall", {"occupancy": True, "battery": 97})
    assert (decoded.meaning.events, decoded.readings[0].events) == ((), ())
    assert decoded.readings[0].kind is ReadingKind.STATE
    assert "motion" not in {each.type for each in decoded.readings[0].observations}
    assert home.events("hall", {"occupancy": False, "battery": 97}) == [Happened("motion", False)]
    assert home.events("hall", {"occupancy": True, "battery": 97}) == [Happened("motion", True)]


def test_a_retained_message_is_remembered_and_never_an_event() -> None:
    home = Home()
    decoded = home.hear("door", {"contact": False}, retain=True)
    assert (decoded.meaning.events, decoded.readings[0].events, decoded.readings[0].retain) == ((), (), True)
    assert decoded.readings[0].observations == (Observation("door_open", True),)
    assert home.events("door", {"contact": False}) == [], "the cached value, told again when the bridge reconnects"
    assert home.events("door", {"contact": True}) == [Happened("door_open", False)]


def test_a_retained_press_is_none_and_a_retained_alarm_we_never_heard_is_to_be_looked_at() -> None:
    home = Home()
    assert home.events("button", {"action": "emergency"}, retain=True) == []
    decoded = home.hear("panic", {"sos": True}, retain=True)
    assert (decoded.meaning.alarm, decoded.meaning.technical) == (None, "state_at_start_unclear")
    assert decoded.entry is not None and decoded.entry.kept
    assert home.hear("panic", {"sos": True}, retain=True).meaning.technical is None, "said once"


def test_a_press_told_on_two_topics_and_ended_by_an_empty_one_is_one_press() -> None:
    home = Home()
    assert home.events("sos_button", {"action": "emergency", "battery": 90}) == [Happened("sos", True)]
    assert home.events("sos_button/action", b"emergency", after_s=0.1) == []
    assert home.events("sos_button", {"action": "", "battery": 90}, after_s=0.1) == []
    assert home.events("sos_button/action", b"", after_s=0.1) == []
    assert home.events("sos_button", {"action": None}, after_s=0.1) == []
    assert home.events("sos_button", {"action": "emergency"}, after_s=4.0) == []
    assert home.events("sos_button", {"action": "emergency"}, after_s=1.0) == [Happened("sos", True)]


def test_another_key_within_five_seconds_is_another_press() -> None:
    home = Home()
    assert home.events("switch", {"action": "single_left"}) == [Happened("button", "single_left")]
    assert home.events("switch", {"action": "single_right"}, after_s=1) == [Happened("button", "single_right")]


def test_an_sos_that_stays_in_the_cache_alarms_once_and_its_release_is_no_press() -> None:
    home = Home()
    pressed = home.hear("panic", {"sos": True, "battery_low": False})
    assert (pressed.meaning.alarm, pressed.readings[0].events) == ("sos", ("sos",))
    assert home.hear("panic", {"sos": True, "battery_low": False, "linkquality": 80}).meaning.alarm is None
    released = home.hear("panic", {"sos": False, "battery_low": False})
    assert (released.meaning.alarm, released.readings[0].events) == (None, ("sos_ended",))


def test_polarity_comes_from_the_announcement_by_type_and_value() -> None:
    home = Home()
    home.hear(
        "bridge/devices", inventory(("gate", IEEE, "Contact", [binary("contact", on="ON", off="OFF")])), retain=True
    )
    assert home.events("gate", {"contact": "ON"}) == [Happened("door_open", True)]
    assert home.events("gate", {"contact": "OFF"}) == [Happened("door_open", False)]
    unclear = home.hear("gate", {"contact": True}).meaning
    assert (unclear.events, unclear.unknown) == ((), ("door_open",))


def test_units_come_from_the_announcement() -> None:
    exposes = [
        {"type": "numeric", "property": "pressure", "access": 1, "unit": "kPa"},
        {"type": "numeric", "property": "voltage", "access": 1, "unit": "mV"},
        {"type": "numeric", "property": "battery", "access": 1, "unit": "%"},
        {"type": "numeric", "property": "temperature", "access": 3, "category": "config"},
    ]
    home = Home()
    home.hear("bridge/devices", inventory(("weather", IEEE, "Climate", exposes)))
    seen = home.hear("weather", {"pressure": 101.3, "voltage": 3005, "battery": 255, "temperature": 21}).meaning
    assert [(each.type, each.value, each.unit) for each in seen.observations] == [
        ("pressure", 1013.0, "hPa"),
        ("battery_voltage", 3.005, "V"),
    ]
    assert seen.implausible == ("battery",)


def test_a_bed_sensors_occupancy_is_a_bed_that_is_taken_and_a_radars_is_presence() -> None:
    home = Home()
    home.hear("bridge/devices", inventory(("strap", IEEE, "Bed Occupancy Sensor", [binary("occupancy")])))
    decoded = home.hear("strap", {"occupancy": True})
    assert (decoded.meaning.events, decoded.readings[0].events) == ((), ("occupancy",))
    radar = home.hear("radar", {"occupancy": True, "fall_status": "normal"})
    assert [(each.type, each.value) for each in radar.meaning.observations] == [("presence", True)]


@pytest.mark.parametrize(
    ("body", "alarm"),
    [
        ({"smoke": True, "test": False}, "smoke"),
        ({"smoke": True, "test": True}, None),
        ({"smoke": False, "test": True}, None),
        ({"water_leak": True}, "water_leak"),
        ({"fall_status": "fall_alarm"}, "fall"),
        ({"fall_status": "fall_warning"}, None),
        ({"fall_down_status": "maybe_fall"}, None),
        ({"action": "fall"}, None),
        ({"action": "drop"}, None),
        ({"status": "falling"}, None),
        ({"status": "falling", "breathing_rate": 14}, "fall"),
        ({"buzzer_manual_alarm": True, "linkage_alarm": True}, None),
    ],
)
def test_only_what_is_an_alarm_alarms(body: dict[str, Any], alarm: str | None) -> None:
    decoded = Home().hear("thing", body)
    assert decoded.meaning.alarm == alarm
    assert set(decoded.readings[0].events) & {"sos", "fall", "smoke", "water_leak"} == ({alarm} if alarm else set())


def test_smoke_in_a_self_test_is_no_fire_and_smoke_that_outlasts_it_is_one() -> None:
    home = Home()
    assert home.hear("smoke", {"smoke": False, "test": True}).meaning.alarm is None
    tested = home.hear("smoke", {"smoke": True, "test": True}, after_s=2)
    assert (tested.meaning.alarm, tested.readings[0].events) == (None, ())
    assert home.hear("smoke", {"smoke": True, "test": False}, after_s=2).meaning.alarm == "smoke"


def test_a_sensor_whose_test_never_ends_still_tells_of_a_fire() -> None:
    home = Home()
    home.hear("smoke", {"smoke": False, "test": True})
    assert home.hear("smoke", {"smoke": True, "test": True}, after_s=4 * 60).meaning.alarm is None
    assert home.hear("smoke", {"smoke": True, "test": True}, after_s=2 * 60).meaning.alarm == "smoke"


def test_a_device_keeps_its_id_and_its_memory_when_it_is_renamed() -> None:
    home = Home()
    home.hear("bridge/devices", inventory(("old", IEEE, "Motion", [binary("occupancy")])))
    assert home.hear("old", {"occupancy": True}).readings[0].device == f"z2m-{IEEE}"
    assert home.hear("old", b"", retain=False).readings == ()
    home.hear("bridge/devices", inventory(("new/name", IEEE, "Motion", [binary("occupancy")])))
    decoded = home.hear("new/name", {"occupancy": True})
    assert (decoded.readings[0].device, decoded.meaning.events) == (f"z2m-{IEEE}", ())


def test_what_was_heard_before_the_announcement_is_remembered_behind_it() -> None:
    home = Home()
    assert home.events("客厅 sensor", {"occupancy": True}) == [Happened("motion", True)]
    named = home.said[-1].readings[0].device
    assert is_device_id(named) and named.startswith("z2m-")
    home.hear("bridge/devices", inventory(("客厅 sensor", IEEE, "Motion", [binary("occupancy")])))
    decoded = home.hear("客厅 sensor", {"occupancy": True})
    assert (decoded.readings[0].device, decoded.meaning.events) == (f"z2m-{IEEE}", ())


def test_a_topic_below_a_device_is_its_property_and_below_none_a_device() -> None:
    home = Home()
    home.hear(
        "bridge/devices", inventory(("z1", IEEE, "M", [binary("contact")]), ("z1/contact", f"{IEEE[:-1]}5", "M", []))
    )
    assert home.events("z1/occupancy", b"true") == [], "not one of its properties"
    assert home.hear("z1/contact", {"contact": False}).readings[0].device == f"z2m-{IEEE[:-1]}5"
    assert home.events("z2/contact", b"false") == [Happened("door_open", True)]


def test_a_bridge_that_goes_down_freezes_all_that_depends_on_it_once() -> None:
    home = Home()
    home.hear(
        "bridge/devices",
        inventory(("hall", IEEE, "M", [binary("occupancy")]), ("door", f"{IEEE[:-1]}5", "M", [binary("contact")])),
    )
    home.hear("bridge/state", {"state": "online"})
    home.hear("hall", {"occupancy": True})
    down = home.hear("bridge/state", {"state": "offline"})
    bridge, *frozen = down.readings
    assert bridge.observations == (Observation("bridge_available", False),)
    assert {reading.device for reading in frozen} == {f"z2m-{IEEE}", f"z2m-{IEEE[:-1]}5"}
    assert {(reading.kind, reading.observations) for reading in frozen} == {
        (ReadingKind.STATUS, (Observation("available", False),))
    }
    assert down.entry is not None and (down.entry.reason, down.entry.kept) == ("bridge-offline", True)
    again = home.hear("bridge/state", b"offline\n", retain=True)
    assert (len(again.readings), again.entry) == (1, None)
    assert len(home.hear("bridge/state", b"online").readings) == 3
    assert home.events("hall", {"occupancy": True}) == [], "the cache, told again"


def test_a_sensor_that_said_itself_that_it_is_away_does_not_come_back_with_the_bridge() -> None:
    home = Home()
    home.hear("bridge/state", b"online")
    home.hear("hall", {"occupancy": False})
    home.hear("hall/availability", {"state": "offline"})
    home.hear("bridge/state", b"offline")
    assert [reading.observations[0].type for reading in home.hear("bridge/state", b"online").readings] == [
        "bridge_available"
    ]


def test_groups_commands_logs_and_answers_are_no_readings() -> None:
    home = Home()
    home.hear("bridge/groups", [{"id": 1, "friendly_name": "all_lights"}])
    for rest, payload in (
        ("all_lights", b'{"state":"ON","occupancy":true}'),
        ("hall/set", b'{"state":"ON"}'),
        ("hall/get/state", b'{"state":""}'),
        ("bridge/logging", b'{"level":"info","message":"publish {\\"action\\":\\"emergency\\"}"}'),
        ("bridge/response/permit_join", b'{"status":"ok"}'),
    ):
        decoded = home.hear(rest, payload)
        assert (decoded.readings, decoded.entry, decoded.meaning.alarm) == ((), None, None), rest


def test_the_devices_own_time_is_taken_unless_it_cannot_be_or_the_bridge_made_the_message() -> None:
    home = Home()
    seen_ms = (NOW + 58 * SECOND) // 1000
    first = home.hear("hall", {"occupancy": True, "last_seen": seen_ms}).readings[0]
    assert (first.event_us, first.clock) == (seen_ms * 1000, Clock.DEVICE)
    ended = home.hear("hall", {"occupancy": False, "last_seen": seen_ms}, after_s=90).readings[0]
    assert (ended.event_us, ended.clock) == (home.now_us, Clock.ARRIVAL)
    old = home.hear("hall", {"occupancy": True, "last_seen": "2019-06-24T15:30:53.312Z"})
    assert (old.readings[0].event_us, old.meaning.implausible) == (home.now_us, ("last_seen",))


def test_two_messages_of_one_device_never_share_a_key() -> None:
    home = Home()
    keys = [home.hear("b", {"action": f"press_{n}"}, after_s=0).readings[0].key for n in range(5)]
    assert len(set(keys)) == 5


def test_nothing_that_a_sender_writes_raises() -> None:
    rng = random.Random(7)
    home = Home()
    values: list[Any] = [
        None,
        True,
        1e400,
        -0.0,
        10**400,
        "",
        "nan",
        "\0",
        "\ud800",
        [],
        {},
        [[[]]],
        "x" * 100_000,
        {"a": {}},
    ]
    names = ["occupancy", "contact", "action", "battery", "last_seen", "fall_status", "status", "location_x", "voltage"]
    rests = ["a", "a/b", "a/availability", "bridge/state", "bridge/devices", "bridge/groups", "bridge/event", "", "/"]
    for _ in range(3000):
        body = {rng.choice(names): rng.choice(values) for _ in range(3)}
        data = json.dumps(rng.choice([body, [body], rng.choice(values), [{"friendly_name": body}]])).encode()
        cut = data[: rng.randrange(len(data) + 1)] if rng.random() < 0.3 else data
        if rng.random() < 0.1:
            cut = rng.randbytes(40)
        home.hear(rng.choice(rests), cut, retain=rng.random() < 0.2, after_s=rng.random())
    assert all(is_device_id(reading.device) for decoded in home.said for reading in decoded.readings)
    assert sum(1 for decoded in home.said if decoded.readings) > 100


def test_memory_is_bounded_however_many_names_a_sender_invents() -> None:
    home = Home()
    for number in range(1500):
        home.hear(f"name-{number}", {"battery": 50}, after_s=0.001)
    assert len(home.families.roots["", NAME, DEFAULT_BASE].memories) == 1000


def test_what_is_known_survives_being_saved() -> None:
    home = Home()
    home.hear("bridge/devices", inventory(("gate", IEEE, "M", [binary("contact", "ON", "OFF")])), retain=True)
    home.hear("gate", {"contact": "ON", "battery": 80})
    parts = {name: part for name, part in Keeper(home.families).save().items() if part is not None}
    restored = Home(now_us=home.now_us)
    assert Keeper(restored.families).restore(parts) == []
    assert restored.events("gate", {"contact": "ON", "battery": 79}) == []
    assert restored.events("gate", {"contact": "OFF", "battery": 79}) == [Happened("door_open", False)]


def test_a_part_that_cannot_be_read_is_named_and_the_others_are_kept() -> None:
    home = Home()
    home.hear("gate", {"contact": False})
    parts = {name: part for name, part in Keeper(home.families).save().items() if part is not None}
    restored = Home()
    assert Keeper(restored.families).restore({**parts, "devices-x": b"spoiled", "root-x": b"\x93"}) == [
        "devices-x",
        "root-x",
    ]
    assert restored.events("gate", {"contact": False}) == []


def test_what_shows_a_person_is_among_a_readings_events_by_a_name_of_its_own() -> None:
    home = Home()
    assert home.hear("chair", {"pressure_state": "none"}).readings[0].events == ()
    assert home.hear("chair", {"pressure_state": "sit"}).readings[0].events == ("chair",)
    assert home.hear("chair", {"pressure_state": "sedentary"}).readings[0].events == ()
    assert home.hear("chair", {"pressure_state": "none"}).readings[0].events == ("chair_ended",)
    assert home.hear("kettle", {"state": "ON", "power": 0}).readings[0].events == ("appliance",)
    assert home.hear("radar", {"presence": True}).readings[0].events == ("presence",)
    assert home.hear("radar", {"presence": True}).readings[0].events == ()
    assert home.hear("radar", {"presence": False}).readings[0].events == ("presence_ended",)
    assert home.hear("door", {"contact": True}).readings[0].events == ("door_closed",)


def test_properties_of_endpoints_are_what_they_are_without_them_and_none_is_written_over() -> None:
    def expose(kind: str, name: str, endpoint: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "name": name, "property": f"{name}_{endpoint}", "endpoint": endpoint, "access": 1, **more}

    exposes = [
        expose("numeric", "temperature", "air", unit="°C"),
        expose("numeric", "temperature", "probe", unit="°C"),
        expose("binary", "contact", "left", value_on=False, value_off=True),
        expose("binary", "contact", "right", value_on=False, value_off=True),
    ]
    home = Home()
    home.hear("bridge/devices", inventory(("two", IEEE, "M", exposes)))
    (reading,) = home.hear("two", {"temperature_air": 21.5, "temperature_probe": 4.0}).readings
    assert [(each.type, each.value) for each in reading.observations] == [("temperature", 21.5), ("temperature_2", 4.0)]
    assert home.events("two", {"contact_left": True, "contact_right": False}) == [
        Happened("door_open", False),
        Happened("door_open", True),
    ]
    assert home.events("two", {"contact_left": True, "contact_right": False}) == []
    assert home.events("two", {"contact_left": False}) == [Happened("door_open", True)]
    assert home.hear("two", {"temperature_x": 9}).meaning.observations == (), "nobody announced it"


def test_a_contact_whose_true_means_shut_is_open_at_false_whatever_its_definition_calls_on() -> None:
    told = "Indicates whether the contact is closed (= true) or open (= false)"
    home = Home()
    home.hear("bridge/devices", inventory(("a", IEEE, "M", [binary("contact", True, False) | {"description": told}])))
    assert home.events("a", {"contact": False}) == [Happened("door_open", True)]
    assert home.events("a", {"contact": True}) == [Happened("door_open", False)]


def test_a_large_inventory_is_understood_and_kept_without_what_nobody_reads_of_it() -> None:
    large = inventory(*((f"room {n}", f"0x{n:016x}", "Motion", [binary("occupancy")]) for n in range(300)))
    for entry in large:
        entry["endpoints"] = {"1": "e" * 3000}
        if entry.get("definition"):
            entry["definition"]["options"] = ["o" * 3000]
    home, again = Home(), Home()
    (kept,) = home.hear("bridge/devices", large).readings
    assert len(json.dumps(large)) > 1_800_000 and len(kept.payload) < MAX_BYTES
    again.hear("bridge/devices", kept.payload)
    for each in (home, again):
        each.hear("room 299", {"occupancy": False})
        assert each.events("room 299", {"occupancy": True}) != []
        assert each.said[-1].readings[0].device == f"z2m-0x{299:016x}"


def test_an_inventory_beyond_all_measure_is_refused_with_its_size() -> None:
    endless = inventory(*((f"room {n}", f"0x{n:016x}", "d" * 2000, [binary("occupancy")]) for n in range(800)))
    for payload in (b" " * 4_000_001, json.dumps(endless).encode()):
        told = Home().hear("bridge/devices", payload)
        assert told.entry is not None and told.entry.reason == "too-large"


def test_entries_of_an_inventory_that_are_none_are_passed_over() -> None:
    home = Home()
    good = inventory(("hall", IEEE, "Motion", [binary("occupancy")]))
    told = home.hear("bridge/devices", [1, "x", None, [], {"friendly_name": 1, "definition": 7}, *good])
    assert told.meaning.announced == 3 and told.meaning.entities is not None
    assert [entity["id"] for entity in told.meaning.entities] == [f"z2m-{IEEE}"]
