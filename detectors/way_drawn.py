"""The way that somebody took, for people to see: what is not believed left out, standing in one place drawn once, and
how often each stretch was passed.

The same positions as the detector judges, but drawn from when it began on until now: rides are shown and not cut away,
since who got on a bus is looked for at its stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from detectors.tracks import Fix, TrackConfig
from detectors.whereabouts_trust import RADIUS_68, WALK_MS, WORST_M, Spot, Trust, believe, error_of, speed
from schemas.ground import metres

_SECOND = 1_000_000
#: Most points of a picture: more lie closer than a screen shows.
MOST_POINTS = 300
#: After so long without a position nobody knows the way in between: no line is drawn as walked.
SILENT_S = 600.0
_TRACK = TrackConfig()


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A place on the way, metres from the origin; there from ``at_us`` until ``until_us``, as far as positions tell.

    ``passes``: how often the way came by here since it began, 1: once. ``rides``: it was come to faster than on foot.
    ``silent``: it was come to after a long silence.
    """

    at_us: int
    until_us: int
    x: float
    y: float
    error_m: float
    passes: int = 1
    rides: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A way as points, and how many positions were left out: too inexact, jumps, standing, and for want of room."""

    points: tuple[DrawnPoint, ...]
    inexact: int = 0
    jumps: int = 0
    standing: int = 0
    thinned: int = 0


def drawn(fixes: Sequence[Fix], origin: tuple[float, float], since_us: int, most: int = MOST_POINTS) -> Drawn:
    """Return the way through fixes of one kind (degrees, or a building's metres), in metres from ``origin``.

    Places are counted as passed again from ``since_us`` on: what was walked before it began is no revisiting.
    """
    spots, inexact = _spots(fixes, origin)
    outdoors = bool(fixes) and fixes[0].degrees
    believed = _believed(spots) if outdoors else spots
    points = _stepped(believed)
    standing = len(believed) - len(points)
    kept = _thinned(points, most)
    return Drawn(_counted(kept, since_us), inexact, len(spots) - len(believed), standing, len(points) - len(kept))


def _spots(fixes: Sequence[Fix], origin: tuple[float, float]) -> tuple[list[Spot], int]:
    """Return usable fixes as spots in order of time, each moment once, and how many were too inexact."""
    spots: list[Spot] = []
    inexact = 0
    for fix in sorted(fixes, key=lambda fix: fix.at_us):
        error = error_of(fix.accuracy_m) if fix.degrees else fix.accuracy_m or _TRACK.indoor_accuracy_m
        if error > WORST_M:
            inexact += 1
        elif not spots or fix.at_us > spots[-1].at_us:
            x, y = metres(origin, (fix.x, fix.y)) if fix.degrees else (fix.x - origin[0], fix.y - origin[1])
            spots.append(Spot(fix.at_us, x, y, error))
    return spots, inexact


def _believed(spots: Sequence[Spot]) -> list[Spot]:
    trust = Trust()
    return [each for spot in spots for each in believe(trust, spot)]


def _stepped(spots: Sequence[Spot]) -> list[DrawnPoint]:
    """Return a point for each place that lies beyond what the errors explain from the one before (detectors.tracks)."""
    points: list[DrawnPoint] = []
    for spot in spots:
        last = points[-1] if points else None
        if last is not None:
            need = _TRACK.step_deviations * hypot(last.error_m, spot.error_m) / RADIUS_68
            if hypot(spot.x - last.x, spot.y - last.y) < max(_TRACK.min_step_m, need):
                better = replace(last, x=spot.x, y=spot.y, error_m=spot.error_m)
                keep = last if spot.error_m >= last.error_m / 2 else better
                points[-1] = replace(keep, until_us=spot.at_us)
                continue
        points.append(_point(spot, last))
    return points


def _point(spot: Spot, last: DrawnPoint | None) -> DrawnPoint:
    if last is None:
        return DrawnPoint(spot.at_us, spot.at_us, spot.x, spot.y, spot.error_m)
    silent = spot.at_us - last.until_us > SILENT_S * _SECOND
    fast = speed(Spot(last.until_us, last.x, last.y, last.error_m), spot) > WALK_MS
    return DrawnPoint(spot.at_us, spot.at_us, spot.x, spot.y, spot.error_m, rides=fast and not silent, silent=silent)


def _thinned(points: list[DrawnPoint], most: int) -> list[DrawnPoint]:
    """Return at most ``most`` points, evenly, with the first and the last: the last is where to look first."""
    if len(points) <= most:
        return points
    return [points[round(k * (len(points) - 1) / (most - 1))] for k in range(most)]


def _counted(points: list[DrawnPoint], since_us: int) -> tuple[DrawnPoint, ...]:
    """Return the points with how often the way passed each; as detectors.tracks.passes counts, but place by place."""
    first = next((k for k, point in enumerate(points) if point.until_us >= since_us), len(points))
    part = points[first:]
    if not part:
        return tuple(points)
    x, y = np.array([point.x for point in part]), np.array([point.y for point in part])
    extent = hypot(float(np.ptp(x)), float(np.ptp(y)))
    reach = max(0.1 * extent, 3 * float(np.median([point.error_m for point in part])) / RADIUS_68)
    near = np.square(x[:, None] - x) + np.square(y[:, None] - y) <= reach * reach
    entries = np.count_nonzero(near[:, 1:] & ~near[:, :-1], axis=1) + near[:, 0]
    return (*points[:first], *(replace(point, passes=int(n)) for point, n in zip(part, entries, strict=True)))
