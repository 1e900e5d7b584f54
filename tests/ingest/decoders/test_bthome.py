"""BTHome's bytes, and what of them is an event."""

import pytest

from ingest.decoders import bthome
from ingest.decoders.draft import Draft
from ingest.decoders.meaning import Happened
from ingest.decoders.memory import NEW
from tests.ingest.decoders.hearing import NOW, Ear


def taken(data: str) -> Draft:
    draft = Draft.of(NEW, retain=False, arrival_us=NOW)
    assert bthome.take(draft, bytes.fromhex(data))
    return draft


def test_numbers_are_little_endian_and_have_their_factors() -> None:
    draft = taken("400007015d02ca0903bf130c340c4514ff")
    assert [(each.type, each.value, each.unit) for each in draft.seen] == [
        ("battery", 93, "%"),
        ("temperature", 25.06, "°C"),
        ("humidity", 50.55, "%"),
        ("battery_voltage", 3.124, "V"),
        ("temperature", -23.6, "°C"),
    ]
    assert draft.dedupe_key == "packet_id 7"


@pytest.mark.parametrize(
    ("data", "kind"), [("2d01", "door_open"), ("1101", "door_open"), ("2101", "motion"), ("2001", "water_leak")]
)
def test_one_means_open_wet_and_somebody_there(data: str, kind: str) -> None:
    assert taken("40" + data).events == [Happened(kind, True)]
    assert taken("40" + data[:2] + "00").events == [Happened(kind, False)]


def test_a_second_object_of_a_kind_is_another_button_and_none_pressed_is_no_press() -> None:
    assert taken("403a003a02").events == [Happened("button", "button2:double")]
    assert taken("403a80").events == taken("403afe").events == [Happened("button", "hold")]
    assert taken("403c0203").events == [Happened("button", "rotate_right")] and taken("403c0000").events == []
    assert taken("403a00").events == []


def test_an_object_that_nobody_knows_ends_it_and_a_text_is_passed_over() -> None:
    assert [each.type for each in taken("40015dfe5d02ca09").seen] == ["battery"]
    assert [each.type for each in taken("4053026869015d").seen] == ["battery"]
    assert [each.type for each in taken("4062ffffffff63ffffffff6405015d").seen] == ["battery"], "speeds are passed over"
    assert taken("4002ca").seen == [], "cut in the middle of a number"


def test_an_address_in_front_is_passed_over_and_is_no_smoke_flood_or_gas() -> None:
    assert taken("42" + "290120011c01" + "2d01").events == [Happened("door_open", True)]
    assert taken("42" + "290120011c01").events == taken("422901").events == [], "nothing behind it, or cut in it"


def test_two_doors_of_one_device_are_two_and_what_stays_is_no_event() -> None:
    draft = taken("401a001a01")
    assert draft.events == [Happened("door_open", False), Happened("door_open", True)]
    again = Draft.of(draft.remembered(), retain=False, arrival_us=NOW)
    assert bthome.take(again, bytes.fromhex("401a001a01")) and again.events == []


def test_what_is_encrypted_says_that_it_needs_a_key_and_another_version_is_none() -> None:
    assert taken("41a1b2c3").facts == {"needs_key": True}
    assert not bthome.take(Draft.of(NEW, retain=False, arrival_us=NOW), bytes.fromhex("20015d"))


def test_bytes_without_a_topic_are_taken_for_service_data_and_on_a_topic_they_are_not() -> None:
    assert Ear().values("", bytes.fromhex("402d01")) == {"door_open": True}
    assert Ear().hear("some/topic", bytes.fromhex("402d01")) == []
