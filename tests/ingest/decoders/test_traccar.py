"""Traccar's decoder: a call for help is one, and an old fix is not where somebody is now."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.wandering import WanderingConfig
from ingest.decoders.families import Families
from ingest.decoders.meaning import Happened
from ingest.decoders.values import iso_of
from schemas.reading import Clock
from tests.detectors.wanders import NOON_US, lap, play, straight
from tests.ingest.decoders.arbitrary import bears, spoiled
from tests.ingest.decoders.hearing import NOW, SECOND, Ear

EVENTS, POSITIONS = "gps/forward/events", "gps/forward/positions"


def at(seconds: float) -> str:
    """Return a time so many seconds after the first message's arrival, as the server writes it."""
    return iso_of(NOW + round((60 + seconds) * SECOND)).replace("Z", ".000+00:00")


def event(kind: str, seconds: float = 0.0, alarm: str | None = None, **more: Any) -> dict[str, Any]:
    attributes = {} if alarm is None else {"alarm": alarm}
    told = {"type": kind, "eventTime": at(seconds), "positionId": 7, "attributes": attributes}
    return {"event": told, "device": {"uniqueId": "359586010000009", "name": "pendant"}, **more}


def fix(seconds: float = 0.0, **fields: Any) -> dict[str, Any]:
    found = {
        "fixTime": at(seconds),
        "valid": True,
        "latitude": 30.01,
        "longitude": 122.2,
        "accuracy": 12.0,
        "speed": 2.0,
    }
    return found | {"speed": 2.0} | fields


def position(seconds: float = 0.0, **fields: Any) -> dict[str, Any]:
    return {"position": fix(seconds, **fields), "device": {"uniqueId": "359586010000009"}}


def test_a_call_for_help_is_one_however_often_it_is_forwarded() -> None:
    ear = Ear()
    assert ear.events(EVENTS, event("alarm", alarm="sos")) == [Happened("sos", True)]
    assert ear.meaning(EVENTS, event("alarm", alarm="sos")).alarm is None, "the same event"
    assert ear.meaning(EVENTS, event("alarm", 300, alarm="sos"), after_s=300).alarm == "sos", "pressed again"


def test_words_of_an_alarm_that_are_no_call_ring_nothing() -> None:
    ear = Ear()
    meaning = ear.meaning(EVENTS, event("alarm", alarm="lowBattery,hardBraking,overspeed"))
    assert (meaning.events, meaning.alarm, meaning.technical) == ((), None, "low_battery")
    assert ear.events(EVENTS, event("alarm", 60, alarm="fallDown")) == [Happened("fall", True)]
    assert ear.events(EVENTS, event("alarm", 120, alarm="removing"), after_s=120) == [Happened("tamper", True)]


def test_what_the_broker_remembered_and_what_is_of_last_week_did_not_happen_now() -> None:
    assert Ear().events(EVENTS, event("alarm", alarm="sos"), retain=True) == []
    late = Ear().meaning(EVENTS, event("alarm", -9 * 86_400, alarm="sos"))
    assert late.events == () and "time" in late.implausible


def test_the_position_in_an_alarm_may_be_old_and_is_then_not_where_somebody_is() -> None:
    meaning = Ear().meaning(EVENTS, event("alarm", alarm="sos", position=fix(-1500)))
    assert meaning.facts["position_age_s"] == 1500
    assert {each.type for each in meaning.observations} == set()
    fresh = Ear().meaning(EVENTS, event("alarm", alarm="sos", position=fix(-10)))
    assert {each.type for each in fresh.observations} >= {"lat", "lon"}


def test_a_call_in_a_position_is_of_when_it_was_made_and_not_of_the_last_fix_under_an_open_sky() -> None:
    ear = Ear()
    called = position(-8 * 3600, deviceTime=at(0), attributes={"alarm": "sos"})
    (told,) = ear.hear("positions", called)
    assert told.readings[0].events == ("sos",)
    assert told.readings[0].event_us == NOW + 60 * SECOND
    assert told.meaning.facts["position_age_s"] == 8 * 3600
    assert {each.type for each in told.meaning.observations} == set(), "where somebody was in the morning"
    fresh = ear.meaning("positions", position(290, deviceTime=at(300), attributes={"alarm": "sos"}), after_s=300)
    assert {each.type for each in fresh.observations} >= {"lat", "lon"}


def test_a_position_is_where_somebody_was_at_the_time_of_the_fix_in_our_units() -> None:
    ear = Ear()
    (told,) = ear.hear(POSITIONS, position(-30, attributes={"batteryLevel": 55, "charge": False}))
    seen = {each.type: (each.value, each.unit) for each in told.meaning.observations}
    assert seen["speed"] == (3.704, "km/h"), "two knots"
    assert seen["accuracy"] == (12.0, "m") and seen["battery"] == (55, "%") and seen["charging"] == (False, "")
    assert told.readings[0].clock is Clock.DEVICE and told.readings[0].event_us == ear.now_us - 30 * SECOND


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"valid": False}, "unknown"),
        ({"latitude": 0.0, "longitude": 0.0}, "implausible"),
        ({"latitude": 95.0}, "implausible"),
        ({"fixTime": "1970-01-01T00:00:00.000+00:00"}, "unknown"),
    ],
)
def test_what_is_no_position_is_none(fields: dict[str, Any], word: str) -> None:
    meaning = Ear().meaning(POSITIONS, position(**fields))
    assert "location" in getattr(meaning, word)
    assert not any(each.type == "lat" for each in meaning.observations)


def test_an_accuracy_of_zero_is_unknown_and_not_perfect() -> None:
    seen = Ear().values(POSITIONS, position(accuracy=0.0))
    assert "lat" in seen and "accuracy" not in seen


def test_zones_are_told_with_their_name_and_ring_by_rule_alone() -> None:
    ear = Ear()
    meaning = ear.meaning(EVENTS, event("geofenceExit", geofence={"name": "家"}))
    assert meaning.events == (Happened("zone_leave", "家"),)
    assert (meaning.alarm, meaning.alarm_or_rule) == (None, "by_rule")
    assert ear.events(EVENTS, event("geofenceExit", geofence={"name": "家"})) == [], "forwarded twice"
    assert ear.events(EVENTS, event("geofenceEnter", 600, geofence={"name": "家"}), after_s=600) == [
        Happened("zone_enter", "家")
    ]


def test_a_tracker_that_is_not_heard_is_said_once() -> None:
    ear = Ear()
    (first,) = ear.hear(EVENTS, event("deviceOffline"))
    (again,) = ear.hear(EVENTS, event("deviceOffline", 60))
    assert first.meaning.technical == "sensor_offline" and first.entry is not None
    assert again.entry is None
    assert ear.values(EVENTS, event("deviceOnline", 120)) == {"available": True}


def test_a_call_in_a_position_and_its_event_are_one_and_an_alarm_of_two_words_is_two_kinds() -> None:
    ear = Ear()
    told = position(deviceTime=at(0), attributes={"alarm": "sos"})
    assert ear.events(POSITIONS, told) == [Happened("sos", True)], "events may not be forwarded"
    assert ear.meaning(EVENTS, event("alarm", alarm="sos"), after_s=1).alarm is None
    both = event("alarm", 300, alarm="sos, fallDown")
    assert ear.events(EVENTS, both, after_s=300) == [Happened("sos", True), Happened("fall", True)]
    assert ear.events(EVENTS, both, after_s=1) == [], "forwarded again: both words were told"


def test_a_call_that_a_tracker_kept_without_a_network_rings_within_the_hour_and_not_after_it() -> None:
    for minutes, rings in ((-10, True), (-120, False)):
        kept = event("alarm", minutes * 60, alarm="sos", position=fix(minutes * 60, attributes={"archive": True}))
        meaning = Ear().meaning(EVENTS, kept)
        assert (meaning.alarm == "sos", meaning.facts["historical"]) == (rings, True)
    (told,) = Ear().hear(POSITIONS, position(-7200, attributes={"archive": True, "alarm": "sos"}))
    assert told.meaning.events == () and told.readings[0].event_us == NOW + (60 - 7200) * SECOND
    assert {each.type for each in told.meaning.observations} >= {"lat", "lon"}, "where it was then"


def test_a_tracker_that_is_taken_off_moved_unplugged_or_long_unheard() -> None:
    ear = Ear()
    off = ear.hear(EVENTS, event("alarm", alarm="removing"))[0].meaning
    assert off.alarm is None and {each.type: each.value for each in off.observations} == {"worn": False}
    assert ear.values(EVENTS, event("alarm", 60, alarm="powerCut")) == {"charging": False}
    assert ear.values(EVENTS, event("deviceMoving", 120)) == {"moving": True}
    assert ear.meaning(EVENTS, event("deviceInactive", 180)).technical == "sensor_offline"
    assert ear.meaning(EVENTS, event("deviceUnknown", 240)).technical is None, "it reports by the hour"
    assert ear.values(POSITIONS, position(300, attributes={"motion": False}))["moving"] is False


def test_a_position_that_is_forwarded_again_is_one() -> None:
    ear = Ear()
    assert len(ear.hear(POSITIONS, position(serverTime=at(1)))[0].readings) == 1
    assert ear.hear(POSITIONS, position(serverTime=at(1)))[0].readings == ()
    assert len(ear.hear(POSITIONS, position(serverTime=at(60)))[0].readings) == 1, "no new fix, and news of the device"


@pytest.mark.parametrize("way", [lap, straight])
def test_wandering_is_found_in_a_trackers_positions_as_it_is_in_a_phones(way: Any) -> None:
    found = []
    for family in ("traccar", "owntracks"):
        ear, heard = Ear(now_us=NOON_US), []
        for walked in way(NOON_US, 25):
            lat, lon, accuracy = (each.value for each in walked.observations)
            if family == "traccar":
                topic, body = POSITIONS, position(latitude=lat, longitude=lon, accuracy=accuracy, speed=1.94)
                body["position"]["fixTime"] = iso_of(walked.event_us)
            else:
                topic = "owntracks/wang/pendant"
                body = {"_type": "location", "lat": lat, "lon": lon, "acc": accuracy, "tst": walked.event_us // SECOND}
            (told,) = ear.hear(topic, body, after_s=(walked.event_us - ear.now_us) / SECOND)
            heard.append(msgspec.structs.replace(told.readings[0], unit="u1", resident="r1"))
        found.append([(one.kind, one.start_us, one.decided_us) for one in play(WanderingConfig().build(), heard)])
    assert found[0] == found[1] and bool(found[0]) == (way is lap)


GOOD = [
    (EVENTS, event("alarm", alarm="sos,fallDown,removing,powerCut,lowBattery", position=fix(-10))),
    (EVENTS, event("geofenceExit", geofence={"name": "home"})),
    (EVENTS, event("deviceInactive")),
    (POSITIONS, position(deviceTime=at(0), attributes={"alarm": "sos", "motion": True, "archive": True, "steps": 3})),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(spoiled(GOOD), max_size=6))
def test_whatever_is_written_nothing_leaves_the_decoder(messages: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), messages)
