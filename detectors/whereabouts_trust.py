"""Which positions of a phone are to be believed: a jump that nothing else shows is none.

A receiver that has lost the sky, or a phone that takes a mast or a moved router for a place, jumps by a kilometre and
back (accuracy indoors: median 20 m, p99 over 1 km), and often claims to be sure of it. So a fix that could not have
been walked to waits for others that agree with it, at its own place or along a ride; what then turns out to be a ride
is believed whole.
"""

from math import hypot

import msgspec

_SECOND = 1_000_000
#: Reported accuracy is the radius of 68 % of fixes; the deviation along one axis is that over 1.51 (Rayleigh).
RADIUS_68 = 1.51
#: Fixes worse than this (metres) say nothing about where somebody is outside: a mast's cell.
WORST_M = 500.0
#: Of a phone that tells no accuracy: phones outdoors tell 5 to 20 m in the median, so this errs on the safe side.
ASSUMED_M = 25.0
#: No receiver is better than this in a street, whatever it claims (metres).
LEAST_M = 5.0
#: Faster than this is no walk (old people walk at up to 1.5 m/s, runners at 3), metres a second.
WALK_MS = 3.0
#: Faster than this is no ride in a city either, but a jump (162 km/h), metres a second.
RIDE_MS = 45.0
#: Nor do buses come so far (54 km/h, stops included) between two fixes and stand then.
STAND_MS = 15.0
#: A jump at a ride's speed is believed with so many more fixes that agree and so long after it; one that no ride
#: explains needs longer: a wrong mast stays wrong for minutes.
RIDE_FIXES, RIDE_S = 1, 0.0
JUMP_FIXES, JUMP_S = 4, 180.0
#: After so long without a fix anybody may be anywhere: the next one is believed.
GAP_S = 1800.0
#: Doubted fixes kept: enough to see whether they agree.
_DOUBTED_KEPT = 8


class Spot(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A position in metres east and north of an origin; ``error_m`` is the radius of 68 %."""

    at_us: int
    x: float
    y: float
    error_m: float


class Trust(msgspec.Struct, array_like=True):
    """What is believed of one receiver: the last spot, whether it rides, and later spots that wait for agreement."""

    last: Spot | None = None
    rides: bool = False
    doubted: list[Spot] = []
    far_ms: float = 0.0  # the speed that the first of the doubted would have needed


def error_of(accuracy_m: float | None) -> float:
    """Return the radius of 68 % to reckon with, metres, for an accuracy as told."""
    return ASSUMED_M if accuracy_m is None else max(LEAST_M, accuracy_m)


def apart(one: Spot, other: Spot) -> float:
    """Return how far two spots lie apart beyond what their errors explain, metres."""
    return max(0.0, hypot(other.x - one.x, other.y - one.y) - one.error_m - other.error_m)


def speed(one: Spot, other: Spot) -> float:
    """Return the least speed, metres a second, by which somebody could have come from one spot to the other."""
    return apart(one, other) / max(1.0, (other.at_us - one.at_us) / _SECOND)


def believe(trust: Trust, spot: Spot) -> list[Spot]:
    """Take a spot, later than all before; return the spots that are believed now, oldest first (often this one)."""
    last = trust.last
    if last is None or spot.at_us - last.at_us > GAP_S * _SECOND:
        trust.doubted.clear()
        return _take(trust, [spot], rides=False)
    fast = speed(last, spot)
    if fast <= WALK_MS:
        trust.doubted.clear()
        return _take(trust, [spot], rides=False)
    if fast <= RIDE_MS and trust.rides and not trust.doubted:
        return _take(trust, [spot], rides=True)
    return _doubt(trust, spot, fast)


def _doubt(trust: Trust, spot: Spot, fast: float) -> list[Spot]:
    doubted = trust.doubted
    if doubted and speed(doubted[-1], spot) > RIDE_MS:
        doubted.clear()  # it jumps about
    if not doubted:
        trust.far_ms = fast
        doubted.append(spot)
        return []
    doubted.append(spot)
    # Who came fast rides on: a place that is fast away and then stands still is a jump, too.
    rode = trust.far_ms <= STAND_MS or (trust.far_ms <= RIDE_MS and speed(doubted[0], spot) > WALK_MS)
    count, wait_s = (RIDE_FIXES, RIDE_S) if rode else (JUMP_FIXES, JUMP_S)
    if len(doubted) <= count or spot.at_us - doubted[0].at_us < wait_s * _SECOND:
        del doubted[1:-_DOUBTED_KEPT]  # the first says since when
        return []
    agreed = list(doubted)
    doubted.clear()
    return _take(trust, agreed, rides=speed(agreed[-2], agreed[-1]) > WALK_MS)


def _take(trust: Trust, spots: list[Spot], *, rides: bool) -> list[Spot]:
    trust.last, trust.rides = spots[-1], rides
    return spots
