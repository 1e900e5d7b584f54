"""Out of the door at night: what is remembered of a home's outer doors, and what an opened one means.

A door that is opened at such an hour on several nights, with nobody seen inside for a while, is a habit of the home: a
partner who comes home late, a dog, somebody who looks after them at night. It is only possible then, until it has
lasted longer than it usually does. Deep in the night only a door to which nobody was seen going makes one: a resident
who gets up and leaves each night at three is told of each night.
"""

import itertools
from collections.abc import Sequence

import msgspec

from detectors.reasons import DOOR_HABIT, NOBODY_BEFORE, VISITOR_BEFORE
from detectors.wandering_home import HomeConfig
from schemas.finding import Reason

_SECOND = 1_000_000
_DAY_US = 86_400 * _SECOND
#: Openings of two nights are this far apart at least.
_SAME_NIGHT_US = _DAY_US // 2
#: Outings that are remembered, over so long.
_QUIETS_KEPT, _QUIETS_US = 32, 28 * _DAY_US
#: An outing is long for its hour when it outlasts nine of ten of them by a quarter.
_MOST_OF, _LONGER = 0.9, 1.25
#: Reasons for which it may well be harmless.
HARMLESS = frozenset({VISITOR_BEFORE, NOBODY_BEFORE, DOOR_HABIT})


class Door(msgspec.Struct, array_like=True):
    """What is remembered of a home's outer doors and of who was seen inside."""

    opened_us: int = 0  # the last opening; 0: none
    before_us: int = 0  # the last one that was not soon before it
    inside_us: int = 0  # when somebody was last seen inside
    waits_us: int = 0  # until when somebody inside is waited for, by the platform's clock; 0: not waiting
    anchor: str = ""
    device: str = ""
    place: str | None = None
    seen_us: int = 0  # when somebody was last seen inside before the last opening
    quiet_us: int = 0  # the opening after which nobody has been seen inside; 0: none
    room: str = ""  # in which the door is, where it says so
    near: list[str] = []  # who was near when it was opened, by their beacons, and has not been seen inside since
    near_until_us: int = 0  # until when they are waited for, by the platform's clock; 0: not waiting
    quiets: list[tuple[int, int]] = []  # such openings, and after how many seconds somebody was seen, or a door opened


def opened(door: Door, at_us: int, heard_us: int, config: HomeConfig) -> None:
    """Note that an outer door was opened; at night, begin to wait for somebody inside."""
    if at_us <= door.opened_us:
        return
    if at_us - door.opened_us > config.away_s * _SECOND:
        door.before_us = door.opened_us
    _end_quiet(door, at_us)
    door.opened_us, door.seen_us = at_us, door.inside_us
    door.waits_us = max(at_us + int(config.away_s * _SECOND), heard_us) if config.night(at_us) else 0


def inside(door: Door, at_us: int, config: HomeConfig) -> None:
    """Note that somebody was seen inside; who was seen after the door does not leave by it."""
    door.inside_us = max(door.inside_us, at_us)
    if at_us > door.opened_us + config.step_out_s * _SECOND:
        door.waits_us = 0
        _end_quiet(door, at_us)


def visited(door: Door, config: HomeConfig) -> bool:
    """Whether an outer door was opened within the time of a visit before the last opening."""
    return door.before_us > 0 and door.opened_us - door.before_us <= config.visit_s * _SECOND


def watched(door: Door, config: HomeConfig) -> bool:
    """Whether the rooms are watched: a sensor in one of them was heard of late."""
    return door.inside_us > 0 and door.opened_us - door.inside_us <= config.watched_s * _SECOND


def unseen_s(door: Door) -> float:
    """Return for how long nobody had been seen inside when the door was opened."""
    return (door.opened_us - door.seen_us) / _SECOND


def from_outside(door: Door, config: HomeConfig) -> bool:
    """Whether the door was rather opened from outside: the rooms are watched, and nobody was seen going to it."""
    return watched(door, config) and unseen_s(door) > config.unseen_s


def habit(door: Door, config: HomeConfig) -> tuple[int, float]:
    """Return on how many other nights the door was opened at about this hour, and after how many seconds it is long."""
    near_us = int(config.habit_s * _SECOND)
    about = [
        (at_us, seconds)
        for at_us, seconds in door.quiets
        if _SAME_NIGHT_US < door.opened_us - at_us <= _QUIETS_US
        and abs((door.opened_us - at_us + _DAY_US // 2) % _DAY_US - _DAY_US // 2) <= near_us
    ]
    if not about:
        return 0, 0.0
    nights = 1 + sum(now - before > _SAME_NIGHT_US for (before, _), (now, _) in itertools.pairwise(about))
    longest = sorted(seconds for _, seconds in about)[int(_MOST_OF * (len(about) - 1) + 0.5)]
    return nights, _LONGER * longest


def asked_again_us(door: Door, told: Sequence[Reason], decided_us: int, config: HomeConfig) -> int:
    """Return when an outing that was only possible as it is a habit has lasted longer than that; 0: never, or told."""
    if [each.code for each in told if each.code in HARMLESS] != [DOOR_HABIT]:
        return 0
    _, long_s = habit(door, config)
    until_us = door.opened_us + int(long_s * _SECOND)
    return max(until_us, decided_us + _SECOND) if long_s <= config.habit_most_s else 0


def quiet(door: Door) -> None:
    """Note that nobody has been seen since the last opening, for long enough to count as an outing."""
    door.quiet_us = door.opened_us


def _end_quiet(door: Door, at_us: int) -> None:
    if door.quiet_us:
        kept = [each for each in door.quiets if at_us - each[0] <= _QUIETS_US][1 - _QUIETS_KEPT :]
        door.quiets = [*kept, (door.quiet_us, (at_us - door.quiet_us) // _SECOND)]
        door.quiet_us = 0
