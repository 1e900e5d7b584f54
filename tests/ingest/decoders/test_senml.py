"""SenML: base fields, times, both encodings, and which records mean anything here."""

import contextlib
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import cbor
from ingest.decoders.families import Families
from ingest.decoders.meaning import Happened
from schemas.reading import Clock
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import SECOND, Ear

TOPIC = "gateway/7/up"
BASE = {"bn": "urn:dev:mac:0024befffe804ff1:"}


@pytest.fixture
def home() -> Ear:
    return Ear()


def encoded(value: Any) -> bytes:
    """Return CBOR of what these tests need."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        major, count = (0, value) if value >= 0 else (0x20, -1 - value)
        return bytes([major | 27]) + count.to_bytes(8, "big")
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x79" + len(value.encode()).to_bytes(2, "big") + value.encode()
    if isinstance(value, list):
        return bytes([0x80 | len(value)]) + b"".join(map(encoded, value))
    return bytes([0xA0 | len(value)]) + b"".join(encoded(part) for pair in value.items() for part in pair)


def test_base_fields_hold_from_their_record_on(home: Ear) -> None:
    pack = [
        {**BASE, "bu": "Cel", "bv": 20.0, "n": "temperature", "v": 1.5},
        {"n": "temp", "v": -0.5},
        {"n": "hum", "u": "%RH", "v": 30},
    ]
    meaning = home.meaning(TOPIC, pack)
    assert [(seen.type, seen.value) for seen in meaning.observations] == [
        ("temperature", 21.5),
        ("temperature", 19.5),
        ("humidity", 50),
    ]
    assert meaning.facts == {"record_count": 3, "devices": 1}


def test_times_below_2_to_the_28_are_relative_to_now(home: Ear) -> None:
    now = home.now_us + 60 * SECOND
    pack = [{**BASE, "n": "temp", "u": "Cel", "t": -10, "v": 20}, {"n": "temp", "u": "Cel", "v": 21}]
    (told,) = home.hear(TOPIC, pack)
    assert [reading.event_us - now for reading in told.readings] == [-10 * SECOND, 0]
    (told,) = home.hear(TOPIC, [{**BASE, "bt": now // SECOND, "n": "temp", "u": "Cel", "t": 30, "v": 22}])
    assert told.readings[0].event_us == (now // SECOND + 30) * SECOND and told.readings[0].clock is Clock.DEVICE


@pytest.mark.parametrize(("seconds", "relative"), [(2**28 - 1, True), (-(2**28) + 1, True), (2**28, False)])
def test_the_border_between_both(home: Ear, seconds: int, relative: bool) -> None:
    meaning = home.meaning(TOPIC, [{**BASE, "n": "temp", "u": "Cel", "t": seconds, "v": 20}])
    assert meaning.claimed_us == seconds * SECOND + (home.now_us if relative else 0)


def test_a_time_that_cannot_be_is_not_believed(home: Ear) -> None:
    meaning = home.meaning(TOPIC, [{**BASE, "bt": 1_300_000_000, "n": "temp", "u": "Cel", "v": 20}])
    assert meaning.time_us is None and meaning.implausible == ("time",)


def test_a_position_of_another_year_is_not_where_somebody_is(home: Ear) -> None:
    records = [{"bn": "dev7", "u": "lat", "v": 48.1}, {"u": "lon", "v": 11.5}]
    assert home.values(TOPIC, records) == {"lat": 48.1, "lon": 11.5}
    old = [{**records[0], "bt": 1_300_000_000}, records[1]]
    assert home.meaning(TOPIC, old).observations == () and home.meaning(TOPIC, old).unknown == ("location",)


@pytest.mark.parametrize(
    ("record", "values"),
    [
        ({"n": "temperature", "u": "Cel", "v": 21}, {"temperature": 21}),
        ({"n": "temperature", "u": "K", "v": 293.15}, {"temperature": 20}),
        ({"n": "setpoint", "u": "Cel", "v": 25}, {}),
        ({"n": "cpu-temp", "u": "Cel", "v": 60}, {}),
        ({"n": "temperature", "v": 21}, {}),
        ({"n": "dew-point", "u": "Cel", "v": 9}, {"dew_point": 9}),
        ({"n": "pressure", "u": "Pa", "v": 100_000}, {"pressure": 1000}),
        ({"n": "co2", "u": "ppm", "v": 700}, {"co2": 700}),
        ({"n": "voc", "u": "ppm", "v": 700}, {}),
        ({"u": "%EL", "v": 55}, {"battery": 55}),
        ({"n": "vbat", "u": "V", "v": 3.1}, {"battery_voltage": 3.1}),
        ({"n": "heart-rate", "u": "beat/min", "v": 71}, {"heart_rate": 71}),
        ({"n": "power", "u": "W", "v": 60, "s": 3_600_000}, {"power": 60, "energy_total": 1}),
        ({"n": "velocity", "u": "m/s", "v": 1}, {"speed": 3.6}),
        ({"n": "dimmer", "u": "/", "v": 0.5}, {}),
        ({"n": "open", "vb": True}, {"door_open": True}),
        ({"n": "contact", "vb": True}, {}),
        ({"n": "label", "vs": "open"}, {}),
    ],
)
def test_a_value_is_what_its_unit_and_its_name_say(home: Ear, record: dict[str, Any], values: dict[str, Any]) -> None:
    assert home.values(TOPIC, [{**BASE, **record}]) == values


def test_names_tell_devices_apart(home: Ear) -> None:
    pack = [
        {"bn": "hall/", "n": "temperature", "u": "Cel", "v": 1}, {"bn": "attic/", "n": "temp", "u": "Cel", "v": 2},
        {"bn": "", "n": "urn:dev:ow:10e2073a", "u": "Cel", "v": 3},
        {"n": "urn:dev:ow:10e2073a:humidity", "u": "%RH", "v": 4},
        {"n": "temperature", "u": "Cel", "v": 5},
    ]  # fmt: skip
    (told,) = home.hear(TOPIC, pack)
    found = {reading.device.rsplit("-", 1)[0]: len(reading.observations) for reading in told.readings}
    assert found == {"senml-hall": 1, "senml-attic": 1, "senml-urn-dev-ow-10e2073a": 2, "senml-gateway-7-up": 1}


def test_a_change_is_news_once_and_what_is_older_than_what_is_known_is_none(home: Ear) -> None:
    now = home.now_us // SECOND
    said = [
        home.events(TOPIC, [{**BASE, "n": "open", "bt": now + at, "vb": opened}], after_s=0)
        for at, opened in [(0, False), (10, True), (11, True), (5, False), (12, True)]
    ]
    assert said == [[Happened("door_open", False)], [Happened("door_open", True)], [], [], []]


def test_a_call_for_help_in_the_middle_of_a_pack_is_heard(home: Ear) -> None:
    pack = [{**BASE, "n": "temp", "u": "Cel", "v": 20}, {"n": "sos", "t": -2, "vb": True}, {"n": "sos", "vb": False}]
    meaning = home.meaning(TOPIC, pack)
    assert meaning.alarm == "sos" and home.meaning(TOPIC, pack[:1], retain=True).alarm is None


def test_what_must_be_understood_and_is_not_is_refused_and_a_new_version_whole(home: Ear) -> None:
    pack = [{**BASE, "n": "temp", "u": "Cel", "v": 20, "scale_": 10}, {"n": "hum", "u": "%RH", "v": 5, "note": "x"}]
    meaning = home.meaning(TOPIC, pack)
    assert [seen.type for seen in meaning.observations] == ["humidity"] and meaning.facts["records_refused"] == 1
    (told,) = home.hear(TOPIC, [{**BASE, "bver": 11, "n": "temp", "u": "Cel", "v": 20}])
    assert told.entry is not None and told.entry.reason == "unsupported-version" and not told.readings


def test_a_list_that_is_no_pack_is_nobodys(home: Ear) -> None:
    for body in ([], [1, 2], [{"a": 1}], [{"n": 5, "v": 1}], {"n": "temp", "v": 1}, b"\x81\xa1", b"[{"):
        assert home.hear("other/topic", body) == []


def test_the_binary_form_says_the_same(home: Ear) -> None:
    pack = [
        {-2: "dev9:", -3: float(home.now_us // SECOND), 0: "temperature", 1: "Cel", 2: 20.5},
        {0: "open", 4: True, 6: 1},
    ]
    meaning = home.meaning(TOPIC, encoded(pack))
    assert [(seen.type, seen.value) for seen in meaning.observations] == [("temperature", 20.5), ("door_open", True)]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("f93e00", 1.5), ("fa3fc00000", 1.5), ("c48221196ab3", 273.15), ("9f0102ff", [1, 2]), ("bf6161f5ff", {"a": 1}),
        ("7f61616162ff", "ab"), ("3863", -100), ("f6", None), ("c2420100", 256), ("1b0000000100000000", 2**32),
    ],
)  # fmt: skip
def test_cbor_is_read(data: str, value: Any) -> None:
    assert cbor.decode(bytes.fromhex(data)) == value


@pytest.mark.parametrize(
    "data", ["", "ff", "81", "9bffffffffffffffff", "6261", "61ff", "8181818181818100", "1c", "a1ff01", "0000", "bf00ff"]
)
def test_what_is_no_cbor_is_malformed(data: str) -> None:
    with pytest.raises(cbor.Malformed):
        cbor.decode(bytes.fromhex(data))


@given(st.binary(max_size=80))
def test_any_bytes_are_cbor_or_malformed(data: bytes) -> None:
    with contextlib.suppress(cbor.Malformed):
        cbor.decode(data)


MESSAGES: list[tuple[str, Any]] = [
    (TOPIC, [{**BASE, "bt": 1_790_000_000, "bver": 10, "n": "temp", "u": "Cel", "v": 20}, {"n": "open", "vb": True}]),
    (TOPIC, [{"bn": "a", "u": "lat", "v": 1, "s": 3}, {"u": "lon", "v": 2}, {"n": "x", "vs": "y"}]),
    (TOPIC, encoded([{-2: "dev9:", 0: "temperature", 1: "Cel", 2: 20.5}, {0: "sos", 4: True}])),
]  # fmt: skip


@given(st.lists(spoiled(MESSAGES), min_size=1, max_size=5))
@settings(deadline=None, max_examples=300)
def test_nothing_that_a_sender_writes_breaks_it(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)


def test_a_long_pack_keeps_its_last_moments_and_says_so(home: Ear) -> None:
    pack = [
        {**BASE, "bu": "Cel", "n": "temp", "t": -240, "v": 1},
        *({"n": "temp", "t": -at, "v": at % 50} for at in range(239)),
    ]
    (told,) = home.hear(TOPIC, pack)
    assert told.entry is not None and told.entry.reason == "too-many" and told.entry.kept
    assert len(told.readings) == 32 and told.meaning.facts["record_count"] == 240
    bears(Families(trees=("",)), [(TOPIC, msgspec.json.encode(pack), False)])
    wide = bytes([0x9F]) + b"\xa2\x00\x61t\x02\x01" * 800 + b"\xff"
    bears(Families(trees=("",)), [(TOPIC, wide, False)])
