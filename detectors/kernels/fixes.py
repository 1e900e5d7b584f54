"""One fix of a person: smoothed, left out, or a new point of the way (detectors.tracks says why)."""

from math import cos, inf, radians, sqrt
from typing import Any

import numpy as np
from numba import types

from detectors.kernels import track_columns as c
from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.exact import length
from detectors.kernels.grid import Floats
from detectors.kernels.way_rows import ERROR, WIDE, Rows, T, X, Y
from detectors.kernels.ways import passed_before

_SECOND = 1e6
#: Metres of one degree of latitude (mean meridian, WGS 84).
DEGREE_M = 111_195.0
#: Reported accuracy is the radius of 68 % of fixes; the deviation along one axis is that over 1.51 (Rayleigh).
RADIUS_68 = 1.51
#: One fix that lies off the line between its neighbours counts at most so much.
_MOST_GAIN = 0.5
#: Points are kept in single precision, counted from a base that moves on when they are so many seconds from it.
_BASE_S = 50_000.0


@part
def _begin(track: Floats) -> None:
    track[c.POINTS] = track[c.FIXES] = track[c.ANCHORS] = track[c.KNOWN] = 0.0
    track[c.VARIANCE], track[c.FAST] = inf, 0.0
    track[c.INTERVAL] = track[c.FAR] = 0.0


@part
def _accuracy(track: Floats, accuracy: float, told: bool, degrees: bool, config: Floats) -> Any:
    least = config[c.DEFAULT_ACCURACY]
    if told:
        least = max(config[c.INDOOR_ACCURACY], accuracy)
    elif (
        not degrees
        and 0.0 < track[c.INTERVAL] < config[c.INDOOR_INTERVAL]
        and track[c.SCATTER] < config[c.INDOOR_SCATTER]
        and track[c.FAR] < config[c.INDOOR_FAR]
    ):
        least = config[c.INDOOR_ACCURACY]
    return min(config[c.MAX_ACCURACY], max(least, config[c.SCATTER_TIMES] * track[c.SCATTER]))


@part
def _rides(track: Floats, at: float, x: float, y: float, accuracy: float, config: Floats) -> Any:
    """Whether the fix is too far away for a walk: a jump of the receiver is left out, a ride ends the way."""
    anchors = int(track[c.ANCHORS])
    newest = c.ANCHOR + c.ANCHOR_WIDE * (anchors - 1)
    if anchors > 0:
        back = newest
        while back > c.ANCHOR and at - track[back] < config[c.RIDING_US]:
            back -= c.ANCHOR_WIDE
        far = length(x - track[back + 1], y - track[back + 2]) - accuracy - track[back + 3]
        if far > config[c.RIDING_SPEED] * max(1.0, (at - track[back]) / _SECOND):
            if track[c.FAST] == 0.0:
                track[c.FAST] = at
            if at - track[c.FAST] >= config[c.RIDING_US]:
                track[c.POINTS] = track[c.FIXES] = track[c.FAST] = 0.0
                track[c.VARIANCE], track[c.ANCHORS] = inf, 0.0
                _anchor(track, at, x, y, accuracy)
            return True
    track[c.FAST] = 0.0
    if anchors == 0 or at - track[newest] >= config[c.ANCHOR_US]:
        _anchor(track, at, x, y, accuracy)
    return False


@part
def _anchor(track: Floats, at: float, x: float, y: float, accuracy: float) -> None:
    anchors = int(track[c.ANCHORS])
    if anchors == c.ANCHORS_KEPT:
        anchors -= 1
        for i in range(c.ANCHOR, c.ANCHOR + c.ANCHOR_WIDE * anchors):
            track[i] = track[i + c.ANCHOR_WIDE]
    new = c.ANCHOR + c.ANCHOR_WIDE * anchors
    track[new], track[new + 1], track[new + 2], track[new + 3] = at, x, y, accuracy
    track[c.ANCHORS] = anchors + 1.0


@part
def _learn_scatter(track: Floats, at: float, x: float, y: float, config: Floats) -> None:
    """Learn, from how far the last fix lies off the line between its neighbours, what a receiver errs by.

    Riding is a line as well, so it is not taken for error, and a jump that no walk explains is left out before.
    """
    fixes = int(track[c.FIXES])
    if fixes < c.FIXES_KEPT:
        new = c.FIX + c.FIX_WIDE * fixes
        track[new], track[new + 1], track[new + 2], track[c.FIXES] = at, x, y, fixes + 1.0
        return
    before, before_x, before_y = track[c.FIX], track[c.FIX + 1], track[c.FIX + 2]
    mid, mid_x, mid_y = track[c.FIX + 3], track[c.FIX + 4], track[c.FIX + 5]
    track[c.FIX], track[c.FIX + 1], track[c.FIX + 2] = mid, mid_x, mid_y
    track[c.FIX + 3], track[c.FIX + 4], track[c.FIX + 5] = at, x, y
    share = (mid - before) / (at - before)
    off = length(mid_x - before_x - share * (x - before_x), mid_y - before_y - share * (y - before_y))
    near_s = min(at - mid, mid - before) / _SECOND
    beyond = min(config[c.MAX_ACCURACY], max(0.0, off - config[c.SCATTER_SLACK] * near_s))
    gain = min(_MOST_GAIN, (at - mid) / _SECOND / config[c.SCATTER_S])
    track[c.SCATTER] += gain * (beyond - track[c.SCATTER])


@part
def _smooth(track: Floats, at: float, x: float, y: float, accuracy: float, config: Floats) -> None:
    noise = (accuracy / RADIUS_68) ** config[c.SQUARE]
    if track[c.VARIANCE] == inf:
        track[c.PLACE_X], track[c.PLACE_Y], track[c.VARIANCE] = x, y, noise
    else:
        before = track[c.VARIANCE] + config[c.WALKING_SPEED_SQUARED] * (at - track[c.PLACED]) / _SECOND
        gain = before / (before + noise)
        off = length(x - track[c.PLACE_X], y - track[c.PLACE_Y])
        most = config[c.OFF_DEVIATIONS] * sqrt(before + noise)
        share = gain if off <= most else gain * most / off
        track[c.PLACE_X] += share * (x - track[c.PLACE_X])
        track[c.PLACE_Y] += share * (y - track[c.PLACE_Y])
        track[c.VARIANCE] = (1.0 - gain) * before
    track[c.PLACED], track[c.ACCURACY] = at, accuracy


@part
def _step(track: Floats, rows: Rows, at: float, config: Floats) -> Any:
    # Neighbouring errors of a receiver are alike, so smoothing takes away less of them than the variance says.
    error, points = track[c.ACCURACY] / RADIUS_68, int(track[c.POINTS])
    if points == 0:
        track[c.BASE] = at
        _keep(track, rows, 0.0, error, config)
        return True
    last = rows[points - 1]
    last_x, last_y, last_error = np.float64(last[X]), np.float64(last[Y]), np.float64(last[ERROR])
    if error < last_error / 2:  # a place known badly gives way to one known better
        track[c.POINTS] = points - 1.0
        _keep(track, rows, np.float64(last[T]), error, config)
        return False
    need = max(config[c.MIN_STEP], config[c.STEP_DEVIATIONS] * length(error, last_error))
    if length(track[c.PLACE_X] - last_x, track[c.PLACE_Y] - last_y) < need:
        return False
    _keep(track, rows, (at - track[c.BASE]) / _SECOND, error, config)
    return True


@part
def _keep(track: Floats, rows: Rows, at_s: float, error: float, config: Floats) -> None:
    """Keep the smoothed place as the newest point; the oldest makes room."""
    points = int(track[c.POINTS])
    new = np.empty(WIDE, np.float32)
    new[T], new[X], new[Y], new[ERROR] = at_s, track[c.PLACE_X], track[c.PLACE_Y], error
    passed_before(rows[:points], new)
    if points >= config[c.MOST_POINTS]:
        for i in range(points - 1):
            rows[i] = rows[i + 1]
        points -= 1
    rows[points] = new
    track[c.POINTS] = points + 1.0
    if at_s > _BASE_S:  # single precision tells hundredths of a second only so far from the base
        early_s = int(rows[0, T])
        for i in range(points + 1):
            rows[i, T] -= np.float32(early_s)
        track[c.BASE] += early_s * _SECOND


@kernel(
    written(types.float64, 1), written(types.float32, 2), types.float64, types.float64, types.float64, types.float64,
    types.boolean, types.boolean, read(types.float64, 1),
)  # fmt: skip
def take(
    track: Floats, rows: Rows, at: float, x: float, y: float, accuracy: float, told: bool, degrees: bool,
    config: Floats,
) -> Any:  # fmt: skip
    """Add a fix at ``at`` microseconds to a track; return whether the way got a new point.

    ``track`` (NUMBERS,), ``config``: as detectors.kernels.track_columns lays them; ``rows`` (k, WIDE): its points, with
    room for one more, or as many as the settings keep. ``told``: whether the receiver told an accuracy.
    """
    if told and not 0.0 < accuracy <= config[c.MAX_ACCURACY]:
        return False
    if at <= track[c.LAST]:
        return False
    gone_s = (at - track[c.LAST]) / _SECOND if track[c.KNOWN] != 0.0 else inf
    if gone_s > config[c.GAP_S] or degrees != (track[c.DEGREES] != 0.0):
        _begin(track)
        gone_s = inf
    if track[c.KNOWN] == 0.0:
        track[c.KNOWN], track[c.ORIGIN_X], track[c.ORIGIN_Y] = 1.0, x, y
        track[c.DEGREES], track[c.EAST] = (1.0, cos(radians(y))) if degrees else (0.0, 1.0)
    x, y = x - track[c.ORIGIN_X], y - track[c.ORIGIN_Y]
    if degrees:
        x = (x + 180.0) % 360.0 - 180.0
        x, y = x * DEGREE_M * track[c.EAST], y * DEGREE_M
    if gone_s <= config[c.GAP_S]:
        interval = track[c.INTERVAL]
        track[c.INTERVAL] = gone_s if interval == 0.0 else 0.9 * interval + 0.1 * gone_s
    track[c.LAST] = at
    if _rides(track, at, x, y, _accuracy(track, accuracy, told, degrees, config), config):
        return False
    _learn_scatter(track, at, x, y, config)
    track[c.FAR] = max(track[c.FAR], length(x, y))
    _smooth(track, at, x, y, _accuracy(track, accuracy, told, degrees, config), config)
    return _step(track, rows, at, config)
