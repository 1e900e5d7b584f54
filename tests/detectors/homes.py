"""Days in a home, synthetic and seeded: rooms visited by the clock, nights slept. No claim on people."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.finding import Finding

#: A midnight at UTC+8.
MIDNIGHT_US = 1_800_000_000_000_000 // DAY_US * DAY_US - 8 * HOUR_US
TICK_US = 5 * MINUTE_US
_ROOMS = (Room.KITCHEN, Room.LIVING, Room.HALL, Room.BATHROOM, Room.LIVING, Room.BEDROOM)


def sign(at_us: int, room: Room = Room.LIVING, unit: str = "u1", **fields: Any) -> Sign:
    """Somebody moves in a room."""
    device = f"{unit}-{room.name.lower()}"
    return Sign(
        unit=unit, device=device, key=f"{device}:{at_us}", event_us=at_us, **{"moved": True} | fields, room=room
    )


def day(number: int, unit: str = "u1", until_h: float = 22.5, seed: int = 1) -> list[Sign]:
    """Up at seven, about every three to twenty minutes until bed; on even nights once to the bathroom."""
    rng = np.random.default_rng([seed, number])
    start = MIDNIGHT_US + number * DAY_US
    signs: list[Sign] = []
    at_h = 7.0 + rng.uniform(0, 0.4)
    while at_h < min(until_h, 22.3):
        signs.append(sign(start + int(at_h * HOUR_US), _ROOMS[rng.integers(len(_ROOMS))], unit))
        at_h += rng.uniform(0.05, 0.34)
    if until_h >= 22.5:
        signs.append(sign(start + int(22.5 * HOUR_US), Room.BEDROOM, unit))
    if number % 2 == 0:
        signs.insert(0, sign(start + int(3.3 * HOUR_US), Room.BATHROOM, unit))
    return signs


def days(count: int, unit: str = "u1", until_h: float = 22.5) -> list[Sign]:
    """Whole days; the last one ends in silence at ``until_h``."""
    return [each for n in range(count) for each in day(n, unit, until_h if n == count - 1 else 22.5)]


def with_ticks(signs: Sequence[Sign], until_us: int) -> list[Sign | int]:
    """Signs and the platform's clock every five minutes, in the order of time."""
    ticks = range(MIDNIGHT_US, until_us + 1, TICK_US)
    items: list[tuple[int, int, Sign | int]] = [(at, 1, at) for at in ticks]
    items += [(each.event_us, 0, each) for each in signs]
    return [item for _, _, item in sorted(items, key=lambda item: item[:2])]


def feed(detector: Any, items: Sequence[Sign | int]) -> list[Finding]:
    """Feed items as one batch."""
    found: list[Finding] = []
    batch: list[Sign] = []
    for item in items:
        if isinstance(item, int):
            found += detector.update(batch)
            batch = []
            found += detector.tick(item)
        else:
            batch.append(item)
    found += detector.update(batch)
    return found


def story() -> list[Sign | int]:
    """Two homes for six days; in one all falls silent at eleven and moves again the next noon."""
    noon_us = MIDNIGHT_US + 6 * DAY_US + 12 * HOUR_US
    first = [*days(6, "u1", until_h=11.0), sign(noon_us, Room.KITCHEN, "u1")]
    return with_ticks(first + days(7, "u2", until_h=12.3), noon_us + HOUR_US // 3)
