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
