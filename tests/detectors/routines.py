"""Weeks in a home as signs of life, local time, synthetic and seeded: what a day holds is said day by day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from detectors.routine_days import Day, Ints, days_of

#: A Monday: 20454 = 2026-01-01 (a Thursday) + 4.
FIRST = 20_458
_ROOMS = (Room.LIVING, Room.KITCHEN, Room.LIVING, Room.HALL, Room.BATHROOM, Room.LIVING, Room.BEDROOM)


@dataclass(frozen=True, slots=True)
class Lived:
    """How one day is lived. ``ups``: times up in the night that ends in it; ``every``: minutes between two signs."""

    ups: int = 1
    every: float = 9.0
    morning_every: float | None = None
    out: bool = True
    up_h: float = 7.0
    rooms: tuple[Room, ...] = _ROOMS


Ways = Callable[[int], Lived | None]


def signs_of(ways: Ways, count: int, seed: int = 1) -> tuple[Ints, Ints]:
    """Return (n,) local times and kinds of room of ``count`` days from FIRST on; a day of None is silent."""
    told = [each for day in range(count) if (way := ways(day)) is not None for each in _day(day, way, seed)]
    at_us, room = np.array(told, dtype=np.int64).reshape(-1, 2).T
    return at_us, room


def _day(number: int, way: Lived, seed: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng([seed, number])
    midnight = (FIRST + number) * DAY_US
    told: list[tuple[int, int]] = []
    for hour in rng.permutation(np.arange(0.5, 5.5, 0.75))[: way.ups]:
        told += [(midnight + int(hour * HOUR_US) + k * MINUTE_US, int(Room.BATHROOM)) for k in range(3)]
    at_h = way.up_h + rng.uniform(0, 0.2)
    while at_h < 22.4:
        if way.out and 14 <= at_h < 15:
            told += [(midnight + 14 * HOUR_US, int(Room.OUTER_DOOR)), (midnight + 15 * HOUR_US, int(Room.OUTER_DOOR))]
            at_h = 15.05
        told.append((midnight + int(at_h * HOUR_US), int(way.rooms[rng.integers(len(way.rooms))])))
        every = way.morning_every if way.morning_every is not None and at_h < 12 else way.every
        at_h += rng.uniform(0.5, 1.5) * every / 60
    return told


def lived_days(ways: Ways, count: int, seed: int = 1) -> list[Day]:
    """Return the days."""
    at_us, room = signs_of(ways, count, seed)
    return days_of(at_us, room, FIRST, FIRST + count - 1)


def as_usual(day: int) -> Lived:
    """A regular life: out on five days of seven."""
    return Lived(ups=1 + day % 2, out=day % 7 < 5)
