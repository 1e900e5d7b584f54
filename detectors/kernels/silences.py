"""A silence beside the rests of the last weeks in its home: what detectors.routine_rests explains, row by row."""

from math import exp, log

import numpy as np
from numba import types

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints
from detectors.kernels.hours import DAY_US, HOUR_US, MINUTE_US

DAY_MINUTES = 1440
#: Rests that began within so many minutes of the day of this one are its like.
NEAR_MINUTES = 120
#: A rest whose length is within so many minutes of a step ended with it.
ENDED_MINUTES = 30
#: What was so in these days may be so again: a guest, an illness, hot weather.
OF_LATE_DAYS = 5
#: A rest that began up to so many minutes later in the day than this silence may still have covered it.
COVER_MINUTES = 30
#: Rests of the last days, and of the last one; a day and a half, since the rest of yesterday began before this one.
RECENT_DAYS, YESTERDAY_DAYS = 7, 1.5
#: A rest that goes on for more than so many minutes; and the hour within which it may end.
GOES_ON_MINUTES = 60
#: Longest rests below this say nothing of a home.
LEAST_MINUTES = 60.0
#: How fast likeness fades: minutes of the day apart, another room, and the hour before busier by a factor of e.
LIKE_MINUTES, LIKE_ROOM, LIKE_BUSY = 60.0, 0.35, 0.7
#: Added to active minutes before they are compared.
BUSY_FLOOR = 3.0
#: Half a rest that ended and half one that did not: a share of few rests says little. A quarter for rests by likeness.
DOUBT, LIKE_DOUBT = 0.5, 0.25
#: A half hour (detectors.routine).
SLOT_US = DAY_US // 48
#: Columns of a rest.
START, MINUTES, ROOM, BUSY = 0, 1, 2, 3
#: Columns of what a kernel counts of rests beside a silence: began near it, in its room, ...; 1 or 0.
NEAR, HERE, WEEKDAY, NEAR_HERE, NEAR_WEEKDAY, NEAR_LATE, RECENT, YESTERDAY, TRUTHS = 0, 1, 2, 3, 4, 5, 6, 7, 8


@part
def beside(rests: Floats, began: float, room: float, busy: float, known: Ints, like: Floats) -> None:
    """Write how near rests are to a silence into ``known`` (TRUTHS, rests), and how like it into ``like`` (rests,)."""
    for k in range(rests.shape[0]):
        ago = began - rests[k, START]
        apart = abs((rests[k, START] - began) % DAY_MINUTES)
        apart = min(apart, DAY_MINUTES - apart)
        near, here = 1 if apart <= NEAR_MINUTES else 0, 1 if rests[k, ROOM] == room else 0
        weekday = 1 if np.round(ago / DAY_MINUTES) % 7 == 0 else 0
        busier = abs(log((rests[k, BUSY] + BUSY_FLOOR) / (busy + BUSY_FLOOR)))
        like[k] = exp(-apart / LIKE_MINUTES - busier / LIKE_BUSY) * (1.0 if here == 1 else LIKE_ROOM)
        known[NEAR, k], known[HERE, k], known[WEEKDAY, k] = near, here, weekday
        known[NEAR_HERE, k], known[NEAR_WEEKDAY, k] = near & here, near & weekday
        known[NEAR_LATE, k] = near if ago < OF_LATE_DAYS * DAY_MINUTES else 0
        known[RECENT, k] = 1 if ago / DAY_MINUTES <= RECENT_DAYS else 0
        known[YESTERDAY, k] = 1 if ago / DAY_MINUTES <= YESTERDAY_DAYS else 0


@part
def counted(known: Ints, minutes: Floats, order: Ints, above: Ints) -> None:
    """Write into ``above`` (TRUTHS + 1, rests + 1) of how many of the rests from each place of ``order`` on what holds.

    ``order``: by length, the shortest first. Last of all: how many there are.
    """
    many = len(minutes)
    for truth in range(TRUTHS + 1):
        above[truth, many] = 0
        for place in range(many - 1, -1, -1):
            holds = known[truth, order[place]] if truth < TRUTHS else 1
            above[truth, place] = above[truth, place + 1] + holds


@part
def longer(
    above: Ints, lengths: Floats, like: Floats, minutes: Floats, at: float, days: float, row: Floats
) -> None:  # fmt: skip
    """Write how many rests were longer, in likeness to this silence, into a row; ``lengths``: in order."""
    lasted_at = np.searchsorted(lengths, at)
    before, after_it = (
        np.searchsorted(lengths, at - ENDED_MINUTES),
        np.searchsorted(lengths, at + ENDED_MINUTES, "right"),
    )
    ended = above[NEAR, before] - above[NEAR, after_it]
    at_risk = above[NEAR, np.searchsorted(lengths, at - ENDED_MINUTES, "right")]
    row[0], row[1] = above[NEAR, lasted_at] / days, above[TRUTHS, lasted_at] / days
    row[2], row[5] = above[HERE, lasted_at] / days, above[NEAR_WEEKDAY, lasted_at]
    row[6], row[7] = above[NEAR_HERE, lasted_at] / days, ended / days
    row[8] = above[NEAR_LATE, lasted_at] / OF_LATE_DAYS
    row[16] = (ended + DOUBT) / (at_risk + 2 * DOUBT)
    lasted = after = 0.0
    for k in range(len(minutes)):
        lasted += like[k] if minutes[k] >= at else 0.0
        after += like[k] if minutes[k] >= at + GOES_ON_MINUTES else 0.0
    row[20], row[21] = lasted / days, (lasted - after + LIKE_DOUBT) / (lasted + 2 * LIKE_DOUBT)


@part
def by_the_clock(
    known: Ints, minutes: Floats, ago: Floats, covers: Floats, at: float, days: float, row: Floats
) -> None:  # fmt: skip
    """Write what the home did on other days while the clock showed the same into a row."""
    covered = recent = weekday = yesterday = resting = ends = goes_on = 0
    from_at = max(at - COVER_MINUTES, 0.0)
    for k in range(len(minutes)):
        over = 1 if covers[k] + from_at <= minutes[k] else 0
        covered += over
        recent += over & known[RECENT, k]
        weekday += over & known[WEEKDAY, k]
        yesterday += over & known[YESTERDAY, k]
        passed = ago[k] + at
        of_day = passed - np.floor(passed / DAY_MINUTES) * DAY_MINUTES
        left = minutes[k] - (of_day if of_day >= 0.0 else of_day + DAY_MINUTES)
        resting += 1 if left > 0 else 0
        ends += 1 if (left > 0) & (left <= ENDED_MINUTES) else 0
        goes_on += 1 if left > GOES_ON_MINUTES else 0
    row[9], row[10], row[11], row[12] = covered / days, recent / min(days, RECENT_DAYS), weekday, yesterday
    row[13], row[14], row[15] = resting / days, (ends + DOUBT) / (resting + 2 * DOUBT), goes_on / days


@part
def longest(known: Ints, minutes: Floats, near: bool) -> tuple[float, float]:
    """Return the two longest of the rests, or of those that began near; 0 where there are none."""
    first, second = 0.0, 0.0
    for k in range(len(minutes)):
        if known[NEAR, k] == 0 and near:
            continue
        if minutes[k] > first:
            first, second = minutes[k], first
        elif minutes[k] > second:
            second = minutes[k]
    return first, second


@part
def by_the_day(last_us: int, slots: Floats, at: Floats, found: Floats, first: int) -> None:
    """Write what the shares of the half hours say: the hour, its share, those missed, and those just ahead."""
    of_last, missed, slot = last_us // SLOT_US, 0.0, last_us // SLOT_US
    total = slots[of_last % len(slots)]
    for step in range(len(at)):
        now_us = last_us + at[step] * MINUTE_US
        now_slot = int(now_us // SLOT_US)
        while slot < now_slot:
            slot += 1
            total += slots[slot % len(slots)]
        missed = total - slots[of_last % len(slots)]
        share, after = slots[now_slot % len(slots)], slots[(now_slot + 1) % len(slots)]
        found[step, first], found[step, first + 1] = at[step] / 60, now_us % DAY_US / HOUR_US
        found[step, first + 2], found[step, first + 3] = share, missed
        found[step, first + 26] = (share + after) / 2


@kernel(
    read(types.float64, 2), types.int64, types.float64, types.float64, types.float64, read(types.float64, 1),
    read(types.float64, 1), read(types.float64, 1), written(types.float64, 2),
)  # fmt: skip
def compare(
    rests: Floats, last_us: int, room: float, busy: float, days: float, slots: Floats, head: Floats, at: Floats,
    found: Floats,
) -> None:  # fmt: skip
    """Write into ``found`` (steps, columns) a row for each step of the silence since ``last_us`` (local).

    ``rests`` (k, 4); ``at`` (steps,): minutes of the silence, that began in ``room`` after an hour so ``busy``;
    ``days``: over which the rests fell; ``slots``: shares of the day. ``head`` (heads,) stands first in every row, and
    27 columns after it, as detectors.routine_features names them. Raises IndexError when something is too small.
    """
    many, first, began = rests.shape[0], len(head), last_us / MINUTE_US
    if found.shape[0] < len(at) or found.shape[1] < first + 27 or rests.shape[1] < 4:
        raise IndexError
    for step in range(len(at)):
        for k in range(first):
            found[step, k] = head[k]
    by_the_day(last_us, slots, at, found, first)
    known, like, minutes = np.empty((TRUTHS, many), np.int64), np.empty(many), np.empty(many)
    ago, covers = np.empty(many), np.empty(many)
    beside(rests, began, room, busy, known, like)
    for k in range(many):
        minutes[k], ago[k] = rests[k, MINUTES], began - rests[k, START]
        covers[k] = (began + COVER_MINUTES - rests[k, START]) % DAY_MINUTES
    order, above = np.argsort(minutes), np.empty((TRUTHS + 1, many + 1), np.int64)
    counted(known, minutes, order, above)
    lengths = minutes[order]
    most, near = longest(known, minutes, False)[0], longest(known, minutes, True)
    for step in range(len(at)):
        row = found[step, first + 4 : first + 26]
        longer(above, lengths, like, minutes, at[step], days, row)
        by_the_clock(known, minutes, ago, covers, at[step], days, row)
        row[3], row[4] = (most - at[step]) / 60, (near[0] - at[step]) / 60
        row[17], row[18] = at[step] / max(most, LEAST_MINUTES), at[step] / max(near[0], LEAST_MINUTES)
        row[19] = (near[1] - at[step]) / 60
