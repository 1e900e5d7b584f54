"""The acceleration around an impact as it is drawn: |a|, and how far the sensor is turned from where it hung before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Where gravity lay before the fall: the mean of these seconds before the impact, as the detector's features take it.
BEFORE_S = (-3.0, -1.2)
#: Gravity is what is left of the acceleration when it is averaged over so long, s; shorter leaves the swing of an arm.
GRAVITY_S = 0.6
#: Fewer seconds than this before the fall are no posture to compare with.
_LEAST_BEFORE_S = 0.5
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Samples without a gap: ``t_s`` (n,) seconds from the impact, ``acc_g`` (n, 3) in g."""

    t_s: Floats
    acc_g: Floats

    @property
    def magnitude(self) -> Floats:
        """|a| in g, shape (n,)."""
        squares: Floats = np.einsum("ij,ij->i", self.acc_g, self.acc_g)
        return np.sqrt(squares)

    @property
    def end_s(self) -> float:
        """The end of the last sample's period, or the sample itself where there is but one."""
        period = (self.t_s[-1] - self.t_s[0]) / max(1, len(self.t_s) - 1)
        return float(self.t_s[-1] + period)

    def within(self, start_s: float, end_s: float) -> "Segment | None":
        """Return what lies in ``[start_s, end_s]``, None when nothing does."""
        first, beyond = np.searchsorted(self.t_s, [start_s, end_s + _TINY])
        return Segment(self.t_s[first:beyond], self.acc_g[first:beyond]) if beyond > first else None


def cut(segments: list[Segment], start_s: float, end_s: float) -> list[Segment]:
    """Return what the segments hold of ``[start_s, end_s]``."""
    return [part for segment in segments if (part := segment.within(start_s, end_s)) is not None]


def turned_deg(segment: Segment) -> Floats | None:
    """Return how many degrees the sensor is turned from before the fall at each sample, shape (n,).

    None where the segment does not reach far enough before the impact to say how the sensor hung.
    """
    before = segment.within(*BEFORE_S)
    if before is None or before.end_s - before.t_s[0] < _LEAST_BEFORE_S:
        return None
    reference = before.acc_g.mean(axis=0)
    gravity = _smoothed(segment)
    lengths = np.sqrt(np.einsum("ij,ij->i", gravity, gravity)) * np.sqrt(np.dot(reference, reference))
    cosine = (gravity @ reference) / np.maximum(lengths, _TINY)
    degrees: Floats = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return degrees


def _smoothed(segment: Segment) -> Floats:
    """Return the mean of the acceleration over GRAVITY_S around each sample, less at the ends."""
    half = GRAVITY_S / 2
    low = np.searchsorted(segment.t_s, segment.t_s - half)
    high = np.searchsorted(segment.t_s, segment.t_s + half + _TINY)
    total = np.vstack([np.zeros((1, 3)), np.cumsum(segment.acc_g, axis=0)])
    means: Floats = (total[high] - total[low]) / (high - low)[:, None]
    return means


def gaps(segments: list[Segment], start_s: float, end_s: float, shortest_s: float = 0.25) -> list[tuple[float, float]]:
    """Return the stretches of ``[start_s, end_s]`` without data, those shorter than ``shortest_s`` forgiven."""
    found: list[tuple[float, float]] = []
    at = start_s
    for segment in sorted(segments, key=lambda each: float(each.t_s[0])):
        first = float(segment.t_s[0])
        if first - at > shortest_s:
            found.append((at, min(first, end_s)))
        at = max(at, segment.end_s)
    if end_s - at > shortest_s:
        found.append((at, end_s))
    return [(begin, end) for begin, end in found if end > begin]
