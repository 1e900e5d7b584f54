"""Sparkplug B: births, aliases, the past, last wills, and both forms of its payload."""

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders.families import Families
from ingest.decoders.kept import Keeper
from ingest.decoders.meaning import Happened
from ingest.decoders.sparkplug_wire import Malformed, payload_of
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import Ear

NODE, DEVICE = "spBv1.0/ward 3/{}/gateway", "spBv1.0/ward 3/{}/gateway/room 12"


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def metric(**told: Any) -> bytes:
    """Return a metric in protobuf: name, alias, time, null, historical, and value as flag, whole, real or text."""
    out = b""
    for number, key in ((1, "name"), (2, "alias"), (3, "time"), (4, "kind"), (5, "historical"), (7, "null")):
        if key in told:
            out += field(number, told[key].encode() if isinstance(told[key], str) else int(told[key]))
    if "flag" in told:
        out += field(14, int(told["flag"]))
    if "whole" in told:
        out += field(10, told["whole"])
    if "real" in told:
        out += varint(12 << 3 | 5) + struct.pack("<f", told["real"])
    return out


@pytest.fixture
def home() -> "Node":
    return Node()


class Node(Ear):
    """A node whose messages are numbered."""

    def say(self, topic: str, *metrics: bytes, seq: int | None = None, retain: bool = False) -> Any:
        body = field(1, (self.now_us + 60_000_000) // 1000) + b"".join(field(2, each) for each in metrics)
        body += b"" if seq is None else field(3, seq)
        return self.meaning(topic, body, retain=retain)

    def is_born(self) -> None:
        self.say(NODE.format("NBIRTH"), metric(name="bdSeq", whole=4), seq=0)
        self.say(
            DEVICE.format("DBIRTH"),
            metric(name="Bed/Nurse Call", alias=7, flag=False),
            metric(name="Room/Temperature", alias=8, real=21.5),
            seq=1,
        )


def test_a_birth_says_how_things_stand_and_is_no_event(home: Node) -> None:
    told = home.say(
        DEVICE.format("DBIRTH"), metric(name="Door Open", flag=True), metric(name="Inputs/Button", flag=True), seq=1
    )
    assert told.events == () and told.moved == () and told.alarm is None
    assert {seen.type: seen.value for seen in told.observations} == {
        "available": True,
        "door_open": True,
        "input": True,
    }
    stuck = home.say(DEVICE.format("DBIRTH"), metric(name="SOS", flag=True), seq=2)
    assert stuck.alarm is None and stuck.technical == "state_at_start_unclear"


def test_after_the_birth_an_alias_is_enough(home: Node) -> None:
    home.is_born()
    told = home.say(DEVICE.format("DDATA"), metric(alias=7, flag=True), seq=2)
    assert told.alarm == "sos" and told.facts == {}
    assert home.say(DEVICE.format("DDATA"), metric(alias=7, flag=True), seq=3).events == (), "the same again"
    unknown = home.say(DEVICE.format("DDATA"), metric(alias=99, flag=True), seq=4)
    assert unknown.events == () and unknown.facts == {"seq_gap": True}


def test_what_is_of_the_past_is_kept_at_its_time_and_never_alarms(home: Node) -> None:
    home.is_born()
    hour_ago = home.now_us // 1000 - 3_600_000
    (told,) = home.hear(
        DEVICE.format("DDATA"),
        field(1, home.now_us // 1000) + field(2, metric(alias=7, time=hour_ago, historical=True, flag=True))
        + field(2, metric(alias=8, real=22.0)) + field(3, 2),
    )  # fmt: skip
    assert told.meaning.events == () and told.meaning.alarm is None
    assert told.readings[0].event_us // 1000 == hour_ago
    assert told.entry is not None and (told.entry.reason, told.entry.kept) == ("alarm-while-away", True), "look there"
    assert home.say(DEVICE.format("DDATA"), metric(alias=7, flag=True), seq=3).alarm == "sos", "the past hides nothing"


def test_a_call_of_the_day_before_yesterday_is_nobodys_to_run_for(home: Node) -> None:
    home.is_born()
    long_ago = home.now_us // 1000 - 30 * 3_600_000
    told = home.say(DEVICE.format("DDATA"), metric(alias=7, time=long_ago, historical=True, flag=True), seq=2)
    assert told.events == () and told.technical is None


def test_null_is_not_known(home: Node) -> None:
    home.is_born()
    told = home.say(DEVICE.format("DDATA"), metric(alias=8, null=True), seq=2)
    assert told.observations == () and told.unknown == ("temperature",)
    home.say(DEVICE.format("DDATA"), metric(alias=7, flag=True), seq=3)
    told = home.say(DEVICE.format("DDATA"), metric(alias=7, null=True), seq=4)
    assert told.events == () and told.unknown == ("sos",), "a call that is not known has not ended"


def test_a_number_that_was_missed_is_seen(home: Node) -> None:
    home.is_born()
    assert home.say(DEVICE.format("DDATA"), seq=3).facts == {"seq_gap": True}
    assert home.say(NODE.format("NDATA"), seq=4).facts == {}
    for seq in range(5, 256):
        home.say(NODE.format("NDATA"), seq=seq)
    assert home.say(NODE.format("NDATA"), seq=0).facts == {}, "255 is followed by 0"


def test_a_last_will_takes_all_devices_with_it_once(home: Node) -> None:
    home.is_born()
    (told,) = home.hear(NODE.format("NDEATH"), field(2, metric(name="bdSeq", whole=4)))
    assert told.meaning.technical == "bridge_offline" and told.entry is not None
    gone = [reading for reading in told.readings if "room" in reading.device]
    assert [obs.value for reading in gone for obs in reading.observations] == [False]
    (again,) = home.hear(NODE.format("NDEATH"), field(2, metric(name="bdSeq", whole=4)))
    assert again.entry is None and len(again.readings) == 1


def test_the_last_will_of_an_older_birth_means_nothing(home: Node) -> None:
    home.is_born()
    assert home.say(NODE.format("NDEATH"), metric(name="bdSeq", whole=3)).ignored


def test_a_device_that_is_gone(home: Node) -> None:
    home.is_born()
    told = home.say(DEVICE.format("DDEATH"), seq=2)
    assert told.technical == "sensor_offline" and [seen.value for seen in told.observations] == [False]


def test_two_of_a_kind_are_two_parts(home: Node) -> None:
    home.is_born()
    (told,) = home.hear(
        DEVICE.format("DDATA"),
        field(2, metric(name="Bath/Temperature", real=25.0)) + field(2, metric(alias=8, real=20.0)) + field(3, 2),
    )
    assert len({reading.device for reading in told.readings}) == 2
    (dead,) = home.hear(DEVICE.format("DDEATH"), field(3, 3))
    assert len(dead.readings) == 2


def test_an_input_is_an_input_and_a_button_is_pressed(home: Node) -> None:
    home.say(
        DEVICE.format("DBIRTH"), metric(name="Inputs/Button", flag=False), metric(name="Inputs/A", flag=False), seq=1
    )
    told = home.say(
        DEVICE.format("DDATA"), metric(name="Inputs/Button", flag=True), metric(name="Inputs/A", flag=True), seq=2
    )
    assert told.events == (Happened("button", "pressed"),)


@pytest.mark.parametrize(
    "name", ["Setpoint", "Temperature/Unit", "Outputs/Buzzer", "Properties/Sos Supported", "Call Light"]
)
def test_a_name_that_is_not_in_the_list_is_no_data(home: Node, name: str) -> None:
    told = home.say(NODE.format("NDATA"), metric(name=name, flag=True), metric(name=name, real=3.0), seq=1)
    assert told.observations == () and told.events == ()


def test_commands_and_the_host_are_plumbing(home: Node) -> None:
    assert home.say(NODE.format("NCMD"), metric(name="Node Control/Rebirth", flag=True)).ignored
    assert home.say(DEVICE.format("DCMD"), metric(name="SOS", flag=True)).ignored
    assert home.meaning("spBv1.0/STATE/host1", {"online": True, "timestamp": 1}, retain=True).ignored


@pytest.mark.parametrize(
    "topic", ["spBv1.0/g/DDATA/n", "spBv1.0/g/NDATA/n/d", "spAv1.0/g/NDATA/n", "spBv1.0/g/XDATA/n"]
)
def test_what_is_no_such_topic_is_nobodys(home: Node, topic: str) -> None:
    assert home.hear(topic, {"timestamp": 1, "metrics": []}) == []


def test_signed_numbers_and_every_kind_of_value_are_read() -> None:
    minus = field(2, metric(name="a", kind=3, whole=2**32 - 5))
    real = field(2, field(1, b"b") + varint(13 << 3 | 1) + struct.pack("<d", 2.5))
    text = field(2, field(1, b"c") + field(15, b"on"))
    passed_over = field(2, field(1, b"d") + field(9, b"\x0a\x01x") + field(17, b""))
    told = payload_of(minus + real + text + passed_over + field(5, b"body"))
    assert [(each.name, each.value) for each in told.metrics] == [("a", -5), ("b", 2.5), ("c", "on"), ("d", None)]


@pytest.mark.parametrize(
    "data",
    [b"\x12\xff", b"\x08", b"\x0b", b"\x02\x01", b"\x12\x03\x0a\x01\xff", b"\x80" * 11, b"{", b"\x12\x02\x0a\x05"],
)
def test_what_is_no_payload_is_refused(home: Node, data: bytes) -> None:
    with pytest.raises(Malformed):
        payload_of(data)
    (told,) = home.hear(NODE.format("NDATA"), data)
    assert told.entry is not None and told.entry.reason == "bad-field"


@given(st.binary(max_size=120))
def test_any_bytes_are_a_payload_or_malformed(data: bytes) -> None:
    try:
        payload_of(data)
    except Malformed:
        return


JSON_BIRTH = {
    "timestamp": 1_790_000_000_000,
    "seq": 1,
    "metrics": [
        {"name": "Motion", "alias": 3, "timestamp": 5, "dataType": "Boolean", "value": False},
        {"name": "Temperature", "value": 20.5, "is_historical": True, "timestamp": 9},
    ],
}
MESSAGES: list[tuple[str, Any]] = [
    (DEVICE.format("DBIRTH"), JSON_BIRTH), (DEVICE.format("DDATA"), {**JSON_BIRTH, "seq": 2}),
    (NODE.format("NBIRTH"), {"seq": 0, "metrics": [{"name": "bdSeq", "value": 1}]}),
    (NODE.format("NDEATH"), {"metrics": [{"name": "bdSeq", "value": 1}]}), (DEVICE.format("DDEATH"), {"seq": 3}),
    (DEVICE.format("DDATA"), field(1, 1) + field(2, metric(alias=3, flag=True)) + field(3, 9)),
]  # fmt: skip


@given(st.lists(spoiled(MESSAGES), min_size=1, max_size=6))
@settings(deadline=None, max_examples=300)
def test_nothing_that_a_sender_writes_breaks_it(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)


def test_a_birth_of_a_factory_costs_what_one_of_a_house_does() -> None:
    many = b"".join(field(2, metric(name=f"Inputs/{n}", alias=n, flag=True)) for n in range(1500))
    past = b"".join(field(2, metric(name="Temperature", time=n + 1, historical=True, real=1.0)) for n in range(900))
    tiny = field(2, b"") * 15_000
    for data in (many, past, tiny):
        bears(Families(trees=("",)), [(DEVICE.format(kind), data[:32_000], False) for kind in ("DBIRTH", "DDATA")])


def test_a_birth_whose_number_is_a_truth_spoils_no_memory(home: Node) -> None:
    spoiled = b'{"seq":0,"metrics":[{"name":"bdSeq","value":true},{"name":"Room/Temperature","value":20.5}]}'
    home.hear("spBv1.0/g/NBIRTH/other", spoiled)
    kept = {name: part for name, part in Keeper(home.families).save().items() if part}
    assert kept and Keeper(Families(trees=("",))).restore(kept) == []
