"""A household lives: the deeds of everybody in it and of those who come by, in order of time.

Each person's day is drawn from a seed of its own (seed, person, day), so that a script laid over one day changes
nothing on any other, and a longer span begins with the same days as a shorter one. A life that is moved to a later
date (``later_us``) keeps the seeds of the days it was written for: it is the same life.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

from device_sim.living.day import Part, day, wakes
from device_sim.living.deeds import Change, Deed, Doing
from device_sim.living.household import Household, Person, Visit
from device_sim.living.scripts import in_order, scripted, visiting

DAY = timedelta(days=1)
MINUTE_US = 60_000_000


def live(
    household: Household,
    start_us: int,
    end_us: int,
    timezone: str,
    seed: int,
    changes: Sequence[Change] = (),
    later_us: int = 0,
) -> Iterator[Deed]:
    """Yield all deeds in a home from ``start_us`` to ``end_us`` (UTC microseconds) by their beginning.

    ``changes`` are laid over the life of whom they name; one of VISIT brings somebody in. Deeds are cut to the span.
    ``later_us``: how much later than the life that is drawn this one is; by whole weeks its weekends stay weekends.
    """
    zone = ZoneInfo(timezone)
    later = _date(start_us, zone) - _date(start_us - later_us, zone)
    streams: list[Iterable[Deed]] = []
    for person in household.people:
        mine = [change for change in changes if change.who == person.key and change.doing is not Doing.VISIT]
        usual = _usual(household, person, start_us, end_us, zone, seed, later)
        streams.append(scripted(household, person, usual, mine, seed, later_us))
    streams += [in_order(_visits(household, visit, start_us, end_us, zone, seed, later)) for visit in household.visits]
    for change in changes:
        if change.doing is Doing.VISIT:
            streams.append(
                visiting(
                    household,
                    change.who,
                    change.from_us,
                    change.until_us,
                    True,
                    generator(seed, change.who, change.from_us - later_us),
                )
            )
    by_time = heapq.merge(*streams, key=attrgetter("from_us"))
    for deed in by_time:
        cut = replace(deed, from_us=max(deed.from_us, start_us), to_us=min(deed.to_us, end_us))
        if cut.to_us > cut.from_us:
            yield cut


def generator(seed: int, who: str, number: int) -> np.random.Generator:
    """Return the random numbers of one person's day (or of one script)."""
    return np.random.default_rng([seed, crc32(who.encode()), number])


def _midnight_us(of: date, zone: ZoneInfo) -> int:
    moment = datetime(of.year, of.month, of.day, tzinfo=zone).astimezone(UTC)
    return round(moment.timestamp()) * 1_000_000


def _date(at_us: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at_us / 1e6, zone).date()


def _days(start_us: int, end_us: int, zone: ZoneInfo) -> Iterator[date]:
    """Yield the local days whose nights or days touch the span, the one before it first."""
    first, last = _date(start_us, zone) - DAY, _date(end_us, zone)
    while first <= last:
        yield first
        first += DAY


def _usual(
    household: Household, person: Person, start_us: int, end_us: int, zone: ZoneInfo, seed: int, later: timedelta
) -> Iterator[Deed]:
    """Yield a person's days as their habits make them."""
    for today in _days(start_us, end_us, zone):
        drawn, tomorrow = today - later, today + DAY
        rng = generator(seed, person.key, drawn.toordinal())
        wake = wakes(person.habits, rng, today.weekday())
        next_rng = generator(seed, person.key, (drawn + DAY).toordinal())
        next_wake = 24 * 60 + wakes(person.habits, next_rng, tomorrow.weekday())
        midnight_us = _midnight_us(today, zone)
        for part in day(household, person, rng, today.weekday(), wake, next_wake):
            yield deed_of(person.key, part, midnight_us)


def deed_of(who: str, part: Part, midnight_us: int) -> Deed:
    """Return a part of a day as a deed."""
    return Deed(
        who,
        part.what,
        part.where,
        midnight_us + round(part.start * MINUTE_US),
        midnight_us + round(part.end * MINUTE_US),
        part.stir,
    )


def _visits(
    household: Household, visit: Visit, start_us: int, end_us: int, zone: ZoneInfo, seed: int, later: timedelta
) -> Iterator[Deed]:
    for today in _days(start_us, end_us, zone):
        rng = generator(seed, visit.name, (today - later).toordinal())
        comes, at = rng.uniform() < visit.chance, 60 * visit.hour + visit.jitter_minutes * rng.normal()
        if not comes or today.weekday() not in visit.weekdays:
            continue
        from_us = _midnight_us(today, zone) + round(at * MINUTE_US)
        until_us = from_us + round(visit.minutes * rng.uniform(0.85, 1.15) * MINUTE_US)
        yield from visiting(household, visit.name, from_us, until_us, visit.busy, rng)
