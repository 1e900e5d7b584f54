"""Positions of people who go about: days at home, at the market, at a daughter's, and out of all that."""

from collections.abc import Sequence
from functools import cache
from math import hypot
from typing import Any

import numpy as np

from detectors.whereabouts import WhereaboutsDetector
from schemas.config import ResidentConfig, config_reading
from schemas.finding import Finding
from schemas.reading import Reading
from tests.detectors.wanders import EAST, HOME, NORTH, position

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
#: Midnight in China of a Monday, weeks before the nights of tests.detectors.wanders.
MONDAY_US = 1_793_577_600_000_000 - 8 * HOUR
#: Places in metres north and east of home.
AT_HOME, MARKET, DAUGHTER, ELSEWHERE = (0.0, 0.0), (450.0, 200.0), (-1500.0, 900.0), (2500.0, -1800.0)

Item = Reading | int
Metres = tuple[float, float]


def feed(detector: WhereaboutsDetector, items: Sequence[Item]) -> list[Finding]:
    """Feed readings as batches between the ticks."""
    found: list[Finding] = []
    batch: list[Reading] = []
    for item in items:
        if isinstance(item, int):
            found += detector.update(batch) + detector.tick(item)
            batch = []
        else:
            batch.append(item)
    return found + detector.update(batch)


def resident(name: str = "r1", *, unit: str = "u1", version: int = 1, at_us: int = MONDAY_US, **given: Any) -> Reading:
    return config_reading(ResidentConfig(resident=name, unit=unit, version=version, **given), at_us, at_us)


def square(metres: float, **given: Any) -> Reading:
    """A config with a drawn zone around home, so far to each side."""
    corners = tuple(
        (HOME[1] + e * metres * EAST, HOME[0] + n * metres * NORTH) for n, e in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    )
    return resident(corners=corners, **given)


class Phone:
    """A phone that goes where it is told, with an error of its own; keeps what it sent."""

    def __init__(
        self, start_us: int = MONDAY_US, *, seed: int = 0, error_m: float = 6.0, at: Metres = AT_HOME,
        each_s: float = 300.0, **given: Any,
    ) -> None:  # fmt: skip
        self.at_us, self.at, self.error_m, self.given, self.each_s = start_us, at, error_m, given, each_s
        self.sent: list[Reading] = []
        self._rng = np.random.default_rng(seed)

    def stay(self, seconds: float, each_s: float = 0.0, error_m: float | None = None) -> "Phone":
        each_s = each_s or self.each_s
        for _ in range(int(seconds / each_s)):
            self.at_us += int(each_s * SECOND)
            self.tell(self.at, error_m)
        return self

    def go(self, to: Metres, speed: float = 1.0, each_s: float = 10.0) -> "Phone":
        (n0, e0), way = self.at, hypot(to[0] - self.at[0], to[1] - self.at[1])
        steps = max(1, int(way / speed / each_s))
        for i in range(1, steps + 1):
            self.at_us += int(each_s * SECOND)
            self.at = (n0 + (to[0] - n0) * i / steps, e0 + (to[1] - e0) * i / steps)
            self.tell(self.at)
        return self

    def tell(self, at: Metres, error_m: float | None = None) -> None:
        error = self.error_m if error_m is None else error_m
        north, east = (np.array(at) + self._rng.normal(0.0, error / 1.51, 2)).tolist()
        self.sent.append(position(self.at_us, north, east, **({"accuracy": error} | self.given)))

    def until(self, day: int, hour: float, each_s: float = 0.0) -> "Phone":
        """Stay until an hour of a day, counted from MONDAY_US, by the clock in China."""
        left_s = (MONDAY_US + day * DAY + hour * HOUR - self.at_us) / SECOND
        self.stay(left_s, each_s)
        self.at_us = int(MONDAY_US + day * DAY + hour * HOUR)
        return self


def days(phone: Phone, first: int, last: int) -> Phone:
    """Ordinary days: to the market at 9, on Sundays to the daughter's."""
    for day in range(first, last):
        phone.until(day, 9).go(MARKET).stay(1800).go(AT_HOME)
        if day % 7 == 6:
            phone.until(day, 14).go(DAUGHTER).stay(7200).go(AT_HOME)
        phone.until(day + 1, 0)
    return phone


def ticked(readings: Sequence[Reading], each_s: int = 60, after_s: int = 0) -> list[Item]:
    """Return readings by arrival with the platform's clock each so often, also after the last."""
    left = sorted(readings, key=lambda reading: reading.arrival_us)
    items: list[Item] = []
    now_us = left[0].arrival_us
    for reading in left:
        while reading.arrival_us > now_us + each_s * SECOND:
            now_us += each_s * SECOND
            items.append(now_us)
        items.append(reading)
    end_us = left[-1].arrival_us + after_s * SECOND
    while now_us <= end_us:
        now_us += each_s * SECOND
        items.append(now_us)
    return items


@cache
def story() -> tuple[Item, ...]:
    """Two weeks of one who leaves at night then, falls silent and comes home; and one who leaves a zone and returns."""
    phone = days(Phone(each_s=900.0), 0, 14)
    phone.until(14, 3).go((900.0, -300.0))
    phone.at_us += 2 * HOUR
    phone.go(AT_HOME).stay(1200)
    other = Phone(MONDAY_US + 14 * DAY, seed=1, resident="r2", unit="u2")
    other.stay(3600).go((0.0, 600.0)).stay(600, each_s=30).go(AT_HOME).stay(1200, each_s=30)
    zone = square(300.0, name="r2", unit="u2")
    return tuple(ticked([resident(), *phone.sent, zone, *other.sent], each_s=600))
