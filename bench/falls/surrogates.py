"""Records as another sensor would have given them. Surrogates, and named so: none is another maker's real recording."""

import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.fall_events import CHEAP_G, cheaper
from bench.falls.method import Floats
from bench.recordings import Record

#: The slow sensor of which the issue speaks.
SLOW_HZ = 20.0


def _with(record: Record, acc_g: Floats, fs: float, name: str) -> Record:
    counts = np.clip(np.round(acc_g / record.scale), -32768, 32767).astype(np.int16)
    return replace(record, acc=counts, fs=fs, file=f"{record.file} {name}")


def _in_g(record: Record) -> Floats:
    return record.acc.astype(np.float64) * record.scale


def as_cheap(record: Record) -> Record:
    """Return the record as a cheap watch would have made it: 32 Hz, clipped to 2 g an axis."""
    return _with(record, *cheaper(_in_g(record), record.fs), "as 2 g, 32 Hz")


def clipped(record: Record) -> Record:
    """Return the record clipped to 2 g an axis at its own rate."""
    return _with(record, np.clip(_in_g(record), -CHEAP_G, CHEAP_G), record.fs, "clipped to 2 g")


def slow(record: Record) -> Record:
    """Return the record at 20 Hz, on straight lines between its samples; a slower one as it is."""
    acc_g, fs = _in_g(record), record.fs
    if fs > SLOW_HZ:
        t = np.arange(len(acc_g)) / fs
        at = np.arange(0.0, t[-1] + 1e-9, 1 / SLOW_HZ)
        acc_g, fs = np.column_stack([np.interp(at, t, acc_g[:, axis]) for axis in range(3)]), SLOW_HZ
    return _with(record, acc_g, fs, "as 20 Hz")


def turned(record: Record) -> Record:
    """Return the record as if the sensor had been put on turned: any rotation, another for each record, seeded."""
    rng = np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}/turned".encode()))
    axes, triangle = np.linalg.qr(rng.normal(size=(3, 3)))
    axes = axes * np.sign(np.diag(triangle))
    axes[:, 0] *= np.sign(np.linalg.det(axes))
    return _with(record, _in_g(record) @ axes, record.fs, "turned")


SURROGATES: dict[str, Callable[[Record], Record]] = {
    "as 2 g, 32 Hz": as_cheap,
    "clipped to 2 g": clipped,
    "as 20 Hz": slow,
    "turned": turned,
}
