"""When frames are due, how they are dated, and what is said of late ones."""

import numpy as np
import pytest

from device_sim.frames import Block, FrameMaker, Sensor
from device_sim.timeline import BACKLOG_US, BUFFERED_AFTER_US, Timeline
from schemas import frame
from schemas.frame import FrameFlag

START = 1_700_000_000_000_000
PERIOD_NS = 20_000_000


def test_in_real_time_a_frame_is_due_when_its_last_sample_is_over() -> None:
    line = Timeline(START, PERIOD_NS)
    assert line.dated_us(0) == START
    assert line.due_us(100) == START + 2_000_000
    assert not line.buffered(100, START + 2_000_000 + BUFFERED_AFTER_US)
    assert line.buffered(100, START + 2_000_001 + BUFFERED_AFTER_US)


def test_faster_than_real_time_the_recording_ends_when_the_playing_ends() -> None:
    line = Timeline(START, PERIOD_NS, speed=10, total=500)
    assert line.due_us(500) == START + 1_000_000
    assert line.dated_us(500) == line.due_us(500)
    assert all(line.dated_us(n) <= line.due_us(n) for n in range(0, 501, 50))
    assert line.buffered(100, line.due_us(100))


def test_faster_than_real_time_needs_an_end() -> None:
    with pytest.raises(ValueError, match="speed"):
        Timeline(START, PERIOD_NS, speed=2)


def test_a_full_memory_drops_the_oldest_and_leaves_a_hole_of_that_length() -> None:
    line = Timeline(START, PERIOD_NS)
    late_us = line.due_us(100) + BACKLOG_US + 60_000_000
    lost = line.dropped(100, late_us)
    assert lost == 3000
    assert line.dropped(100, late_us - 60_000_000) == 0
    assert line.later(lost).dated_us(0) == START + 60_000_000
    assert line.later(lost).dropped(100, late_us) == 0


def test_frames_decode_to_what_was_made() -> None:
    sensor = Sensor(PERIOD_NS, gyro_scale=0.06)
    maker = FrameMaker(sensor, boot=77, booted_us=START - 5_000_000)
    samples = np.arange(60, dtype=np.int16).reshape(10, 6)
    maker.make(Block(samples), START)
    made = frame.decode(frame.encode(maker.make(Block(samples, worn=False, battery=55), START, buffered=True, lost=9)))
    assert (made.boot, made.seq, made.t0_us, made.utc_us) == (77, 1, 5_000_000, START)
    assert (made.battery, made.lost, made.worn) == (55, 9, False)
    assert made.flags & FrameFlag.BUFFERED
    assert np.array_equal(made.samples, samples)


def test_a_device_that_does_not_know_the_time_tells_none() -> None:
    maker = FrameMaker(Sensor(PERIOD_NS), boot=1, booted_us=START - 1, synced=False)
    made = maker.make(Block(np.zeros((3, 3), np.int16)), START)
    assert made.utc_us == 0
    assert not made.flags & FrameFlag.CLOCK_SYNCED
    assert made.t0_us == 1


def test_counts_saturate_and_do_not_wrap() -> None:
    counts = Sensor(PERIOD_NS).counts(np.array([[40.0, -40.0, 1.0]]))
    assert counts.tolist() == [[32767, -32768, 2048]]
