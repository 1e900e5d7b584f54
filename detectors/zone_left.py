"""How often somebody left an area, by positions that were stored: what a zone would have told, before it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.tracks import Fix
from detectors.whereabouts_odds import Odds, beyond_zone, weigh
from detectors.whereabouts_trust import WORST_M, Spot, Trust, believe, error_of
from schemas.ground import Degrees, metres
from schemas.zone import on_ground


@dataclass(frozen=True, slots=True)
class Left:
    """Once outside: from the first position that says so to the last, and how far at most, metres."""

    start_us: int
    end_us: int
    most_m: float


def times_left(fixes: Sequence[Fix], corners: Sequence[Degrees]) -> list[Left]:
    """Return each time that somebody was outside of ``corners``, by positions in degrees in order of time.

    By the odds by which the detector tells of a zone (detectors.whereabouts_odds): once outside for sure, until inside
    for sure.
    """
    flat, origin = on_ground(corners), corners[0]
    found: list[Left] = []
    odds, outside = Odds(), False
    for spot in _believed(fixes, origin):
        beyond = beyond_zone(flat, spot.x, spot.y)
        weigh(odds, beyond, spot)
        if odds.outside and not outside:
            outside = True
            found.append(Left(odds.since_us, spot.at_us, beyond))
        elif outside and odds.inside:
            outside = False
        elif outside and beyond > 0:
            found[-1] = Left(found[-1].start_us, spot.at_us, max(found[-1].most_m, beyond))
    return found


def _believed(fixes: Sequence[Fix], origin: Degrees) -> list[Spot]:
    trust = Trust()
    spots: list[Spot] = []
    for fix in fixes:
        error = error_of(fix.accuracy_m)
        if fix.degrees and error <= WORST_M and (trust.last is None or fix.at_us > trust.last.at_us):
            spots += believe(trust, Spot(fix.at_us, *metres(origin, (fix.x, fix.y)), error))
    return spots
