"""Sensor Logger: gravity or none, g or m/s², out of order, with pauses; and frames that the fall detector reads."""

import random
from typing import Any

import numpy as np

from ingest.decoders.told import Told
from schemas import frame
from schemas.reading import Clock, ReadingKind
from tests.ingest.decoders.hearing import NOW, SECOND, Ear

TOPIC = "any/topic"


def batch(number: int = 1, count: int = 50, **how: Any) -> dict[str, Any]:
    """Return a second at 50 Hz that begins with the first message's arrival less two seconds."""
    start = (NOW + 58 * SECOND) * 1000 + number * 1_000_000_000
    kind, value, pause_at = how.get("kind", "totalacceleration"), how.get("value", 9.8), how.get("pause_at")
    entries = []
    for index in range(count):
        late = 400_000_000 if pause_at is not None and index >= pause_at else 0
        at = start + index * 20_000_000 + late
        entries.append({"name": kind, "time": at, "values": {"x": 0.0, "y": value, "z": 0.0}})
    random.Random(1).shuffle(entries)
    return {"messageId": number, "sessionId": "s1", "deviceId": "phone-1", "payload": entries}


def frames(told: Told) -> list[frame.Frame]:
    return [frame.decode(reading.payload) for reading in told.readings if reading.kind is ReadingKind.FRAME]


def test_a_batch_out_of_order_is_one_frame_in_g_at_its_own_time() -> None:
    (told,) = Ear().hear(TOPIC, batch())
    (block,) = frames(told)
    assert (block.n, round(block.rate_hz)) == (50, 50)
    assert np.allclose(block.samples[:, 1] * block.accel_scale, 9.8 / 9.80665, atol=0.001)
    reading = told.readings[0]
    assert (reading.clock, reading.event_us) == (Clock.DEVICE, NOW + 59 * SECOND)
    assert told.meaning.facts["stream"] == "acceleration" and told.meaning.alarm is None


def test_what_is_told_in_g_stays_in_g_and_a_violent_batch_has_the_unit_of_those_before() -> None:
    ear = Ear()
    (still,) = ear.hear(TOPIC, batch(1, kind="accelerometeruncalibrated", value=1.0))
    assert np.allclose(frames(still)[0].samples[:, 1] * frames(still)[0].accel_scale, 1.0, atol=0.001)
    (fall,) = ear.hear(TOPIC, batch(2, kind="accelerometeruncalibrated", value=3.5), after_s=1)
    assert np.allclose(frames(fall)[0].samples[:, 1] * frames(fall)[0].accel_scale, 3.5, atol=0.001)
    (unknown,) = Ear().hear(TOPIC, batch(2, value=3.5))
    assert frames(unknown) == [] and "unit" in unknown.meaning.unknown


def test_without_gravity_there_is_no_frame() -> None:
    (told,) = Ear().hear(TOPIC, batch(kind="accelerometer", value=0.2))
    assert frames(told) == []
    assert told.meaning.facts["stream"] == "acceleration_without_gravity"


def test_a_pause_ends_a_frame_and_nothing_is_made_up_in_it() -> None:
    (told,) = Ear().hear(TOPIC, batch(pause_at=20))
    first, second = frames(told)
    assert (first.n, second.n) == (20, 30)
    assert second.t0_us - first.t0_us == 20 * 20_000 + 400_000


def test_the_same_batch_again_has_the_same_numbers() -> None:
    ear = Ear()
    first, again = (ear.hear(TOPIC, batch(7))[0].readings[0].key for _ in range(2))
    assert first == again


def test_batches_without_a_usable_number_are_told_apart_by_their_time() -> None:
    ear = Ear()
    keys = []
    for number, odd in enumerate((1.0, "7", None, True, -1)):
        (told,) = ear.hear("phone", batch(number) | {"messageId": odd})
        keys += [reading.key for reading in told.readings]
    assert len(set(keys)) == 5
    (again,) = ear.hear("phone", batch(4) | {"messageId": -1})
    assert [reading.key for reading in again.readings] == keys[-1:]


def test_what_is_no_stream_is_none() -> None:
    assert frames(Ear().hear(TOPIC, batch(count=3))[0]) == []
    spread = batch(count=10)
    for index, each in enumerate(spread["payload"]):
        each["time"] = (NOW + index * 5 * SECOND) * 1000
    (told,) = Ear().hear(TOPIC, spread)
    assert frames(told) == [] and "rate" in told.meaning.implausible


def test_what_else_a_phone_measures_is_told_beside() -> None:
    body = batch()
    at = body["payload"][0]["time"]
    body["payload"] += [
        {"name": "battery", "time": at, "values": {"batteryLevel": 0.64}},
        {"name": "location", "time": at, "values": {"latitude": 30.0, "longitude": 122.2, "horizontalAccuracy": 8}},
    ]
    (told,) = Ear().hear(TOPIC, body)
    assert {each.type: each.value for each in told.meaning.observations} == {
        "battery": 64.0,
        "lat": 30.0,
        "lon": 122.2,
        "accuracy": 8,
    }
    assert [reading.kind for reading in told.readings] == [ReadingKind.FRAME, ReadingKind.STATE]


def place(at: int, **values: float) -> dict[str, Any]:
    return {"name": "location", "time": at, "values": {"latitude": 30.0, "longitude": 122.2} | values}


def test_a_place_whose_accuracy_is_negative_is_none() -> None:
    body = batch()
    body["payload"].append(place(body["payload"][0]["time"], horizontalAccuracy=-1))
    (told,) = Ear().hear(TOPIC, body)
    assert told.meaning.observations == () and "location" in told.meaning.implausible


def test_a_place_has_its_own_time_and_the_newest_is_where_somebody_is() -> None:
    body, ear = batch(), Ear()
    before, after = (NOW - 3600 * SECOND) * 1000, (NOW - 1800 * SECOND) * 1000
    body["payload"] += [place(after, latitude=31.0), place(before)]
    (told,) = ear.hear(TOPIC, body)
    reading = told.readings[-1]
    assert (reading.kind, reading.event_us) == (ReadingKind.STATE, NOW - 1800 * SECOND), "an old fix first"
    assert {each.type: each.value for each in reading.observations} == {"lat": 31.0, "lon": 122.2}
    assert told.readings[0].event_us == NOW + 59 * SECOND, "and the samples have theirs"


def test_names_are_known_however_they_are_written() -> None:
    for kind in ("totalAcceleration", "TotalAcceleration", "accelerometerUncalibrated"):
        assert len(frames(Ear().hear(TOPIC, batch(kind=kind))[0])) == 1
    body = batch()
    body["payload"].append({"name": "HeartRate", "time": body["payload"][0]["time"], "values": {"bpm": 71}})
    assert Ear().values(TOPIC, body) == {"heart_rate": 71}


def iphone(number: int = 1, *, apart_ns: int = 0, gravity: bool = True) -> dict[str, Any]:
    """Return a second of an iPhone that is new: gravity beside what is moved, neither with the other in it."""
    told = batch(number, kind="accelerometer", value=-4.9)
    if gravity:
        pull = {"x": 0.0, "y": 0.0, "z": -9.80665}
        entries = told["payload"]
        told["payload"] = entries + [
            {"name": "gravity", "time": each["time"] + apart_ns, "values": pull} for each in entries
        ]
    return told


def test_what_is_moved_and_gravity_make_a_frame_together() -> None:
    for apart_ns in (0, 4_000_000, -4_000_000):
        (told,) = Ear().hear(TOPIC, iphone(apart_ns=apart_ns))
        (block,) = frames(told)
        assert block.n == 50
        assert np.allclose(block.samples * block.accel_scale, [0.0, -4.9 / 9.80665, -1.0], atol=0.001)
        assert told.meaning.facts["stream"] == "acceleration"


def test_gravity_of_another_moment_is_added_to_nothing() -> None:
    assert frames(Ear().hear(TOPIC, iphone(apart_ns=2_000_000_000))[0]) == []
    assert frames(Ear().hear(TOPIC, iphone(gravity=False))[0]) == []


def watch(number: int = 1) -> list[dict[str, Any]]:
    """Return what an Apple Watch adds to a batch: both parts in one entry, in g."""
    moved = {"accelerationX": 0.0, "accelerationY": -0.5, "accelerationZ": 0.0}
    pull = {"gravityX": -1.0, "gravityY": 0.0, "gravityZ": 0.0}
    return [each | {"name": "wrist motion", "values": moved | pull} for each in batch(number)["payload"]]


def test_a_watch_tells_both_parts_in_one_entry_and_is_heard_rather_than_the_phone_that_hands_it_on() -> None:
    ear = Ear()
    (told,) = ear.hear(TOPIC, iphone(1) | {"payload": iphone(1)["payload"] + watch(1)})
    (block,) = frames(told)
    assert np.allclose(block.samples * block.accel_scale, [-1.0, -0.5, 0.0], atol=0.001)
    # A watch hands its samples to the phone in bursts: in between, the phone's own are of another body.
    (between,) = ear.hear(TOPIC, iphone(2), after_s=1)
    assert frames(between) == []
    (alone,) = ear.hear(TOPIC, iphone(3), after_s=61)
    assert len(frames(alone)) == 1, "the watch is empty: the phone is what is left"
