"""What one local day of a home was like, in numbers that can be compared with other days of the same home.

Pure and without state: the signs of life of some weeks in, a Day for each day out. So a report is the same after every
restart, and a message that came twice or late changes nothing: a sign is a moment and a kind of room, and counts once.

Times are local wall-clock microseconds; a day is their quotient by DAY_US. The night of a day is the one that ends in
its morning.
"""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SECOND_US = 1_000_000
#: Parts of a day: night, morning, afternoon, evening. Six hours are what is seen of a bad morning or a bad afternoon.
PARTS = 4
PART_MINUTES = 1440 // PARTS
#: Night: from 23 h to 6 h of the next day.
NIGHT_FROM_H, NIGHT_TO_H = 23, 6
#: A way to the toilet and back is over in this time: after so much silence somebody who is seen at night rose again.
ROSE_AGAIN_US = 20 * MINUTE_US
#: Seen in the bathroom after so long: another visit; a person in it is seen every few minutes.
VISIT_US = 10 * MINUTE_US
#: Seen in the kitchen after so long: another time there. A meal with its washing-up is one.
KITCHEN_US = 30 * MINUTE_US
#: The hours around dusk, when people with dementia may grow restless ("sundowning"). Nobody knows where a home is, so
#: they are those by the clock into which dusk falls for most of the year at 30 to 50 degrees.
DUSK_FROM_H, DUSK_TO_H = 16, 20
#: The other hours that they are compared with: those in which people are up.
AWAKE_FROM_H, AWAKE_TO_H = 6, 22
#: With fewer changes of room in those hours a share is chance.
DUSK_LEAST = 20
#: The outer door again after so long: another try, or another way.
DOOR_US = MINUTE_US
#: Signs so soon after the outer door are of the leaving: the door closes, the hall sensor sees the back.
LEAVING_US = 2 * MINUTE_US
#: Nobody seen from the leaving to so long after the door: somebody is out. The way to the letter box is shorter.
OUT_US = 20 * MINUTE_US
#: A step from room to room: the last sign here to the first one there. What takes longer was no way straight there.
STEP_US = 30 * SECOND_US
#: A day that lost no more than its last hours (somebody went to bed, and was fetched the next day) still counts.
HARDLY_US = 3 * HOUR_US
#: Fewer steps in a day have no median worth telling.
STEPS_LEAST = 10
#: The last silence of an hour or more that begins in the evening or at night and ends before 14 h: its end is when
#: somebody rose for the day. A way to the toilet at five is none, since an hour's sleep follows.
REST_FROM_H, REST_TO_H, REST_LEAST_US = 18, 14, HOUR_US


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One local day. None: not to be known of this day (no sensor of that kind spoke in it).

    ``why`` says what is wrong with a day of which nothing is known: ``gap``, ``absent``, ``begins``; None: it counts.
    ``parts`` are room-minutes (distinct minutes with a sign, each kind of room for itself) by part of the day.
    """

    day: int
    why: str | None = None
    parts: tuple[int, ...] = (0,) * PARTS
    door: int = 0  # signs of an outer door
    night_ups: float | None = None  # times up between 23 h and 6 h and back at rest
    night_minutes: float | None = None  # minutes of the night with a sign
    toilet_night: float | None = None  # visits
    toilet_day: float | None = None
    kitchen: float | None = None  # times there
    out: float | None = None  # 1: somebody was out for 20 minutes or more
    changes: float | None = None  # from room to room
    step_s: float | None = None  # median of the steps from room to room, seconds
    dusk_share: float | None = None  # of the changes of room from 6 to 22 h those from 16 to 20 h, per cent
    dusk_doors: float | None = None  # times at the outer door from 16 to 20 h
    up_minute: float | None = None  # end of the night's rest, minute of the day

    @property
    def known(self) -> bool:
        """Whether the day can be compared."""
        return self.why is None


#: What is compared, in the order in which it is told.
MEASURES = (
    "night_ups", "night_minutes", "toilet_night", "toilet_day", "up_minute", "kitchen", "out", "changes", "step_s",
    "dusk_share", "dusk_doors",
)  # fmt: skip


def days_of(at_us: Ints, room: Ints, first: int, last: int, absent: Sequence[tuple[int, int]] = ()) -> list[Day]:
    """Return the days ``first..last`` (both included) of a home.

    ``at_us``, ``room``: (n,) signs of life in any order, local time and kind of room; they should begin a day before
    ``first``. ``absent``: stretches of local time in which everybody was known to be away.
    """
    at_us, room = in_order(at_us, room)
    count = last - first + 1
    if not len(at_us):
        return [Day(day=first + index, why="gap") for index in range(count)]
    why = _why(at_us, first, count, absent)
    columns = _columns(at_us, room, first, count)
    parts = parts_of(at_us, room, first, count)
    doors = _per_day(_day_of(at_us[room == Room.OUTER_DOOR], first, count), count)
    return [
        Day(day=first + index, why=reason)
        if (reason := why[index]) is not None
        else Day(
            day=first + index,
            parts=tuple(parts[index].tolist()),
            door=int(doors[index]),
            **{name: _plain(column[index]) for name, column in columns.items()},  # type: ignore[arg-type]
        )
        for index in range(count)
    ]


def in_order(at_us: Ints, room: Ints) -> tuple[Ints, Ints]:
    """Return the signs by time and room, each once."""
    if not len(at_us):
        return at_us, room
    both = np.unique(np.column_stack([at_us, room]), axis=0)
    return both[:, 0], both[:, 1]


def parts_of(at_us: Ints, room: Ints, first: int, count: int) -> Ints:
    """Return the room-minutes of each part of ``count`` days from ``first`` on, (count, PARTS)."""
    minute_room = np.unique((at_us // MINUTE_US) * len(Room) + room)
    part = minute_room // len(Room) // PART_MINUTES - first * PARTS
    inside = part[(part >= 0) & (part < count * PARTS)]
    return np.bincount(inside, minlength=count * PARTS).reshape(count, PARTS)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _why(at_us: Ints, first: int, count: int, absent: Iterable[tuple[int, int]]) -> list[str | None]:
    """Return why each day is not known. A silence of more than a day is no data, not no movement."""
    why: list[str | None] = [None] * count

    def mark(start_us: int, end_us: int, reason: str) -> None:
        begin = start_us // DAY_US + (DAY_US - start_us % DAY_US <= HARDLY_US)
        for day in range(max(first, begin), min(first + count - 1, end_us // DAY_US) + 1):
            why[day - first] = reason

    mark(first * DAY_US, int(at_us[0]), "begins")
    for index in np.flatnonzero(np.diff(at_us) > DAY_US).tolist():
        mark(int(at_us[index]), int(at_us[index + 1]), "gap")
    if (first + count) * DAY_US - int(at_us[-1]) > DAY_US:
        mark(int(at_us[-1]), (first + count) * DAY_US, "gap")
    for start_us, end_us in absent:
        mark(start_us, end_us - 1, "absent")
    return why


def _columns(at_us: Ints, room: Ints, first: int, count: int) -> dict[str, Floats]:
    """Return each measure, (count,), NaN where it is not to be known."""
    all_times = np.unique(at_us)
    bath, kitchen, door = (np.unique(at_us[room == kind]) for kind in (Room.BATHROOM, Room.KITCHEN, Room.OUTER_DOOR))
    visits = _begins(bath, VISIT_US)
    by_day = visits[~_at_night(visits)]
    spoke = _spoke(bath, first, count)
    left, took_s = _steps(at_us, room)
    return {
        "night_ups": _per_day(_night_of(_ups(all_times), first, count), count),
        "night_minutes": _per_day(_night_of(np.unique(all_times // MINUTE_US) * MINUTE_US, first, count), count),
        "toilet_night": np.where(spoke, _per_day(_night_of(visits, first, count), count), np.nan),
        "toilet_day": np.where(spoke, _per_day(_day_of(by_day, first, count), count), np.nan),
        "up_minute": _up_minutes(all_times, first, count),
        "kitchen": _if_spoke(kitchen, _begins(kitchen, KITCHEN_US), first, count),
        "out": _out(all_times, door, first, count),
        "changes": _per_day(_day_of(at_us[1:][np.diff(room) != 0], first, count), count),
        "step_s": _medians(left, took_s, first, count),
        "dusk_share": _dusk_share(at_us[1:][np.diff(room) != 0], first, count),
        "dusk_doors": _dusk_doors(door, first, count),
    }


def _day_of(times: Ints, first: int, count: int) -> Ints:
    """Return the index of each time's day, -1 outside."""
    index = times // DAY_US - first
    return np.where((index >= 0) & (index < count), index, -1)


def _at_night(times: Ints) -> NDArray[np.bool_]:
    hour = times // HOUR_US % 24
    night: NDArray[np.bool_] = (hour >= NIGHT_FROM_H) | (hour < NIGHT_TO_H)
    return night


def _night_of(times: Ints, first: int, count: int) -> Ints:
    """Return the index of the day in whose morning the night of each time ends; -1 by day, and outside."""
    index = times // DAY_US - first + (times // HOUR_US % 24 >= NIGHT_FROM_H)
    fits = _at_night(times) & (index >= 0) & (index < count)
    return np.where(fits, index, -1)


def _per_day(index: Ints, count: int) -> Floats:
    return np.bincount(index[index >= 0], minlength=count).astype(np.float64)


def _begins(times: Ints, apart_us: int) -> Ints:
    """Return the times that come ``apart_us`` or more after the one before."""
    begins: Ints = times[np.diff(times, prepend=-DAY_US) >= apart_us]
    return begins


def _ups(times: Ints) -> Ints:
    """Return when somebody rose at night and was at rest again before the morning."""
    begins = np.flatnonzero(np.diff(times, prepend=-DAY_US) >= ROSE_AGAIN_US)
    ends = times[np.append(begins[1:] - 1, len(times) - 1)]
    morning = (times[begins] + (24 - NIGHT_FROM_H) * HOUR_US) // DAY_US * DAY_US + NIGHT_TO_H * HOUR_US
    rose: Ints = times[begins][ends < morning]
    return rose


def _spoke(times: Ints, first: int, count: int) -> NDArray[np.bool_]:
    """Return on which days there was a sign; a room that is never entered has a dead sensor, or none."""
    return _per_day(_day_of(times, first, count), count) > 0


def _if_spoke(times: Ints, counted: Ints, first: int, count: int) -> Floats:
    return np.where(_spoke(times, first, count), _per_day(_day_of(counted, first, count), count), np.nan)


def _out(all_times: Ints, door: Ints, first: int, count: int) -> Floats:
    """Return 1 for days with an outing by day. A door that never moved in all the time is no door that is watched."""
    if not len(door):
        return np.full(count, np.nan)
    after = np.searchsorted(all_times, door + LEAVING_US, side="right")
    inside = after < len(all_times)
    left = door[inside][all_times[after[inside]] - door[inside] >= OUT_US]
    by_day = left[~_at_night(left)]
    return (_per_day(_day_of(by_day, first, count), count) > 0).astype(np.float64)


def _between(times: Ints, from_h: int, to_h: int) -> Ints:
    hour = times // HOUR_US % 24
    inside: Ints = times[(hour >= from_h) & (hour < to_h)]
    return inside


def _dusk_share(changes: Ints, first: int, count: int) -> Floats:
    """Return how much of the day's walking from room to room falls into the hours around dusk, per cent."""
    awake = _per_day(_day_of(_between(changes, AWAKE_FROM_H, AWAKE_TO_H), first, count), count)
    dusk = _per_day(_day_of(_between(changes, DUSK_FROM_H, DUSK_TO_H), first, count), count)
    return np.where(awake >= DUSK_LEAST, 100 * dusk / np.maximum(awake, 1), np.nan)


def _dusk_doors(door: Ints, first: int, count: int) -> Floats:
    """Return how often the outer door moved around dusk. One that never moved in all the time is not watched."""
    if not len(door):
        return np.full(count, np.nan)
    return _per_day(_day_of(_between(_begins(door, DOOR_US), DUSK_FROM_H, DUSK_TO_H), first, count), count)


def _steps(at_us: Ints, room: Ints) -> tuple[Ints, Floats]:
    """Return when somebody stepped from room to room, and how many seconds it took. The outer door is no room."""
    indoors = room != Room.OUTER_DOOR
    at_us, room = at_us[indoors], room[indoors]
    took_us = np.diff(at_us)
    steps = (np.diff(room) != 0) & (took_us > 0) & (took_us <= STEP_US)
    return at_us[1:][steps], took_us[steps] / SECOND_US


def _medians(times: Ints, values: Floats, first: int, count: int) -> Floats:
    index = _day_of(times, first, count)
    found = np.full(count, np.nan)
    for day in np.unique(index[index >= 0]).tolist():
        own = values[index == day]
        if len(own) >= STEPS_LEAST:
            found[day] = np.median(own)
    return found


def _up_minutes(times: Ints, first: int, count: int) -> Floats:
    """Return the minute of each day at which its night's rest ended."""
    found = np.full(count, np.nan)
    rests = np.flatnonzero(np.diff(times) >= REST_LEAST_US)
    began, ended = times[rests], times[rests + 1]
    for index in range(count):
        midnight = (first + index) * DAY_US
        own = (began >= midnight - (24 - REST_FROM_H) * HOUR_US) & (began < midnight + NIGHT_TO_H * HOUR_US)
        own &= (ended >= midnight) & (ended < midnight + REST_TO_H * HOUR_US)
        if own.any():
            found[index] = (ended[own][-1] - midnight) // MINUTE_US
    return found
