"""The twin in numpy of detectors.routine_rests: how many rests of a home were as long, here, then, of late.

A rest is a silence of more than an hour that ended within a day. A row is for one step of the silence that lasts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.kernels.silences import (
    BUSY_FLOOR,
    COVER_MINUTES,
    DAY_MINUTES,
    DOUBT,
    ENDED_MINUTES,
    GOES_ON_MINUTES,
    LEAST_MINUTES,
    LIKE_BUSY,
    LIKE_DOUBT,
    LIKE_MINUTES,
    LIKE_ROOM,
    NEAR_MINUTES,
    OF_LATE_DAYS,
    RECENT_DAYS,
    YESTERDAY_DAYS,
)
from detectors.routine import MINUTE_US, Routine
from detectors.routine_rests import KNOWN_DAYS, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """The rests of a home (rests,), in minutes, and the silence they are compared with.

    ``near``: began near its time of the day; ``here``: in its room; ``weekday``: whole weeks before it; ``like``: how
    like it each is, 0 to 1; ``began``: its first minute; ``days``: over which the rests fell.
    """

    start: Floats
    minutes: Floats
    near: NDArray[np.bool_]
    here: NDArray[np.bool_]
    weekday: NDArray[np.bool_]
    like: Floats
    began: float
    days: float


def rests_of(routine: Routine) -> Rests:
    """Return the rests of a home beside the silence since its last sign."""
    table = np.array([(rest.start, rest.minutes, rest.room, rest.busy) for rest in routine.rests], dtype=np.float64)
    start, minutes, room, busy = table.reshape(-1, 4).T
    began = routine.last_us / MINUTE_US
    apart = np.abs((start - began) % DAY_MINUTES)
    apart = np.minimum(apart, DAY_MINUTES - apart)
    here = room == routine.room
    busier = np.abs(np.log((busy + BUSY_FLOOR) / (routine.busy[1] + BUSY_FLOOR)))
    return Rests(
        start=start,
        minutes=minutes,
        near=apart <= NEAR_MINUTES,
        here=here,
        weekday=np.round((began - start) / DAY_MINUTES) % 7 == 0,
        like=np.exp(-apart / LIKE_MINUTES - busier / LIKE_BUSY) * np.where(here, 1.0, LIKE_ROOM),
        began=began,
        days=max(min(routine.days, KNOWN_DAYS), 1.0),
    )


def longer(rests: Rests, at: Floats) -> Floats:
    """Return how often this home was silent for longer than ``at`` minutes before, in likeness to this silence."""
    near = rests.near
    lasted = rests.minutes[:, None] >= at[None, :]
    ended = np.abs(rests.minutes[:, None] - at[None, :]) <= ENDED_MINUTES
    longest, longest_near = rests.minutes.max(initial=0.0), rests.minutes[near].max(initial=0.0)
    of_late = near & (rests.began - rests.start < OF_LATE_DAYS * DAY_MINUTES)
    return np.column_stack(
        [
            lasted[near].sum(axis=0) / rests.days, lasted.sum(axis=0) / rests.days,
            lasted[rests.here].sum(axis=0) / rests.days, (longest - at) / 60, (longest_near - at) / 60,
            lasted[near & rests.weekday].sum(axis=0), lasted[near & rests.here].sum(axis=0) / rests.days,
            ended[near].sum(axis=0) / rests.days, lasted[of_late].sum(axis=0) / OF_LATE_DAYS,
        ]
    )  # fmt: skip


def by_the_clock(rests: Rests, at: Floats) -> Floats:
    """Return what this home did on other days while the clock showed what it shows in this silence."""
    ago_days = (rests.began - rests.start) / DAY_MINUTES
    # how old each rest was when this silence was COVER_MINUTES old, had both been on one day
    since = (rests.began + COVER_MINUTES - rests.start) % DAY_MINUTES
    covers = since[:, None] + np.maximum(at - COVER_MINUTES, 0.0)[None, :] <= rests.minutes[:, None]
    left = rests.minutes[:, None] - (rests.began - rests.start[:, None] + at[None, :]) % DAY_MINUTES
    resting = (left > 0).sum(axis=0)
    ends = ((left > 0) & (left <= ENDED_MINUTES)).sum(axis=0)
    near = rests.minutes[rests.near]
    at_risk = (near[:, None] > at[None, :] - ENDED_MINUTES).sum(axis=0)
    ended = (np.abs(near[:, None] - at[None, :]) <= ENDED_MINUTES).sum(axis=0)
    second = np.sort(near)[-2] if len(near) > 1 else 0.0
    return np.column_stack(
        [
            covers.sum(axis=0) / rests.days,
            covers[ago_days <= RECENT_DAYS].sum(axis=0) / min(rests.days, RECENT_DAYS),
            covers[rests.weekday].sum(axis=0), covers[ago_days <= YESTERDAY_DAYS].sum(axis=0), resting / rests.days,
            (ends + DOUBT) / (resting + 2 * DOUBT), (left > GOES_ON_MINUTES).sum(axis=0) / rests.days,
            (ended + DOUBT) / (at_risk + 2 * DOUBT), at / rests.minutes.max(initial=LEAST_MINUTES),
            at / near.max(initial=LEAST_MINUTES), (second - at) / 60,
        ]
    )  # fmt: skip


def alike(rests: Rests, at: Floats) -> Floats:
    """Return the rests longer than ``at`` a day, and the share that then ends within the hour, by likeness."""
    lasted = rests.like @ (rests.minutes[:, None] >= at[None, :])
    ends = lasted - rests.like @ (rests.minutes[:, None] >= at[None, :] + GOES_ON_MINUTES)
    return np.column_stack([lasted / rests.days, (ends + LIKE_DOUBT) / (lasted + 2 * LIKE_DOUBT)])
