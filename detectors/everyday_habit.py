"""One number a day of one home, learnt: what is usual, and beyond which limit a day is unlike all others.

A habit is the minute at which somebody is up, the longest stay in the bathroom, and the like. Its usual value and its
spread begin as those of other homes (TIHM, Palermo et al., Sci Data 2023 10:606) and become this home's own with each
day: the other homes count as some days do. The limit lies so many spreads above what is usual, never below what people
do anywhere; a day beyond it teaches as one that is just beyond it, so the limit moves slowly.

Weekends: their own usual value, as far as these few days differ, can make the limit later, never sooner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import exp, log, sqrt

#: Days that are remembered: each weekday four times, as the rests of detectors.routine.
KEPT_DAYS = 28
#: A limit is known after so many days; until then the watch is silent.
KNOWN_DAYS = 10
#: A day beyond the limit teaches as one that is so many spreads beyond it.
TAUGHT = 0.5
#: What all days count in the usual value of weekend days, days: four weeks hold eight of them.
WEEKEND_CAUTION = 4.0
#: Day 0 (1 January 1970) was a Thursday: Saturday and Sunday are days 2 and 3 of seven.
_WEEKEND = (2, 3)


class Scale(IntEnum):
    """On which scale a habit varies by about as much in all homes."""

    CLOCK = 0  # minutes of the day
    LENGTH = 1  # minutes, by their ratio
    COUNT = 2  # by the square root


@dataclass(frozen=True, slots=True)
class Habit:
    """How a habit is learnt. ``usual`` of other homes counts ``usual_days``, their ``spread`` (scaled) ``spread_days``.

    ``far``: spreads from what is usual to the limit. ``least``: no limit is lower; ``apart``: nor nearer to the usual
    value. ``most``: with a higher limit the sensors cannot tell this habit. ``record``: so many times the highest of
    the days that are remembered, at least.
    """

    scale: Scale
    usual: float
    usual_days: float
    spread: float
    spread_days: float
    far: float
    least: float = 0.0
    apart: float = 0.0
    most: float = float("inf")
    record: float = 0.0

    def scaled(self, value: float) -> float:
        """Return a value on the habit's scale."""
        if self.scale is Scale.LENGTH:
            return log(max(value, 1.0))
        return sqrt(max(value, 0.0)) if self.scale is Scale.COUNT else value

    def plain(self, scaled: float) -> float:
        """Return the value that ``scaled`` stands for."""
        if self.scale is Scale.LENGTH:
            return exp(min(scaled, 50.0))
        return max(scaled, 0.0) ** 2 if self.scale is Scale.COUNT else scaled


@dataclass(frozen=True, slots=True)
class Limit:
    """What is expected of a day: ``usual``, and nothing beyond ``limit``; a day teaches at most ``teaches``."""

    usual: float
    limit: float
    teaches: float


def is_weekend(day: int) -> bool:
    """Whether a day (days since 1970) is a Saturday or a Sunday."""
    return day % 7 in _WEEKEND


def limit(habit: Habit, days: Sequence[tuple[int, int]], day: int, far: float = 1.0) -> Limit | None:
    """Return what is expected of ``day`` after ``days`` (day, value); None: too few are known. ``far`` scales it.

    A length of 0 is a day on which there was none: it is known, and says nothing of how long one lasts.
    """
    if len(days) < KNOWN_DAYS:
        return None
    if habit.scale is Scale.LENGTH:
        days = [(when, value) for when, value in days if value > 0]
    values = [habit.scaled(value) for _, value in days]
    usual = (habit.usual_days * habit.scaled(habit.usual) + sum(values)) / (habit.usual_days + len(values))
    squares = habit.spread_days * habit.spread**2 + sum((value - usual) ** 2 for value in values)
    spread = sqrt(squares / (habit.spread_days + len(values)))
    if is_weekend(day):
        own = [habit.scaled(value) for when, value in days if is_weekend(when)]
        usual = max(usual, (WEEKEND_CAUTION * usual + sum(own)) / (WEEKEND_CAUTION + len(own)))
    plain = habit.plain(usual)
    reach = max(
        habit.plain(usual + habit.far * far * spread),
        habit.least,
        plain + habit.apart,
        habit.record * max((value for _, value in days), default=0),
    )
    return Limit(plain, reach, habit.plain(habit.scaled(reach) + TAUGHT * spread))


def learn(days: list[tuple[int, int]], day: int, value: float, known: Limit | None) -> None:
    """Let a day teach; one far beyond the limit teaches only that it was beyond."""
    days.append((day, round(value if known is None else min(value, known.teaches))))
    while len(days) > KEPT_DAYS or days[0][0] <= day - 2 * KEPT_DAYS:
        del days[0]
