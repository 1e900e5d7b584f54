"""OwnTracks's decoder: where somebody is, and what only looks as if it were now."""

import json
from typing import Any

import pytest

from ingest.decoders import owntracks
from ingest.decoders.message import RawMessage
from ingest.decoders.owntracks import NEW_ROOT
from ingest.decoders.told import IGNORED, Told
from schemas.ids import foreign_device
from schemas.reading import Clock, Observation, ReadingKind
from schemas.topics import is_device_id

SECOND = 1_000_000
NOW = 1_795_392_000
FIX = {"_type": "location", "lat": 30.01, "lon": 122.2, "acc": 8, "tst": NOW - 5, "batt": 71, "vel": 4, "tid": "WX"}


def hear(body: Any, *, leaf: str = "", retain: bool = False, name: str = "wang/phone") -> Told:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return owntracks.decode(NEW_ROOT, {}, RawMessage(f"owntracks/{name}{leaf}", payload, retain, NOW * SECOND))


def seen(decoded: Told) -> dict[str, Any]:
    assert decoded.reading is not None
    return {each.type: each.value for each in decoded.reading.observations}


def test_a_fix_says_where_its_owner_was_at_the_time_of_the_fix() -> None:
    decoded = hear(FIX)
    assert seen(decoded) == {"lat": 30.01, "lon": 122.2, "accuracy": 8, "speed": 4, "battery": 71}
    reading = decoded.reading
    assert reading is not None
    assert (reading.kind, reading.clock, reading.event_us) == (ReadingKind.STATE, Clock.DEVICE, (NOW - 5) * SECOND)
    assert reading.device == foreign_device("owntracks", "wang", "phone") and is_device_id(reading.device)
    assert decoded.entry is None


def test_the_same_fix_told_again_has_the_same_number_and_another_one_another() -> None:
    again = FIX | {"created_at": NOW + 30, "t": "p"}
    first, second, other = (hear(body).reading for body in (FIX, again, FIX | {"tst": NOW - 4}))
    assert first is not None and second is not None and other is not None
    assert first.key == second.key
    assert first.key != other.key


def test_the_last_place_that_the_broker_remembers_is_marked_as_such() -> None:
    reading = hear(FIX, retain=True).reading
    assert reading is not None and reading.retain


@pytest.mark.parametrize("tst", [1, 0, NOW - 8 * 86_400, NOW + 3600, "soon", None])
def test_a_position_whose_time_cannot_be_is_not_where_somebody_is_now(tst: Any) -> None:
    decoded = hear(FIX | {"tst": tst})
    assert seen(decoded) == {"battery": 71}
    assert decoded.reading is not None and decoded.reading.clock is Clock.ARRIVAL
    assert decoded.entry is not None and decoded.entry.kept and decoded.entry.reason == "clock-implausible"


@pytest.mark.parametrize("changes", [{"lat": 0, "lon": 0}, {"acc": 0}, {"acc": -1}, {"lat": 91.0}, {"lon": 400}])
def test_what_a_receiver_without_a_fix_says_is_no_place(changes: dict[str, Any]) -> None:
    decoded = hear(FIX | changes)
    assert not {"lat", "lon", "accuracy", "speed"} & set(seen(decoded))
    assert decoded.meaning.implausible == ("location",)


def test_an_accuracy_that_is_not_told_is_unknown_and_not_perfect() -> None:
    body = {key: value for key, value in FIX.items() if key != "acc"}
    assert seen(hear(body)).keys() == {"lat", "lon", "speed", "battery"}


def test_a_zone_that_is_entered_or_left_is_an_event_once_and_never_when_remembered() -> None:
    body = {"_type": "transition", "event": "leave", "desc": "home", "tst": NOW - 2, "wtst": 5, "acc": 20}
    decoded = hear(body, leaf="/event")
    assert decoded.reading is not None
    assert (decoded.reading.kind, decoded.reading.events) == (ReadingKind.EVENT, ("zone_leave",))
    assert decoded.reading.observations == (Observation("zone_leave", "home"),)
    remembered = hear(body, leaf="/event", retain=True).reading
    old = hear(body | {"tst": NOW - 9 * 86_400}, leaf="/event").reading
    assert remembered is not None and old is not None
    assert remembered.events == () and old.events == ()


def test_two_zones_left_in_one_second_are_two_events() -> None:
    bodies = [{"_type": "transition", "event": "leave", "desc": zone, "tst": NOW} for zone in ("home", "village")]
    first, second = (hear(body, leaf="/event").reading for body in bodies)
    assert first is not None and second is not None and first.key != second.key


def test_a_phone_that_lost_the_broker_cannot_be_heard_and_nothing_else() -> None:
    decoded = hear({"_type": "lwt", "tst": 1})
    assert seen(decoded) == {"available": False}
    assert decoded.entry is None and decoded.meaning.events == ()


def test_an_encrypted_phone_is_alive_and_said_to_be_unreadable() -> None:
    decoded = hear({"_type": "encrypted", "data": "abc"})
    assert seen(decoded) == {}
    assert decoded.entry is not None and decoded.entry.reason == "encrypted"


def test_a_photograph_is_not_kept() -> None:
    reading = hear(FIX | {"poi": "lunch", "image": "/9j/42nS", "imagename": "IMG_0009"}).reading
    assert reading is not None
    assert b"9j" not in reading.payload and b"lunch" in reading.payload
    assert {each.type for each in reading.observations} >= {"lat", "lon"}


@pytest.mark.parametrize("leaf", ["/waypoints", "/cmd", "/info", "/status"])
def test_plumbing_is_left_alone(leaf: str) -> None:
    assert hear({"_type": "cmd", "action": "dump"}, leaf=leaf) == IGNORED
    assert hear({"_type": "waypoints", "waypoints": []}) == IGNORED


@pytest.mark.parametrize(
    "payload",
    [
        *(b"{", b"\xff\xfe", b"[]", b"7", b'{"lat": 1}', b'{"_type": 5}', b"x" * 1_000_001),
        b'{"_type": "transition", "event": ["leave"], "desc": "home"}',
    ],
)
def test_what_cannot_be_understood_is_quarantined_with_a_reason(payload: bytes) -> None:
    decoded = hear(payload)
    assert decoded.reading is None and decoded.entry is not None and not decoded.entry.kept


@pytest.mark.parametrize("value", [1e300, -1e300, "nan", True, [], {}, "1e999", 10**400, None, "周"])
@pytest.mark.parametrize("key", ["lat", "lon", "acc", "tst", "batt", "bs", "vel"])
def test_no_value_that_a_sender_writes_breaks_the_decoder(key: str, value: Any) -> None:
    decoded = hear(FIX | {key: value})
    assert decoded.reading is not None
    for each in decoded.reading.observations:
        assert abs(float(each.value)) < 1e6


def test_names_with_anything_in_them_become_ids_that_differ() -> None:
    names = [("a-b", "c"), ("a", "b-c"), ("王", "手机"), ("王", "手表"), ("x" * 90, "y"), ("x" * 91, "y")]
    found = [foreign_device("owntracks", *name) for name in names]
    assert all(is_device_id(each) for each in found) and len(set(found)) == len(found)
