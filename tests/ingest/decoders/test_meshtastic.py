"""Meshtastic's decoder: one packet however many gateways hear it, blurred places, batteries of 101 percent."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED
from tests.ingest.decoders.hearing import Ear
from tests.ingest.decoders.samples import FOLDER, disagreements, load, said_of

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


@pytest.mark.recordings
@pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the device samples in ../shared/devices")
def test_every_sample_is_understood() -> None:
    wrong = {sample["id"]: found for sample in load("mesh") if (found := disagreements(sample, said_of(sample)))}
    assert wrong == {}
