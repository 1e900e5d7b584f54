"""Whether somebody is outside of something, and zones: odds over several positions, each as good as its error is small.

One bad position proves nothing. Neighbouring errors of a receiver are alike, so positions within seconds count as one.
"""

from collections.abc import Sequence
from math import hypot, log

import msgspec

from detectors.whereabouts_trust import RADIUS_68, Spot

_SECOND = 1_000_000
#: Log odds at which somebody is outside, and at which inside (the odds stay between): two independent positions whose
#: errors do not explain it. Chosen; with fixes each 10 s it takes half a minute, with one each minute two.
OUTSIDE, INSIDE = 2.5, -1.5
#: The most that one position counts, whatever it claims of its error.
_MOST = 2.0
#: Who is not inside may be anywhere within this (metres): an error that lands a fix just there is weighed against it.
#: And never more lightly than so (log odds): bad positions lie outside of a small place more often than inside of it.
_ELSEWHERE_M, _LEAST_NEED = 500.0, 2.5
#: Errors of a receiver of positions so far apart are independent (drift over 40 s; a third of it).
_APART_S = 15.0
#: Who appears elsewhere after so long without a position was not seen on the way, and a wrong mast or a moved router
#: stays wrong from ping to ping: such a position counts less: five in a row are enough.
_UNSEEN_S, _UNSEEN = 600.0, 0.4


class Odds(msgspec.Struct, array_like=True):
    """``value``: log odds that somebody is outside; ``since_us``: the first position of those that say so."""

    value: float = INSIDE
    since_us: int = 0
    last_us: int = 0

    @property
    def outside(self) -> bool:
        """Whether somebody is outside for sure."""
        return self.value >= OUTSIDE

    @property
    def inside(self) -> bool:
        """Whether somebody is inside for sure."""
        return self.value <= INSIDE


def weigh(odds: Odds, beyond_m: float, spot: Spot) -> None:
    """Take a position that lies ``beyond_m`` metres outside (below 0: inside).

    Its log odds are those of a place anywhere near against one at the border that error (normal on both axes) moved.
    """
    says = -_MOST
    if beyond_m > 0:
        twice = 2.0 * (spot.error_m / RADIUS_68) ** 2
        says = beyond_m * beyond_m / twice - max(_LEAST_NEED, log(_ELSEWHERE_M**2 / twice))
        says = max(-_MOST, min(_MOST, says))
    since_s = (spot.at_us - odds.last_us) / _SECOND if odds.last_us else _UNSEEN_S
    weight = min(1.0, since_s / _APART_S)
    if says > 0 and since_s >= _UNSEEN_S:
        weight = _UNSEEN
    before = odds.value
    odds.value = max(INSIDE, min(OUTSIDE, before + weight * says))
    odds.last_us = spot.at_us
    if says > 0 and (before <= INSIDE or not odds.since_us):
        odds.since_us = spot.at_us
    elif odds.value <= INSIDE:
        odds.since_us = 0


def beyond_zone(corners: Sequence[tuple[float, float]], x: float, y: float) -> float:
    """Return how far outside of an area a place is, metres; below 0: how far inside. Corners in metres, not closed."""
    inside, least = False, 1e18
    x1, y1 = corners[-1]
    for x2, y2 in corners:
        dx, dy = x2 - x1, y2 - y1
        along = dx * dx + dy * dy
        part = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / along)) if along else 0.0
        least = min(least, hypot(x1 + part * dx - x, y1 + part * dy - y))
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * dx / dy:
            inside = not inside
        x1, y1 = x2, y2
    return -least if inside else least
