"""Whether somebody walks along: another's positions that move together with this person's."""

from collections.abc import Sequence
from math import hypot

from detectors.whereabouts_trust import Spot

_SECOND = 1_000_000
#: How far back is looked (seconds); how long, and over how many positions, they must have been together.
LOOKED_S, TOGETHER_S, LEAST_SPOTS = 300.0, 90.0, 3
#: Both must have moved this far (metres) beyond error: two phones that lie at home are not under way together.
MOVED_M = 60.0
#: Together is within this (metres) and what the errors explain; of four in five positions.
NEAR_M, _OF_BOTH = 30.0, 0.8
#: The other's place is reckoned between two positions no farther apart than this, or from one no older (seconds).
_BETWEEN_S, _OLD_S = 180.0, 45.0


def accompanied(mine: Sequence[Spot], theirs: Sequence[Spot], at_us: int) -> bool:
    """Whether another moved together with this person in the minutes before ``at_us``: both, and side by side.

    Spots are of one origin, oldest first. Both must be of different owners: a phone in the person's own bag is none.
    """
    since_us = at_us - int(LOOKED_S * _SECOND)
    ours = [spot for spot in mine if since_us <= spot.at_us <= at_us]
    others = [spot for spot in theirs if since_us - _BETWEEN_S * _SECOND <= spot.at_us <= at_us + _OLD_S * _SECOND]
    if len(ours) < LEAST_SPOTS or not _moved(ours) or not _moved(others):
        return False
    met = [(spot, there) for spot in ours if (there := _place_then(others, spot.at_us)) is not None]
    if len(met) < LEAST_SPOTS or met[-1][0].at_us - met[0][0].at_us < TOGETHER_S * _SECOND:
        return False
    # Who has parted is alone, however long they had been together: the last of them must be near, too.
    return _near(*met[-1]) and met[-1][0] is ours[-1] and sum(_near(*pair) for pair in met) >= _OF_BOTH * len(met)


def _near(one: Spot, other: Spot) -> bool:
    return hypot(one.x - other.x, one.y - other.y) <= NEAR_M + hypot(one.error_m, other.error_m)


def _moved(spots: Sequence[Spot]) -> bool:
    if not spots:
        return False
    first = spots[0]
    return any(hypot(s.x - first.x, s.y - first.y) >= MOVED_M + s.error_m + first.error_m for s in spots[1:])


def _place_then(spots: Sequence[Spot], at_us: int) -> Spot | None:
    after = next((i for i, spot in enumerate(spots) if spot.at_us >= at_us), len(spots))
    if 0 < after < len(spots):
        one, other = spots[after - 1], spots[after]
        if other.at_us - one.at_us <= _BETWEEN_S * _SECOND:
            part = (at_us - one.at_us) / (other.at_us - one.at_us)
            x, y = one.x + part * (other.x - one.x), one.y + part * (other.y - one.y)
            return Spot(at_us, x, y, max(one.error_m, other.error_m))
    near = min(spots[max(0, after - 1) : after + 1], key=lambda spot: abs(spot.at_us - at_us), default=None)
    return near if near is not None and abs(near.at_us - at_us) <= _OLD_S * _SECOND else None
