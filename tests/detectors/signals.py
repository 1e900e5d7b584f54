"""Acceleration of a waist sensor, synthetic and seeded: standing, walking, falling, lying. No claim on people."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.wearable import WornFrame
from schemas import frame as wire
from schemas.reading import Reading, ReadingKind

START_US = 1_800_000_000_000_000
SCALE = 16.0 / 32768
RATE = 50.0
FRAME_S = 2.0
Floats = NDArray[np.float64]
#: Gravity in a sensor at the waist of who stands, and of who lies.
UP, DOWN = np.array([0.05, -1.0, 0.1]), np.array([0.1, -0.15, 0.98])


def standing(seconds: float, rate: float = RATE, seed: int = 1) -> Floats:
    """Gravity along y, and a little tremor."""
    rng = np.random.default_rng(seed)
    return np.array([0.05, -1.0, 0.1]) + rng.normal(0, 0.015, (round(seconds * rate), 3))


def lying(seconds: float, rate: float = RATE, seed: int = 2) -> Floats:
    """Gravity along z, and less tremor."""
    rng = np.random.default_rng(seed)
    return np.array([0.1, -0.15, 0.98]) + rng.normal(0, 0.008, (round(seconds * rate), 3))


def walking(seconds: float, rate: float = RATE, seed: int = 3) -> Floats:
    """Two steps a second, up to about 1.4 g."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    steps = np.column_stack([0.1 * np.sin(2 * np.pi * t), 0.35 * np.sin(4 * np.pi * t), 0.15 * np.cos(4 * np.pi * t)])
    return np.array([0.05, -1.0, 0.1]) + steps + rng.normal(0, 0.02, (len(t), 3))


def falling(rate: float = RATE) -> Floats:
    """0.5 s of falling and turning, an impact of 5 g that rings off in 0.5 s, the body already lying.

    It rings at 3 Hz: a shorter blow takes away far less speed than the body gained, which no floor does.
    """
    t = np.arange(round(0.5 * rate)) / rate / 0.5
    weight = (1 - 0.85 * np.sin(np.pi * np.minimum(1, t * 0.6 + 0.2)))[:, None]
    way = np.column_stack([0.1 * t, -(1 - t), t])
    down = weight * way / np.linalg.norm(way, axis=1, keepdims=True)
    s = np.arange(round(0.5 * rate)) / rate
    ring = (4.0 * np.exp(-s / 0.09) * np.cos(2 * np.pi * 3 * s))[:, None] * np.array([0.3, -0.4, 0.87])
    return np.vstack([down, ring + np.array([0.1, -0.15, 0.98])])


def slide(rate: float = RATE, took_s: float = 1.2, touch_g: float = 0.5, lightest: float = 0.85) -> Floats:
    """Turning down while light, and a soft touch at the end."""
    share = np.linspace(0, 1, round(took_s * rate))
    way = (1 - share)[:, None] * UP + share[:, None] * DOWN
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    samples: Floats = way * (1 - (1 - lightest) * np.sin(np.pi * share))[:, None]
    touch = round(0.2 * rate)
    samples[-touch:] += touch_g * np.sin(np.linspace(0, np.pi, touch))[:, None] * DOWN
    return samples


def fall_story(before_s: float = 9.3, after_s: float = 10.0, rate: float = RATE) -> Floats:
    """Standing, walking, a fall, lying."""
    return np.vstack([standing(2, rate), walking(before_s - 2, rate), falling(rate), lying(after_s, rate)])


def day_story(seconds: float, rate: float = RATE) -> Floats:
    """Walking and standing by turns, without a fall."""
    parts = [walking(20, rate, 10), standing(20, rate, 11)]
    return np.vstack([parts[i % 2] for i in range(int(seconds // 20))])


def counts(acc_g: Floats, scale: float = SCALE) -> NDArray[np.int16]:
    """As the sensor gives it: int16, clipped at its range."""
    return np.clip(np.round(acc_g / scale), -32768, 32767).astype(np.int16)


def worn(
    acc_g: Floats,
    resident: str = "r1",
    *,
    rate: float = RATE,
    frame_s: float = FRAME_S,
    boot: int = 1,
    first_seq: int = 0,
    t0_us: int = 0,
    start_us: int = START_US,
    position: str | None = "waist",
    scale: float = SCALE,
) -> list[WornFrame]:
    """Cut acceleration into frames of one wearer's device."""
    period_ns = round(1e9 / rate)
    length = max(1, round(frame_s * rate))
    samples = counts(acc_g, scale)
    return [
        WornFrame(
            unit="u1",
            resident=resident,
            device=f"d-{resident}",
            key=f"d-{resident}:{boot}:{first_seq + number}:frame",
            boot=boot,
            seq=first_seq + number,
            t0_us=t0_us + first * period_ns // 1000,
            event_us=start_us + first * period_ns // 1000,
            period_ns=period_ns,
            acc=samples[first : first + length],
            accel_scale=scale,
            position=position,
        )
        for number, first in enumerate(range(0, len(samples), length))
    ]


def readings(frames: Sequence[WornFrame]) -> list[Reading]:
    """The same frames as they come from READINGS."""
    return [_reading(frame) for frame in frames]


def tick(now_us: int) -> Reading:
    """The platform's clock."""
    return Reading(kind=ReadingKind.TICK, arrival_us=now_us, event_us=now_us, end_us=now_us)


def payload(frame: WornFrame) -> bytes:
    """The frame as the wire carries it."""
    flags = wire.FrameFlag(0)
    if frame.worn is not None:
        flags |= wire.FrameFlag.WEAR_KNOWN | (wire.FrameFlag(0) if frame.worn else wire.FrameFlag.NOT_WORN)
    return wire.encode(
        wire.Frame(
            flags=flags,
            boot=frame.boot,
            seq=frame.seq,
            t0_us=frame.t0_us,
            utc_us=frame.event_us,
            period_ns=frame.period_ns,
            battery=80,
            accel_scale=frame.accel_scale,
            gyro_scale=0.0,
            lost=frame.lost,
            samples=frame.acc,
        )
    )


def _reading(frame: WornFrame) -> Reading:
    return Reading(
        kind=ReadingKind.FRAME,
        arrival_us=frame.event_us + frame.duration_us,
        event_us=frame.event_us,
        end_us=frame.event_us + frame.duration_us,
        device=frame.device,
        unit=frame.unit,
        resident=frame.resident,
        boot=frame.boot,
        seq=frame.seq,
        payload=payload(frame),
        position=frame.position,
    )


def spoilt(sent: bytes, **fields: Any) -> bytes:
    """A frame's payload with other values in its header, and a CRC that is right."""
    frame = wire.decode(sent)
    return wire.encode(dataclasses.replace(frame, **fields))
