"""A way's last points: when each place was passed before, and what the way looks like over several times at once.

A point is a row of WIDE numbers: seconds, x, y, error (metres), how many seconds ago the place was passed before, up to
PASSES times (NEVER: not), and the cosine between this pass and the one before it. So nothing is compared twice: a new
point looks back once, and what the way looks like is added up from the newest point backwards.
"""

from math import hypot, log, sqrt
from typing import Any

import numpy as np
from numba import types

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats
from detectors.kernels.way_rows import (
    AGO,
    AHEAD,
    COSINE,
    COVERED,
    ERROR,
    EXTENT,
    MOVING,
    NEVER,
    OPPOSITE,
    PASSED,
    PASSES,
    RATIO,
    SAME,
    SPEED,
    STRAIGHT,
    THIRD,
    TOLD,
    TURNED,
    VARIES,
    WRONG,
    Rows,
    T,
    X,
    Y,
)

#: A place is one that lies within so many errors, and this share of the extent of the way over so many seconds: after a
#: long approach a share of all of it would hold the whole of a short way that is paced.
NEAR_ERRORS, NEAR_EXTENT, NEAR_S = 3.0, 0.03, 240.0
#: A place was left when the way was this much further away than what counts as near.
LEFT = 1.2
#: Slower than this, metres a second, is standing; faster than a person walks is counted as that.
_WALKS, _MOST_SPEED = 0.3, 3.0
#: Two steps with this cosine lead back; two passes with it (or its negative) go the same (the opposite) way.
_BACK = 0.5
_LITTLE = 1e-9


@part
def _extent(rows: Rows, new: Rows) -> Any:
    low_x, high_x, low_y, high_y = new[X], new[X], new[Y], new[Y]
    for j in range(rows.shape[0] - 1, -1, -1):
        if new[T] - rows[j, T] > NEAR_S:
            break
        low_x, high_x = min(low_x, rows[j, X]), max(high_x, rows[j, X])
        low_y, high_y = min(low_y, rows[j, Y]), max(high_y, rows[j, Y])
    return hypot(high_x - low_x, high_y - low_y)


@part
def _cosine(rows: Rows, j: int, new: Rows, ahead_x: float, ahead_y: float) -> Any:
    """Between the new step and the one that passed nearest, going back from row ``j``."""
    if j == 0:
        return 0.0
    away = hypot(rows[j, X] - new[X], rows[j, Y] - new[Y])
    while j > 1 and hypot(rows[j - 1, X] - new[X], rows[j - 1, Y] - new[Y]) < away:
        j -= 1
        away = hypot(rows[j, X] - new[X], rows[j, Y] - new[Y])
    then_x, then_y = rows[j, X] - rows[j - 1, X], rows[j, Y] - rows[j - 1, Y]
    return (then_x * ahead_x + then_y * ahead_y) / (hypot(then_x, then_y) * hypot(ahead_x, ahead_y) + _LITTLE)


@part
def passed_before(rows: Rows, new: Rows) -> None:
    """Fill in when the place of the ``new`` point (WIDE,) was passed before, by the ``rows`` (n, WIDE) before it."""
    for c in range(PASSES):
        new[AGO + c] = NEVER
    new[COSINE] = 0.0
    n = rows.shape[0]
    if n == 0:
        return
    wide = NEAR_EXTENT * _extent(rows, new)
    ahead_x, ahead_y = new[X] - rows[n - 1, X], new[Y] - rows[n - 1, Y]
    passed, near = 0, True
    for j in range(n - 1, -1, -1):
        reach = NEAR_ERRORS * max(new[ERROR], rows[j, ERROR]) + wide
        away = hypot(rows[j, X] - new[X], rows[j, Y] - new[Y])
        if near:
            near = away <= LEFT * reach
        elif away <= reach:
            new[AGO + passed] = new[T] - rows[j, T]
            if passed == 0:
                new[COSINE] = _cosine(rows, j, new, ahead_x, ahead_y)
            passed += 1
            near = True
            if passed == PASSES:
                return


@kernel(read(types.float32, 2), written(types.float32, 1))
def look_back(rows: Rows, new: Rows) -> None:
    """Do what ``passed_before`` does, for who is no kernel."""
    passed_before(rows, new)


@part
def _passes(rows: Rows, first: int, told: Floats, at: int) -> None:
    """How much of the way from row ``first`` on leads over places passed since then, and which way."""
    n = rows.shape[0]
    passes = way = same = opposite = third = 0.0
    for k in range(first, n):
        since = rows[k, T] - rows[first, T]
        passed = 1
        for c in range(PASSES):
            passed += 1 if rows[k, AGO + c] <= since else 0
        passes += passed
        if k > first:
            step = hypot(rows[k, X] - rows[k - 1, X], rows[k, Y] - rows[k - 1, Y])
            way += step
            if passed > 1 and rows[k, COSINE] > _BACK:
                same += step
            elif passed > 1 and rows[k, COSINE] < -_BACK:
                opposite += step
            third += step if passed > 2 else 0.0
    told[at + PASSED] = log(passes / (n - first))
    told[at + SAME] = same / (way + _LITTLE)
    told[at + OPPOSITE] = opposite / (way + _LITTLE)
    told[at + THIRD] = third / (way + _LITTLE)


@part
def looked(rows: Rows, scales_s: Floats, told: Floats) -> None:
    """Write what the way of ``rows`` (n, WIDE), n at least 1, looks like over each of ``scales_s`` (k,), which rise.

    ``told`` (k * TOLD,): for each time in turn what is listed above.
    """
    i = rows.shape[0] - 1
    now = np.float64(rows[i, T])
    way = moving = squares = took = ahead = 0.0
    turned, first = 0, i
    low_x = high_x = np.float64(rows[i, X])
    low_y = high_y = np.float64(rows[i, Y])
    wrong = np.float64(rows[i, ERROR])
    for s in range(scales_s.shape[0]):
        while first > 0 and now - rows[first - 1, T] <= scales_s[s]:
            first -= 1
            x, y = np.float64(rows[first, X]), np.float64(rows[first, Y])
            dx, dy = rows[first + 1, X] - x, rows[first + 1, Y] - y
            step, seconds = hypot(dx, dy), np.float64(rows[first + 1, T]) - rows[first, T]
            speed = step / seconds if seconds > 0 else _MOST_SPEED
            way, took = way + step, took + seconds
            moving += seconds if speed > _WALKS else 0.0
            squares += min(speed, _MOST_SPEED) ** 2 * seconds
            if first + 2 <= i:
                next_x, next_y = rows[first + 2, X] - rows[first + 1, X], rows[first + 2, Y] - rows[first + 1, Y]
                cosine = (dx * next_x + dy * next_y) / (step * hypot(next_x, next_y) + _LITTLE)
                ahead += cosine
                turned += 1 if cosine < -_BACK else 0
            low_x, high_x, low_y, high_y = min(low_x, x), max(high_x, x), min(low_y, y), max(high_y, y)
            wrong = max(wrong, np.float64(rows[first, ERROR]))
        at = s * TOLD
        extent, seconds, steps = hypot(high_x - low_x, high_y - low_y), max(took, 1.0), max(1, i - first)
        mean = way / (took + _LITTLE)
        told[at + RATIO] = log(way / (extent + 2 * wrong) + 0.1)
        told[at + STRAIGHT] = hypot(rows[i, X] - rows[first, X], rows[i, Y] - rows[first, Y]) / (way + 2 * wrong)
        told[at + SPEED] = log(way / seconds + 0.02)
        told[at + MOVING] = moving / seconds
        told[at + EXTENT] = log(extent + 1)
        told[at + WRONG] = log(wrong)
        told[at + TURNED] = turned / steps
        told[at + AHEAD] = ahead / steps
        told[at + COVERED] = seconds / scales_s[s]
        told[at + VARIES] = sqrt(max(0.0, squares / (took + _LITTLE) - mean * mean)) / (mean + 0.05)
        _passes(rows, first, told, at)


@kernel(read(types.float32, 2), read(types.float64, 1), written(types.float64, 1))
def looks(rows: Rows, scales_s: Floats, told: Floats) -> None:
    """Do what ``looked`` does, for who is no kernel."""
    looked(rows, scales_s, told)
