"""The wearable frame: a block of accelerometer (and gyroscope) samples in binary, little endian, CRC at the end.

The layout is in docs/wire.md with a golden frame in hex. Strict at the wire: a frame padded with zeros looks like
free fall.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from schemas.errors import BadPayload

MAGIC = b"CIM1"
_HEADER = struct.Struct("<4sHHIIQQIHBBffHH")
#: Bytes of the header as this version writes it; a longer one is read, and its end skipped (room to extend).
HEADER_LENGTH = _HEADER.size
_CRC = struct.Struct("<I")
#: Bytes of the CRC-32 at the end.
CRC_LENGTH = _CRC.size
#: What CRC-32 makes of any bytes that end with their own CRC-32, lowest byte first, and of no others.
CRC_RESIDUE = 0x2144DF1C
MAX_SAMPLES = 1000
BATTERY_UNKNOWN = 255
#: Rates that a detector can use, Hz (docs/wire.md); the limits leave room for clocks that are a little off.
MIN_RATE_HZ, MAX_RATE_HZ = 5.0, 500.0
#: g per count: 2 g over 32768 counts is 6.1e-5, 32 g over 256 counts is 0.125; beyond is not an accelerometer.
MIN_ACCEL_SCALE, MAX_ACCEL_SCALE = 1e-5, 0.2
#: deg/s per count: 4000 deg/s over 256 counts is the coarsest known part.
MAX_GYRO_SCALE = 20.0


#: A monotonic clock counts from boot; no wearable runs for a hundred years.
MAX_UPTIME_US = 100 * 365 * 86_400 * 1_000_000


class FrameFlag(IntFlag):
    """Bits of the frame's flags field."""

    GYRO = 1
    CLOCK_SYNCED = 2
    BUFFERED = 4
    TRIGGERED = 8
    CHARGING = 16
    NOT_WORN = 32
    WEAR_KNOWN = 64


#: As plain numbers: an enum's operators cost more than all else that is done with a flag.
_GYRO, _NOT_WORN, _WEAR_KNOWN = int(FrameFlag.GYRO), int(FrameFlag.NOT_WORN), int(FrameFlag.WEAR_KNOWN)
#: Each combination of flags is made once; there are 16 bits of them.
_flags = cache(FrameFlag)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One block of samples.

    ``samples`` is int16 of shape (n, channels): ax, ay, az [, gx, gy, gz] in counts, gravity included, sensor axes.
    ``t0_us`` is the device's monotonic clock at the first sample, ``utc_us`` the same moment in UTC (0: clock not set).
    """

    flags: FrameFlag
    boot: int
    seq: int
    t0_us: int
    utc_us: int
    period_ns: int
    battery: int
    accel_scale: float
    gyro_scale: float
    lost: int
    samples: NDArray[np.int16]

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.samples)

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return 1e9 / self.period_ns

    @property
    def duration_us(self) -> int:
        """Time from the first sample to the end of the last one's period, microseconds."""
        return self.n * self.period_ns // 1000

    @property
    def last_us(self) -> int:
        """The device's clock at the last sample."""
        return self.t0_us + (self.n - 1) * self.period_ns // 1000

    @property
    def worn(self) -> bool | None:
        """Whether the device says it is worn; None when it cannot know."""
        return worn_by(int(self.flags))


def encode(frame: Frame) -> bytes:
    """Return the frame as bytes. Only a simulator or a test encodes; the platform reads."""
    n, channels = frame.samples.shape
    head = _HEADER.pack(
        MAGIC, HEADER_LENGTH, int(frame.flags), frame.boot, frame.seq, frame.t0_us, frame.utc_us, frame.period_ns,
        n, channels, frame.battery, frame.accel_scale, frame.gyro_scale, frame.lost, 0,
    )  # fmt: skip
    body = head + np.ascontiguousarray(frame.samples, dtype="<i2").tobytes()
    return body + _CRC.pack(zlib.crc32(body))


def worn_by(flags: int) -> bool | None:
    """Return whether a device with these flags says it is worn; None when it cannot know."""
    return not flags & _NOT_WORN if flags & _WEAR_KNOWN else None


def decode(payload: bytes) -> Frame:
    """Return the frame in ``payload``; raises as ``fields``."""
    flags, boot, seq, t0_us, utc_us, period_ns, battery, accel_scale, gyro_scale, lost, samples = fields(payload)
    return Frame(_flags(flags), boot, seq, t0_us, utc_us, period_ns, battery, accel_scale, gyro_scale, lost, samples)


def fields(
    payload: bytes,
) -> tuple[int, int, int, int, int, int, int, float, float, int, NDArray[np.int16]]:
    """Return the fields of the frame in ``payload``, in the order of Frame; its flags as a number.

    For who makes an object of its own of them, once for every frame of every wearable.
    Raises BadPayload when anything at all is wrong: length, magic, CRC, counts, or values no accelerometer has.
    The samples are a read-only view into ``payload``.
    """
    if len(payload) < HEADER_LENGTH + _CRC.size:
        raise BadPayload(
            "too-short", f"A frame has at least {HEADER_LENGTH + _CRC.size} bytes, this has {len(payload)}."
        )
    (
        magic, header_length, flags, boot, seq, t0_us, utc_us, period_ns,
        n, channels, battery, accel_scale, gyro_scale, lost, _reserved,
    ) = _HEADER.unpack_from(payload)  # fmt: skip
    if magic != MAGIC:
        raise BadPayload("bad-magic", f"A frame begins with {MAGIC!r}, this with {magic!r}.")
    _check_layout(len(payload), header_length, n, channels)
    if zlib.crc32(payload) != CRC_RESIDUE:
        raise BadPayload("bad-crc", "The frame's CRC-32 does not match its bytes.")
    _check_values(flags, channels, period_ns, battery, accel_scale, gyro_scale)
    if t0_us > MAX_UPTIME_US:
        raise BadPayload("bad-clock", f"The device says it has been up for {t0_us} microseconds, over a hundred years.")
    samples = np.frombuffer(payload, dtype="<i2", count=n * channels, offset=header_length).reshape(n, channels)
    return flags, boot, seq, t0_us, utc_us, period_ns, battery, accel_scale, gyro_scale, lost, samples


def _check_layout(size: int, header_length: int, n: int, channels: int) -> None:
    if header_length < HEADER_LENGTH:
        raise BadPayload("bad-header", f"The header has at least {HEADER_LENGTH} bytes, this says {header_length}.")
    if channels not in (3, 6):
        raise BadPayload("bad-channels", f"A frame has 3 or 6 channels, this says {channels}.")
    if not 1 <= n <= MAX_SAMPLES:
        raise BadPayload("bad-count", f"A frame has 1 to {MAX_SAMPLES} samples, this says {n}.")
    expected = header_length + 2 * n * channels + _CRC.size
    if size != expected:
        raise BadPayload("bad-length", f"By its header the frame has {expected} bytes, but {size} came.")


def _check_values(flags: int, channels: int, period_ns: int, battery: int, accel: float, gyro: float) -> None:
    if bool(flags & _GYRO) != (channels == 6):
        raise BadPayload("bad-channels", "The gyroscope flag and the number of channels contradict each other.")
    if period_ns == 0 or not MIN_RATE_HZ <= 1e9 / period_ns <= MAX_RATE_HZ:
        raise BadPayload(
            "bad-rate", f"A rate of {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz is expected; period is {period_ns} ns."
        )
    if not (isfinite(accel) and MIN_ACCEL_SCALE <= accel <= MAX_ACCEL_SCALE):
        raise BadPayload("bad-scale", f"No accelerometer has {accel!r} g per count.")
    if not (isfinite(gyro) and 0 <= gyro <= MAX_GYRO_SCALE):
        raise BadPayload("bad-scale", f"No gyroscope has {gyro!r} deg/s per count.")
    if battery > 100 and battery != BATTERY_UNKNOWN:
        raise BadPayload(
            "bad-battery", f"Battery is 0 to 100 %, or {BATTERY_UNKNOWN} for unknown; this says {battery}."
        )
