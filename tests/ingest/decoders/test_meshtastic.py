"""Meshtastic's decoder: one packet however many gateways hear it, blurred places, batteries of 101 percent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders.families import Families
from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import Ear

TOPIC = "home/msh/EU_868/2/json/LongFast/!0a0b0c0d"
NODE = 0x0A0B0C0E


def packet(kind: str, number: int = 1, **payload: Any) -> dict[str, Any]:
    return {"from": NODE, "id": number, "type": kind, "payload": payload}


def test_a_packet_that_two_gateways_forward_is_one() -> None:
    ear = Ear()
    (first,) = ear.hear(TOPIC, packet("telemetry", battery_level=51, voltage=3.7279999))
    (second,) = ear.hear(TOPIC.replace("!0a0b0c0d", "!0a0b0c0f"), packet("telemetry", battery_level=51))
    assert [reading.device for reading in first.readings] == ["meshtastic-0a0b0c0e"]
    assert second.readings == ()
    assert [(each.type, each.value) for each in first.meaning.observations] == [
        ("battery", 51),
        ("battery_voltage", 3.728),
    ]


def test_a_battery_of_101_percent_is_mains() -> None:
    assert Ear().values(TOPIC, packet("telemetry", battery_level=101)) == {"charging": True}


def test_a_node_that_old_firmware_wrote_signed_is_the_same_node() -> None:
    ear = Ear()
    (told,) = ear.hear(TOPIC, {"from": 0xF0000001 - 2**32, "id": 5, "type": "telemetry", "payload": {"voltage": 4}})
    assert told.readings[0].device == "meshtastic-f0000001"


def test_a_blurred_position_says_how_wrong_it_may_be_and_half_a_position_is_none() -> None:
    place = {"latitude_i": 300100000, "longitude_i": 1222000000}
    ear = Ear()
    exact = ear.values(TOPIC, packet("position", 1, **place, precision_bits=32))
    assert exact == {"lat": 30.01, "lon": 122.2}
    blurred = ear.values(TOPIC, packet("position", 2, **place, precision_bits=13))
    assert blurred["accuracy"] == pytest.approx(2912, rel=0.01), "13 bits are some 2.9 km (documentation)"
    assert "location" in ear.meaning(TOPIC, packet("position", 3, latitude_i=300100000)).unknown


def test_what_people_write_to_each_other_is_not_read_and_rings_nothing() -> None:
    assert Ear().hear(TOPIC, packet("text", text="SOS help fall")) == [IGNORED]
    assert Ear().hear("msh/EU_868/2/e/LongFast/!0a0b0c0d", b"\x0a\x10") == [IGNORED]


def test_a_detection_is_an_input_of_unknown_purpose() -> None:
    meaning = Ear().meaning(TOPIC, packet("detection", text="alarm"))
    assert (meaning.events, meaning.alarm) == ((Happened("input", True),), None)


def test_packets_that_cross_on_their_ways_are_one_each_and_a_number_of_another_day_is_another() -> None:
    ear = Ear()
    for number, heard in ((1, 1), (2, 1), (1, 0), (2, 0), (3, 1)):
        told = ear.hear(TOPIC, packet("detection", number, text="door detected"))[0]
        assert len(told.readings) == heard, number
    assert len(ear.hear(TOPIC, packet("detection", 3, text="door detected"), after_s=86_400)[0].readings) == 1
    no_clock = packet("detection", 3, text="door detected") | {"timestamp": 1}
    assert ear.hear(TOPIC, no_clock)[0].readings == (), "of a gateway whose clock was never set"


def test_a_pins_state_told_each_so_often_is_no_detection() -> None:
    ear = Ear()
    assert ear.events(TOPIC, packet("detection", 1, text="door detected")) == [Happened("input", True)]
    assert ear.events(TOPIC, packet("detection", 2, text="door state: 1")) == []
    assert ear.events(TOPIC, packet("detection", 3, text="door state: 0")) == [Happened("input", False)]
    assert ear.events(TOPIC, packet("detection", 4, text="door state: 0")) == []
    assert ear.events(TOPIC, packet("detection", 5, text="door detected")) == [Happened("input", True)]
    assert ear.events(TOPIC, packet("detection", 6, text="door detected")) == [Happened("input", True)], "each is one"


GOOD = [
    (TOPIC, packet("detection", 1, text="door state: 1")),
    (TOPIC, packet("position", 2, latitude_i=300100000, longitude_i=1222000000, precision_bits=13, time=1)),
    (TOPIC, packet("telemetry", 3, battery_level=101, voltage=4.1, temperature=21.0)),
    (TOPIC, packet("nodeinfo", 4, id="!0a0b0c0e", longname="n")),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(spoiled(GOOD), max_size=6))
def test_whatever_is_written_nothing_leaves_the_decoder(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)
