"""One day of one home as the everyday watches see it: up or not, in the bathroom, out of bed, since the last meal.

A day lasts from five in the morning to five: who is up before is up at night. Times are local, microseconds. Pure
counting: what is too long, and what is told, stands in detectors.everyday_watches.
"""

import msgspec

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room

#: When a day begins; the earliest homes of TIHM are up soon after.
DAWN_US = 5 * HOUR_US
#: Nothing is known of what was before a silence so long: people sleep for less, and come home from more.
GAP_US = 12 * HOUR_US
#: Where people are by day. The hall is passed on the way to the toilet too.
DAY_ROOMS = frozenset({Room.OTHER, Room.LIVING, Room.KITCHEN})
#: Minutes with a sign in them by which somebody is up: one alone may be a glass of water.
UP_MINUTES = 3
#: Stays in the bathroom that begin in these hours are watched, since dawn: before and after people go to bed from
#: there, often unseen by the bedroom's sensor.
BATH_FROM_US, BATH_TO_US = 1 * HOUR_US, 15 * HOUR_US + 30 * MINUTE_US
#: In bed: nothing but the bedroom was heard for so long, and it is night, since dawn.
IN_BED_US = HOUR_US
BED_FROM_US = 17 * HOUR_US
#: The night of which active minutes are counted, since dawn: from eleven in the evening on.
NIGHT_FROM_US = 18 * HOUR_US
#: Awake by day, for meals, since dawn; and a silence counts so much of it at most: longer ones are naps.
AWAKE_FROM_US, AWAKE_TO_US, AWAKE_GAP_US = 1 * HOUR_US, 17 * HOUR_US, 30 * MINUTE_US


class Anchor(msgspec.Struct, array_like=True, frozen=True):
    """The sign on which an episode hangs: local time, the message's key, who sent it."""

    at_us: int
    key: str
    device: str
    place: str | None = None


class Day(msgspec.Struct, array_like=True):
    """What is known of the day so far; ``number``: days since 1970.

    ``whole``: the home was seen when it began, so that not being up yet means something. ``up``: minutes from dawn
    until somebody was up, -1: not yet. ``bath`` and ``out`` are where the stay that lasts began. ``hungry_us``: time
    awake at home since the kitchen. The ``longest_...`` are of the day, microseconds; -1: none.
    """

    number: int = -1
    whole: bool = False
    up: int = -1
    up_count: int = 0
    minute: int = -1  # the last one counted as up
    seen: Anchor | None = None  # the first sign of somebody inside
    bath: Anchor | None = None
    out: Anchor | None = None
    hungry_us: int = 0
    night: int = 0  # minutes with signs outside the bedroom
    night_minute: int = -1
    night_whole: bool = False
    longest_bath_us: int = -1
    longest_out_us: int = -1
    longest_hungry_us: int = -1
    skipped: list[int] = []  # watches that were due and could not tell


def moved(anchor: Anchor | None, by_us: int) -> Anchor | None:
    """Return a sign as told by a clock that was set by ``by_us``."""
    return None if anchor is None else msgspec.structs.replace(anchor, at_us=anchor.at_us + by_us)


def number_of(at_us: int) -> int:
    """Return the number of the day that a local time is in."""
    return (at_us - DAWN_US) // DAY_US


def dawn_of(number: int) -> int:
    """Return the local time at which a day begins."""
    return number * DAY_US + DAWN_US


def see(day: Day, anchor: Anchor, room: int, before: int, before_us: int, elsewhere_us: int) -> None:
    """Take a sign of life of this day in ``room``; ``before`` is the room and time of the one before it.

    ``elsewhere_us``: when somebody was last seen outside the bedroom, before this sign. -1 stands for long ago.
    """
    at_us, since_dawn = anchor.at_us, anchor.at_us - dawn_of(day.number)
    known = before_us >= 0 and at_us - before_us < GAP_US
    _eat(day, room, before, at_us - before_us if known else -1, since_dawn)
    _bathe(day, anchor, room, since_dawn, known=known)
    _leave_bed(day, anchor, room, in_bed=known and before == Room.BEDROOM and at_us - elsewhere_us >= IN_BED_US)
    if room != Room.OUTER_DOOR and day.seen is None:
        day.seen = anchor
    _rise(day, room, at_us // MINUTE_US, since_dawn)
    if since_dawn >= NIGHT_FROM_US and room not in (Room.BEDROOM, Room.OUTER_DOOR):
        minute = at_us // MINUTE_US
        day.night += minute != day.night_minute
        day.night_minute = minute


def end(day: Day) -> None:
    """Let the day end at dawn: who is out of bed then is up."""
    if day.out is not None:
        day.longest_out_us = max(day.longest_out_us, dawn_of(day.number + 1) - day.out.at_us)


def _eat(day: Day, room: int, before: int, gap_us: int, since_dawn: int) -> None:
    if gap_us < 0:
        day.hungry_us = 0
    elif before != Room.OUTER_DOOR and AWAKE_FROM_US <= since_dawn < AWAKE_TO_US:
        day.hungry_us += min(gap_us, AWAKE_GAP_US, since_dawn - AWAKE_FROM_US)
    if day.hungry_us > 0:
        day.longest_hungry_us = max(day.longest_hungry_us, day.hungry_us)
    if room == Room.KITCHEN:
        day.hungry_us = 0


def _bathe(day: Day, anchor: Anchor, room: int, since_dawn: int, *, known: bool) -> None:
    if day.bath is not None and not known:
        day.bath = None
    if room != Room.BATHROOM:
        if day.bath is not None:
            day.longest_bath_us = max(day.longest_bath_us, anchor.at_us - day.bath.at_us)
        day.bath = None
    elif day.bath is None and BATH_FROM_US <= since_dawn < BATH_TO_US:
        day.bath = anchor


def _leave_bed(day: Day, anchor: Anchor, room: int, *, in_bed: bool) -> None:
    if room == Room.BEDROOM:
        if day.out is not None:
            day.longest_out_us = max(day.longest_out_us, anchor.at_us - day.out.at_us)
        day.out = None
    elif room == Room.OUTER_DOOR:
        day.out = None  # who left the home is not looked for in it (detectors.wandering)
    elif in_bed and day.out is None and anchor.at_us - dawn_of(day.number) >= BED_FROM_US:
        day.out = anchor


def _rise(day: Day, room: int, minute: int, since_dawn: int) -> None:
    if day.up >= 0 or (room not in DAY_ROOMS and room != Room.OUTER_DOOR):
        return
    day.up_count += minute != day.minute
    day.minute = minute
    if day.up_count >= UP_MINUTES or room == Room.OUTER_DOOR:
        day.up = since_dawn // MINUTE_US
