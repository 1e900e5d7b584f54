"""Whether somebody walks along: another's positions that move together with this person's."""

from collections.abc import Sequence
from math import hypot

from detectors.whereabouts_trust import Spot

_SECOND = 1_000_000
#: How far back is looked (seconds); how long, and over how many positions, they must have been together.
LOOKED_S, TOGETHER_S, LEAST_SPOTS = 300.0, 90.0, 4
#: Both must have moved this far (metres) beyond error: two phones that lie at home are not under way together.
MOVED_M = 60.0
#: Together is within this (metres) and what the errors explain; of four in five positions.
NEAR_M, _OF_BOTH = 30.0, 0.8
#: A place is reckoned between two positions no farther apart than this (seconds).
_BETWEEN_S = 180.0
#: Both must have been seen together so short ago (seconds): who has parted is alone, however long they were together.
_OLD_S = 90.0


def accompanied(mine: Sequence[Spot], theirs: Sequence[Spot], at_us: int) -> bool:
    """Whether another moved together with this person in the minutes before ``at_us``: both, and side by side.

    Spots are of one origin, oldest first. Both must be of different owners: a phone in the person's own bag is none.
    """
    since_us = at_us - int(LOOKED_S * _SECOND)
    ours = [spot for spot in mine if since_us <= spot.at_us <= at_us]
    others = [spot for spot in theirs if since_us <= spot.at_us <= at_us]
    if not _moved(ours) or not _moved(others):
        return False
    end_us = min(ours[-1].at_us, others[-1].at_us)
    if at_us - end_us > _OLD_S * _SECOND:
        return False
    times = sorted({spot.at_us for spot in (*ours, *others) if spot.at_us <= end_us})
    met = [(t, one, two) for t in times if (one := _at(ours, t)) is not None and (two := _at(others, t)) is not None]
    if len(met) < LEAST_SPOTS or met[-1][0] - met[0][0] < TOGETHER_S * _SECOND:
        return False
    near = [_near(one, two) for _, one, two in met]
    return near[-1] and sum(near) >= _OF_BOTH * len(near)


def _near(one: Spot, other: Spot) -> bool:
    return hypot(one.x - other.x, one.y - other.y) <= NEAR_M + hypot(one.error_m, other.error_m)


def _moved(spots: Sequence[Spot]) -> bool:
    if not spots:
        return False
    first = spots[0]
    return any(hypot(s.x - first.x, s.y - first.y) >= MOVED_M + s.error_m + first.error_m for s in spots[1:])


def _at(spots: Sequence[Spot], at_us: int) -> Spot | None:
    """Return where somebody was at a moment, reckoned between two positions; None: not known."""
    after = next((i for i, spot in enumerate(spots) if spot.at_us >= at_us), 0)
    other = spots[after]
    if other.at_us == at_us:
        return other
    one = spots[after - 1] if after else other
    if not one.at_us < at_us < other.at_us or other.at_us - one.at_us > _BETWEEN_S * _SECOND:
        return None
    part = (at_us - one.at_us) / (other.at_us - one.at_us)
    x, y = one.x + part * (other.x - one.x), one.y + part * (other.y - one.y)
    return Spot(at_us, x, y, max(one.error_m, other.error_m))
