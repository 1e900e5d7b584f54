"""The usual places of a person, for people who look at a map: from what was learnt, or from the positions of weeks."""

from collections.abc import Sequence
from math import hypot

import msgspec

from detectors.home_clocks import CHINA_US
from detectors.tracks import Fix
from detectors.whereabouts_follow import follow, nothing_new
from detectors.whereabouts_known import BIN_H, BINS, WALK_CELL_M, Known, Place, home_of
from detectors.whereabouts_state import Person
from detectors.whereabouts_trust import WORST_M, Spot, error_of
from schemas.ground import degrees, metres
from schemas.local_time import LocalTime

#: Bad positions make places of their own so near to one (metres) that is used twenty times as much.
_SHADOW_M, _SHADOW_SHARE = 250.0, 0.05
#: 1970 began on a Thursday; weeks are told from Monday on: so many bins of three hours later.
_TO_MONDAY = 4 * 24 // BIN_H


class UsualPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place where somebody stays again and again. Degrees WGS 84, metres.

    ``share``: of the time whose place is known, of late (it fades over weeks), 0 to 1. ``days``: on how many it was
    visited. ``week``: percent of each three hours of the week that is usually spent there, from Monday 0 h on.
    """

    lat: float
    lon: float
    radius_m: float
    share: float
    days: int
    home: bool
    week: tuple[int, ...]


def usual_places(known: Known, origin: tuple[float, float]) -> list[UsualPlace]:
    """Return the places of a picture that were visited on two days or more, the most used first.

    ``origin``: longitude and latitude from which the picture's metres count (whereabouts_state.Home).
    """
    total = sum(place.minutes for place in known.places)
    home = home_of(known)
    found = []
    for place in sorted(known.places, key=lambda each: -each.minutes):
        if place.days < 2 or any(_shadow(place, other) for other in known.places):
            continue
        lon, lat = degrees(origin, (place.x, place.y))
        week = [round(100 * place.week[(i + _TO_MONDAY) % BINS] / 255) for i in range(BINS)]
        found.append(
            UsualPlace(
                lat=lat,
                lon=lon,
                radius_m=float(place.radius),
                share=place.minutes / total,
                days=place.days,
                home=place is home,
                week=tuple(week),
            )
        )
    return found


def _shadow(place: Place, other: Place) -> bool:
    """Whether a place is what bad positions make of another: near, and hardly ever used beside it."""
    near = hypot(place.x - other.x, place.y - other.y) <= _SHADOW_M
    return near and place.minutes < _SHADOW_SHARE * other.minutes


def known_ways(known: Known, origin: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the middles (longitude, latitude) of the cells, WALK_CELL_M wide, that the person is known to walk in."""
    cells = [cell for cell, used in known.ways.items() if not used & 1]
    half = 32767.5
    return [
        degrees(origin, (((cell >> 16) - half) * WALK_CELL_M, ((cell & 0xFFFF) - half) * WALK_CELL_M)) for cell in cells
    ]


def usual_places_of(fixes: Sequence[Fix], local: LocalTime | None = None) -> list[UsualPlace]:
    """Return the usual places by positions in degrees of some weeks, in any order; ``local``: the clock of the home."""
    person, origin = Person(), None
    for fix in sorted(fixes, key=lambda each: each.at_us):
        error_m = error_of(fix.accuracy_m)
        if not fix.degrees or fix.at_us <= person.seen_us or error_m > WORST_M:
            continue
        origin = origin or (fix.x, fix.y)
        person.seen_us = fix.at_us
        if nothing_new(person, fix.x, fix.y, fix.accuracy_m, fix.at_us):
            person.stayed_us = fix.at_us
            continue
        ahead_us = CHINA_US if local is None else local.ahead_us(fix.at_us)
        follow(person, Spot(fix.at_us, *metres(origin, (fix.x, fix.y)), error_m), origin, (), ahead_us)
    return [] if origin is None else usual_places(person.known, origin)
