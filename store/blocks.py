"""Frames on their way into the database: one row a block, and what they add to the activity of each minute."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas import frame as wire
from schemas.frame import Frame
from schemas.reading import Reading
from store.pool import Connection

MINUTE_US = 60 * 1_000_000


@dataclass(slots=True)
class Movement:
    """What samples add to a minute: sum of | |a| - 1 | in g, their number, and how many were worn or surely not."""

    abs_sum: float = 0.0
    samples: int = 0
    worn: int = 0
    unworn: int = 0


def frame_rows(readings: Sequence[Reading]) -> tuple[list[tuple[object, ...]], list[Frame]]:
    """Return the rows of table ``frame`` and the decoded frames. Raises BadPayload for a payload that is no frame."""
    decoded = [wire.decode(reading.payload) for reading in readings]
    return [_row(reading, frame) for reading, frame in zip(readings, decoded, strict=True)], decoded


def _row(reading: Reading, frame: Frame) -> tuple[object, ...]:
    return (
        reading.event_us, reading.end_us, reading.arrival_us, reading.device, reading.boot, reading.seq, reading.unit,
        reading.resident, reading.place, frame.period_ns, frame.n, frame.samples.shape[1], frame.accel_scale,
        frame.gyro_scale, frame.battery, int(frame.flags), frame.lost, reading.clock, reading.position, reading.payload,
    )  # fmt: skip


def minutes_of(readings: Sequence[Reading], frames: Sequence[Frame]) -> dict[tuple[str, int], Movement]:
    """Return what the frames of residents add, by (resident, minute begin in microseconds)."""
    minutes: dict[tuple[str, int], Movement] = defaultdict(Movement)
    for reading, frame in zip(readings, frames, strict=True):
        if reading.resident is None:
            continue
        moved = _movement(frame)
        for minute_us, first, last in _minutes(reading.event_us, frame):
            count = last - first
            minute = minutes[reading.resident, minute_us]
            minute.abs_sum += float(moved[first:last].sum())
            minute.samples += count
            minute.worn += count if frame.worn else 0
            minute.unworn += count if frame.worn is False else 0
    return minutes


def _movement(frame: Frame) -> NDArray[np.float64]:
    """Return | |a| - 1 | in g of each sample, shape (n,)."""
    accel = frame.samples[:, :3].astype(np.float64) * frame.accel_scale
    moved: NDArray[np.float64] = np.abs(np.sqrt(np.einsum("ij,ij->i", accel, accel)) - 1.0)
    return moved


def _minutes(event_us: int, frame: Frame) -> list[tuple[int, int, int]]:
    """Return (minute begin, first sample, end sample) of each minute that the frame touches."""
    times = event_us + np.arange(frame.n, dtype=np.int64) * frame.period_ns // 1000
    begins = times // MINUTE_US * MINUTE_US
    cuts = [0, *(np.flatnonzero(np.diff(begins)) + 1).tolist(), frame.n]
    return [(int(begins[first]), first, last) for first, last in pairwise(cuts)]


async def add_activity(conn: Connection, minutes: dict[tuple[str, int], Movement]) -> None:
    """Add to the residents' minutes. Only for frames that were not there before: adding is not idempotent."""
    keys = sorted(minutes)
    if not keys:
        return
    await conn.execute(
        """
        insert into activity_minute as a (resident, minute_us, abs_sum, samples, worn, unworn)
        select * from unnest($1::text[], $2::bigint[], $3::float8[], $4::bigint[], $5::bigint[], $6::bigint[])
        on conflict (resident, minute_us) do update set abs_sum = a.abs_sum + excluded.abs_sum,
            samples = a.samples + excluded.samples, worn = a.worn + excluded.worn, unworn = a.unworn + excluded.unworn
        """,
        [resident for resident, _ in keys],
        [minute_us for _, minute_us in keys],
        [minutes[key].abs_sum for key in keys],
        [minutes[key].samples for key in keys],
        [minutes[key].worn for key in keys],
        [minutes[key].unworn for key in keys],
    )
