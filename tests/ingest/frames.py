"""Frames, messages and readings for the tests of the way of the data."""

import json

import numpy as np

from schemas import topics
from schemas.frame import Frame, FrameFlag, encode

SECOND_US = 1_000_000
#: 2026-11-23 00:00 UTC.
NOW_US = 1_795_392_000 * SECOND_US
PERIOD_NS = 20_000_000
NO_FLAGS = FrameFlag(0)


def frame(
    seq: int = 1,
    *,
    boot: int = 7,
    n: int = 50,
    t0_us: int | None = None,
    utc_us: int = 0,
    flags: FrameFlag = NO_FLAGS,
) -> Frame:
    """Return a second of rest at 50 Hz; by default the frames of a boot follow each other without a gap."""
    samples = np.zeros((n, 3), dtype=np.int16)
    samples[:, 2] = 4096
    t0_us = 60 * SECOND_US + seq * n * PERIOD_NS // 1000 if t0_us is None else t0_us
    return Frame(flags, boot, seq, t0_us, utc_us, PERIOD_NS, 80, 1 / 4096, 0.0, 0, samples)


def payload(seq: int = 1, **fields: object) -> bytes:
    """Return such a frame as bytes."""
    return encode(frame(seq, **fields))  # type: ignore[arg-type]


def imu(device: str) -> str:
    """Return a device's frame topic."""
    return topics.of(device, topics.IMU)


def body(**fields: object) -> bytes:
    """Return a JSON message."""
    return json.dumps(fields).encode()
