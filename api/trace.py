"""Acceleration as the console draws it: frames joined into segments, in g, with a gap wherever something is missing.

Pure: frames in, segments out. Two frames are joined by the device's own clock, since the event times of neighbours
jitter with the network; the segment then starts at the event time of its first sample.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.frame import Frame

#: A pixel shows no more, and ten minutes stay below 4 MB.
MAX_RATE_HZ = 200.0
#: Longest window of one request, microseconds.
MAX_WINDOW_US = 600 * 1_000_000
#: A thousandth of g is below the noise of every wearable part.
DECIMALS = 3
#: Neighbours whose event times disagree by more than this with the device's clock were mapped anew: not one line.
_REMAPPED_US = 250_000


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """A frame with the device that sent it and the event time of its first sample."""

    device: str
    event_us: int
    frame: Frame


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Samples without a gap: ``axes`` is float64 of shape (n, 3) in g, ``period_us`` between samples."""

    device: str
    start_us: int
    period_us: float
    axes: NDArray[np.float64]

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return 1e6 / self.period_us

    @property
    def magnitude(self) -> NDArray[np.float64]:
        """|a| in g, shape (n,)."""
        squares: NDArray[np.float64] = np.einsum("ij,ij->i", self.axes, self.axes)
        return np.sqrt(squares)


def segments(frames: Iterable[TimedFrame], start_us: int, end_us: int) -> list[Segment]:
    """Return what the frames hold of ``[start_us, end_us)`` as segments of one device each, by start."""
    runs: list[list[TimedFrame]] = []
    for timed in sorted(frames, key=lambda timed: (timed.device, timed.frame.boot, timed.frame.t0_us)):
        if runs and _joins(runs[-1][-1], timed):
            runs[-1].append(timed)
        elif not (runs and _repeats(runs[-1][-1], timed)):
            runs.append([timed])
    cut = (_cut(_joined(run), start_us, end_us) for run in runs)
    found = [_thinned(segment) for segment in cut if len(segment.axes)]
    return sorted(found, key=lambda segment: segment.start_us)


def of_busiest_device(found: list[Segment]) -> list[Segment]:
    """Return the segments of the device with the longest record: two wearables at once are two drawings."""
    spans: dict[str, float] = {}
    for segment in found:
        spans[segment.device] = spans.get(segment.device, 0.0) + len(segment.axes) * segment.period_us
    if not spans:
        return []
    busiest = max(sorted(spans), key=lambda device: spans[device])
    return [segment for segment in found if segment.device == busiest]


def to_plain(found: list[Segment], iso: Any) -> dict[str, Any]:
    """Return segments as the API says them; ``iso`` writes a time. ``rate_hz`` is that of the fastest segment."""
    return {
        "rate_hz": round(max((segment.rate_hz for segment in found), default=0.0), 3),
        "segments": [
            {
                "start": iso(segment.start_us),
                "rate_hz": round(segment.rate_hz, 3),
                "device": segment.device,
                "values": _rounded(segment.magnitude),
                "x": _rounded(segment.axes[:, 0]),
                "y": _rounded(segment.axes[:, 1]),
                "z": _rounded(segment.axes[:, 2]),
            }
            for segment in found
        ],
    }


def _rounded(values: NDArray[np.float64]) -> list[float]:
    plain: list[float] = np.round(values, DECIMALS).tolist()
    return plain


def _repeats(before: TimedFrame, after: TimedFrame) -> bool:
    return (before.device, before.frame.boot, before.frame.seq) == (after.device, after.frame.boot, after.frame.seq)


def _joins(before: TimedFrame, after: TimedFrame) -> bool:
    first, second = before.frame, after.frame
    if before.device != after.device or first.boot != second.boot or first.period_ns != second.period_ns:
        return False
    elapsed_us = second.t0_us - first.t0_us
    if abs(elapsed_us - first.duration_us) > first.period_ns / 1000:
        return False
    return abs(after.event_us - before.event_us - elapsed_us) <= _REMAPPED_US


def _joined(run: list[TimedFrame]) -> Segment:
    axes = np.concatenate([timed.frame.samples[:, :3] * float(timed.frame.accel_scale) for timed in run])
    return Segment(run[0].device, run[0].event_us, run[0].frame.period_ns / 1000, axes)


def _cut(segment: Segment, start_us: int, end_us: int) -> Segment:
    first = max(0, int(np.ceil((start_us - segment.start_us) / segment.period_us)))
    beyond = max(0, int(np.ceil((end_us - segment.start_us) / segment.period_us)))
    begins_us = segment.start_us + round(first * segment.period_us)
    return Segment(segment.device, begins_us, segment.period_us, segment.axes[first:beyond])


def _thinned(segment: Segment) -> Segment:
    """Bring the rate to MAX_RATE_HZ, keeping of each block the sample furthest from 1 g: the peak is the point."""
    # A clock that runs a little fast at 200 Hz is no reason to halve the drawing.
    block = int(np.ceil(segment.rate_hz / (MAX_RATE_HZ * 1.05)))
    whole = len(segment.axes) // block * block
    if block == 1 or whole == 0:
        return segment
    furthest = np.abs(segment.magnitude[:whole] - 1).reshape(-1, block).argmax(axis=1)
    chosen = segment.axes[np.arange(0, whole, block) + furthest]
    return Segment(segment.device, segment.start_us, segment.period_us * block, chosen)
