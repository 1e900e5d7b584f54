"""Slow twin of detectors.kernels.fixes: one fix at a time in plain Python, on a track as snapshots have it."""

from math import cos, hypot, inf, radians, sqrt

import numpy as np

from detectors.kernels import way_rows as ways
from detectors.kernels.fixes import DEGREE_M, RADIUS_68
from detectors.tracks import Fix, Kept, TrackConfig

_SECOND = 1_000_000
_NEIGHBOURS, _MOST_GAIN, _BASE_S = 2, 0.5, 50_000.0
_ROW_BYTES = 4 * ways.WIDE


def _rows(track: Kept) -> ways.Rows:
    return np.frombuffer(track.kept, np.float32).reshape(-1, ways.WIDE)


def take(track: Kept, fix: Fix, config: TrackConfig) -> bool:
    """Add a fix to the track; return whether the way got a new point."""
    if fix.accuracy_m is not None and not 0 < fix.accuracy_m <= config.max_accuracy_m:
        return False
    if fix.at_us <= track.last_us:
        return False
    gone_s = (fix.at_us - track.last_us) / _SECOND if track.origin is not None else inf
    if gone_s > config.gap_s or fix.degrees != track.degrees:
        _begin(track)
        gone_s = inf
    x, y = _local(track, fix)
    if gone_s <= config.gap_s:
        track.interval_s = gone_s if not track.interval_s else 0.9 * track.interval_s + 0.1 * gone_s
    track.last_us = fix.at_us
    if _rides(track, fix.at_us, x, y, _accuracy(track, fix, config), config):
        return False
    _learn_scatter(track, fix.at_us, x, y, config)
    track.far_m = max(track.far_m, hypot(x, y))
    accuracy = _accuracy(track, fix, config)
    _smooth(track, fix.at_us, x, y, accuracy, config)
    return _step(track, fix.at_us, config)


def _begin(track: Kept) -> None:
    track.kept = b""
    track.anchors.clear()
    track.fixes = []
    track.origin, track.variance, track.fast_since_us = None, inf, 0
    track.interval_s = track.far_m = 0.0


def _local(track: Kept, fix: Fix) -> tuple[float, float]:
    if track.origin is None:
        track.origin, track.degrees = (fix.x, fix.y), fix.degrees
    x, y = fix.x - track.origin[0], fix.y - track.origin[1]
    if not fix.degrees:
        return x, y
    x = (x + 180.0) % 360.0 - 180.0
    return x * DEGREE_M * cos(radians(track.origin[1])), y * DEGREE_M


def _accuracy(track: Kept, fix: Fix, config: TrackConfig) -> float:
    least = config.default_accuracy_m
    if fix.accuracy_m is not None:
        least = max(config.indoor_accuracy_m, fix.accuracy_m)
    elif (
        not fix.degrees
        and 0 < track.interval_s < config.indoor_interval_s
        and track.scatter_m < config.indoor_scatter_m
        and track.far_m < config.indoor_far_m
    ):
        least = config.indoor_accuracy_m
    return min(config.max_accuracy_m, max(least, config.scatter_times * track.scatter_m))


def _learn_scatter(track: Kept, at_us: int, x: float, y: float, config: TrackConfig) -> None:
    """Learn, from how far the last fix lies off the line between its neighbours, what a receiver errs by.

    Riding is a line as well, so it is not taken for error, and a jump that no walk explains is left out before.
    """
    known, track.fixes = track.fixes, [*track.fixes[-1:], (at_us, x, y)]
    if len(known) < _NEIGHBOURS:
        return
    (before_us, before_x, before_y), (mid_us, mid_x, mid_y) = known
    share = (mid_us - before_us) / (at_us - before_us)
    off = hypot(mid_x - before_x - share * (x - before_x), mid_y - before_y - share * (y - before_y))
    near_s = min(at_us - mid_us, mid_us - before_us) / _SECOND
    beyond = min(config.max_accuracy_m, max(0.0, off - config.scatter_slack * near_s))
    gain = min(_MOST_GAIN, (at_us - mid_us) / _SECOND / config.scatter_s)
    track.scatter_m += gain * (beyond - track.scatter_m)


def _rides(track: Kept, at_us: int, x: float, y: float, accuracy: float, config: TrackConfig) -> bool:
    """Whether the fix is too far away for a walk: a jump of the receiver is left out, a ride ends the way."""
    anchors = track.anchors
    if anchors:
        back = next((a for a in reversed(anchors) if at_us - a[0] >= config.riding_s * _SECOND), anchors[0])
        far = hypot(x - back[1], y - back[2]) - accuracy - back[3]
        if far > config.riding_speed * max(1.0, (at_us - back[0]) / _SECOND):
            track.fast_since_us = track.fast_since_us or at_us
            if at_us - track.fast_since_us >= config.riding_s * _SECOND:
                track.kept = b""
                track.fixes = []
                track.variance, track.fast_since_us = inf, 0
                anchors[:] = [(at_us, x, y, accuracy)]
            return True
    track.fast_since_us = 0
    if not anchors or at_us - anchors[-1][0] >= config.riding_s / 3 * _SECOND:
        anchors.append((at_us, x, y, accuracy))
        del anchors[:-5]
    return False


def _smooth(track: Kept, at_us: int, x: float, y: float, accuracy: float, config: TrackConfig) -> None:
    noise = (accuracy / RADIUS_68) ** 2
    if track.variance == inf:
        track.x, track.y, track.variance = x, y, noise
    else:
        before = track.variance + config.walking_speed**2 * (at_us - track.placed_us) / _SECOND
        gain = before / (before + noise)
        off, most = hypot(x - track.x, y - track.y), config.off_deviations * sqrt(before + noise)
        share = gain if off <= most else gain * most / off
        track.x += share * (x - track.x)
        track.y += share * (y - track.y)
        track.variance = (1 - gain) * before
    track.placed_us, track.accuracy_m = at_us, accuracy


def _step(track: Kept, at_us: int, config: TrackConfig) -> bool:
    # Neighbouring errors of a receiver are alike, so smoothing takes away less of them than the variance says.
    error = track.accuracy_m / RADIUS_68
    if not track.kept:
        track.base_us = at_us
        _keep(track, 0.0, error, config)
        return True
    then_s, last_x, last_y, last_error = _rows(track)[-1, :4].tolist()
    if error < last_error / 2:  # a place known badly gives way to one known better
        track.kept = track.kept[:-_ROW_BYTES]
        _keep(track, then_s, error, config)
        return False
    need = max(config.min_step_m, config.step_deviations * hypot(error, last_error))
    if hypot(track.x - last_x, track.y - last_y) < need:
        return False
    _keep(track, (at_us - track.base_us) / _SECOND, error, config)
    return True


def _keep(track: Kept, at_s: float, error: float, config: TrackConfig) -> None:
    """Keep the smoothed place as the newest point."""
    new = np.empty(ways.WIDE, np.float32)
    new[:4] = at_s, track.x, track.y, error
    ways.look_back()(_rows(track), new)
    track.kept = track.kept[-(config.points - 1) * _ROW_BYTES :] + new.tobytes()
    if at_s > _BASE_S:  # single precision tells hundredths of a second only so far from the base
        rows = _rows(track).copy()
        early_s = int(rows[0, ways.T])
        rows[:, ways.T] -= early_s
        track.base_us += early_s * _SECOND
        track.kept = rows.tobytes()
