"""Homes as others would have recorded them: with four sensors, or hour by hour, by one counter or one in each room."""

from collections.abc import Callable

import numpy as np

from bench.homes import HomeRecord
from detectors.routine import HOUR_US, Room

#: What a home with few sensors has: one where people sleep, cook and sit, and one at the outer door.
FEW = (Room.BEDROOM, Room.KITCHEN, Room.LIVING, Room.OUTER_DOOR)


def with_few_sensors(record: HomeRecord) -> HomeRecord:
    """Return the home as four sensors would have seen it."""
    few = np.isin(record.room, FEW)
    sensors = [record.sensor[index] for index in np.flatnonzero(few)] if record.sensor else []
    return HomeRecord(record.home, record.t_us[few], record.room[few], sensors, record.times[few])


def by_the_hour(record: HomeRecord) -> HomeRecord:
    """Return the home as one counter would have told it, hour by hour."""
    hours, which = np.unique(record.t_us // HOUR_US, return_inverse=True)
    times = np.bincount(which, weights=record.times).astype(np.int64)
    room = np.full(len(hours), int(Room.OTHER))
    return HomeRecord(record.home, hours * HOUR_US, room, ["counter"] * len(hours), times)


def by_the_hour_and_room(record: HomeRecord) -> HomeRecord:
    """Return the home as a counter in each room would have told it, hour by hour."""
    hours, which = np.unique(np.column_stack([record.t_us // HOUR_US, record.room]), axis=0, return_inverse=True)
    times = np.bincount(which.ravel(), weights=record.times).astype(np.int64)
    sensors = [f"counter-{room}" for room in hours[:, 1].tolist()]
    return HomeRecord(record.home, hours[:, 0] * HOUR_US, hours[:, 1], sensors, times)


#: Name in the report -> the copy.
COPIES: dict[str, Callable[[HomeRecord], HomeRecord]] = {
    "four sensors": with_few_sensors,
    "one counter, hour by hour": by_the_hour,
    "a counter in each room, hour by hour": by_the_hour_and_room,
}
