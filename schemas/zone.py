"""An area drawn on a map that somebody is not to leave unnoticed: what may be drawn."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isfinite

from schemas.config import MAX_CORNERS, MIN_CORNERS
from schemas.errors import BrokenRule
from schemas.ground import Degrees, Metres, metres

#: A garden of 50 m by 50 m: in less, the error of a telephone (5 to 20 m under trees and beside walls) leaves it daily.
LEAST_M2 = 2_500.0
#: A town of ten kilometres across: who may go so far is not watched by a line on a map, and one corner may be a slip.
MOST_M2 = 1e8


def check_zone(corners: Sequence[Degrees]) -> None:
    """Raise BrokenRule where this is no area that may be watched; no corners at all are none drawn, which may be.

    ``zone_corners``: too few or too many; ``zone_place``: no place on earth; ``zone_crosses``: its line crosses itself;
    ``zone_small``, ``zone_large``.
    """
    if not corners:
        return
    if not MIN_CORNERS <= len(corners) <= MAX_CORNERS:
        raise BrokenRule("zone_corners", f"A zone has {MIN_CORNERS} to {MAX_CORNERS} corners, not {len(corners)}.")
    if not all(_on_earth(corner) for corner in corners):
        raise BrokenRule("zone_place", "A corner is a longitude of -180 to 180 and a latitude of -85 to 85 degrees.")
    flat = on_ground(corners)
    if crosses_itself(flat):
        raise BrokenRule("zone_crosses", "The line of the zone crosses itself: nobody could say what is inside.")
    size = area_m2(flat)
    if size < LEAST_M2:
        raise BrokenRule(
            "zone_small", f"The zone is {size:.0f} m2; positions are not exact enough below {LEAST_M2:.0f}."
        )
    if size > MOST_M2:
        raise BrokenRule(
            "zone_large", f"The zone is {size / 1e6:.0f} km2; more than {MOST_M2 / 1e6:.0f} is not watched."
        )


def on_ground(corners: Sequence[Degrees]) -> list[Metres]:
    """Return the corners in metres from the first."""
    return [metres(corners[0], corner) for corner in corners]


def area_m2(flat: Sequence[Metres]) -> float:
    """Return the area within corners in metres (the shoelace formula)."""
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in _edges(flat))) / 2


def _on_earth(corner: Degrees) -> bool:
    # Beyond 85 degrees no map of tiles goes, and nobody lives.
    return all(isfinite(each) for each in corner) and abs(corner[0]) <= 180 and abs(corner[1]) <= 85


Edge = tuple[Metres, Metres]


def _edges(flat: Sequence[Metres]) -> Iterator[Edge]:
    return zip(flat, [*flat[1:], flat[0]], strict=True)


def crosses_itself(flat: Sequence[Metres]) -> bool:
    """Whether two edges that are no neighbours meet. An edge that runs back along its neighbour meets the next too."""
    edges = list(_edges(flat))
    return any(
        _meet(one, other)
        for (i, one), (j, other) in combinations(enumerate(edges), 2)
        if j != i + 1 and (i, j) != (0, len(edges) - 1)
    )


def _meet(one: Edge, other: Edge) -> bool:
    """Whether two edges have a point in common."""
    (a, b), (c, d) = one, other
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(_turn(*three) == 0 and _between(*three) for three in touching)


def _turn(a: Metres, b: Metres, c: Metres) -> int:
    swept = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (swept > 0) - (swept < 0)


def _between(a: Metres, b: Metres, c: Metres) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
