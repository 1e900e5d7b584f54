"""Days of somebody who lives alone, synthetic and seeded, with meals, bathroom, bed and a walk there at night.

No claim on people. Hours are of the day's own clock (UTC+8); a night belongs to the day it begins in, so three in the
morning is hour 27.
"""

from collections.abc import Callable, Sequence

import numpy as np

from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, Room
from tests.detectors.homes import MIDNIGHT_US, sign, with_ticks

#: Hour of the day and the room in which somebody is seen.
Seen = tuple[float, Room]
MEALS = (7.3, 12.1, 18.2)


def day(number: int, seed: int = 1) -> list[Seen]:
    """Return an ordinary day: up at seven, three meals, in bed by half past ten, once to the bathroom at night."""
    rng = np.random.default_rng([seed, number])
    late = float(rng.uniform(0.0, 0.3))
    seen = [(6.9 + late, Room.BEDROOM), (6.95 + late, Room.HALL)]
    seen += bathroom(7.0 + late, 5 + rng.uniform(0, 5))
    for meal in MEALS:
        seen += [(meal + late + step * 0.12, Room.KITCHEN) for step in range(4)]
    at_h = 8.0 + late
    while at_h < 22.0:
        seen.append((at_h, Room.LIVING))
        at_h += float(rng.uniform(0.1, 0.35))
    seen += bathroom(10.0 + late, 4 + rng.uniform(0, 6)) + bathroom(15.5 + late, 4 + rng.uniform(0, 6))
    seen += [(22.4, Room.BEDROOM), (22.45, Room.BEDROOM)]
    return sorted([*seen, *to_the_bathroom_at_night(26.6 + late, 4 + rng.uniform(0, 3))])


def bathroom(at_h: float, minutes: float) -> list[Seen]:
    """In the bathroom for so long, and out by the hall."""
    return [(at_h, Room.BATHROOM), (at_h + minutes / 120, Room.BATHROOM), (at_h + minutes / 60, Room.HALL)]


def to_the_bathroom_at_night(at_h: float, minutes: float) -> list[Seen]:
    """Out of bed, to the bathroom, and back in bed."""
    return [
        (at_h, Room.BEDROOM),
        (at_h + 0.01, Room.HALL),
        (at_h + 0.02, Room.BATHROOM),
        (at_h + minutes / 60, Room.BEDROOM),
    ]


def signs(days: Sequence[Sequence[Seen]], unit: str = "u1") -> list[Sign]:
    """Return the days as signs, one day after the other from MIDNIGHT_US on."""
    return [
        sign(MIDNIGHT_US + number * DAY_US + round(at_h * HOUR_US), room, unit)
        for number, seen in enumerate(days)
        for at_h, room in sorted(seen)
    ]


def lived(count: int, change: Callable[[list[Seen]], list[Seen]] = list, unit: str = "u1") -> list[Sign]:
    """Return ``count`` ordinary days; ``change`` makes something else of the last one."""
    days = [day(number) for number in range(count)]
    return signs([*days[:-1], change(days[-1])], unit)


def at_us(number: int, hour: float) -> int:
    """Return an hour of a day as UTC."""
    return MIDNIGHT_US + number * DAY_US + round(hour * HOUR_US)


def story() -> list[Sign | int]:
    """Two homes for two weeks: one has no meal on the last day and then eats late, the other stays in the bathroom."""

    def no_meal(seen: list[Seen]) -> list[Seen]:
        return [*((h, Room.LIVING if room is Room.KITCHEN and h < 17 else room) for h, room in seen)]

    def in_bathroom(seen: list[Seen]) -> list[Seen]:
        return [*(each for each in seen if each[0] < 9.9), (10.0, Room.BATHROOM), (14.0, Room.HALL)]

    until_us = at_us(13, 21.0)
    both = [*lived(14, no_meal, "u1"), *lived(14, in_bathroom, "u2")]
    return with_ticks([each for each in both if each.event_us <= until_us], until_us)
