"""The way that somebody walked, from positions with errors: drift while standing taken out, riding cut away.

A fix is smoothed by how far it can be trusted, and a new point of the way is set only when the smoothed place has left
the last point by more than the error explains. So a person who stands makes no way, however the receiver wanders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SECOND = 1_000_000
#: Metres of one degree of latitude (mean meridian, WGS 84).
_DEGREE_M = 111_195.0
#: Reported accuracy is the radius of 68 % of fixes; the deviation along one axis is that over 1.51 (Rayleigh).
_RADIUS_68 = 1.51


@dataclass(frozen=True, slots=True)
class TrackConfig:
    """How positions become a way. Metres, seconds, metres a second.

    ``max_accuracy_m``: fixes worse than this say nothing about walking. ``default_accuracy_m``: of GPS that tells
    none. Local coordinates without accuracy that come more often than each ``indoor_interval_s`` are from a
    positioning system in a building, good to ``indoor_accuracy_m`` (UWB is good to 0.1-0.3 m, more beside walls);
    slower ones are taken for GPS. ``min_step_m``: the shortest step of a way. ``step_deviations``: how many
    deviations of the fix a step must exceed. ``walking_speed``: what the smoothing expects. Of a receiver that tells
    none, the error is learnt by ``scatter_gain`` a fix: ``scatter_times`` what its fixes lie on average beyond where
    ``brisk_speed`` would lead. ``riding_speed``: faster than this over ``riding_s`` is not walking (old people walk at
    up to 1.5, runners at 3). ``gap_s``: a longer silence ends the way. ``points``: how many points of a way are kept:
    a quarter of an hour outdoors, in 5 kB.
    """

    max_accuracy_m: float = 100.0
    default_accuracy_m: float = 5.0
    indoor_interval_s: float = 2.0
    indoor_accuracy_m: float = 0.5
    min_step_m: float = 0.5
    step_deviations: float = 2.0
    walking_speed: float = 0.8
    brisk_speed: float = 2.5
    scatter_gain: float = 0.05
    scatter_times: float = 2.0
    riding_speed: float = 3.0
    riding_s: float = 15.0
    gap_s: float = 600.0
    points: int = 180


@dataclass(frozen=True, slots=True)
class Fix:
    """One position. ``x``, ``y`` are metres, or degrees longitude and latitude where ``degrees``."""

    at_us: int
    x: float
    y: float
    accuracy_m: float | None
    degrees: bool
    key: str = ""


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One point of a way, metres from the track's origin; ``error_m`` the deviation of the place when it was set."""

    at_us: int
    x: float
    y: float
    error_m: float


class Track(msgspec.Struct, array_like=True):
    """What is remembered of one person's positions. All lengths in metres from ``origin``, the first fix."""

    points: list[Point] = []
    origin: tuple[float, float] | None = None
    degrees: bool = False
    last_us: int = 0  # event time of the last fix taken
    placed_us: int = 0  # event time of the last fix that moved the smoothed place
    x: float = 0.0  # that place and its variance
    y: float = 0.0
    variance: float = inf
    accuracy_m: float = 0.0
    interval_s: float = 0.0  # smoothed time between fixes
    scatter_m: float = 0.0  # how far fixes without accuracy lie from where one could have walked
    anchors: list[tuple[int, float, float, float]] = []  # at, x, y, accuracy: for speed
    fast_since_us: int = 0  # since when it goes faster than a walk; 0: it does not


def take(track: Track, fix: Fix, config: TrackConfig) -> bool:
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
    if fix.accuracy_m is None:
        _learn_scatter(track, hypot(x - track.x, y - track.y), gone_s, config)
    accuracy = _accuracy(track, fix, config)
    track.last_us = fix.at_us
    if _rides(track, fix.at_us, x, y, accuracy, config):
        return False
    _smooth(track, fix.at_us, x, y, accuracy, config)
    return _step(track, fix.at_us, config)


def _begin(track: Track) -> None:
    track.points.clear()
    track.anchors.clear()
    track.origin, track.variance, track.fast_since_us = None, inf, 0
    track.interval_s = 0.0


def _local(track: Track, fix: Fix) -> tuple[float, float]:
    if track.origin is None:
        track.origin, track.degrees = (fix.x, fix.y), fix.degrees
    x, y = fix.x - track.origin[0], fix.y - track.origin[1]
    if not fix.degrees:
        return x, y
    x = (x + 180.0) % 360.0 - 180.0
    return x * _DEGREE_M * cos(radians(track.origin[1])), y * _DEGREE_M


def _accuracy(track: Track, fix: Fix, config: TrackConfig) -> float:
    if fix.accuracy_m is not None:
        return max(config.indoor_accuracy_m, fix.accuracy_m)
    indoors = not fix.degrees and 0 < track.interval_s < config.indoor_interval_s
    least = config.indoor_accuracy_m if indoors else config.default_accuracy_m
    return min(config.max_accuracy_m, max(least, config.scatter_times * track.scatter_m))


def _learn_scatter(track: Track, miss_m: float, gone_s: float, config: TrackConfig) -> None:
    """Learn from how far fixes lie from where one could have walked what a receiver does not tell of its error."""
    if track.variance == inf:
        return
    beyond = min(config.max_accuracy_m, max(0.0, miss_m - config.brisk_speed * gone_s))
    track.scatter_m += config.scatter_gain * (beyond - track.scatter_m)


def _rides(track: Track, at_us: int, x: float, y: float, accuracy: float, config: TrackConfig) -> bool:
    """Whether the fix is too far away for a walk: a jump of the receiver is left out, a ride ends the way."""
    anchors = track.anchors
    if anchors:
        back = next((a for a in reversed(anchors) if at_us - a[0] >= config.riding_s * _SECOND), anchors[0])
        far = hypot(x - back[1], y - back[2]) - accuracy - back[3]
        if far > config.riding_speed * max(1.0, (at_us - back[0]) / _SECOND):
            track.fast_since_us = track.fast_since_us or at_us
            if at_us - track.fast_since_us >= config.riding_s * _SECOND:
                track.points.clear()
                track.variance, track.fast_since_us = inf, 0
                anchors[:] = [(at_us, x, y, accuracy)]
            return True
    track.fast_since_us = 0
    if not anchors or at_us - anchors[-1][0] >= config.riding_s / 3 * _SECOND:
        anchors.append((at_us, x, y, accuracy))
        del anchors[:-5]
    return False


def _smooth(track: Track, at_us: int, x: float, y: float, accuracy: float, config: TrackConfig) -> None:
    noise = (accuracy / _RADIUS_68) ** 2
    if track.variance == inf:
        track.x, track.y, track.variance = x, y, noise
    else:
        before = track.variance + config.walking_speed**2 * (at_us - track.placed_us) / _SECOND
        gain = before / (before + noise)
        track.x += gain * (x - track.x)
        track.y += gain * (y - track.y)
        track.variance = (1 - gain) * before
    track.placed_us, track.accuracy_m = at_us, accuracy


def _step(track: Track, at_us: int, config: TrackConfig) -> bool:
    # Neighbouring errors of a receiver are alike, so smoothing takes away less of them than the variance says.
    error = track.accuracy_m / _RADIUS_68
    if track.points:
        last = track.points[-1]
        if error < last.error_m / 2:  # a place known badly gives way to one known better
            track.points[-1] = Point(last.at_us, track.x, track.y, error)
            return False
        need = max(config.min_step_m, config.step_deviations * hypot(error, last.error_m))
        if hypot(track.x - last.x, track.y - last.y) < need:
            return False
    track.points.append(Point(at_us, track.x, track.y, error))
    del track.points[: -config.points]
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The points of a way as arrays: microseconds, metres, metres; ``gone_m`` is the way walked up to each point."""

    at_us: NDArray[np.int64]
    x: Floats
    y: Floats
    error_m: Floats
    gone_m: Floats

    def first(self, seconds: float) -> int:
        """Return the index of the first point within ``seconds`` before the last."""
        return int(np.searchsorted(self.at_us, self.at_us[-1] - int(seconds * _SECOND)))


def way_of(points: Sequence[Point]) -> Way:
    """Return points, at least one, as a way."""
    x, y = np.array([p.x for p in points]), np.array([p.y for p in points])
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return Way(np.array([p.at_us for p in points]), x, y, np.array([p.error_m for p in points]), gone)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the last part of a way looks like. ``since_us``: its first point. Metres, seconds.

    ``way_m``: how far was walked. ``extent_m``: the diagonal of the box around it. ``ratio``: way over extent, which is
    widened by the error of the places.
    """

    since_us: int
    seconds: float
    way_m: float
    extent_m: float
    ratio: float


def shape(way: Way, first: int) -> Shape:
    """Return the shape of a way from its point ``first`` on."""
    x, y = way.x[first:], way.y[first:]
    walked = float(way.gone_m[-1] - way.gone_m[first])
    extent = hypot(float(x.max() - x.min()), float(y.max() - y.min()))
    since_us = int(way.at_us[first])
    wide = extent + 2 * float(way.error_m[first:].max())
    return Shape(since_us, (int(way.at_us[-1]) - since_us) / _SECOND, walked, extent, walked / wide)


def passes(way: Way, first: int) -> float:
    """Return how often, on average, a place of the way from its point ``first`` on was passed, each time anew.

    A place is passed anew when the way had left its neighbourhood: a tenth of the extent, or what the error explains.
    """
    x, y = way.x[first:], way.y[first:]
    reach = max(0.1 * hypot(x.max() - x.min(), y.max() - y.min()), 3 * float(way.error_m[first:].max()))
    near = np.square(x[:, None] - x) + np.square(y[:, None] - y) <= reach * reach
    entries = np.count_nonzero(near[:, 1:] & ~near[:, :-1]) + np.count_nonzero(near[:, 0])
    return float(entries) / len(x)
