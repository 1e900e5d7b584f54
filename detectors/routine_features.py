"""What a silence is judged by: the context in which it began, how long it lasts, and the home's own habits.

Two tables of numbers. ``begun`` is of the last sign of life alone: does a silence of more than half an hour begin here?
``lasting`` has a row for each step of a silence that lasts: does it end in this step?
"""

import numpy as np
from numpy.typing import NDArray

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, SLOT_US, SLOTS, Room, Routine

Floats = NDArray[np.float64]

#: A silence shorter than this is never judged: half an hour in a bath or a chair is nothing.
FIRST_MINUTES = 30
#: Ends of the steps of a silence, minutes: fine where an alarm matters most, to a day, beyond which nothing is known.
EDGES = np.array(
    [
        *range(FIRST_MINUTES, 240, 10),
        *range(240, 480, 15),
        *range(480, 720, 30),
        *range(720, 1441, 60),
    ],
    np.float64,
)
#: Rests that began within so many minutes of the day of this one are its like.
NEAR_MINUTES = 120
#: A rest that is long for the day.
LONG_REST_MINUTES = 120
#: A rest whose length is within so many minutes of a step ended with it.
ENDED_MINUTES = 30
#: What was so in these days may be so again: a guest, an illness, hot weather.
OF_LATE_DAYS = 5
#: Times since something are told up to this, hours; so are those that never were.
LONG_AGO_H = 30.0
#: Days of a home beyond which its own rests need no caution.
KNOWN_DAYS = 28.0

BEGUN = (
    "hour", "weekday", "room", "before", "busy_10m", "busy_1h", "busy_4h", "busy_24h", "signs_10m", "changes_10m",
    "changes_1h", "since_bedroom_h", "since_outer_h", "since_kitchen_h", "since_bathroom_h", "since_woke_h", "slept_h",
    "slot", "next_slots", "days", "daily", "busy_share", "today_share", "rests_a_day", "long_rests_near", "rest_h",
    "since_rest_h",
)  # fmt: skip
LASTING = (
    *BEGUN, "silent_h", "hour_now", "slot_now", "missed", "longer_near", "longer_all", "longer_room", "to_longest",
    "to_longest_near", "longer_weekday", "longer_room_near", "ended_near", "longer_of_late",
)  # fmt: skip


def begun(routine: Routine) -> Floats:
    """Return BEGUN for the last sign of life of ``routine``."""
    last = routine.last_us
    of_day = last % DAY_US
    slot = of_day // SLOT_US
    start, minutes, _ = _rests(routine)
    long_near = _near(start, last) & (minutes >= LONG_REST_MINUTES)
    days = _days(routine)
    seen = (Room.BEDROOM, Room.OUTER_DOOR, Room.KITCHEN, Room.BATHROOM)
    rest_h = minutes[-1] / 60 if len(minutes) else 0.0
    since_rest_h = (last / MINUTE_US - start[-1] - minutes[-1]) / 60 if len(minutes) else LONG_AGO_H
    return np.array(
        [
            of_day / HOUR_US, float(last // DAY_US % 7), float(routine.room), float(routine.before), *routine.busy,
            routine.signs, *routine.changes, *(_since_h(last, routine.seen[room]) for room in seen),
            _since_h(last, routine.woke_us), routine.slept_h,
            routine.slots[slot], sum(routine.slots[(slot + k) % SLOTS] for k in range(1, 5)) / 4,
            min(routine.days, KNOWN_DAYS), routine.daily, routine.busy[1] / max(routine.daily / 24, 0.1),
            routine.busy[3] / max(routine.daily, 1.0), len(start) / days, np.count_nonzero(long_near) / days, rest_h,
            since_rest_h,
        ]
    )  # fmt: skip


def lasting(routine: Routine, of_begin: Floats | None = None) -> Floats:
    """Return LASTING, a row for each step between EDGES, for the silence that began with the last sign."""
    head = begun(routine) if of_begin is None else of_begin
    last = routine.last_us
    at = EDGES[:-1]
    now_us = last + at * MINUTE_US
    slot_now = (now_us // SLOT_US).astype(np.int64)
    first = last // SLOT_US
    ahead = np.array(routine.slots)[np.arange(first, slot_now[-1] + 2) % SLOTS]
    missed = np.cumsum(ahead)[slot_now - first] - ahead[0]
    steps = np.column_stack([at / 60, now_us % DAY_US / HOUR_US, ahead[slot_now - first], missed])
    return np.column_stack([np.tile(head, (len(at), 1)), steps, _own_rests(routine, at)])


def _own_rests(routine: Routine, at: Floats) -> Floats:
    """Return how often this home was silent for longer than ``at`` minutes before, in likeness to this silence."""
    start, minutes, room = _rests(routine)
    days = _days(routine)
    ago = routine.last_us / MINUTE_US - start
    near, same_room = _near(start, routine.last_us), room == routine.room
    same_weekday = np.round(ago / 1440) % 7 == 0
    longer = minutes[:, None] >= at[None, :]
    ended = np.abs(minutes[:, None] - at[None, :]) <= ENDED_MINUTES
    longest, longest_near = minutes.max(initial=0.0), minutes[near].max(initial=0.0)
    return np.column_stack(
        [
            longer[near].sum(axis=0) / days, longer.sum(axis=0) / days, longer[same_room].sum(axis=0) / days,
            (longest - at) / 60, (longest_near - at) / 60, longer[near & same_weekday].sum(axis=0),
            longer[near & same_room].sum(axis=0) / days, ended[near].sum(axis=0) / days,
            longer[near & (ago < OF_LATE_DAYS * 1440)].sum(axis=0) / OF_LATE_DAYS,
        ]
    )  # fmt: skip


def _days(routine: Routine) -> float:
    """Return the days over which the rests that are remembered fell."""
    return max(min(routine.days, KNOWN_DAYS), 1.0)


def _rests(routine: Routine) -> tuple[Floats, Floats, Floats]:
    if not routine.rests:
        return np.empty(0), np.empty(0), np.empty(0)
    table = np.array(
        [(rest.start, rest.minutes, rest.room) for rest in routine.rests],
        dtype=np.float64,
    )
    return table[:, 0], table[:, 1], table[:, 2]


def _near(start: Floats, last_us: int) -> NDArray[np.bool_]:
    """Return which rests began near this time of the day."""
    apart = np.abs((start - last_us / MINUTE_US) % 1440)
    like: NDArray[np.bool_] = np.minimum(apart, 1440 - apart) <= NEAR_MINUTES
    return like


def _since_h(now_us: int, then_us: int) -> float:
    return LONG_AGO_H if then_us < 0 else min((now_us - then_us) / HOUR_US, LONG_AGO_H)
