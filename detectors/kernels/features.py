"""All features of a window in one pass: what detectors.fall_features, fall_physics and fall_stretches explain.

NAMED features are a table: what is asked of which signal between which seconds. One loop goes through it, so that each
question is compiled once.
"""

from typing import NamedTuple

import numpy as np
from numba import types

from detectors.kernels import sums
from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import BINS, COMMON_RANGE_G, GRID_HZ, MOST_COMMON_G, PRE, Floats, bins

#: A peak beyond this says no more about a fall; 4.5 g is past what daily life reaches at the waist.
PEAK_CAP_G = 4.5
#: Below this |a| the body is partly in free fall (Bourke: 0.6 g; a wrist seldom gets so low).
FREE_FALL_G, LIGHT_G = 0.6, 0.8
#: |a| that is hard for a bin, g.
HARD_G = 1.5
#: Seconds around the impact that belong to the fall itself.
DESCENT_S, SETTLED_S = 1.2, 1.2
#: Seconds after the impact that the named features see: records of falls at the trunk end early, and a longer look (4
#: or 6 s) found fewer of them; what comes later is told by the stretches alone.
REST_S = 2.5
#: Change of |a| from bin to bin below which a bin counts as quiet, g.
QUIET_G = 0.06
#: m/s of one g held for one bin.
SPEED = 9.81 / GRID_HZ
#: A record that ends sooner than this after a step looks like stillness and a tilt.
CUT_S = 1.2
#: Bins of a stretch: 0.2 s; PRE is a multiple of it, so that one stretch begins at the impact.
LENGTH = 5
COUNT = BINS // LENGTH
#: Stretches of which the direction is told: those that end by 2.4 s after the impact.
WAYS = (PRE + 60) // LENGTH
#: Stretches whose mean direction is that of the start and of the end: 1 s and 0.8 s.
START, END = 5, 4

#: Signals: |a| of a 2 g sensor and of this one, the length of the change from bin to bin, and running means of |a| over
#: 3 bins and of the change over 13.
MAG, FULL, JOLT, EVEN, CALM = range(5)
_EVEN_BINS, _CALM_BINS, _SIGNALS = 3, 13, 5
#: Over how many bins the quietest moment lies.
_HALF = GRID_HZ // 2

#: What is asked of a signal (or of directions) in its part of the window.
(
    MEAN, MOST, LEAST, SPREAD, SECONDS_OVER, SECONDS_UNDER, LONGEST_UNDER, OVER_1_G, UNDER_1_G, SPEED_LOST,
    SPEED_GAINED, SINCE_LEAST, QUIETEST, OFF_1_G, HIT_OVER_LEAST, HIT_OVER_MOST, RHYTHM, STEPS, CUT_IN_STEP, LONG,
    ANGLE, PEAK, PRE_SECONDS, POST_SECONDS,
) = range(24)  # fmt: skip


class Asked(NamedTuple):
    """A feature: what is ``asked`` of which ``signal`` in which bins; ``other``: those of an angle's second direction.

    ``level``: what is counted over or under, or the most that is told.
    """

    name: str
    asked: int
    signal: int = MAG
    part: tuple[int, int] = (0, BINS)
    other: tuple[int, int] = (0, 0)
    level: float = np.inf


_BEFORE, _DESCENT, _HIT = bins(-3.0, -1.2), bins(-DESCENT_S, 0.04), bins(-0.2, 0.48)
_AFTER, _REST, _NEXT = bins(SETTLED_S, REST_S), bins(0.52, REST_S), bins(0.12, 0.6)
_REACH, _LATE, _NEARLY = bins(-0.12, 0.16), bins(REST_S - 0.6, REST_S), bins(-1.2, -0.6)
_FALLING, _SETTLING, _WALK = bins(-1.2, -0.2), bins(0.2, 1.0), bins(-3.0, -0.52)
_FALL, _BLOW, _PEAK, _EARLY = bins(-1.6, 0.04), bins(-0.2, 0.6), bins(-0.2, 0.3), bins(0.5, 1.2)
_PAST, _FORE, _STILL = bins(0.6, REST_S), bins(-3.0, -0.6), bins(0.75, REST_S - 0.2)

TABLE = (
    # the impact
    Asked("peak", PEAK, level=PEAK_CAP_G),
    Asked("peak_full", MOST, FULL, _REACH, level=PEAK_CAP_G),
    Asked("peak_common", PEAK, level=MOST_COMMON_G),
    Asked("peak_bin", MOST, MAG, _REACH),
    Asked("hit_area", OVER_1_G, MAG, _HIT),
    Asked("hit_long", SECONDS_OVER, MAG, _HIT, level=HARD_G),
    Asked("hit_spread", SPREAD, MAG, _HIT),
    Asked("jolt_peak", MOST, JOLT, _HIT),
    Asked("next_mean", MEAN, MAG, _NEXT),
    Asked("next_min", LEAST, MAG, _NEXT),
    # the way down
    Asked("low", LEAST, MAG, _DESCENT),
    Asked("low_to_hit", SINCE_LEAST, MAG, _DESCENT),
    Asked("free_fall", LONGEST_UNDER, MAG, _DESCENT, level=FREE_FALL_G),
    Asked("light", SECONDS_UNDER, MAG, _DESCENT, level=LIGHT_G),
    Asked("drop", UNDER_1_G, MAG, _DESCENT),
    # how the body lies
    Asked("turned", ANGLE, part=_BEFORE, other=_AFTER),
    Asked("turned_late", ANGLE, part=_NEARLY, other=_LATE),
    Asked("turning", ANGLE, part=_DESCENT, other=_AFTER),
    Asked("settling", ANGLE, part=_NEXT, other=_LATE),
    Asked("upright_before", LONG, part=_BEFORE),
    Asked("upright_after", LONG, part=_AFTER),
    Asked("after_mean", OFF_1_G, MAG, _AFTER),
    # before and after
    Asked("busy_before", MEAN, JOLT, _BEFORE),
    Asked("busy_descent", MEAN, JOLT, _FALLING),
    Asked("busy_next", MEAN, JOLT, _SETTLING),
    Asked("busy_after", MEAN, JOLT, _AFTER),
    Asked("quietest", QUIETEST, JOLT, _REST),
    Asked("quiet", SECONDS_UNDER, JOLT, _REST, level=QUIET_G),
    Asked("after_most", MOST, JOLT, _AFTER),
    Asked("rest_high", MOST, MAG, _REST),
    Asked("rest_low", LEAST, MAG, _REST),
    Asked("before_high", MOST, MAG, _BEFORE),
    Asked("before_low", LEAST, MAG, _BEFORE),
    Asked("before_hard", SECONDS_OVER, MAG, _WALK, level=HARD_G),
    Asked("walking", STEPS),
    Asked("rhythm_on", RHYTHM, MAG, _REST),
    # what a physicist would ask (detectors.fall_physics)
    Asked("hit_speed", SPEED_LOST, EVEN, _BLOW),
    Asked("fall_speed", SPEED_GAINED, EVEN, _FALL),
    Asked("swing", HIT_OVER_LEAST, EVEN, _DESCENT),
    Asked("tilt", ANGLE, part=_BEFORE, other=_AFTER),
    Asked("tilt_soon", ANGLE, part=_NEARLY, other=_EARLY),
    Asked("stillest", LEAST, CALM, _STILL),
    Asked("stirring", MEAN, JOLT, _AFTER),
    Asked("alone_before", HIT_OVER_MOST, EVEN, _FORE),
    Asked("alone_after", HIT_OVER_MOST, EVEN, _PAST),
    Asked("steps", STEPS),
    Asked("cut_in_step", CUT_IN_STEP),
    # how much was measured
    Asked("pre_s", PRE_SECONDS),
    Asked("post_s", POST_SECONDS),
)
NAMED: tuple[str, ...] = tuple(each.name for each in TABLE)
COLUMNS = len(NAMED) + 4 * COUNT + 2 * WAYS
#: Columns in which the kernel leaves a cosine where an angle is told: the first and the one after the last.
ANGLES = (
    (NAMED.index("turned"), NAMED.index("settling") + 1), (NAMED.index("tilt"), NAMED.index("tilt_soon") + 1),
)  # fmt: skip
_TABLE = np.array([[each.asked, each.signal, *each.part, *each.other] for each in TABLE])
_LEVELS = np.array([each.level for each in TABLE])


@part
def _of_signal(asked: int, x: Floats, low: int, high: int, level: float, hit: float) -> float:
    """Return what is asked of one signal."""
    if asked == MEAN:
        return sums.mean(x, low, high)
    if asked == OFF_1_G:
        return abs(sums.mean(x, low, high) - 1.0)
    if asked in (MOST, HIT_OVER_MOST):
        most = sums.most(x, low, high)
        return hit - most if asked == HIT_OVER_MOST else sums.smaller(most, level)
    if asked in (LEAST, HIT_OVER_LEAST):
        least = sums.least(x, low, high)
        return hit - least if asked == HIT_OVER_LEAST else least
    if asked == SPREAD:
        return sums.most(x, low, high) - sums.least(x, low, high)
    if asked == SECONDS_OVER:
        return sums.count_over(x, low, high, level) / GRID_HZ
    if asked == SECONDS_UNDER:
        return sums.count_under(x, low, high, level) / GRID_HZ
    if asked == LONGEST_UNDER:
        return sums.longest_under(x, low, high, level) / GRID_HZ
    if asked == SINCE_LEAST:
        return (high - 1 - sums.least_at(x, low, high)) / GRID_HZ
    if asked == SPEED_GAINED:
        return _speed_gained(x, low, high)
    if asked == QUIETEST:
        return _quietest(x, low, high)
    if asked == RHYTHM:
        return sums.periodicity(x, low, high)
    return np.nan


@part
def _beyond_1_g(asked: int, x: Floats, low: int, high: int, room: Floats) -> float:
    """Return how far a signal lies over or under 1 g in all: in g times seconds, or as the speed that it takes away."""
    sign = -1.0 if asked == UNDER_1_G else 1.0
    for i in range(low, high):
        room[i] = sums.larger(sign * (x[i] - 1.0), 0.0)
    found = sums.total(room, low, high)
    return found * SPEED if asked == SPEED_LOST else found / GRID_HZ


@part
def _speed_gained(x: Floats, low: int, high: int) -> float:
    """Return the most speed that was gained while |a| was under 1 g, m/s."""
    speed = fastest = gained = 0.0
    for i in range(low, high):
        speed += x[i] - 1.0
        fastest = speed * SPEED if i == low else sums.larger(speed * SPEED, fastest)
        gained = sums.larger(fastest - speed * SPEED, gained)
    return gained


@part
def _quietest(x: Floats, low: int, high: int) -> float:
    """Return the least mean over half a second."""
    added = np.empty(high - low)
    level = 0.0
    for i in range(high - low):
        level += x[low + i]
        added[i] = level
    found = added[_HALF - 1] / _HALF
    for i in range(_HALF, high - low):
        found = sums.smaller((added[i] - added[i - _HALF]) / _HALF, found)
    return sums.larger(found, 0.0)


@part
def _of_directions(asked: int, acc: Floats, low: int, high: int, low_2: int, high_2: int) -> float:
    """Return the length of a part's mean direction, or the cosine of the angle between two."""
    one = sums.mean_way(acc, low, high)
    if asked == LONG:
        return sums.length(one)
    return sums.cosine(one, sums.mean_way(acc, low_2, high_2))


@part
def _named(peak: float, pre_s: float, post_s: float, acc: Floats, signals: Floats, room: Floats, row: Floats) -> None:
    """Write the NAMED features."""
    hit = sums.most(signals[EVEN], _PEAK[0], _PEAK[1])
    steps = sums.periodicity(signals[MAG], _WALK[0], _WALK[1])
    for at in range(len(_TABLE)):
        asked, signal, low, high = _TABLE[at, 0], _TABLE[at, 1], _TABLE[at, 2], _TABLE[at, 3]
        if asked in (ANGLE, LONG):
            row[at] = _of_directions(asked, acc, low, high, _TABLE[at, 4], _TABLE[at, 5])
        elif asked in (OVER_1_G, UNDER_1_G, SPEED_LOST):
            row[at] = _beyond_1_g(asked, signals[signal], low, high, room)
        elif asked == PEAK:
            row[at] = sums.smaller(peak, _LEVELS[at])
        elif asked == STEPS:
            row[at] = steps
        elif asked == CUT_IN_STEP:
            row[at] = steps * sums.larger(0.0, 1.0 - post_s / CUT_S)
        elif asked == PRE_SECONDS:
            row[at] = pre_s
        elif asked == POST_SECONDS:
            row[at] = post_s
        else:
            row[at] = _of_signal(asked, signals[signal], low, high, _LEVELS[at], hit)


@part
def _stretches(acc: Floats, mag: Floats, jolt: Floats, row: Floats, at: int) -> None:
    """Write mean, most, least of |a| and mean jolt of each stretch, and its direction beside that of end and start."""
    for i in range(COUNT):
        low, high = i * LENGTH, (i + 1) * LENGTH
        level = change = 0.0
        for j in range(low, high):
            level += mag[j]
            change += jolt[j]
        row[at + i], row[at + 3 * COUNT + i] = level / LENGTH, change / LENGTH
        row[at + COUNT + i], row[at + 2 * COUNT + i] = sums.most(mag, low, high), sums.least(mag, low, high)
    ways = np.empty((WAYS, 3))
    for i in range(WAYS):
        way = sums.mean_way(acc, i * LENGTH, (i + 1) * LENGTH)
        long = sums.length(way) + sums.TINY
        ways[i, 0], ways[i, 1], ways[i, 2] = way[0] / long, way[1] / long, way[2] / long
    at += 4 * COUNT
    for low, high in ((WAYS - END, WAYS), (0, START)):
        toward = sums.mean_way(ways, low, high)
        long = sums.length(toward) + sums.TINY
        for i in range(WAYS):
            row[at + i] = (ways[i, 0] * toward[0] + ways[i, 1] * toward[1] + ways[i, 2] * toward[2]) / long
        at += WAYS


@kernel(
    read(types.float64, 3), read(types.float64, 2), read(types.float64, 1), read(types.float64, 1),
    read(types.float64, 1), written(types.float64, 2),
)  # fmt: skip
def features(windows: Floats, mags: Floats, peak: Floats, pre_s: Floats, post_s: Floats, rows: Floats) -> None:
    """Write the features of windows (k, BINS, 3) and (k, BINS), all else (k,), into ``rows`` (k, COLUMNS).

    In the columns of ANGLES their cosines are written.
    """
    acc, signals, room = np.empty((BINS, 3)), np.empty((_SIGNALS, BINS)), np.empty(BINS)
    for k in range(len(peak)):
        for i in range(BINS):
            signals[FULL, i] = mags[k, i]
            signals[MAG, i] = sums.smaller(mags[k, i], MOST_COMMON_G)
            for c in range(3):
                acc[i, c] = sums.smaller(sums.larger(windows[k, i, c], -COMMON_RANGE_G), COMMON_RANGE_G)
        for i in range(BINS):
            j = max(i - 1, 0)
            x, y, z = acc[i, 0] - acc[j, 0], acc[i, 1] - acc[j, 1], acc[i, 2] - acc[j, 2]
            signals[JOLT, i] = np.sqrt(x * x + y * y + z * z)
        for of, into, width in ((MAG, EVEN, _EVEN_BINS), (JOLT, CALM, _CALM_BINS)):
            sums.running_mean(signals[of], width, signals[into])
        _named(peak[k], pre_s[k], post_s[k], acc, signals, room, rows[k])
        _stretches(acc, signals[MAG], signals[JOLT], rows[k], len(_TABLE))
