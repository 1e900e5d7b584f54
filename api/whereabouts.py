"""Where a resident is: the last trustworthy place among what stands still around it, in metres of one origin."""

from collections.abc import Sequence

import msgspec

from api.present import Plain
from api.times import DAY_US, MINUTE_US, iso
from api.usual import fixes
from detectors.tracks import Fix
from detectors.whereabouts_last import Whereabouts
from detectors.whereabouts_odds import beyond_zone
from detectors.whereabouts_places import UsualPlace
from schemas.ground import Degrees, metres
from schemas.zone import on_ground
from store import positions
from store.people import Resident
from store.pool import Pool

#: Older positions say nothing of now.
_LOOKED_BACK_US = 14 * DAY_US
#: Before the newest position, what tells whether it is to be believed (detectors.whereabouts_trust.GAP_S) and where to
#: somebody went.
_BEFORE_LAST_US = 30 * MINUTE_US
#: The newest positions that are read for a look: eight minutes of a phone that tells each second, hours of others.
_MOST = 500


class Surroundings(msgspec.Struct, frozen=True):
    """What stands still around a resident, and the origin that everything is drawn from: home where it is known."""

    origin: Degrees
    usual: Sequence[UsualPlace]
    corners: Sequence[Degrees]
    tiles: Plain | None = None

    @property
    def home(self) -> UsualPlace | None:
        """Where they live, as far as positions tell."""
        return next((place for place in self.usual if place.home), None)

    def said(self) -> Plain:
        """Return it as api.ground_models.Ground."""
        return {
            "origin": {"lon": self.origin[0], "lat": self.origin[1]},
            "at_home": self.home is not None,
            "places": [self._place(place) for place in self.usual],
            "zone": [_rounded(metres(self.origin, corner)) for corner in self.corners],
            "tiles": self.tiles,
        }

    def _place(self, place: UsualPlace) -> Plain:
        x, y = _rounded(metres(self.origin, (place.lon, place.lat)))
        return {
            "x": x,
            "y": y,
            "radius": round(place.radius_m),
            "home": place.home,
            "days": place.days,
            "share": round(place.share, 3),
        }


def around(
    usual: Sequence[UsualPlace], resident: Resident | None, last: Degrees | None, tiles: Plain | None
) -> Surroundings | None:
    """Return what is around a resident; None: nothing tells where on earth that would be."""
    corners = resident.corners if resident else ()
    home = next(((place.lon, place.lat) for place in usual if place.home), None)
    # Without a home, from where they were last: distances from there say more than from a corner of the zone.
    origin = home or last or (corners[0] if corners else None)
    return None if origin is None else Surroundings(origin, usual, corners, tiles)


def place_said(seen: Whereabouts, among: Surroundings) -> Plain:
    """Return a last place as api.ground_models.LastPlace."""
    x, y = _rounded(metres(among.origin, (seen.lon, seen.lat)))
    doubted = None
    if seen.doubted is not None:
        lon, lat, at_us, error_m = seen.doubted
        far_x, far_y = _rounded(metres(among.origin, (lon, lat)))
        doubted = {"time": iso(at_us), "x": far_x, "y": far_y, "error": round(error_m)}
    return {
        "time": iso(seen.at_us),
        "x": x,
        "y": y,
        "error": round(seen.error_m, 1),
        "where": {"lat": round(seen.lat, 6), "lon": round(seen.lon, 6)},
        "moves": seen.moves,
        "heading": None if seen.heading_deg is None else round(seen.heading_deg),
        "speed": None if seen.speed_ms is None else round(seen.speed_ms, 2),
        "area": round(seen.area_m),
        "beyond_zone": _beyond((seen.lon, seen.lat), among.corners),
        "doubted": doubted,
    }


async def newest(pool: Pool, resident: str, now_us: int) -> list[Fix]:
    """Return a resident's newest positions in degrees."""
    last_us = await positions.newest_us(pool, resident, now_us - _LOOKED_BACK_US, now_us + 1)
    if last_us is None:
        return []
    told = await positions.positions(pool, resident, last_us - _BEFORE_LAST_US, last_us + 1, _MOST)
    return [fix for fix in fixes(told) if fix.degrees]


def at_home(seen: Whereabouts, home: UsualPlace) -> bool:
    """Whether somebody is at home as far as the error of the position tells: then nobody need know more."""
    x, y = metres((home.lon, home.lat), (seen.lon, seen.lat))
    return x * x + y * y <= (home.radius_m + seen.error_m) ** 2


def whereabouts(seen: Whereabouts | None, among: Surroundings | None) -> Plain:
    """Return where a resident is, as api.ground_models.Whereabouts."""
    if seen is None or among is None:
        return {"state": "none", "time": None, "last": None, "ground": None}
    if among.home is not None and at_home(seen, among.home):
        return {"state": "home", "time": iso(seen.at_us), "last": None, "ground": None}
    return {"state": "out", "time": iso(seen.at_us), "last": place_said(seen, among), "ground": among.said()}


def building(last: tuple[float, float, float, int]) -> Plain:
    """Return the last place (x, y, error, time) in a building's metres, as api.ground_models.LastPlace."""
    x, y, error, at_us = last
    nothing = dict.fromkeys(("where", "heading", "speed", "area", "beyond_zone", "doubted"))
    return {"time": iso(at_us), "x": x, "y": y, "error": error, "moves": "unknown", **nothing}


def _beyond(there: Degrees, corners: Sequence[Degrees]) -> float | None:
    if not corners:
        return None
    return round(beyond_zone(on_ground(corners), *metres(corners[0], there)))


def _rounded(there: tuple[float, float]) -> tuple[float, float]:
    return round(there[0], 1), round(there[1], 1)
