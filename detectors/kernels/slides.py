"""Whether a body turned as one that slid down has: cheap looks that come before detectors.fall_soft's own."""

from math import sqrt
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints
from detectors.kernels.rows import COUNTS, FRAMES, STATES

Counts = NDArray[np.int16]

_SECOND = 1_000_000
_TINY = 1e-9
#: Two sums of squares differ by rounding alone less than this share.
_ROUNDING = 1e-9


@kernel(read(types.int16, 2, "A"), read(types.int16, 2, "A"))
def turn(before: Counts, after: Counts) -> tuple[int, int, int]:
    """Return the scalar product of the sums of two frames' counts (n, 3), and the squares of their lengths."""
    dot = one = other = 0
    for axis in range(3):
        a = b = 0
        for i in range(before.shape[0]):
            a += before[i, axis]
        for i in range(after.shape[0]):
            b += after[i, axis]
        dot += a * b
        one += a * a
        other += b * b
    return dot, one, other


@part
def _cosine(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    lengths = sqrt((ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz))
    return (ax * bx + ay * by + az * bz) / (lengths + _TINY)


@kernel(read(types.float64, 2), types.int64, types.int64, types.int64, types.int64)
def cosine_of_means(acc: Floats, start: int, down: int, rest: int, end: int) -> float:
    """Return the cosine of the angle between the means of acc[start:down] and acc[rest:end], but for rounding."""
    ax = ay = az = bx = by = bz = 0.0
    for i in range(start, down):
        ax += acc[i, 0]
        ay += acc[i, 1]
        az += acc[i, 2]
    for i in range(rest, end):
        bx += acc[i, 0]
        by += acc[i, 1]
        bz += acc[i, 2]
    n, m = down - start, end - rest
    return _cosine(ax / n, ay / n, az / n, bx / m, by / m, bz / m)


@part
def _cosine_at(
    at_us: int, before_us: int, down_us: int, rest_us: int, head: int, scale: float, frames: Any, rings: Counts,
    period_ns: int,
) -> float:  # fmt: skip
    """Return the cosine between the mean directions before and after going down, of one row's rings."""
    a, b = np.zeros(4), np.zeros(4)
    ring, n = rings.shape[0], rings.shape[1]
    for each in range(ring):
        slot = (head + each) % ring
        t0_us = frames[slot].t0_us
        last_us = t0_us + (n - 1) * period_ns // 1000
        if last_us < at_us - before_us or t0_us >= at_us or (t0_us >= at_us - down_us and last_us < at_us - rest_us):
            continue
        for i in range(n):
            t_us = t0_us + i * period_ns // 1000
            into = a
            if at_us - rest_us <= t_us < at_us:
                into = b
            elif not at_us - before_us <= t_us < at_us - down_us:
                continue
            for axis in range(3):
                into[axis] += rings[slot, i, axis]
            into[3] += 1
    if a[3] == 0 or b[3] == 0:
        return 1.0
    a[:3] *= scale / a[3]
    b[:3] *= scale / b[3]
    return _cosine(a[0], a[1], a[2], b[0], b[1], b[2])


@kernel(
    read(types.int64, 1), STATES, FRAMES, COUNTS, types.int64, types.int64, types.boolean, types.int64, types.int64,
    types.int64, types.int64, types.float64, types.float64, written(types.boolean, 1),
)  # fmt: skip
def may_slide(
    row: Ints, state: Any, frames: Any, rings: Counts, period_ns: int, span_us: int, short: bool, between_us: int,
    before_us: int, down_us: int, rest_us: int, turned: float, down: float, maybe: Any,
) -> None:  # fmt: skip
    """Tell in which rows (k,) the frame in the free place may bring a soft fall to light, or in more of them.

    At a whole second T of the device's clock the body must have turned: from T - ``before_us`` to T - ``down_us``, and
    from T - ``rest_us`` to T, by a cosine of ``down`` at most. Of ``short`` frames the newest must lie otherwise than
    the one ``between_us`` before, by a cosine under ``turned``.
    """
    ring = rings.shape[1]
    for k in range(len(row)):
        mine = row[k]
        head, maybe[k] = state[mine].head, False
        newest, second = frames[mine, (head + ring - 1) % ring], frames[mine, (head + ring - 2) % ring]
        newest_us, before_last_us = newest.t0_us + span_us, second.t0_us + span_us
        at_us = newest_us // _SECOND * _SECOND
        if at_us <= before_last_us:
            continue
        if short:
            older = 0
            while older + 1 < ring and frames[mine, (head + older + 1) % ring].t0_us <= at_us - between_us:
                older += 1
            one, other = frames[mine, (head + older) % ring].sums, newest.sums
            dot = squares = others = 0.0
            for axis in range(3):
                a, b = np.float64(one[axis]), np.float64(other[axis])
                dot += a * b
                squares += a * a
                others += b * b
            if not dot < (turned + _ROUNDING) * sqrt(squares * others):
                continue
        while at_us > before_last_us and not maybe[k]:
            if at_us - before_us >= frames[mine, head].t0_us:
                cosine = _cosine_at(
                    at_us, before_us, down_us, rest_us, head, state[mine].scale, frames[mine], rings[mine], period_ns
                )
                maybe[k] = cosine <= down
            at_us -= _SECOND
