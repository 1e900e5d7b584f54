"""What our own devices' messages mean: readings, event times and quarantine, without any server."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import own
from ingest.decoders.message import RawMessage
from ingest.decoders.own import NEW_DEVICE, Decoded, DeviceState, decode
from schemas.frame import FrameFlag
from schemas.quarantine import QuarantineEntry
from schemas.reading import Clock, Observation, Reading, ReadingKind
from tests.ingest.frames import NOW_US, SECOND_US, body, imu, payload

DAY_US = 86_400 * SECOND_US
#: A frame of 50 samples at 50 Hz: from its first sample to its last.
SPAN_US = 49 * 20_000


def message(topic: str, data: bytes, *, arrival_us: int = NOW_US, retain: bool = False) -> RawMessage:
    return RawMessage(topic, data, retain, arrival_us)


def read(state: DeviceState, raw: RawMessage) -> tuple[DeviceState, Reading]:
    state, decoded = decode(state, raw)
    assert decoded.reading is not None
    return state, decoded.reading


def refused(raw: RawMessage) -> QuarantineEntry:
    state, decoded = decode(NEW_DEVICE, raw)
    assert state is NEW_DEVICE, "a message that cannot be used teaches nothing"
    assert decoded.reading is None
    assert decoded.entry is not None
    return decoded.entry


def test_a_frame_without_a_set_clock_ends_when_it_arrived() -> None:
    _, reading = read(NEW_DEVICE, message(imu("w1"), payload(1)))
    assert (reading.kind, reading.device, reading.boot, reading.seq) == (ReadingKind.FRAME, "w1", 7, 1)
    assert (reading.clock, reading.event_us, reading.end_us) == (
        Clock.BOOT,
        NOW_US - SPAN_US,
        NOW_US - SPAN_US + SECOND_US,
    )
    assert (reading.unit, reading.topic, reading.payload) == (None, imu("w1"), payload(1))


def test_later_frames_of_the_boot_keep_the_devices_own_spacing_however_they_arrive() -> None:
    state, first = read(NEW_DEVICE, message(imu("w1"), payload(1)))
    state, second = read(state, message(imu("w1"), payload(2), arrival_us=NOW_US + 7 * SECOND_US))
    assert second.event_us - first.event_us == SECOND_US


@pytest.mark.parametrize("offset_us", [-7 * DAY_US, -DAY_US, 0, 300 * SECOND_US])
def test_a_believable_utc_of_the_device_is_used(offset_us: int) -> None:
    utc = NOW_US + offset_us
    _, reading = read(NEW_DEVICE, message(imu("w1"), payload(1, utc_us=utc, flags=FrameFlag.CLOCK_SYNCED)))
    assert (reading.event_us, reading.clock) == (utc, Clock.DEVICE)


@pytest.mark.parametrize("utc", [0, 1, DAY_US, NOW_US - 7 * DAY_US - 1, NOW_US + 306 * SECOND_US, 2**64 - 1])
def test_an_unbelievable_utc_is_noted_and_the_boots_clock_used(utc: int) -> None:
    state, first = read(NEW_DEVICE, message(imu("w1"), payload(1)))
    late = message(imu("w1"), payload(2, utc_us=utc, flags=FrameFlag.CLOCK_SYNCED), arrival_us=NOW_US + 5 * SECOND_US)
    _, decoded = decode(state, late)
    assert decoded.reading is not None
    assert (decoded.reading.clock, decoded.reading.event_us) == (Clock.CLAMPED, first.event_us + SECOND_US)
    assert decoded.entry is not None
    assert (decoded.entry.reason, decoded.entry.kept) == ("clock-implausible", True)


def test_a_utc_without_the_flag_that_the_clock_is_set_is_not_used() -> None:
    _, reading = read(NEW_DEVICE, message(imu("w1"), payload(1, utc_us=NOW_US - DAY_US)))
    assert reading.clock is Clock.BOOT


def test_a_buffered_frame_uses_what_live_ones_taught_and_teaches_nothing() -> None:
    state, live = read(NEW_DEVICE, message(imu("w1"), payload(100)))
    hour_later = message(imu("w1"), payload(1, flags=FrameFlag.BUFFERED), arrival_us=NOW_US + 3600 * SECOND_US)
    after, buffered = read(state, hour_later)
    assert (buffered.clock, live.event_us - buffered.event_us) == (Clock.BOOT, 99 * SECOND_US)
    assert after is state


def test_a_buffered_frame_of_an_unknown_boot_is_kept_at_its_arrival_with_a_note() -> None:
    state, decoded = decode(NEW_DEVICE, message(imu("w1"), payload(1, flags=FrameFlag.BUFFERED)))
    assert state is NEW_DEVICE
    assert decoded.reading is not None
    assert (decoded.reading.clock, decoded.reading.event_us) == (Clock.ARRIVAL, NOW_US - SPAN_US)
    assert decoded.entry is not None
    assert (decoded.entry.reason, decoded.entry.kept) == ("time-unknown", True)


def test_a_reboot_starts_a_mapping_of_its_own_and_the_old_one_stays_for_late_frames() -> None:
    state, before = read(NEW_DEVICE, message(imu("w1"), payload(50, boot=1)))
    state, reborn = read(state, message(imu("w1"), payload(1, boot=2, t0_us=0), arrival_us=NOW_US + 9 * SECOND_US))
    assert reborn.event_us == NOW_US + 9 * SECOND_US - SPAN_US
    _, late = read(state, message(imu("w1"), payload(51, boot=1, flags=FrameFlag.BUFFERED), arrival_us=NOW_US + DAY_US))
    assert late.event_us - before.event_us == SECOND_US


def test_a_device_clock_that_jumps_by_years_is_learnt_anew_and_never_leaves_sane_time() -> None:
    state, _ = read(NEW_DEVICE, message(imu("w1"), payload(1, t0_us=99 * 365 * DAY_US)))
    state, after = read(state, message(imu("w1"), payload(2, t0_us=5), arrival_us=NOW_US + SECOND_US))
    assert after.event_us == NOW_US + SECOND_US - SPAN_US
    _, buffered = read(state, message(imu("w1"), payload(3, t0_us=98 * 365 * DAY_US, flags=FrameFlag.BUFFERED)))
    assert (buffered.event_us, buffered.clock) == (NOW_US - SPAN_US, Clock.ARRIVAL)


def test_a_state_becomes_observations_in_the_platforms_vocabulary() -> None:
    data = body(boot=1, seq=2, t_us=3, battery=81.5, worn=False, heart_rate=72, steps=12, rssi=-61)
    _, reading = read(NEW_DEVICE, message("sw/v1/w1/state", data))
    assert reading.kind is ReadingKind.STATE
    assert reading.observations == (
        Observation("battery", 81.5, "%"),
        Observation("worn", False),
        Observation("heart_rate", 72, "1/min"),
        Observation("steps", 12),
        Observation("rssi", -61, "dBm"),
    )


def test_json_and_frames_of_one_boot_share_its_clock() -> None:
    state, _ = read(NEW_DEVICE, message("sw/v1/w1/state", body(boot=7, seq=1, t_us=10 * SECOND_US)))
    bunched = message(
        "sw/v1/w1/event", body(boot=7, seq=2, t_us=12 * SECOND_US, type="sos"), arrival_us=NOW_US + DAY_US
    )
    _, event = read(state, bunched)
    assert (event.event_us, event.events, event.clock) == (NOW_US + 2 * SECOND_US, ("sos",), Clock.BOOT)


def test_a_retained_event_is_kept_and_is_no_event() -> None:
    _, reading = read(NEW_DEVICE, message("sw/v1/w1/event", body(boot=7, seq=2, t_us=9, type="sos"), retain=True))
    assert (reading.events, reading.retain) == ((), True)


def test_a_status_says_whether_the_device_is_there_and_its_deletion_says_nothing() -> None:
    _, reading = read(NEW_DEVICE, message("sw/v1/w1/status", body(online=True, firmware="1.2"), retain=True))
    assert reading.observations == (Observation("available", True), Observation("firmware", "1.2"))
    assert (reading.event_us, reading.seq) == (NOW_US, -1)
    assert decode(NEW_DEVICE, message("sw/v1/w1/status", b"", retain=True)) == (NEW_DEVICE, Decoded())


def test_our_own_acknowledgements_are_not_read_back() -> None:
    assert decode(NEW_DEVICE, message("sw/v1/w1/ack", b"anything")) == (NEW_DEVICE, Decoded())


@pytest.mark.parametrize(
    ("topic", "data", "reason"),
    [
        ("sw/v1/w1/imu", b"", "too-short"),
        ("sw/v1/w1/imu", payload(1)[:-1], "bad-length"),
        ("sw/v1/w1/state", b"{", "not-json"),
        ("sw/v1/w1/state", b"\xff", "not-json"),
        ("sw/v1/w1/state", b'{"boot":1,"seq":1,"t_us":1,"smell":3}', "bad-field"),
        ("sw/v1/w1/state", b'{"boot":1,"seq":1,"t_us":9223372036854775807}', "bad-clock"),
        ("sw/v1/w1/status", b'{"online":true,"firmware":"a\\u0000b"}', "bad-field"),
        ("sw/v1/w1/imu/v1", payload(1), "foreign-topic"),
        ("sw/v1/a.b/imu", payload(1), "foreign-topic"),
        ("sw/v1/w1/state", b" " * 20_000, "too-large"),
        ("sw/v1/w1/imu", bytes(own.MAX_BYTES + 1), "too-large"),
    ],
)
def test_what_cannot_be_understood_is_quarantined_with_its_reason(topic: str, data: bytes, reason: str) -> None:
    entry = refused(message(topic, data))
    assert (entry.reason, entry.size, entry.kept) == (reason, len(data), False)
    assert entry.sentence.endswith(".")


@settings(derandomize=True, max_examples=300)
@given(st.sampled_from(["imu", "state", "event", "status", "ack", "imu/x", ""]), st.binary(max_size=200), st.booleans())
def test_no_bytes_whatever_raise(leaf: str, data: bytes, retain: bool) -> None:
    _, decoded = decode(NEW_DEVICE, message(f"sw/v1/w1/{leaf}", data, retain=retain))
    assert decoded.entry is not None or leaf in {"ack", "status"}


@settings(derandomize=True, max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1),
            st.integers(0, 100 * 365 * DAY_US - SPAN_US),
            st.integers(0, 2**64 - 1),
            st.integers(0, 127).map(lambda bits: FrameFlag(bits & ~FrameFlag.GYRO)),
            st.integers(-DAY_US, 400 * DAY_US),
        ),
        max_size=12,
    )
)
def test_whatever_a_device_says_about_time_its_readings_stay_near_their_arrival(
    told: list[tuple[int, int, int, FrameFlag, int]],
) -> None:
    state = NEW_DEVICE
    for boot, t0, utc, flags, later in told:
        arrival = NOW_US + later
        data = payload(1, boot=boot, t0_us=t0, utc_us=utc, flags=flags)
        state, reading = read(state, message(imu("w1"), data, arrival_us=arrival))
        assert arrival - 8 * DAY_US <= reading.event_us <= reading.end_us <= arrival + 302 * SECOND_US
