"""A silence beside the rests of the last weeks in the same home: how many were as long, here, then, and of late.

A rest is a silence of more than an hour that ended within a day. A row is for one step of the silence that lasts.
"""

from collections.abc import Callable
from functools import cache
from itertools import chain

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.routine import Routine

Floats = NDArray[np.float64]

#: Days of a home beyond which its own rests need no caution.
KNOWN_DAYS = 28.0
#: As detectors.kernels.silences has them, which is loaded only when something is compared; a test holds them together.
DAY_MINUTES, NEAR_MINUTES = 1440, 120


@cache
def kernel() -> Callable[..., None]:
    """Return the kernel that compares; the first to ask in a process loads it, and numba (as detectors.trees)."""
    from detectors.kernels.silences import compare  # noqa: PLC0415  # numba

    return compare


def rests_of(routine: Routine) -> Floats:
    """Return the rests of a home, (rests, 4): first minute, minutes, room, and how busy the hour before was."""
    told = chain.from_iterable(map(msgspec.structs.astuple, routine.rests))
    return np.fromiter(told, np.float64, 4 * len(routine.rests)).reshape(-1, 4)


def days_of(routine: Routine) -> float:
    """Return over how many days the rests of a home fell."""
    return max(min(routine.days, KNOWN_DAYS), 1.0)


def long_near(rests: Floats, began: float, least: float) -> int:
    """Return how many of the rests of ``least`` minutes and more began near the time of the day of ``began``."""
    apart = np.abs((rests[:, 0] - began) % DAY_MINUTES)
    return int(np.count_nonzero((np.minimum(apart, DAY_MINUTES - apart) <= NEAR_MINUTES) & (rests[:, 1] >= least)))


def compare(rests: Floats, routine: Routine, head: Floats, at: Floats, columns: int) -> Floats:
    """Return a row of so many ``columns`` for each step of the silence since the last sign, ``head`` first in each.

    ``at`` (steps,): minutes of the silence. In the order of routine_features.LASTING: what the clock shows; how often
    the home was silent for longer, in likeness to this silence; what it did while the clock showed what it shows; the
    rests longer by likeness, and the share that then ends within the hour; what is just ahead.
    """
    found = np.empty((len(at), columns))
    kernel()(
        rests, routine.last_us, float(routine.room), routine.busy[1], days_of(routine), np.array(routine.slots), head,
        at, found,
    )  # fmt: skip
    return found
