"""The weekly report of a home's routine: its stored signs of life through the pure rules of detectors.routine_week.

It is computed when somebody looks, from what is stored: so it is the same after every restart, and what came late or
twice is in it as if it had come in time and once. Thirteen weeks are read, a week at a time, so that an alert's way
through the database stays free; an answer is kept for some minutes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from detectors.inactivity_signs import MOVES, ROOM, sign_of
from detectors.routine_absent import absences
from detectors.routine_days import Ints, days_of
from detectors.routine_week import ALL_WEEKS, WEEK_DAYS, WeekReport, report, week_of
from schemas.reading import Observation, Reading, ReadingKind
from store import history
from store.moves import Move, moves
from store.pool import Pool

_EPOCH = date(1970, 1, 1)
_SECOND_US = 1_000_000
_HOUR_US = 3600 * _SECOND_US
_DAY_US = 24 * _HOUR_US
#: How old an answer may be: a page that is opened again, or by a second person, asks for nothing new.
KEPT_US = 10 * 60 * _SECOND_US
#: Answers that are kept; some kilobytes each.
KEPT = 64


def day_number(day: date) -> int:
    """Return a date as days since 1970."""
    return (day - _EPOCH).days


def day_date(number: int) -> date:
    """Return the date of a day since 1970."""
    return _EPOCH + timedelta(days=number)


def today(now_us: int, zone: str) -> int:
    """Return the local day of a moment."""
    return day_number(datetime.fromtimestamp(now_us / _SECOND_US, UTC).astimezone(ZoneInfo(zone)).date())


def local(times_us: Ints, zone: str) -> Ints:
    """Return times as local wall-clock microseconds: UTC plus what the zone's clocks were ahead of it then."""
    hours, which = np.unique(times_us // _HOUR_US, return_inverse=True)
    ahead = [ahead_us(int(hour) * _HOUR_US, zone) for hour in hours]
    shifted: Ints = times_us + np.array(ahead, dtype=np.int64)[which] if len(hours) else times_us
    return shifted


def ahead_us(utc_us: int, zone: str) -> int:
    """Return what a zone's clocks are ahead of UTC at a moment."""
    ahead = datetime.fromtimestamp(utc_us / _SECOND_US, ZoneInfo(zone)).utcoffset() or timedelta()
    return round(ahead.total_seconds()) * _SECOND_US


def rooms(seen: list[Move]) -> Ints:
    """Return the kind of room of each sign of life, named as for the inactivity detector."""
    known: dict[Move, int] = {}
    found: list[int] = []
    for move in seen:
        named = move._replace(event_us=0)
        if named not in known:
            known[named] = _room(named)
        found.append(known[named])
    return np.array(found, dtype=np.int64)


def _room(move: Move) -> int:
    said = () if move.room is None else (Observation(ROOM, move.room),)
    reading = Reading(
        kind=ReadingKind.EVENT, arrival_us=0, event_us=0, end_us=0, device=move.device, unit="", place=move.place,
        topic=move.topic, observations=said, events=(move.event,),
    )  # fmt: skip
    sign = sign_of(reading)
    return 0 if sign is None else int(sign.room)


@dataclass(frozen=True, slots=True)
class Told:
    """A report, and whether any sensor of the home itself was heard in the weeks that it looked at."""

    facts: WeekReport
    heard: bool


#: Stands for weeks that nobody need read.
NOT_LOOKED_AT = Told(WeekReport(first=0, known=False, known_days=0, usual_weeks=0), heard=True)


class Routines:
    """Computes reports, one at a time, and keeps them for a while."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str, int], tuple[int, Told]] = {}
        self._one = asyncio.Lock()

    async def told(self, pool: Pool, unit: str, zone: str, first: int) -> Told:
        """Return the report of the week that begins with local day ``first`` (a Monday)."""
        key = (unit, zone, first)
        async with self._one:
            now_us = self._clock()
            at_us, kept = self._kept.get(key, (0, None))
            if kept is not None and 0 <= now_us - at_us < KEPT_US:
                return kept
            told = await _compute(pool, unit, zone, first, now_us)
            self._kept.pop(key, None)
            self._kept[key] = (now_us, told)
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return told


async def _compute(pool: Pool, unit: str, zone: str, first: int, now_us: int) -> Told:
    devices = await history.devices_of(pool, unit)
    begin = first - (ALL_WEEKS - 1) * WEEK_DAYS
    last = min(first + WEEK_DAYS, today(now_us, zone)) - 1  # days that are over
    times: list[Ints] = []
    kinds: list[Ints] = []
    for day in range(begin - 1, last + 1, WEEK_DAYS):  # a day earlier: the first night begins there
        until = min(day + WEEK_DAYS, last + 1)
        seen = await moves(pool, unit, devices, sorted(MOVES), _begin_us(day, zone), _begin_us(until, zone))
        found = await asyncio.to_thread(rooms, seen)
        kinds.append(found)
        times.append(np.array([move.event_us for move in seen], dtype=np.int64))
    settings = [(each.changed_us, each.config) for each in await history.settings(pool, unit)]
    away = absences(settings, now_us)
    return await asyncio.to_thread(
        _facts, np.concatenate(times), np.concatenate(kinds), away, zone, (begin, first, last)
    )


def _begin_us(day: int, zone: str) -> int:
    return round(datetime.combine(day_date(day), datetime.min.time(), ZoneInfo(zone)).timestamp()) * _SECOND_US


def _facts(times: Ints, kinds: Ints, away: list[tuple[int, int]], zone: str, days: tuple[int, int, int]) -> Told:
    begin, first, last = days
    absent = local(np.array(away, dtype=np.int64).reshape(-1, 2).ravel(), zone).reshape(-1, 2)
    known = days_of(local(times, zone), kinds, begin, last, [(int(start), int(end)) for start, end in absent])
    return Told(report(known, first), bool(len(times)))


def week_asked(given: date | None, now_us: int, zone: str) -> int:
    """Return the first day of the week that a date lies in; None: the last week that is over."""
    if given is None:
        return week_of(today(now_us, zone)) - WEEK_DAYS
    return week_of(day_number(given))
