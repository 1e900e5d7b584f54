"""Lives by the clock on the wall: the same days in homes of other zones, where clocks are set. No claim on people."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from schemas.config import ResidentConfig
from schemas.local_time import LocalTime
from tests.detectors.homes import MIDNIGHT_US

CHINA = 8 * HOUR_US


def utc(*moment: int) -> int:
    return round(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


SPRING_US, AUTUMN_US = utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)
LONDON = LocalTime(0, ((SPRING_US // MINUTE_US, 60), (AUTUMN_US // MINUTE_US, 0)))


def at(local: LocalTime, wall_us: int) -> int:
    """Return the moment at which a wall shows ``wall_us``; in an hour that is shown twice, the first."""
    return local.utc_us(wall_us)


def placed(signs: Sequence[Sign], changes_us: int, on_day: int, local: LocalTime) -> list[Sign]:
    """Return days (tests.detectors.homes) lived by another wall clock, so that it is set in the night to ``on_day``.

    Who would be seen in an hour that the clock skips is seen right after.
    """
    moved_us = changes_us // DAY_US * DAY_US - (on_day * DAY_US + MIDNIGHT_US + CHINA)
    found = []
    for each in signs:
        event_us = at(local, each.event_us + CHINA + moved_us)
        found.append(replace(each, event_us=event_us, key=f"{each.device}:{event_us}"))
    return sorted(found, key=lambda each: each.event_us)


def ticked(signs: Sequence[Sign], until_us: int, every_us: int = 5 * MINUTE_US) -> list[Sign | int]:
    """Return signs and the platform's clock in the order of time, until a moment."""
    ticks = range(signs[0].event_us // DAY_US * DAY_US - DAY_US, until_us + 1, every_us)
    items: list[tuple[int, int, Sign | int]] = [(moment, 1, moment) for moment in ticks]
    items += [(each.event_us, 0, each) for each in signs if each.event_us <= until_us]
    return [item for _, _, item in sorted(items, key=lambda item: item[:2])]


def hung(local: LocalTime | None, unit: str = "u1", version: int = 1) -> ResidentConfig:
    """Who lives in a home, by which clock."""
    if local is None:
        return ResidentConfig(resident="r1", unit=unit, version=version)
    return ResidentConfig(resident="r1", unit=unit, version=version, clock=local)
