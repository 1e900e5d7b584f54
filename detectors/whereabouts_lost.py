"""Signs that somebody does not find the way: round and back again, turns about, stops at crossings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees, hypot

from detectors.tracks import Point, passes, shape, way_of
from detectors.whereabouts_trust import RADIUS_68, Spot

_SECOND = 1_000_000
#: How far back is looked (seconds), and the least way (metres) and points in which signs are looked for.
LOOKED_S, LEAST_WAY_M, LEAST_POINTS = 1200.0, 250.0, 6
#: What each sign says, in parts of enough: a way of 2.2 times its extent alone is enough, so is passing each place
#: twice, or four turns about; or less of several. An errand on foot to somewhere new stays below a half, as made up.
_RATIO, _PASSES, _TURN, _STOP, _FREE_STOPS = 1.2, 1.0, 0.25, 0.15, 2
#: A turn about changes the direction by this much (degrees) between two steps of at least so many metres.
TURN_DEG, STEP_M = 120.0, 30.0
#: Hesitating: so many seconds without a step; longer is sitting down. Two such are lights and a shop window.
STOP_S, SIT_S = 40.0, 300.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What the last minutes on foot show. ``score``: 1 is enough for who hardly ever goes to new places."""

    score: float
    turns: int
    stops: int
    minutes: float


def signs_of(ring: Sequence[Spot]) -> Signs:
    """Return the signs in the last spots of somebody on foot, oldest first."""
    last_us = ring[-1].at_us if ring else 0
    spots = [spot for spot in ring if last_us - spot.at_us <= LOOKED_S * _SECOND]
    if len(spots) < LEAST_POINTS:
        return Signs(0.0, 0, 0, 0.0)
    legs = _legs(spots)
    way = way_of([Point(s.at_us, s.x, s.y, s.error_m / RADIUS_68) for s in spots])
    form = shape(way, 0)
    stops = sum(
        STOP_S * _SECOND <= b.at_us - a.at_us <= SIT_S * _SECOND and hypot(b.x - a.x, b.y - a.y) < STEP_M
        for a, b in pairwise(legs)
    )
    turns, score = _turns(legs), 0.0
    if form.way_m >= LEAST_WAY_M:
        score = max(0.0, form.ratio - 1.0) / _RATIO + (passes(way, 0) - 1.0) / _PASSES
        score += _TURN * turns + _STOP * max(0, stops - _FREE_STOPS)
    return Signs(score, turns, stops, (last_us - spots[0].at_us) / (60 * _SECOND))


def _legs(spots: Sequence[Spot]) -> list[Spot]:
    """Return the spots that are a step beyond error from the one before; and of each stop its last."""
    legs = [spots[0]]
    for before, spot in pairwise(spots):
        step = max(STEP_M, legs[-1].error_m + spot.error_m)
        if hypot(spot.x - legs[-1].x, spot.y - legs[-1].y) >= step:
            if before.at_us - legs[-1].at_us >= STOP_S * _SECOND:
                legs.append(Spot(before.at_us, legs[-1].x, legs[-1].y, before.error_m))
            legs.append(spot)
    return legs


def _turns(legs: Sequence[Spot]) -> int:
    headings = [
        degrees(atan2(b.x - a.x, b.y - a.y)) for a, b in pairwise(legs) if hypot(b.x - a.x, b.y - a.y) >= STEP_M
    ]
    return sum(abs((b - a + 180.0) % 360.0 - 180.0) >= TURN_DEG for a, b in pairwise(headings))
