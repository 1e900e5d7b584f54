"""Walking from room to room and back: how often each room was entered, in which order, and whether that is pacing.

A round through many rooms is housework; the same few again and again are not. So what counts is how often each room
was entered, by the *effective* number of rooms (the exponential of the entropy of where one was: a single look into a
third room does not make it three), against what is usual in this home at this time of day.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

import msgspec

from detectors.wandering_home import HomeConfig
from detectors.wandering_usual import Usual, fresh, known, limit, nothing_new_below, take

_SECOND = 1_000_000
#: Rooms come in such an order when so many of ten are those that came one round before.
_SAME_ORDER = 0.7
#: The longest round that is looked for, changes of room.
_ROUND_MOST = 6


class Order(StrEnum):
    """In which order the rooms came."""

    TO_AND_FRO = "to_and_fro"  # A-B-A-B, or along a row of rooms and back
    AROUND = "around"  # A-B-C-A-B-C
    NONE = "none"


class Visits(msgspec.Struct, array_like=True):
    """The rooms in which somebody was seen, one entry a change: when, and which; and what is usual."""

    seen: list[tuple[int, str]] = []
    usual: Usual | None = None


@dataclass(frozen=True, slots=True)
class Paced:
    """Walking between rooms that is pacing.

    Since when, how many changes, how many rooms, how often each (by the effective number of rooms), how often that
    usually is at this time of day (None: not known yet); in which order; the excess over the rule.
    """

    since_us: int
    changes: int
    rooms: int
    times: float
    usual: float | None
    order: Order
    excess: float


def enter(visits: Visits, at_us: int, room: str, config: HomeConfig) -> bool:
    """Note that somebody was seen in a room; return whether that was a change of room."""
    if visits.seen and (at_us <= visits.seen[-1][0] or room == visits.seen[-1][1]):
        return False
    oldest_us = at_us - int(config.rooms_s * _SECOND)
    visits.seen = [each for each in visits.seen if each[0] >= oldest_us][-config.visits_kept + 1 :]
    visits.seen.append((at_us, room))
    return True


def paced(visits: Visits, config: HomeConfig, factor: float = 1.0) -> Paced | None:
    """Return why the last changes of room are pacing, or None; learn from them. ``factor`` scales what is asked for."""
    if visits.usual is None:
        visits.usual = fresh(config.rooms)
    at_us, _ = visits.seen[-1]
    local_us = config.local(at_us)
    if len(visits.seen) / 2 <= nothing_new_below(visits.usual, local_us, config.rooms, factor):
        return None  # entries are half the changes at most: nothing to learn, nothing to tell
    names = [room for _, room in visits.seen]
    times = entries(names)
    take(visits.usual, local_us, times, config.rooms)
    excess = times / limit(visits.usual, local_us, config.rooms, factor)
    if excess < 1:
        return None
    usual = known(visits.usual, local_us, config.rooms)
    return Paced(visits.seen[0][0], len(names), len(set(names)), times, usual, order_of(names), excess)


def entries(names: Sequence[str]) -> float:
    """Return how often each room was entered, by the effective number of rooms, of which there are at least two."""
    total = len(names)
    shares = [count / total for count in Counter(names).values()]
    return total / max(2.0, exp(-sum(share * log(share) for share in shares)))


def order_of(names: Sequence[str]) -> Order:
    """Return the order of the rooms: the shortest round that they keep to, if there is one."""
    for length in range(2, _ROUND_MOST + 1):
        same = [now == before for now, before in zip(names[length:], names, strict=False)]
        if len(same) >= length and sum(same) >= _SAME_ORDER * len(same):
            ring = length > 2 and len(set(names[-length:])) == length
            return Order.AROUND if ring else Order.TO_AND_FRO
    return Order.NONE
