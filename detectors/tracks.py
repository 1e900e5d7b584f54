"""The way that somebody walked, from positions with errors: drift while standing taken out, riding cut away.

A fix is smoothed by how far it can be trusted, and a new point of the way is set only when the smoothed place has left
the last point by more than the error explains. So a person who stands makes no way, however the receiver wanders.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import cos, hypot, inf, radians

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.kernels import track_columns as c
from detectors.kernels import way_rows as ways

Floats = NDArray[np.float64]

_SECOND = 1_000_000
#: Places known better than this come from a positioning system in a building: no receiver outdoors claims it honestly.
ROOM_ACCURACY_M = 1.5
#: Points that there is room for at first; who stands has few.
_FIRST_ROWS = 8


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
    numbers: Floats = field(init=False, repr=False, compare=False)  # the same, as the kernel has them

    def __post_init__(self) -> None:
        numbers = (
            self.max_accuracy_m, self.default_accuracy_m, self.indoor_interval_s, self.indoor_far_m,
            self.indoor_scatter_m, self.indoor_accuracy_m, self.min_step_m, self.step_deviations,
            self.walking_speed**2, self.off_deviations, self.scatter_s, self.scatter_times, self.scatter_slack,
            self.riding_speed, self.riding_s * _SECOND, self.riding_s / 3 * _SECOND, self.gap_s,
            float(self.points), 2.0,
        )  # fmt: skip
        object.__setattr__(self, "numbers", np.array(numbers))


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


class Kept(msgspec.Struct, array_like=True):
    """A track as snapshots have it. All lengths in metres from ``origin``, the first fix."""

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


class Track:
    """What is remembered of one person's positions: a row of numbers and the points of the way, for the kernel.

    Nothing is laid out before the first position: most homes have none.
    """

    __slots__ = ("_numbers", "_rows")

    def __init__(self) -> None:
        self._numbers: Floats | None = None
        self._rows: ways.Rows | None = None

    @property
    def rows(self) -> ways.Rows:
        """The points of the way as ``detectors.kernels.way_rows`` lays them: (n, WIDE), not to be written into."""
        if self._numbers is None or self._rows is None:
            return np.empty((0, ways.WIDE), np.float32)
        return self._rows[: int(self._numbers[c.POINTS])]

    @property
    def points(self) -> list[Point]:
        """The points of the way."""
        base_us = round(self._told(c.BASE))
        return [Point(base_us + round(t * _SECOND), x, y, error) for t, x, y, error in self.rows[:, :4].tolist()]

    @property
    def accuracy_m(self) -> float:
        """How well the last fix was known."""
        return self._told(c.ACCURACY)

    @property
    def scatter_m(self) -> float:
        """How far fixes lie off the line between their neighbours."""
        return self._told(c.SCATTER)

    @property
    def far_m(self) -> float:
        """How far from the first fix the furthest lay."""
        return self._told(c.FAR)

    def forget(self) -> None:
        """Forget the way so far."""
        if self._numbers is not None:
            self._numbers[c.POINTS] = 0.0

    def take(self, fix: Fix, config: TrackConfig) -> bool:
        """Add a fix; return whether the way got a new point."""
        numbers, rows = self._numbers, self._rows
        if numbers is None or rows is None:
            numbers, rows = self._lay_out()
        told = fix.accuracy_m is not None
        accuracy = 0.0 if fix.accuracy_m is None else float(fix.accuracy_m)
        at, x, y = float(fix.at_us), float(fix.x), float(fix.y)
        if not take_fix()(numbers, rows, at, x, y, accuracy, told, fix.degrees, config.numbers):
            return False
        if len(rows) < config.points and numbers[c.POINTS] == len(rows):
            self._rows = np.empty((min(config.points, 2 * len(rows)), ways.WIDE), np.float32)
            self._rows[: len(rows)] = rows
        return True

    def kept(self) -> Kept:
        """Return the track as snapshots have it."""
        if self._numbers is None:
            return Kept()
        told = self._numbers.tolist()
        fixes, anchors = (
            [tuple(told[at : at + wide]) for at in range(first, first + wide * int(told[count]), wide)]
            for first, wide, count in ((c.FIX, c.FIX_WIDE, c.FIXES), (c.ANCHOR, c.ANCHOR_WIDE, c.ANCHORS))
        )
        return Kept(
            kept=self.rows.tobytes(),
            base_us=int(told[c.BASE]),
            origin=(told[c.ORIGIN_X], told[c.ORIGIN_Y]) if told[c.KNOWN] else None,
            degrees=bool(told[c.DEGREES]),
            last_us=int(told[c.LAST]),
            placed_us=int(told[c.PLACED]),
            x=told[c.PLACE_X],
            y=told[c.PLACE_Y],
            variance=told[c.VARIANCE],
            accuracy_m=told[c.ACCURACY],
            interval_s=told[c.INTERVAL],
            scatter_m=told[c.SCATTER],
            far_m=told[c.FAR],
            fixes=[(int(at), x, y) for at, x, y in fixes],
            anchors=[(int(at), x, y, accuracy) for at, x, y, accuracy in anchors],
            fast_since_us=int(told[c.FAST]),
        )

    @classmethod
    def of(cls, kept: Kept) -> "Track":
        """Return the track of a snapshot."""
        track = cls()
        if kept == _NOTHING:
            return track
        numbers, _ = track._lay_out()
        rows = np.frombuffer(kept.kept, np.float32).reshape(-1, ways.WIDE)
        track._rows = np.empty((max(_FIRST_ROWS, len(rows) + 1), ways.WIDE), np.float32)
        track._rows[: len(rows)] = rows
        if kept.origin is not None:
            east = cos(radians(kept.origin[1])) if kept.degrees else 1.0
            numbers[[c.KNOWN, c.ORIGIN_X, c.ORIGIN_Y, c.EAST]] = 1.0, *kept.origin, east
        numbers[[c.DEGREES, c.LAST, c.PLACED, c.BASE, c.FAST, c.POINTS, c.FIXES, c.ANCHORS]] = (
            kept.degrees, kept.last_us, kept.placed_us, kept.base_us, kept.fast_since_us, len(rows),
            len(kept.fixes[-c.FIXES_KEPT :]), len(kept.anchors[-c.ANCHORS_KEPT :]),
        )  # fmt: skip
        numbers[c.PLACE_X : c.FAR + 1] = (
            kept.x, kept.y, kept.variance, kept.accuracy_m, kept.interval_s, kept.scatter_m, kept.far_m,
        )  # fmt: skip
        fixes = [each for fix in kept.fixes[-c.FIXES_KEPT :] for each in fix]
        anchors = [each for anchor in kept.anchors[-c.ANCHORS_KEPT :] for each in anchor]
        numbers[c.FIX : c.FIX + len(fixes)] = fixes
        numbers[c.ANCHOR : c.ANCHOR + len(anchors)] = anchors
        return track

    def _lay_out(self) -> tuple[Floats, ways.Rows]:
        self._numbers, self._rows = np.zeros(c.NUMBERS), np.empty((_FIRST_ROWS, ways.WIDE), np.float32)
        self._numbers[c.VARIANCE] = inf
        return self._numbers, self._rows

    def _told(self, number: int) -> float:
        return 0.0 if self._numbers is None else float(self._numbers[number])


_NOTHING = Kept()


@cache
def take_fix() -> Callable[..., bool]:
    """Return the kernel that takes a fix; loaded, with numba, when the first position comes."""
    from detectors.kernels.fixes import take as kernel  # noqa: PLC0415  # numba

    return kernel


def take(track: Track, fix: Fix, config: TrackConfig) -> bool:
    """Add a fix to the track; return whether the way got a new point."""
    return track.take(fix, config)


def indoors(track: Track, config: TrackConfig) -> bool:
    """Whether the places are known as well as only a positioning system in a building knows them."""
    return track.accuracy_m < ROOM_ACCURACY_M and track.far_m < config.indoor_far_m


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
