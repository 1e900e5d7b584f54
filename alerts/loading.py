"""How many alerts come upon those who are there to answer, and when they come as a flood. Pure.

Rules of this file:

- Load is alerts raised in an hour by the wall's clock for each operator who was on in it; an operator who was on for
  half of it is half of one. It is not made smaller by hours without alerts: each hour stands for itself.
- Alerts of an hour in which nobody was on have no load; they are counted apart (``unstaffed``), never averaged away.
- Whatever was put before an operator counts, drills and faults of ours too: they were work. Only alerts of test
  residents, who ring at their tester, do not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from alerts.answering import HOUR_US, HOURS
from alerts.reviewing import Case

_MINUTE_US = 60 * 1_000_000
#: One alarm in ten minutes is what an operator can handle for long: EEMUA 191 (and ISA-18.2, IEC 62682 after it).
MOST_AN_HOUR = 6.0
#: The same sources call ten alarms in ten minutes a flood; over it operators handle no alarm well.
FLOOD, FLOOD_WITHIN_US = 10, 10 * _MINUTE_US
#: On for less than a quarter of an hour in it is nobody to rest a rate on: the alerts of it count as unstaffed.
_LEAST_ON = 0.25


class On(msgspec.Struct, frozen=True):
    """An operator was on from ``start_us`` until ``end_us``; spans of one account may overlap."""

    account: str
    start_us: int
    end_us: int


class HourLoad(msgspec.Struct, frozen=True):
    """Alerts and operator-hours of one hour of the day, of all days together. ``per_hour`` None: nobody was on."""

    alerts: int
    operator_hours: float
    per_hour: float | None


class Flood(msgspec.Struct, frozen=True):
    """A flood from its first alert to its last; ``kinds``: how many of each."""

    start_us: int
    end_us: int
    alerts: int
    kinds: dict[str, int]


class Load(msgspec.Struct, frozen=True):
    """The load of a period. ``over`` of the ``staffed`` hours that had alerts were over MOST_AN_HOUR."""

    alerts: int
    operator_hours: float
    per_hour: float | None
    worst: float | None
    worst_us: int | None
    staffed: int
    over: int
    unstaffed: int
    by_hour: tuple[HourLoad, ...]
    floods: tuple[Flood, ...]


def load(cases: Sequence[Case], on: Iterable[On], start_us: int, end_us: int, ahead_us: Callable[[int], int]) -> Load:
    """Return the load of ``start_us <= raised < end_us``; ``ahead_us``: local time minus UTC at a moment."""
    alerts = Counter((case.raised_us + ahead_us(case.raised_us)) // HOUR_US for case in cases)
    hours = _operator_hours(on, start_us, end_us, ahead_us)
    rates = {hour: n / hours[hour] for hour, n in alerts.items() if hours.get(hour, 0.0) >= _LEAST_ON}
    staffed = sum(alerts[hour] for hour in rates)
    total = sum(hours.values())
    worst = max(rates, key=lambda hour: (rates[hour], -hour), default=None)
    return Load(
        alerts=len(cases),
        operator_hours=total,
        per_hour=staffed / total if total >= _LEAST_ON else None,
        worst=None if worst is None else rates[worst],
        worst_us=None if worst is None else _utc_us(worst * HOUR_US, ahead_us),
        staffed=len(rates),
        over=sum(rate > MOST_AN_HOUR for rate in rates.values()),
        unstaffed=len(cases) - staffed,
        by_hour=_by_hour(alerts, hours),
        floods=floods(cases),
    )


def _by_hour(alerts: Counter[int], hours: dict[int, float]) -> tuple[HourLoad, ...]:
    counted, staffed = [0] * HOURS, [0] * HOURS
    on = [0.0] * HOURS
    for hour, n in alerts.items():
        counted[hour % HOURS] += n
        staffed[hour % HOURS] += n if hours.get(hour, 0.0) >= _LEAST_ON else 0
    for hour, length in hours.items():
        on[hour % HOURS] += length
    return tuple(
        HourLoad(counted[at], on[at], staffed[at] / on[at] if on[at] >= _LEAST_ON else None) for at in range(HOURS)
    )


def _utc_us(local_us: int, ahead_us: Callable[[int], int]) -> int:
    # Twice: the first guess may lie on the other side of a clock's change.
    first = local_us - ahead_us(local_us)
    return local_us - ahead_us(first)


def _operator_hours(on: Iterable[On], start_us: int, end_us: int, ahead_us: Callable[[int], int]) -> dict[int, float]:
    """Return operator-hours by local hour since 1970; one account is one operator, however many screens it has."""
    hours: defaultdict[int, float] = defaultdict(float)
    for first_us, last_us in _merged(on, start_us, end_us):
        at_us = first_us
        while at_us < last_us:
            local_us = at_us + ahead_us(at_us)
            next_us = min(last_us, at_us + HOUR_US - local_us % HOUR_US)
            hours[local_us // HOUR_US] += (next_us - at_us) / HOUR_US
            at_us = next_us
    return dict(hours)


def _merged(on: Iterable[On], start_us: int, end_us: int) -> list[tuple[int, int]]:
    by_account: dict[str, list[tuple[int, int]]] = {}
    for span in on:
        first_us, last_us = max(span.start_us, start_us), min(span.end_us, end_us)
        if first_us < last_us:
            by_account.setdefault(span.account, []).append((first_us, last_us))
    merged: list[tuple[int, int]] = []
    for spans in by_account.values():
        spans.sort()
        open_us, until_us = spans[0]
        for first_us, last_us in spans[1:]:
            if first_us > until_us:
                merged.append((open_us, until_us))
                open_us, until_us = first_us, last_us
            until_us = max(until_us, last_us)
        merged.append((open_us, until_us))
    return merged


def floods(cases: Iterable[Case]) -> tuple[Flood, ...]:
    """Return the floods, oldest first: stretches in which any FLOOD alerts in a row came within FLOOD_WITHIN_US."""
    ordered = sorted(cases, key=lambda case: (case.raised_us, case.alert))
    found: list[tuple[int, int]] = []
    for last in range(FLOOD - 1, len(ordered)):
        first = last - FLOOD + 1
        if ordered[last].raised_us - ordered[first].raised_us > FLOOD_WITHIN_US:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(_flood(ordered[first : last + 1]) for first, last in found)


def _flood(cases: Sequence[Case]) -> Flood:
    kinds = Counter(case.kind for case in cases)
    return Flood(cases[0].raised_us, cases[-1].raised_us, len(cases), dict(kinds.most_common()))
