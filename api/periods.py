"""The periods of a review, by the clock on the wall of a place."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from api.times import SECOND_US

#: A shift is at most twelve hours.
SHIFT_US = 12 * 3600 * SECOND_US
#: Every clock of the world is set by, and stands apart by, whole quarters of an hour.
_QUARTER_US = 900 * SECOND_US


class PeriodKind(StrEnum):
    """How long: the last twelve hours, or a day, a week from Monday on, a month of the calendar."""

    SHIFT = "shift"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def period(kind: PeriodKind, back: int, now_us: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return start and end of the period that lasts at ``now_us`` (``back`` 0), or that many before it."""
    if kind is PeriodKind.SHIFT:
        end_us = now_us - back * SHIFT_US
        return end_us - SHIFT_US, end_us
    today = datetime.fromtimestamp(now_us / SECOND_US, zone).date()
    first = _first(kind, today)
    for _ in range(back):
        first = _first(kind, first - timedelta(days=1))
    return _midnight_us(first, zone), _midnight_us(_next(kind, first), zone)


def _first(kind: PeriodKind, day: date) -> date:
    if kind is PeriodKind.DAY:
        return day
    return day - timedelta(days=day.weekday()) if kind is PeriodKind.WEEK else day.replace(day=1)


def _next(kind: PeriodKind, first: date) -> date:
    if kind is PeriodKind.MONTH:
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=1 if kind is PeriodKind.DAY else 7)


def _midnight_us(day: date, zone: ZoneInfo) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    return round(midnight.timestamp()) * SECOND_US


def ahead_of(zone: ZoneInfo) -> Callable[[int], int]:
    """Return what says how far a zone's clock is ahead of UTC at a moment, microseconds; asked tens of thousands of
    times, it looks once a quarter of an hour."""
    known: dict[int, int] = {}

    def ahead_us(at_us: int) -> int:
        quarter = at_us // _QUARTER_US
        found = known.get(quarter)
        if found is None:
            offset = datetime.fromtimestamp(quarter * 900, zone).utcoffset() or timedelta()
            found = known[quarter] = round(offset.total_seconds()) * SECOND_US
        return found

    return ahead_us
