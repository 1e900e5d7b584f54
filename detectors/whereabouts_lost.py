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
#: Circling: the way is so many times its extent and each place of it was passed so often. An errand there and back is
#: ratio 2 and passes below 2.
RATIO, PASSES = 2.2, 1.6
#: A turn about changes the direction by this much (degrees) between two steps of at least so many metres.
TURN_DEG, STEP_M = 120.0, 30.0
#: Hesitating: so many seconds without a step; longer is sitting down.
STOP_S, SIT_S = 40.0, 300.0
#: So many turns about and so many stops are one sign together.
TURNS, STOPS = 2, 2


@dataclass(frozen=True, slots=True)
class Signs:
    """What the last minutes on foot show. ``count``: how many signs, 0 to 2."""

    circles: bool
    turns: int
    stops: int
    minutes: float

    @property
    def count(self) -> int:
        """Of circling, and of hesitating (turns about and stops)."""
        return self.circles + (self.turns >= TURNS and self.stops >= STOPS)


def signs_of(ring: Sequence[Spot]) -> Signs:
    """Return the signs in the last spots of somebody on foot, oldest first."""
    last_us = ring[-1].at_us if ring else 0
    spots = [spot for spot in ring if last_us - spot.at_us <= LOOKED_S * _SECOND]
    if len(spots) < LEAST_POINTS:
        return Signs(False, 0, 0, 0.0)
    legs = _legs(spots)
    way = way_of([Point(s.at_us, s.x, s.y, s.error_m / RADIUS_68) for s in spots])
    form = shape(way, 0)
    circles = form.way_m >= LEAST_WAY_M and form.ratio >= RATIO and passes(way, 0) >= PASSES
    stops = sum(
        STOP_S * _SECOND <= b.at_us - a.at_us <= SIT_S * _SECOND and hypot(b.x - a.x, b.y - a.y) < STEP_M
        for a, b in pairwise(legs)
    )
    return Signs(circles, _turns(legs), stops, (last_us - spots[0].at_us) / (60 * _SECOND))


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
