"""The headers of many payloads of one length at once, in columns; schemas.frame is what they must mean."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.fleet_table import Ints, Shape
from schemas import frame as wire

Flags = wire.FrameFlag
#: The header of schemas.frame, field by field: offset, format, name.
_HEADER = (
    (0, "S4", "magic"), (4, "<u2", "header_length"), (6, "<u2", "flags"), (8, "<u4", "boot"), (12, "<u4", "seq"),
    (16, "<u8", "t0_us"), (24, "<u8", "utc_us"), (32, "<u4", "period_ns"), (36, "<u2", "n"), (38, "u1", "channels"),
    (39, "u1", "battery"), (40, "<f4", "accel_scale"), (44, "<f4", "gyro_scale"), (48, "<u2", "lost"),
)  # fmt: skip


def heads_and_crc(size: int, payloads: Sequence[bytes]) -> tuple[bytes, NDArray[Any], NDArray[np.bool_]]:
    """Return payloads of ``size`` bytes as one, their headers (k,), and which are frames without a doubt (k,)."""
    whole = b"".join(payloads)
    heads = np.ndarray(len(payloads), header_of(size), buffer=whole)
    crc = np.fromiter(map(zlib.crc32, payloads), np.uint32, len(payloads))
    return whole, heads, (crc == wire.CRC_RESIDUE) & _sound(heads, size)


def kinds_of(
    size: int, whole: bytes, heads: NDArray[Any], good: NDArray[np.bool_], few: int
) -> Iterator[tuple[Shape, Ints, NDArray[Any], NDArray[np.int16]]]:
    """Yield shape, places, headers and samples (k, n, 3) of each kind; ``good`` is cleared where there are ``few``."""
    at = np.flatnonzero(good)
    kinds = heads["period_ns"].astype(np.int64) << 8 | heads["channels"]
    for kind in np.unique(kinds[at]).tolist():
        of_kind = at[kinds[at] == kind]
        channels = kind & 0xFF
        shape = Shape((size - wire.HEADER_LENGTH - wire.CRC_LENGTH) // (2 * channels), kind >> 8)
        if not shape.fits or len(of_kind) < few:
            good[of_kind] = False
            continue
        samples: NDArray[np.int16] = np.ndarray(
            (len(heads), shape.n, 3), "<i2", whole, wire.HEADER_LENGTH, (size, 2 * channels, 2)
        )
        if len(of_kind) == len(heads):
            yield shape, of_kind, heads, samples  # nothing is copied
        else:
            yield shape, of_kind, heads[of_kind], samples[of_kind]


def off_body(heads: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which devices say that nobody wears them, or that they are charging."""
    known_off = Flags.WEAR_KNOWN | Flags.NOT_WORN
    found: NDArray[np.bool_] = ((heads["flags"] & known_off) == known_off) | ((heads["flags"] & Flags.CHARGING) != 0)
    return found


def header_of(size: int) -> "np.dtype[Any]":
    """Return the fields of a header in payloads of ``size`` bytes."""
    offsets, formats, names = (list(column) for column in zip(*_HEADER, strict=True))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def _sound(heads: NDArray[Any], size: int) -> NDArray[np.bool_]:
    """Return which headers schemas.frame takes, of those this module reads itself."""
    gyro = (heads["flags"] & Flags.GYRO) != 0
    channels, scale, turn = heads["channels"], heads["accel_scale"], heads["gyro_scale"]
    period_ns, battery = heads["period_ns"].astype(np.float64), heads["battery"]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_hz = 1e9 / period_ns
        told = (scale.astype(np.float64) >= wire.MIN_ACCEL_SCALE) & (scale.astype(np.float64) <= wire.MAX_ACCEL_SCALE)
        told &= (turn >= 0) & (turn <= wire.MAX_GYRO_SCALE)
    told &= (rate_hz >= wire.MIN_RATE_HZ) & (rate_hz <= wire.MAX_RATE_HZ)
    told &= (heads["magic"] == wire.MAGIC) & (heads["header_length"] == wire.HEADER_LENGTH)
    told &= np.where(gyro, channels == 6, channels == 3) & (heads["n"] >= 1) & (heads["n"] <= wire.MAX_SAMPLES)
    told &= wire.HEADER_LENGTH + 2 * heads["n"].astype(np.int64) * channels + wire.CRC_LENGTH == size
    told &= (battery <= 100) | (battery == wire.BATTERY_UNKNOWN)
    found: NDArray[np.bool_] = told & (heads["t0_us"] <= wire.MAX_UPTIME_US)
    return found
