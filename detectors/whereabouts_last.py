"""Where somebody was last, how they moved, and where they may be by now: for people who go and look.

A pure function of positions and a clock. What it tells grows old with the clock, so it is asked anew whenever it is
drawn.
"""

from collections.abc import Sequence
from math import atan2, degrees, hypot
from statistics import fmean

import msgspec

from detectors.tracks import Fix
from detectors.whereabouts_trust import WALK_MS, WORST_M, Spot, Trust, apart, believe, error_of, speed
from schemas import ground
from schemas.ground import metres

_SECOND = 1_000_000
#: How far back the way is looked at for heading and speed: long enough that a walk exceeds the error of its fixes.
MOTION_S = 120.0
#: With fixes farther apart than this, nothing is said of how somebody moved between them.
SELDOM_S = 900.0
#: Metres a second in a straight line that nine of ten old people do not exceed: they walk at 0.94 m/s with a deviation
#: of 0.27 at 80 and above (Eggenberger et al., PLoS One 2017, PMC5536437), 1.29 at p90; streets are 1.3 times as long
#: as the straight line (that factor is chosen, within the 1.2 to 1.4 that is usual in cities).
WALK_P90_MS = 1.0
#: Of people with dementia lost on foot 90 % are found within this, 99 % within that (women, Grampian police, 2007):
#: nobody goes straight on for hours, so beyond the first the area grows at a quarter of the speed, up to the second.
FOUND_90_M, FOUND_99_M = 3_700.0, 12_000.0
_ON_AND_ON = 0.25
#: Who was last seen riding may ride on for so long (seconds; chosen, a bus line end to end), at no less than a bus goes
#: (m/s in a straight line, stops included).
RIDE_ON_S, BUS_MS = 1_800.0, 6.0
#: From the radius of 68 % to that of 95 % of fixes (Rayleigh).
_TO_95 = 1.62
STILL, WALKS, RIDES, UNKNOWN = "still", "walks", "rides", "unknown"


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """The last trustworthy place of somebody. Degrees WGS 84, metres, seconds, metres a second.

    ``error_m``: radius of 68 % around it. ``moves``: still, walks, rides, or unknown where one fix alone is known;
    ``heading_deg`` clockwise from north and ``speed_ms`` only of who moved. ``age_s``: since then. ``area_m``: radius
    around the place within which nine of ten would be by now: error (95 %) and what can be gone since.
    ``doubted``: a later position that is not believed: it would have been a jump (longitude, latitude, time, error).
    """

    at_us: int
    lat: float
    lon: float
    error_m: float
    age_s: float
    area_m: float
    moves: str = UNKNOWN
    heading_deg: float | None = None
    speed_ms: float | None = None
    doubted: tuple[float, float, int, float] | None = None


def last_seen(fixes: Sequence[Fix], now_us: int) -> Whereabouts | None:
    """Return the whereabouts at ``now_us`` by positions in degrees (``x`` longitude), in any order; None: none usable.

    Fixes after ``now_us`` and those worse than WORST_M are left out, and so are positions in a building's metres.
    """
    used = [fix for fix in fixes if fix.degrees and fix.at_us <= now_us and error_of(fix.accuracy_m) <= WORST_M]
    if not used:
        return None
    used.sort(key=lambda fix: fix.at_us)
    origin = (used[-1].x, used[-1].y)
    trust, believed = Trust(), list[Spot]()
    for fix in used:
        if trust.last is None or fix.at_us > trust.last.at_us:
            believed += believe(trust, Spot(fix.at_us, *metres(origin, (fix.x, fix.y)), error_of(fix.accuracy_m)))
    return _told(believed, trust, origin, now_us)


def reach(moves: str, speed_ms: float, seconds: float) -> float:
    """Return how far somebody last seen moving so may have gone in a straight line since, metres."""
    ridden = 0.0
    if moves == RIDES:
        on_s = min(seconds, RIDE_ON_S)
        ridden, seconds = on_s * max(speed_ms, BUS_MS), seconds - on_s
    walked = WALK_P90_MS * seconds
    if walked > FOUND_90_M:
        walked = min(FOUND_99_M, FOUND_90_M + _ON_AND_ON * (walked - FOUND_90_M))
    return ridden + walked


def _told(believed: Sequence[Spot], trust: Trust, origin: tuple[float, float], now_us: int) -> Whereabouts:
    last = believed[-1]
    part = _recent(believed)
    moves, heading, speed_ms = _motion(part)
    if moves == STILL:  # several fixes of one place: together they are no worse than the best of them
        last = Spot(last.at_us, fmean(s.x for s in part), fmean(s.y for s in part), min(s.error_m for s in part))
    age_s = (now_us - last.at_us) / _SECOND
    lon, lat = ground.degrees(origin, (last.x, last.y))
    doubted = None
    if trust.doubted:
        waits = trust.doubted[-1]
        doubted = (*ground.degrees(origin, (waits.x, waits.y)), waits.at_us, waits.error_m)
    return Whereabouts(
        at_us=last.at_us,
        lat=lat,
        lon=lon,
        error_m=last.error_m,
        age_s=age_s,
        area_m=_TO_95 * last.error_m + reach(moves, speed_ms or 0.0, age_s),
        moves=moves,
        heading_deg=heading,
        speed_ms=speed_ms,
        doubted=doubted,
    )


def _recent(believed: Sequence[Spot]) -> Sequence[Spot]:
    """Return the spots of the last MOTION_S; of a phone that tells its place more seldom, the last two."""
    last_us = believed[-1].at_us
    part = [spot for spot in believed if last_us - spot.at_us <= MOTION_S * _SECOND]
    if len(part) == 1 and len(believed) > 1 and last_us - believed[-2].at_us <= SELDOM_S * _SECOND:
        return believed[-2:]
    return part


def _motion(part: Sequence[Spot]) -> tuple[str, float | None, float | None]:
    """Return how the last of these spots were gone along: the way from the first that lies beyond all error."""
    last = part[-1]
    if len(part) == 1:
        return UNKNOWN, None, None
    # The nearest in time that is surely elsewhere shows where somebody heads now, not where they came from.
    start = next((spot for spot in reversed(part[:-1]) if apart(spot, last) > 0), None)
    if start is None:
        return STILL, None, None
    heading = degrees(atan2(last.x - start.x, last.y - start.y)) % 360.0
    gone_ms = hypot(last.x - start.x, last.y - start.y) / max(1.0, (last.at_us - start.at_us) / _SECOND)
    return (RIDES if speed(start, last) > WALK_MS else WALKS), heading, gone_ms
