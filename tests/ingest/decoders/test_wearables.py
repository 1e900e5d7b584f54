"""Watches and hand-made wearables: shown, and never a fall."""

import struct

from ingest.decoders.meaning import Happened
from tests.ingest.decoders.hearing import NOW, SECOND, Ear


def test_a_watch_says_what_is_now_and_what_was() -> None:
    ear = Ear()
    now = ear.meaning("w/1", {"t": "act", "stp": 12, "hrm": 0, "rt": 1})
    assert [(each.type, each.value) for each in now.observations] == [("steps_interval", 12)]
    assert now.unknown == ("heart_rate",) and "historical" not in now.facts
    was = ear.meaning("w/1", {"t": "act", "stp": 340, "hrm": 81, "ts": NOW // 1000})
    assert was.facts["historical"] is True and was.time_us == NOW
    assert ear.values("w/1", {"t": "act", "act": "not_worn", "ts": NOW // 1000}) == {"worn": False}
    asleep = {"worn": True, "sleep_state": "deep"}
    assert ear.values("w/1", {"t": "act", "act": "deep_sleep", "ts": NOW // 1000}) == asleep


def test_a_watch_that_was_taken_off_is_put_on_again_in_small_letters_or_large() -> None:
    """Small ones come from its sleeplog, large ones from its health records."""
    ear, ts = Ear(), NOW // 1000
    told = [
        ear.values("w/1", {"t": "act", "act": kind, "ts": ts})
        for kind in ("NOT_WORN", "activity", "not_worn", "WALKING", "LIGHT_SLEEP", "UNKNOWN", "unknown")
    ]
    off, on = {"worn": False}, {"worn": True}
    assert told == [off, on, off, on, on | {"sleep_state": "light"}, {}, {}]


def test_acceleration_without_a_clock_or_number_is_a_stream_that_is_not_judged() -> None:
    ear = Ear()
    for topic, body in (
        ("w/2", {"accx": 0.0, "accy": 0.0, "accz": 0.0}),
        ("w/3", {"Body": {"Timestamp": 5, "ArrayAcc": [{"x": 0, "y": 0, "z": 0}]}, "Uri": "Meas/Acc/13"}),
        ("w/4", {"d": {"traces": [{"x": [0.0] * 32, "y": [0.0] * 32, "z": [0.0] * 32}]}}),
    ):
        meaning = ear.meaning(topic, body)
        assert (meaning.facts["stream"], meaning.events, meaning.alarm) == ("acceleration", (), None)


def test_a_block_that_was_cut_is_refused_and_no_fall() -> None:
    ear, topic = Ear(), "motion-capture/sensor-3"
    whole = struct.pack("<12i", 1, 0, 0, 0, 0, 120, 16384, -35, 0, 2, -1, 12345)
    meaning = ear.meaning(topic, whole)
    assert (meaning.facts["accel_counts"], meaning.facts["device_ms"]) == ([120, 16384, -35], 12345)
    (cut,) = ear.hear(topic, whole[:1])
    assert cut.entry is not None and cut.entry.reason == "bad-length" and cut.readings == ()


def test_a_sleep_trackers_words() -> None:
    ear = Ear()
    assert ear.events("SleepAsAndroid", {"event": "sleep_tracking_started"}) == [Happened("bed_time_start", True)]
    assert ear.events("SleepAsAndroid", {"event": "sleep_tracking_started"}, retain=True) == []
    assert ear.values("SleepAsAndroid", {"event": "awake"}) == {"sleep_state": "awake"}
    assert ear.hear("x/doorbell", {"event": "fall"}) == [], "a form of nobody's is nobody's"
    assert ear.now_us > NOW + SECOND
