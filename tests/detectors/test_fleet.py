"""The fleet's detector against the one it stands for: the same bytes, whatever comes and however it is cut."""

from dataclasses import replace

import numpy as np
import pytest

from detectors.fall import FallDetector
from detectors.fleet import FleetFalls
from detectors.fleet_frames import batch_of_readings
from detectors.fleet_table import Shape, Table
from detectors.fleet_wire import Roster, batch_of_payloads
from schemas import finding as wire
from schemas.config import DeviceConfig
from schemas.finding import Finding
from schemas.reading import Reading
from tests.detectors import fleets, signals

#: State of one wearable at 50 Hz may take this much, bytes; what stands beside the columns takes the rest.
MOST_STATE, BESIDE = 8_192, 1_024


def told(found: list[Finding]) -> list[bytes]:
    return [wire.encode(one) for one in found]


def in_columns(fleet: FleetFalls) -> int:
    return len(fleet._kept)


@pytest.mark.parametrize("seed", range(3))
def test_the_fleet_finds_what_the_plain_detector_finds_and_keeps_the_same_state(seed: int) -> None:
    frames = fleets.fleet(seed, wearers=16)
    rng = np.random.default_rng(1000 + seed)
    plain, fleet = FallDetector(), FleetFalls(few=1)
    now_us, place, findings, most = signals.START_US, 0, 0, 0
    while place < len(frames):
        batch = frames[place : place + int(rng.choice([1, 7, 40, 80, 200]))]
        place += len(batch)
        expected = told(plain.update(batch))
        assert told(fleet.update(batch)) == expected, f"seed {seed}, frame {place}"
        assert fleet.errors == plain.errors == []
        assert fleet.due() == plain.due()
        findings, most = findings + len(expected), max(most, in_columns(fleet))
        if rng.random() < 0.2:
            now_us += int(rng.integers(0, 6_000_000))
            assert told(fleet.tick(now_us)) == told(plain.tick(now_us))
        if rng.random() < 0.2:
            assert fleet.snapshot() == plain.snapshot()
            assert fleet.states({"u1"}) == plain.states({"u1"})
        if rng.random() < 0.05:
            state = fleet.snapshot()
            fleet = FleetFalls(few=1)
            fleet.restore(state)
    assert findings > 10
    assert most > 3
    assert fleet.snapshot() == plain.snapshot()


def test_readings_give_what_their_frames_give() -> None:
    frames = [frame for frame in fleets.fleet(50, wearers=12) if frame.worn is None]
    rng = np.random.default_rng(50)
    # a wire holds a scale in 32 bits
    frames = [replace(frame, accel_scale=float(np.float32(frame.accel_scale))) for frame in frames]
    plain, fleet = FallDetector(), FleetFalls(few=1)
    place, most = 0, 0
    while place < len(frames):
        batch = frames[place : place + int(rng.choice([12, 40, 80, 200]))]
        place += len(batch)
        heard = [replace(frame, arrival_us=frame.event_us + frame.duration_us) for frame in batch]
        expected = told(plain.update(heard))
        assert told(fleet.update(batch_of_readings(signals.readings(batch), few=1))) == expected
        most = max(most, in_columns(fleet))
    assert fleet.snapshot() == plain.snapshot()
    assert most > 2


def test_payloads_of_a_roster_give_what_their_frames_give() -> None:
    frames = fleets.fleet(60, wearers=12)
    frames = [replace(frame, accel_scale=float(np.float32(frame.accel_scale))) for frame in frames]
    people = sorted({(frame.unit, frame.resident, frame.device, frame.position or "") for frame in frames})
    number = {device: place for place, (_, _, device, _) in enumerate(people)}
    names = [np.array(column, object) for column in zip(*people, strict=True)]
    names[3][names[3] == ""] = None
    roster = Roster(*names)
    rng = np.random.default_rng(60)
    plain, fleet = FallDetector(), FleetFalls(few=1)
    place, most = 0, 0
    while place < len(frames):
        batch = frames[place : place + int(rng.choice([12, 40, 80, 200]))]
        place += len(batch)
        event_us = np.array([frame.event_us for frame in batch])
        payloads = [signals.payload(frame) for frame in batch]
        who = np.array([number[frame.device] for frame in batch])
        expected = told(plain.update(batch))
        taken = batch_of_payloads(roster, who, payloads, lambda at, *_, us=event_us: us[at], few=1)
        assert told(fleet.update(taken)) == expected
        most = max(most, in_columns(fleet))
    assert fleet.snapshot() == plain.snapshot()
    assert most > 2


def test_what_is_no_frame_is_refused_by_its_key_and_the_rest_is_taken() -> None:
    readings = [signals.readings(signals.worn(signals.standing(2), f"r{n}"))[0] for n in range(20)]
    for place, spoil in ((3, _other_byte), (7, _no_frame), (9, _scale_of_nothing), (11, _no_period)):
        readings[place] = spoil(readings[place])
    batch = batch_of_readings(readings)
    assert [key for key, _ in batch.refused] == [readings[place].key for place in (3, 7, 9, 11)]
    assert [reason.split(":")[0] for _, reason in batch.refused] == ["bad-crc", "too-short", "bad-scale", "bad-rate"]
    fleet = FleetFalls(few=1)
    assert fleet.update(batch) == []
    assert len(fleet.wearers) == 16
    assert [key for key, _ in fleet.errors] == [key for key, _ in batch.refused]


def test_a_change_of_wearer_lets_go_of_a_row_as_the_plain_detector_does() -> None:
    frames = fleets.fleet(3, wearers=10, trouble=fleets.Trouble(0, 0, 0, 0, 0, 0))
    half = len(frames) // 2
    plain, fleet = FallDetector(), FleetFalls(few=1)
    assert told(fleet.update(frames[:half])) == told(plain.update(frames[:half]))
    assert in_columns(fleet) > 0
    for number in range(10):
        config = DeviceConfig(device=f"d-r{number}", unit="u1")  # nobody's from now on
        assert told(fleet.rebind(config)) == told(plain.rebind(config))
    assert fleet.snapshot() == plain.snapshot()
    assert told(fleet.update(frames[half:])) == told(plain.update(frames[half:]))


def test_a_row_holds_at_most_what_a_wearable_may_take() -> None:
    table = Table(Shape(100, 20_000_000))
    assert table.state_bytes <= MOST_STATE - BESIDE
    assert Shape(100, 20_000_000).kept == 9


def _other_byte(reading: Reading) -> Reading:
    payload = bytearray(reading.payload)
    payload[80] ^= 1
    return _with(reading, bytes(payload))


def _no_frame(reading: Reading) -> Reading:
    return _with(reading, b"CIM1")


def _scale_of_nothing(reading: Reading) -> Reading:
    return _with(reading, signals.spoilt(reading.payload, accel_scale=float("nan")))


def _no_period(reading: Reading) -> Reading:
    return _with(reading, signals.spoilt(reading.payload, period_ns=0))


def _with(reading: Reading, payload: bytes) -> Reading:
    fields = {name: getattr(reading, name) for name in reading.__struct_fields__}
    return Reading(**{**fields, "payload": payload})


def test_samples_at_full_scale_give_what_the_plain_detector_gives() -> None:
    worst = signals.fall_story(before_s=24, after_s=8) * 40  # every axis clips
    frames = [frame for number in range(3) for frame in signals.worn(worst, f"r{number}", scale=signals.SCALE)]
    plain, fleet = FallDetector(), FleetFalls(few=1)
    for batch in np.array_split(np.array(frames, object), 8):
        assert told(fleet.update(batch.tolist())) == told(plain.update(batch.tolist()))
    assert fleet.snapshot() == plain.snapshot()


def test_a_flood_of_devices_boots_and_shapes_is_bounded_as_in_the_plain_detector() -> None:
    walk = signals.day_story(40)
    frames = [
        replace(frame, device=f"d{device}", boot=device % 7, key=f"d{device}:{device % 7}:{frame.seq}:frame")
        for device in range(40)
        for frame in signals.worn(walk, "r1", rate=25.0 + device, frame_s=1.0)[:24]
    ]
    plain, fleet = FallDetector(), FleetFalls(few=1)
    for place in range(0, len(frames), 96):
        batch = frames[place : place + 96]
        assert told(fleet.update(batch)) == told(plain.update(batch))
    assert fleet.snapshot() == plain.snapshot()
    others = [
        frame
        for number in range(40)
        for frame in signals.worn(walk, f"s{number}", rate=25.0 + number, frame_s=1.0)[:24]
    ]
    fleet.update(others)
    assert len(fleet.tables) <= 16
    assert in_columns(fleet) <= 16


def test_who_falls_silent_is_forgotten_after_a_day_and_the_row_is_used_again() -> None:
    frames = [frame for number in range(6) for frame in signals.worn(signals.day_story(80), f"r{number}")]
    plain, fleet = FallDetector(), FleetFalls(few=1)
    assert told(fleet.update(frames)) == told(plain.update(frames))
    assert in_columns(fleet) > 0
    last_us = max(frame.event_us for frame in frames)
    for hours in (1, 23, 26, 50):
        at_us = last_us + hours * 3600 * 1_000_000
        assert told(fleet.tick(at_us)) == told(plain.tick(at_us))
        assert fleet.due() == plain.due()
    assert fleet.snapshot() == plain.snapshot()
    assert fleet.units() == plain.units() == set()
    assert all(table.used == 0 for table in fleet.tables)


def test_nothing_is_judged_in_a_row_whose_device_another_wearer_has_now() -> None:
    frames = fleets.fleet(11, wearers=8, trouble=fleets.Trouble(0, 0, 0, 0, 0, 0))
    half = len(frames) // 2
    passed_on = [replace(frame, resident=f"new-{frame.resident}") for frame in frames[half:]]
    plain, fleet = FallDetector(), FleetFalls(few=1)
    for batch in (frames[:half], passed_on):
        assert told(fleet.update(batch)) == told(plain.update(batch))
    assert fleet.snapshot() == plain.snapshot()
