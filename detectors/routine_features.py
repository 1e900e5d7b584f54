"""What a silence is judged by: the context in which it began, how long it lasts, and the home's own habits.

Two tables of numbers. ``begun`` is of the last sign of life alone: does a silence of more than half an hour begin here?
``lasting`` has a row for each step of a silence that lasts: does it end in this step?
"""

import numpy as np

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, PAUSE_MINUTES, SLOT_US, SLOTS, Room, Routine, cell
from detectors.routine_rests import KNOWN_DAYS, Floats, alike, by_the_clock, longer, rests_of

#: A silence shorter than this is never judged: half an hour in a bath or a chair is nothing.
FIRST_MINUTES = 30
#: Ends of the steps of a silence, minutes: fine where an alarm matters most, to a day, beyond which nothing is known.
#: A minute past the round ones: what is told by the hour is told on the hour, and rings just after it is not.
EDGES = np.array(
    [
        FIRST_MINUTES,
        *range(FIRST_MINUTES + 11, 240, 10),
        *range(241, 480, 15),
        *range(481, 720, 30),
        *range(721, 1442, 60),
    ],
    np.float64,
)
#: A rest that is long for the day.
LONG_REST_MINUTES = 120
#: Added to the counts of a cell, so that a few pauses say little.
CELL_DOUBT = 0.5
#: Most signs indoors that are told apart.
MANY = 100
#: Times since something are told up to this, hours; so are those that never were.
LONG_AGO_H = 30.0

BEGUN = (
    "hour", "weekday", "room", "before", "busy_10m", "busy_1h", "busy_4h", "busy_24h", "signs_10m", "changes_10m",
    "changes_1h", "since_bedroom_h", "since_outer_h", "since_kitchen_h", "since_bathroom_h", "since_woke_h", "slept_h",
    "slot", "next_slots", "days", "daily", "busy_share", "today_share", "rests_a_day", "long_rests_near", "rest_h",
    "since_rest_h", "signs_1h", "signs_24h", "signs_share", "changes_share", "room_2_ago", "in_room_m", "pause_m",
    "pauses_longest_m", "doors_4h", "indoors", "together_24h", "hourly", "rooms_1h", "since_living_h", "since_hall_h",
    "slots_before", "busy_4h_share", "cell_10m", "cell_30m", "cell_1h", "cell_2h", "cell_4h",
)  # fmt: skip
LASTING = (
    *BEGUN, "silent_h", "hour_now", "slot_now", "missed", "longer_near", "longer_all", "longer_room", "to_longest",
    "to_longest_near", "longer_weekday", "longer_room_near", "ended_near", "longer_of_late",
    "covered", "covered_7d", "covered_weekday", "covered_1d", "in_rest", "resumes", "goes_on", "ended_share",
    "to_longest_ratio", "to_near_ratio", "to_second_near", "like_longer", "like_ends", "ahead_1h",
)  # fmt: skip


def begun(routine: Routine) -> Floats:
    """Return BEGUN for the last sign of life of ``routine``."""
    last = routine.last_us
    of_day = last % DAY_US
    slot = of_day // SLOT_US
    rests = rests_of(routine)
    start, minutes, days = rests.start, rests.minutes, rests.days
    long_near = rests.near & (minutes >= LONG_REST_MINUTES)
    seen = (Room.BEDROOM, Room.OUTER_DOOR, Room.KITCHEN, Room.BATHROOM)
    rest_h = minutes[-1] / 60 if len(minutes) else 0.0
    since_rest_h = (last / MINUTE_US - start[-1] - minutes[-1]) / 60 if len(minutes) else LONG_AGO_H
    return np.array(
        [
            of_day / HOUR_US, float(last // DAY_US % 7), float(routine.room), float(routine.before), *routine.busy,
            routine.signs[0], *routine.changes, *(_since_h(last, routine.seen[room]) for room in seen),
            _since_h(last, routine.woke_us), routine.slept_h,
            routine.slots[slot], sum(routine.slots[(slot + k) % SLOTS] for k in range(1, 5)) / 4,
            min(routine.days, KNOWN_DAYS), routine.daily, routine.busy[1] / max(routine.daily / 24, 0.1),
            routine.busy[3] / max(routine.daily, 1.0), len(start) / days, np.count_nonzero(long_near) / days, rest_h,
            since_rest_h, *_of_late(routine),
        ]
    )  # fmt: skip


def _of_late(routine: Routine) -> list[float]:
    """Return how somebody settled: where they were before, how their pauses grew, and whether they were alone."""
    last = routine.last_us
    slot = last % DAY_US // SLOT_US
    trail = routine.trail
    changes_1h = routine.changes[1]
    pauses = routine.cells.get(cell(last, routine.room), (0,) * len(PAUSE_MINUTES))
    before = sum(routine.slots[(slot - k) % SLOTS] for k in range(8)) / 8
    return [
        routine.signs[1], routine.signs[2], 24 * routine.signs[1] / max(routine.signs[2], 1.0),
        changes_1h / max(routine.busy[1], 1.0), float(trail[2][0]) if len(trail) > 2 else -1.0,
        (last - trail[0][1]) / MINUTE_US if trail else -1.0, float(routine.pauses[0]) if routine.pauses else -1.0,
        float(max(routine.pauses, default=-1)), routine.doors, float(min(routine.indoors, MANY)), routine.together,
        routine.hourly, float(sum(0 <= last - seen <= HOUR_US and seen >= 0 for seen in routine.seen)),
        _since_h(last, routine.seen[Room.LIVING]), _since_h(last, routine.seen[Room.HALL]), before,
        6 * routine.busy[2] / max(routine.daily, 1.0) / max(before, 0.05), float(pauses[0]),
        *((count + CELL_DOUBT) / (pauses[0] + 4 * CELL_DOUBT) for count in pauses[1:]),
    ]  # fmt: skip


def lasting(routine: Routine, of_begin: Floats | None = None) -> Floats:
    """Return LASTING, a row for each step between EDGES, for the silence that began with the last sign."""
    head = begun(routine) if of_begin is None else of_begin
    last = routine.last_us
    at = EDGES[:-1]
    now_us = last + at * MINUTE_US
    slot_now = (now_us // SLOT_US).astype(np.int64)
    first = last // SLOT_US
    ahead = np.array(routine.slots)[np.arange(first, slot_now[-1] + 3) % SLOTS]
    missed = np.cumsum(ahead)[slot_now - first] - ahead[0]
    steps = np.column_stack([at / 60, now_us % DAY_US / HOUR_US, ahead[slot_now - first], missed])
    soon = (ahead[slot_now - first] + ahead[slot_now - first + 1]) / 2
    rests = rests_of(routine)
    own = (longer(rests, at), by_the_clock(rests, at), alike(rests, at))
    return np.column_stack([np.tile(head, (len(at), 1)), steps, *own, soon])


def _since_h(now_us: int, then_us: int) -> float:
    return LONG_AGO_H if then_us < 0 else min((now_us - then_us) / HOUR_US, LONG_AGO_H)
