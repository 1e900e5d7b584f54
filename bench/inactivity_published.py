"""Two more kinds of published rule: survival by room and hour, and a one-class model of the hours of a home's day.

Survival: each home's own pauses, by the room they began in and the hour, and a silence that outlasts nearly all of them
is told (Floeck and Litz 2009, inactivity by the hour; Moshtaghi et al. 2015, by room and hour). One class: support
vector data description of activity, mobility and the time without response (Shin, Lee and Park 2011); with the
Gaussian kernel that is the one-class support vector machine of scikit-learn.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import OneClassSVM

from bench.homes import HomeRecord
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from detectors.routine_features import EDGES
from detectors.routine_rests import Floats

#: Four weeks of a home's pauses, and of its hours: what our own model remembers.
MEMORY_US = 28 * DAY_US
#: Pauses below this are steps between rooms; above a day they are no habit.
SHORTEST_US, LONGEST_US = 10 * MINUTE_US, DAY_US
#: Hours of the day that count as the same hour, to either side; and so many pauses make a cell one to trust.
BESIDE_HOURS, ENOUGH = 1, 20
#: All but one in a hundred pauses of a cell have ended by then.
QUANTILE = 0.99
#: Hours over which activity and mobility are counted.
PAST_HOURS = 4
#: Shares of a home's own hours that the description may leave outside.
OUTSIDE = 0.01
#: What stands for a home too young for either rule.
UNKNOWN_MINUTES = 720.0


def survival(times: float, record: HomeRecord, began: Floats) -> Floats:
    """Return ``times`` the QUANTILE of the home's pauses that began in the same room about the same hour, minutes."""
    t_us = record.t_us.astype(np.float64)
    gap = np.diff(t_us)
    kept = (gap >= SHORTEST_US) & (gap <= LONGEST_US)
    start, length, room = t_us[:-1][kept], gap[kept], record.room[:-1][kept]
    limits = []
    for now in began.tolist():
        past = (start + length <= now) & (start > now - MEMORY_US)
        apart = np.abs((start - now) / HOUR_US % 24 - 12) >= 12 - BESIDE_HOURS
        here = record.room[np.searchsorted(record.t_us, now, side="right") - 1]
        cells = (past & apart & (room == here), past & apart, past)
        cell = next((each for each in cells if np.count_nonzero(each) >= ENOUGH), None)
        limits.append(UNKNOWN_MINUTES if cell is None else float(np.quantile(length[cell], QUANTILE)) / MINUTE_US)
    return np.array(limits) * times


def one_class(slack: float, record: HomeRecord, began: Floats) -> Floats:
    """Return after how many minutes the hours of a silence leave the description of the home's hours by ``slack``."""
    found = np.empty(len(began))
    weeks = (began - record.t_us[0]) // (7 * DAY_US)
    for week in np.unique(weeks):
        of_week = weeks == week
        described = _described(record, float(record.t_us[0] + week * 7 * DAY_US))
        found[of_week] = _leaves(described, slack, record, began[of_week])
    return found


class _Described:
    """The hours of a home before some moment, scaled, and their description."""

    def __init__(self, rows: Floats) -> None:
        self.mean, self.spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
        self.machine = OneClassSVM(kernel="rbf", gamma="scale", nu=OUTSIDE).fit(self.scaled(rows))

    def scaled(self, rows: Floats) -> Floats:
        scaled: Floats = (rows - self.mean) / self.spread
        return scaled


@cache
def _described(record: HomeRecord, now_us: float) -> _Described | None:
    first = max(float(record.t_us[0]) + DAY_US, now_us - MEMORY_US)
    hours = np.arange(first, now_us, HOUR_US)
    rows = _hours(record, hours)
    rows = rows[rows[:, 0] <= LONGEST_US / HOUR_US]
    return _Described(rows) if len(rows) >= 7 * 24 else None


def _leaves(described: _Described | None, slack: float, record: HomeRecord, began: Floats) -> Floats:
    if described is None:
        return np.full(len(began), UNKNOWN_MINUTES)
    at = (began[:, None] + EDGES[None, :] * MINUTE_US).ravel()
    rows = _hours(record, at, np.repeat(began, len(EDGES)))
    inside = described.machine.decision_function(described.scaled(rows)).reshape(len(began), -1)
    out = inside < -slack
    out[:, -1] = True  # after a day at the latest
    return np.asarray(EDGES[np.argmax(out, axis=1)])


def _hours(record: HomeRecord, at_us: Floats, heard_us: Floats | None = None) -> Floats:
    """Return what is known at ``at_us``: hours of silence, activity, mobility, and the clock as a point on a circle.

    ``heard_us``: nothing was heard after it.
    """
    until = at_us if heard_us is None else heard_us
    minutes, changes = _counted(record)
    t_us = record.t_us.astype(np.float64)
    last = np.searchsorted(t_us, until, side="right") - 1
    since = np.searchsorted(t_us, np.minimum(at_us - PAST_HOURS * HOUR_US, until), side="right") - 1
    clock = at_us % DAY_US / DAY_US * 2 * np.pi
    return np.column_stack(
        [
            (at_us - t_us[last]) / HOUR_US, np.log1p(minutes[last] - minutes[since]),
            np.log1p(changes[last] - changes[since]), np.sin(clock), np.cos(clock),
        ]
    )  # fmt: skip


@cache
def _counted(record: HomeRecord) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the active minutes and the changes of room up to each sign."""
    minute = record.t_us // MINUTE_US
    return np.cumsum(np.diff(minute, prepend=-1) > 0), np.cumsum(np.diff(record.room, prepend=-1) != 0)
