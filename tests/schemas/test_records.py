"""Topics, JSON messages, bindings, partitions and quarantine entries: small records, exact edges."""

import contextlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ids, quarantine, status, subjects, topics
from schemas.errors import BadPayload
from schemas.finding import FindingKind
from schemas.messages import MAX_BYTES, EventMessage, StateMessage, StatusMessage, parse
from schemas.places import Binding, binding_at, holder
from schemas.quarantine import KEPT_PAYLOAD_BYTES, KEPT_TOPIC_CHARS
from schemas.reading import Observation, Reading, ReadingKind, decode_batch, encode_batch
from schemas.topics import DeviceTopic


@pytest.mark.parametrize("device", ["a", "A-b_9", "x" * 64])
def test_our_own_topics_are_recognised(device: str) -> None:
    assert topics.parse(topics.of(device, "imu")) == DeviceTopic(device, "imu")


@pytest.mark.parametrize(
    "topic",
    ["", "sw/v1", "sw/v1//imu", "sw/v2/a/imu", "sw/v1/a/imu/", "sw/v1/a/x", "sw/v1/a b/imu", "sw/v1/a.b/imu",
     "sw/v1/é/imu", "SW/v1/a/imu", "/sw/v1/a/imu", "sw/v1/" + "x" * 65 + "/imu", "sw/v1/a\n/imu"],
)  # fmt: skip
def test_other_topics_are_foreign(topic: str) -> None:
    assert topics.parse(topic) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b"[]", "bad-field"),
        (b'{"boot":1,"seq":1}', "bad-field"),
        (b'{"boot":-1,"seq":1,"t_us":1}', "bad-field"),
        (b'{"boot":1,"seq":4294967296,"t_us":1}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":9223372036854775808}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1.5}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1,"battery":"80"}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1,"battery":101}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1,"heart_rate":0}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1,"worn":1}', "bad-field"),
        (b'{"boot":1,"seq":1,"t_us":1,"extra":1}', "bad-field"),
        (b" " * (MAX_BYTES + 1), "too-large"),
        (b'{"boot":' * 2000, "bad-field"),
        (b"[" * MAX_BYTES, "bad-field"),
    ],
)
def test_a_state_that_is_not_one_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(BadPayload) as refused:
        parse(data, StateMessage)
    assert refused.value.reason == reason
    assert str(refused.value).endswith(".")


@settings(derandomize=True, max_examples=300)
@given(st.binary(max_size=100), st.sampled_from([StateMessage, EventMessage, StatusMessage]))
def test_no_bytes_raise_anything_but_bad_payload(data: bytes, kind: type[StateMessage]) -> None:
    with contextlib.suppress(BadPayload):
        parse(data, kind)


@pytest.mark.parametrize("word", ["", "SOS", "9a", "a b", "x" * 33, "a;b"])
def test_an_events_type_is_one_lower_case_word(word: str) -> None:
    with pytest.raises(BadPayload, match="type"):
        parse(msgspec.json.encode({"boot": 1, "seq": 1, "t_us": 1, "type": word}), EventMessage)


def test_a_reading_belongs_to_whoever_had_the_device_then() -> None:
    first = Binding(device="d", unit="u", start_us=10, end_us=20, resident="one")
    second = Binding(device="d", unit="u", start_us=20, resident="two")
    held = {at: binding_at([first, second], at) for at in (9, 10, 19, 20, 10**15)}
    assert held == {9: None, 10: first, 19: first, 20: second, 10**15: second}


def test_partitions_are_fixed_and_all_used() -> None:
    assert ids.partition_of("home-1") == 8
    assert {ids.partition_of(f"unit-{number}") for number in range(500)} == set(range(ids.PARTITIONS))


def test_a_findings_id_is_about_what_it_is_about_and_nothing_else() -> None:
    one = ids.finding_id("u", "r", FindingKind.FALL, "d:1:2:frame")
    assert one == ids.finding_id("u", "r", FindingKind.FALL, "d:1:2:frame")
    others = [
        ids.finding_id("u", "r", FindingKind.SOS, "d:1:2:frame"),
        ids.finding_id("u", "r", FindingKind.FALL, "d:1:3:frame"),
        ids.finding_id("ur", "", FindingKind.FALL, "d:1:2:frame"),
    ]
    assert len({one, *others}) == 4


def test_a_batch_of_readings_comes_back_whole() -> None:
    reading = Reading(
        kind=ReadingKind.STATE, arrival_us=1, event_us=2**62, end_us=2**62, device="d", unit="u", payload=b"\x00\xff",
        observations=(Observation("worn", True), Observation("battery", 80.5, "%"), Observation("room", "厨房")),
    )  # fmt: skip
    assert decode_batch(encode_batch([reading, reading])) == [reading, reading]
    assert reading.key == "d:-1:-1:state"


def test_a_quarantine_entry_keeps_the_beginning_and_says_how_much_there_was() -> None:
    kept = quarantine.entry(5, "t" * 60_000, "bad-crc", "a\x00b\ud800c", b"x" * 10_000)
    assert (len(kept.payload), kept.size, len(kept.topic)) == (KEPT_PAYLOAD_BYTES, 10_000, KEPT_TOPIC_CHARS)
    assert kept.sentence == "a\ufffdb\ufffdc"
    assert quarantine.decode_batch(quarantine.encode_batch([kept])) == [kept]


def test_a_stages_status_comes_back_whole() -> None:
    told = status.StageStatus(at_us=1, ok=False, lag=3, counts={"messages": 2}, note="Waiting.")
    assert status.decode(status.encode(told)) == told


def test_subjects_are_what_the_streams_listen_to() -> None:
    assert subjects.readings(3) == "readings.unit.03"
    assert subjects.findings(11) == "findings.11"
    assert subjects.unbound("w-1") == "readings.unbound.w-1"


def test_what_covers_a_handing_over_is_of_who_had_the_device_at_its_end_and_else_at_its_start() -> None:
    first = Binding(device="w", unit="u", start_us=10, end_us=20, resident="a")
    second = Binding(device="w", unit="u", start_us=20, end_us=30, resident="b")
    spans = {(5, 9): None, (5, 12): "a", (15, 20): "a", (15, 21): "b", (25, 35): "b", (25, 25): "b", (30, 35): None}
    found = {span: holder([first, second], *span) for span in spans}
    assert {span: each and each.resident for span, each in found.items()} == spans
