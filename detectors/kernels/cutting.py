"""The seconds around an impact averaged into bins, from one stretch of samples or out of a fleet's rings."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import BINS, EDGES_S, FAR_S, GRID_HZ, POST_S, PRE_S, Floats, Ints
from detectors.kernels.rows import COUNTS, FRAMES, STATES

#: Time after the last edge that a window may need, and before the first, microseconds: a bin more than there is.
_AFTER_US, _BEFORE_US = int((POST_S + 2 / GRID_HZ) * 1e6), int((PRE_S + 2 / GRID_HZ) * 1e6)


@part
def _cut(
    t_us: Ints, acc: Floats, samples: int, impact: int, out_acc: Floats, out_mag: Floats
) -> tuple[float, float, float]:
    """Write the means of each bin; return |a| at the impact, and how many seconds before and after it were measured.

    The signal is the line through the samples; its area up to each edge of the bins tells the means.
    """
    low, high = _reach(t_us, samples, impact)
    n = high - low
    values = np.empty((n, 4))
    t = np.empty(n)
    for i in range(n):
        x, y, z = acc[low + i, 0], acc[low + i, 1], acc[low + i, 2]
        values[i, 0], values[i, 1], values[i, 2], values[i, 3] = x, y, z, np.sqrt(x * x + y * y + z * z)
        t[i] = (t_us[low + i] - t_us[impact]) / 1e6
    if n == 1:
        for at in range(BINS):
            out_acc[at, 0], out_acc[at, 1], out_acc[at, 2], out_mag[at] = (
                values[0, 0], values[0, 1], values[0, 2], values[0, 3],
            )  # fmt: skip
        return values[0, 3], smaller_of(PRE_S, -t[0]), smaller_of(POST_S, t[0])
    # the area from one sample to the next: x0 to x1, with the far point before the first one to begin with
    x0, x1, next_one = t[0] - FAR_S, t[0], 1
    area0, area1, before = np.empty(4), np.zeros(4), np.empty(4)
    for c in range(4):
        area0[c] = 0.0 - FAR_S * values[0, c]
    for edge in range(BINS + 1):
        x = EDGES_S[edge]
        while x1 <= x:
            x0 = x1
            if next_one < n:
                x1 = t[next_one]
                for c in range(4):
                    area0[c] = area1[c]
                    area1[c] += (x1 - x0) * (values[next_one, c] + values[next_one - 1, c]) / 2
            else:
                x1 = x0 + FAR_S
                for c in range(4):
                    area0[c] = area1[c]
                    area1[c] += FAR_S * values[n - 1, c]
            next_one += 1
        for c in range(4):
            at_edge = area0[c]
            if x != x0:
                at_edge += (area1[c] - area0[c]) / (x1 - x0) * (x - x0)
            if edge > 0:
                if c < 3:
                    out_acc[edge - 1, c] = (at_edge - before[c]) * GRID_HZ
                else:
                    out_mag[edge - 1] = (at_edge - before[c]) * GRID_HZ
            before[c] = at_edge
    return values[impact - low, 3], smaller_of(PRE_S, -t[0]), smaller_of(POST_S, t[n - 1])


@part
def smaller_of(a: float, b: float) -> float:
    """Return the smaller of two numbers that are none of them NaN."""
    return b if b < a else a


@part
def _reach(t_us: Ints, samples: int, impact: int) -> tuple[int, int]:
    """Return the last sample before the first edge, and the one after the first from the last edge on."""
    at_us = t_us[impact]
    low = impact
    while low > 0 and (t_us[low - 1] - at_us) / 1e6 >= EDGES_S[0]:
        low -= 1
    high = impact
    while high < samples and (t_us[high] - at_us) / 1e6 < EDGES_S[BINS]:
        high += 1
    return max(0, low - 1), min(samples, high + 1)


@kernel(
    read(types.int64, 1), read(types.float64, 2), types.int64,
    written(types.float64, 2), written(types.float64, 1), written(types.float64, 1),
)  # fmt: skip
def cut_one(t_us: Ints, acc: Floats, impact: int, out_acc: Floats, out_mag: Floats, told: Floats) -> None:
    """Cut the window around sample ``impact`` of ``acc`` (n, 3) in g at ``t_us`` (n,).

    Written: the bins' means (BINS, 3) and (BINS,); ``told``: |a| at the impact, seconds measured before and after it.
    """
    told[0], told[1], told[2] = _cut(t_us, acc, len(t_us), impact, out_acc, out_mag)


@kernel(
    COUNTS, STATES, FRAMES, types.int64, read(types.int64, 1), read(types.int64, 1), types.int64,
    written(types.float64, 3), written(types.float64, 2), written(types.float64, 2),
)  # fmt: skip
def cut_of_rings(
    rings: NDArray[np.int16], state: Any, frames: Any, period_ns: int, row: Ints, place: Ints, until_us: int,
    out_acc: Floats, out_mag: Floats, told: Floats,
) -> None:  # fmt: skip
    """Cut the windows around impacts (m,): each in its ``row``, at sample ``place`` counted from the row's oldest.

    ``rings`` (rows, ring, n, 3), ``state`` and ``frames`` as a fleet_table.Table has them, with the newest frame in the
    free place. Nothing later than ``until_us`` after an impact is looked at.
    """
    ring, n = rings.shape[1], rings.shape[2]
    t_us, acc = np.empty(ring * n, np.int64), np.empty((ring * n, 3))
    for each in range(len(row)):
        mine, at = row[each], place[each]
        head, scale = state[mine].head, state[mine].scale
        at_us = frames[mine, (head + at // n) % ring].t0_us + at % n * period_ns // 1000
        samples, impact = 0, 0
        for frame in range(ring):
            slot = (head + frame) % ring
            t0_us = frames[mine, slot].t0_us
            if t0_us + n * period_ns // 1000 < at_us - _BEFORE_US - 2 * period_ns // 1000:
                continue
            if t0_us > at_us + min(until_us, _AFTER_US + 2 * period_ns // 1000):
                break
            for sample in range(n):
                when_us = t0_us + sample * period_ns // 1000
                if when_us > at_us + until_us:
                    break
                if frame * n + sample == at:
                    impact = samples
                t_us[samples] = when_us
                for axis in range(3):
                    acc[samples, axis] = rings[mine, slot, sample, axis] * scale
                samples += 1
        told[each, 0], told[each, 1], told[each, 2] = _cut(t_us, acc, samples, impact, out_acc[each], out_mag[each])
