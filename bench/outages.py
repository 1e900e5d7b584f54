"""Times in which a study itself heard nothing: no home of many was heard, so a silence in them is nobody's.

TIHM has one, of 58 hours in all of its 32 homes then running. A rule that is told of one home at a time must ring in
it, whatever it is; the figures are given with it and without.
"""

from collections.abc import Sequence

import numpy as np

from bench.homes import HomeRecord
from detectors.routine import DAY_US, HOUR_US

#: Among so many homes somebody moves within the hour by day, and in TIHM within two hours and a quarter by night.
LEAST_HOMES = 10
LEAST_US = 6 * HOUR_US

#: Begin and end, us.
Outage = tuple[int, int]


def outages_of(records: Sequence[HomeRecord]) -> list[Outage]:
    """Return the times of LEAST_US or more in which LEAST_HOMES homes or more were recorded and none was heard."""
    heard = [record for record in records if len(record.t_us)]
    if not heard:
        return []
    t_us = np.unique(np.concatenate([record.t_us for record in heard]))
    first = np.array([record.t_us[0] for record in heard])
    last = np.array([record.t_us[-1] for record in heard])
    long = np.flatnonzero(np.diff(t_us) >= LEAST_US)
    return [
        (begin, end)
        for begin, end in ((int(t_us[index]), int(t_us[index + 1])) for index in long.tolist())
        if np.count_nonzero((first <= begin) & (last >= end)) >= LEAST_HOMES
    ]


def lost_days(began_us: int, minutes: float, outages: Sequence[Outage]) -> float:
    """Return the days of the outages that a silence holds; what is told by the hour may begin a little after one."""
    end_us = began_us + round(minutes * 60_000_000)
    return sum((end - begin) / DAY_US for begin, end in outages if began_us < (begin + end) // 2 < end_us)
