"""How often somebody left an area, by positions that were stored: what a zone would have told, before it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.tracks import Fix
from detectors.whereabouts_trust import WORST_M, Spot, Trust, believe, error_of, metres
from schemas.ground import Degrees
from schemas.zone import on_ground, outside_m

_SECOND = 1_000_000
#: After so long without a position somebody is neither in nor out: what comes then begins anew.
_SILENT_US = 6 * 3600 * _SECOND


@dataclass(frozen=True, slots=True)
class Left:
    """Once outside: from the first position beyond its error to the last, and how far outside at most, metres."""

    start_us: int
    end_us: int
    most_m: float


def times_left(fixes: Sequence[Fix], corners: Sequence[Degrees]) -> list[Left]:
    """Return each time that somebody was outside of ``corners``, by positions in degrees in order of time.

    Outside is a place further out than its error (twice, 95 %), seen at two positions at least; inside again is one
    that lies inside. So a phone that wanders on a wall's other side leaves nothing.
    """
    flat, origin = on_ground(corners), corners[0]
    found: list[Left] = []
    out: list[tuple[int, float]] = []
    last_us = 0
    for spot in _believed(fixes, origin):
        beyond = outside_m(flat, (spot.x, spot.y))
        if out and (beyond <= 0 or spot.at_us - last_us > _SILENT_US):
            found += _told(out)
            out = []
        if beyond > 2 * spot.error_m or (out and beyond > 0):
            out.append((spot.at_us, beyond))
        last_us = spot.at_us
    return [*found, *_told(out)]


def _told(out: list[tuple[int, float]]) -> list[Left]:
    return [Left(out[0][0], out[-1][0], max(beyond for _, beyond in out))] if len(out) > 1 else []


def _believed(fixes: Sequence[Fix], origin: Degrees) -> list[Spot]:
    trust = Trust()
    spots: list[Spot] = []
    for fix in fixes:
        error = error_of(fix.accuracy_m)
        if fix.degrees and error <= WORST_M and (trust.last is None or fix.at_us > trust.last.at_us):
            spots += believe(trust, Spot(fix.at_us, *metres(fix.x, fix.y, origin), error))
    return spots
