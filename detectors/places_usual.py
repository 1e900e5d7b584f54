"""Where somebody usually is, by weeks of stored positions: the places they stay at, and which of them is home.

For people who look for somebody, so plain and explained in one breath: stays of ten minutes and more, near each other,
on two days or more. Pure; what detectors learn from day to day is theirs.
"""

from collections.abc import Callable, Sequence
from math import hypot

import msgspec

from detectors.tracks import Fix
from detectors.whereabouts_trust import WORST_M, degrees, error_of, metres

_MINUTE_US = 60_000_000
_DAY_US = 1440 * _MINUTE_US
#: A stay is at least so long; two stays this near are one place: a house with its garden, beyond the error of a phone.
STAY_MIN, SAME_PLACE_M = 10.0, 100.0
#: A phone that lies still falls silent: between two fixes of one place so much is taken for time there.
_SILENT_MIN = 720.0
#: A place is usual when it was stayed at on so many days, home alone from the first.
USUAL_DAYS = 2
#: Most places: a map with more is not read at a glance.
MOST_PLACES = 8
#: Where somebody is between midnight and five is where they live; home is known after so many minutes of nights, or of
#: any time (as in the detector's own picture of places).
_SLEEP_TO_US = 5 * 60 * _MINUTE_US
_HOME_NIGHT_MIN, _HOME_MIN = 120.0, 240.0
_LEAST_RADIUS_M, _MOST_RADIUS_M = 40.0, 200.0


class UsualPlace(msgspec.Struct, kw_only=True):
    """A place: its middle in degrees, radius in metres, minutes there, those of nights, on how many days."""

    lon: float
    lat: float
    radius_m: float
    minutes: float
    night_min: float
    days: int
    home: bool = False


class _Stay(msgspec.Struct):
    x: float
    y: float
    start_us: int
    end_us: int
    spread_m: float = 0.0
    fixes: int = 1

    @property
    def minutes(self) -> float:
        return (self.end_us - self.start_us) / _MINUTE_US


class _Place(msgspec.Struct):
    x: float
    y: float
    minutes: float = 0.0
    night_min: float = 0.0
    spread_m: float = 0.0
    days: set[int] = msgspec.field(default_factory=set)


def usual_places(fixes: Sequence[Fix], ahead_us: Callable[[int], int]) -> list[UsualPlace]:
    """Return the usual places by positions in degrees, in order of time: home first, then by time spent there.

    ``ahead_us``: how far the clock on the wall was ahead of UTC at a moment.
    """
    used = [fix for fix in fixes if fix.degrees and error_of(fix.accuracy_m) <= min(WORST_M, SAME_PLACE_M)]
    if not used:
        return []
    origin = (used[-1].x, used[-1].y)
    places: list[_Place] = []
    for stay in _stays(used, origin):
        if stay.minutes >= STAY_MIN:
            _put(places, stay, ahead_us(stay.start_us))
    home = _home(places)
    usual = [place for place in places if place is home or len(place.days) >= USUAL_DAYS]
    usual.sort(key=lambda place: (place is not home, -place.minutes))
    return [_told(place, origin, home=place is home) for place in usual[:MOST_PLACES]]


def _stays(fixes: Sequence[Fix], origin: tuple[float, float]) -> list[_Stay]:
    stays: list[_Stay] = []
    for fix in fixes:
        x, y = metres(fix.x, fix.y, origin)
        last = stays[-1] if stays else None
        if last is not None:
            off = hypot(x - last.x, y - last.y)
            silent = (fix.at_us - last.end_us) / _MINUTE_US
            if off <= SAME_PLACE_M and silent <= _SILENT_MIN:
                last.fixes += 1
                last.x += (x - last.x) / last.fixes
                last.y += (y - last.y) / last.fixes
                last.spread_m = max(last.spread_m, min(off, SAME_PLACE_M))
                last.end_us = fix.at_us
                continue
        stays.append(_Stay(x, y, fix.at_us, fix.at_us))
    return stays


def _put(places: list[_Place], stay: _Stay, ahead_us: int) -> None:
    place = min(places, key=lambda each: hypot(each.x - stay.x, each.y - stay.y), default=None)
    if place is None or hypot(place.x - stay.x, place.y - stay.y) > SAME_PLACE_M:
        place = _Place(stay.x, stay.y)
        places.append(place)
    share = stay.minutes / (place.minutes + stay.minutes)
    place.x += share * (stay.x - place.x)
    place.y += share * (stay.y - place.y)
    place.spread_m += share * (stay.spread_m - place.spread_m)
    place.minutes += stay.minutes
    start_us, end_us = stay.start_us + ahead_us, stay.end_us + ahead_us
    for day in range(start_us // _DAY_US, end_us // _DAY_US + 1):
        place.days.add(day)
        slept_us = min(end_us, day * _DAY_US + _SLEEP_TO_US) - max(start_us, day * _DAY_US)
        place.night_min += max(0, slept_us) / _MINUTE_US


def _home(places: Sequence[_Place]) -> _Place | None:
    slept = max(places, key=lambda place: (place.night_min, place.minutes), default=None)
    if slept is not None and slept.night_min >= _HOME_NIGHT_MIN:
        return slept
    used = max(places, key=lambda place: place.minutes, default=None)
    return used if used is not None and used.minutes >= _HOME_MIN else None


def _told(place: _Place, origin: tuple[float, float], *, home: bool) -> UsualPlace:
    lon, lat = degrees(place.x, place.y, origin)
    return UsualPlace(
        lon=lon,
        lat=lat,
        radius_m=min(_MOST_RADIUS_M, max(_LEAST_RADIUS_M, place.spread_m)),
        minutes=place.minutes,
        night_min=place.night_min,
        days=len(place.days),
        home=home,
    )
