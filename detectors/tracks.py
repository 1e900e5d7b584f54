"""The way that somebody walked, from positions with errors: drift while standing taken out, riding cut away.

A fix is smoothed by how far it can be trusted, and a new point of the way is set only when the smoothed place has left
the last point by more than the error explains. So a person who stands makes no way, however the receiver wanders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians, sqrt
from struct import Struct

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.kernels import way_rows as ways

Floats = NDArray[np.float64]

_SECOND = 1_000_000
#: Metres of one degree of latitude (mean meridian, WGS 84).
_DEGREE_M = 111_195.0
#: Reported accuracy is the radius of 68 % of fixes; the deviation along one axis is that over 1.51 (Rayleigh).
_RADIUS_68 = 1.51
#: Places known better than this come from a positioning system in a building: no receiver outdoors claims it honestly.
ROOM_ACCURACY_M = 1.5
#: A fix has two neighbours; one fix that lies off counts at most so much.
_NEIGHBOURS, _MOST_GAIN = 2, 0.5
#: Points are kept in single precision, counted from a base that moves on when they are so many seconds from it.
_BASE_S = 50_000.0
_ROW_BYTES = 4 * ways.WIDE
#: The last point is read at each fix: by itself, as an array of all points costs more than what is done with it.
_LAST = Struct("=4f")


@dataclass(frozen=True, slots=True)
class TrackConfig:
    """How positions become a way. Metres, seconds, metres a second.

    ``max_accuracy_m``: fixes worse than this say nothing about walking. ``default_accuracy_m``: of GPS that tells
    none. Local coordinates without accuracy that come more often than each ``indoor_interval_s``, and so far lie within
    ``indoor_far_m`` of each other and scatter by less than ``indoor_scatter_m``, are from a positioning system in a
    building, good to ``indoor_accuracy_m`` (UWB is good to 0.1-0.3 m, more beside walls); others are taken for GPS.
    ``min_step_m``: the shortest step of a way. ``step_deviations``: how many deviations of the fix a step must exceed.
    ``walking_speed``: what the smoothing expects; a fix further off than ``off_deviations`` moves it no more than one
    that is just so far off. ``scatter_s``, ``scatter_times``, ``scatter_slack``: the error is at least so many times
    what fixes lie off the line between their neighbours, learnt over so long, beyond what turning at a walk explains
    (metres for each second between them). ``riding_speed``: faster than this over ``riding_s`` is not walking (old
    people walk at up to 1.5, runners at 3). ``gap_s``: a longer silence ends the way. ``points``: how many points of a
    way are kept: half an hour outdoors, in 6.5 kB.
    """

    max_accuracy_m: float = 100.0
    default_accuracy_m: float = 5.0
    indoor_interval_s: float = 2.0
    indoor_far_m: float = 40.0
    indoor_scatter_m: float = 0.5
    indoor_accuracy_m: float = 0.5
    min_step_m: float = 0.5
    step_deviations: float = 2.0
    walking_speed: float = 0.8
    off_deviations: float = 3.0
    scatter_s: float = 90.0
    scatter_times: float = 2.0
    scatter_slack: float = 1.2
    riding_speed: float = 3.0
    riding_s: float = 15.0
    gap_s: float = 600.0
    points: int = 180


class Fix(msgspec.Struct, frozen=True, gc=False):
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

    kept: bytes = b""  # the points of the way, as detectors.kernels.way_rows lays them out, seconds from ``base_us``
    base_us: int = 0
    origin: tuple[float, float] | None = None
    degrees: bool = False
    last_us: int = 0  # event time of the last fix taken
    placed_us: int = 0  # event time of the last fix that moved the smoothed place
    x: float = 0.0  # that place and its variance
    y: float = 0.0
    variance: float = inf
    accuracy_m: float = 0.0
    interval_s: float = 0.0  # smoothed time between fixes
    scatter_m: float = 0.0  # how far fixes lie off the line between their neighbours
    far_m: float = 0.0  # how far from the first fix the furthest lay
    fixes: list[tuple[int, float, float]] = []  # the last two: at, x, y
    anchors: list[tuple[int, float, float, float]] = []  # at, x, y, accuracy: for speed
    fast_since_us: int = 0  # since when it goes faster than a walk; 0: it does not

    @property
    def rows(self) -> ways.Rows:
        """The points of the way as ``detectors.kernels.way_rows`` lays them: (n, WIDE), not to be written into."""
        return np.frombuffer(self.kept, np.float32).reshape(-1, ways.WIDE)

    @property
    def points(self) -> list[Point]:
        """The points of the way."""
        return [Point(self.base_us + round(t * _SECOND), x, y, error) for t, x, y, error in self.rows[:, :4].tolist()]

    def forget(self) -> None:
        """Forget the way so far."""
        self.kept = b""


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
    track.last_us = fix.at_us
    if _rides(track, fix.at_us, x, y, _accuracy(track, fix, config), config):
        return False
    _learn_scatter(track, fix.at_us, x, y, config)
    track.far_m = max(track.far_m, hypot(x, y))
    accuracy = _accuracy(track, fix, config)
    _smooth(track, fix.at_us, x, y, accuracy, config)
    return _step(track, fix.at_us, config)


def indoors(track: Track, config: TrackConfig) -> bool:
    """Whether the places are known as well as only a positioning system in a building knows them."""
    return track.accuracy_m < ROOM_ACCURACY_M and track.far_m < config.indoor_far_m


def _begin(track: Track) -> None:
    track.forget()
    track.anchors.clear()
    track.fixes = []
    track.origin, track.variance, track.fast_since_us = None, inf, 0
    track.interval_s = track.far_m = 0.0


def _local(track: Track, fix: Fix) -> tuple[float, float]:
    if track.origin is None:
        track.origin, track.degrees = (fix.x, fix.y), fix.degrees
    x, y = fix.x - track.origin[0], fix.y - track.origin[1]
    if not fix.degrees:
        return x, y
    x = (x + 180.0) % 360.0 - 180.0
    return x * _DEGREE_M * cos(radians(track.origin[1])), y * _DEGREE_M


def _accuracy(track: Track, fix: Fix, config: TrackConfig) -> float:
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


def _learn_scatter(track: Track, at_us: int, x: float, y: float, config: TrackConfig) -> None:
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


def _rides(track: Track, at_us: int, x: float, y: float, accuracy: float, config: TrackConfig) -> bool:
    """Whether the fix is too far away for a walk: a jump of the receiver is left out, a ride ends the way."""
    anchors = track.anchors
    if anchors:
        back = next((a for a in reversed(anchors) if at_us - a[0] >= config.riding_s * _SECOND), anchors[0])
        far = hypot(x - back[1], y - back[2]) - accuracy - back[3]
        if far > config.riding_speed * max(1.0, (at_us - back[0]) / _SECOND):
            track.fast_since_us = track.fast_since_us or at_us
            if at_us - track.fast_since_us >= config.riding_s * _SECOND:
                track.forget()
                track.fixes = []
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
        off, most = hypot(x - track.x, y - track.y), config.off_deviations * sqrt(before + noise)
        share = gain if off <= most else gain * most / off
        track.x += share * (x - track.x)
        track.y += share * (y - track.y)
        track.variance = (1 - gain) * before
    track.placed_us, track.accuracy_m = at_us, accuracy


def _step(track: Track, at_us: int, config: TrackConfig) -> bool:
    # Neighbouring errors of a receiver are alike, so smoothing takes away less of them than the variance says.
    error = track.accuracy_m / _RADIUS_68
    if not track.kept:
        track.base_us = at_us
        _keep(track, 0.0, error, config)
        return True
    then_s, last_x, last_y, last_error = _LAST.unpack_from(track.kept, len(track.kept) - _ROW_BYTES)
    if error < last_error / 2:  # a place known badly gives way to one known better
        track.kept = track.kept[:-_ROW_BYTES]
        _keep(track, then_s, error, config)
        return False
    need = max(config.min_step_m, config.step_deviations * hypot(error, last_error))
    if hypot(track.x - last_x, track.y - last_y) < need:
        return False
    _keep(track, (at_us - track.base_us) / _SECOND, error, config)
    return True


def _keep(track: Track, at_s: float, error: float, config: TrackConfig) -> None:
    """Keep the smoothed place as the newest point."""
    new = np.empty(ways.WIDE, np.float32)
    new[:4] = at_s, track.x, track.y, error
    ways.look_back()(track.rows, new)
    track.kept = track.kept[-(config.points - 1) * _ROW_BYTES :] + new.tobytes()
    if at_s > _BASE_S:  # single precision tells hundredths of a second only so far from the base
        rows = track.rows.copy()
        early_s = int(rows[0, ways.T])
        rows[:, ways.T] -= early_s
        track.base_us += early_s * _SECOND
        track.kept = rows.tobytes()


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
