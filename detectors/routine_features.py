"""What a silence is judged by: the context in which it began, how long it lasts, and the home's own habits.

Two tables of numbers. ``begun`` is of the last sign of life alone: does a silence of more than half an hour begin here?
``lasting`` has a row for each step of a silence that lasts: does it end in this step?
"""

import numpy as np

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, PAUSE_MINUTES, SLOT_US, SLOTS, Room, Routine, cell
from detectors.routine_rests import KNOWN_DAYS, Floats, compare, days_of, long_near, rests_of

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


def begun(routine: Routine, rests: Floats | None = None) -> Floats:
    """Return BEGUN for the last sign of life of ``routine``; ``rests``: ``rests_of`` it, where they are known."""
    last = routine.last_us
    of_day = last % DAY_US
    slot = of_day // SLOT_US
    rests = rests_of(routine) if rests is None else rests
    days, latest = days_of(routine), routine.rests[-1] if routine.rests else None
    near = long_near(rests, last / MINUTE_US, LONG_REST_MINUTES)
    seen = (Room.BEDROOM, Room.OUTER_DOOR, Room.KITCHEN, Room.BATHROOM)
    rest_h = latest.minutes / 60 if latest else 0.0
    since_rest_h = (last / MINUTE_US - latest.start - latest.minutes) / 60 if latest else LONG_AGO_H
    return np.array(
        [
            of_day / HOUR_US, float(last // DAY_US % 7), float(routine.room), float(routine.before), *routine.busy,
            routine.signs[0], *routine.changes, *(_since_h(last, routine.seen[room]) for room in seen),
            _since_h(last, routine.woke_us), routine.slept_h,
            routine.slots[slot], sum(routine.slots[(slot + k) % SLOTS] for k in range(1, 5)) / 4,
            min(routine.days, KNOWN_DAYS), routine.daily, routine.busy[1] / max(routine.daily / 24, 0.1),
            routine.busy[3] / max(routine.daily, 1.0), len(rests) / days, near / days, rest_h,
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


def lasting(routine: Routine, of_begin: Floats | None = None, rests: Floats | None = None) -> Floats:
    """Return LASTING, a row for each step between EDGES, for the silence that began with the last sign.

    ``of_begin``, ``rests``: ``begun`` and ``rests_of`` of it, where they are known.
    """
    rests = rests_of(routine) if rests is None else rests
    head = begun(routine, rests) if of_begin is None else of_begin
    return compare(rests, routine, head, EDGES[:-1], len(LASTING))


def _since_h(now_us: int, then_us: int) -> float:
    return LONG_AGO_H if then_us < 0 else min((now_us - then_us) / HOUR_US, LONG_AGO_H)
