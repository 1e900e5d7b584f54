"""The figures of a review: what the database has of a period, counted by alerts.reviewing, answering and loading."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from alerts import answering, loading, reviewing
from alerts.loading import On
from alerts.reviewing import Case, Group, Tallies, Tally
from api.errors import Refusal
from api.periods import PeriodKind, ahead_of, period
from api.present import Plain
from api.times import DAY_US, iso
from store import reviews
from store.people import DEFAULT_TIMEZONE
from store.pool import Pool
from store.reviews import Stands

K = TypeVar("K")
#: A quarter of a year: what a manager reports, and what is counted in half a second.
DAYS_MOST = 100
#: So many devices are listed; the others are a number.
DEVICES = 30
_WEEK_US = 7 * DAY_US


@dataclass(frozen=True, slots=True)
class Span:
    """A period of some places (None: all), by their clock; ``until_us``: now, where that is before its end."""

    kind: PeriodKind | None
    start_us: int
    end_us: int
    until_us: int
    zone: ZoneInfo
    places: Collection[str] | None


async def span_of(
    pool: Pool,
    place: str | None,
    places: Collection[str] | None,
    now_us: int,
    *,
    kind: PeriodKind,
    back: int,
    start_us: int | None,
    end_us: int | None,
) -> Span:
    """Return the period that was asked for. Refusal 422 ``period`` where it is none, or longer than DAYS_MOST."""
    zone = ZoneInfo(await reviews.clock_of(pool, place, places) or DEFAULT_TIMEZONE)
    usual_us = period(kind, back, now_us, zone)
    asked = start_us is not None or end_us is not None
    first_us = start_us if start_us is not None else usual_us[0]
    last_us = end_us if end_us is not None else (now_us if asked else usual_us[1])
    if not first_us < last_us <= first_us + DAYS_MOST * DAY_US:
        raise Refusal(422, "period", f"A period ends after it begins, and has at most {DAYS_MOST} days.")
    return Span(None if asked else kind, first_us, last_us, max(first_us, min(last_us, now_us)), zone, places)


async def figures(pool: Pool, span: Span) -> Plain:
    """Return the figures of a period as api.review_models.Review has them, but for whose they are."""
    rows = await reviews.cases(pool, span.start_us, span.end_us, span.places)
    standing = await reviews.above(pool, {row[4] for row in rows})
    wards = wards_of({row[4] for row in rows}, standing)
    made = await asyncio.to_thread(_cases, rows, wards)
    answered = sorted({row["answered_by"] for row in rows if row["answered_by"] is not None})
    on = await reviews.were_on(pool, span.start_us, span.until_us, span.places, answered)
    on += await reviews.on_shift(pool, span.start_us, span.until_us, span.places)
    labels = await reviews.labels(pool, {case.device for case in made})
    return await asyncio.to_thread(_said, span, made, [On(*each) for each in on], standing, labels)


def wards_of(units: Collection[str], standing: Mapping[str, Stands]) -> dict[str, str]:
    """Return what answers for each unit."""
    tree = {place: (stands.kind, stands.parent) for place, stands in standing.items()}
    return {unit: reviewing.ward_of(unit, tree) for unit in units}


def _cases(rows: list[asyncpg.Record], wards: Mapping[str, str]) -> list[Case]:
    return [
        Case(alert, kind, detector, device, wards[unit], resident, raised_us, rang_us, answered_us, outcome, test)
        for (
            alert, kind, detector, device, unit, resident, raised_us, rang_us, answered_us, outcome, test, _,
        ) in rows
    ]  # fmt: skip


def _said(
    span: Span, cases: list[Case], on: list[On], standing: Mapping[str, Stands], labels: Mapping[str, str | None]
) -> Plain:
    groups = reviewing.grouped(cases)
    counted = groups[Group.COUNTED]
    counts = reviewing.tallies(counted)
    ahead_us = ahead_of(span.zone)
    works = [case for group in Group if group is not Group.TEST for case in groups[group]]
    weeks = (span.until_us - span.start_us) / _WEEK_US
    return {
        "period": span.kind,
        "start": iso(span.start_us),
        "end": iso(span.end_us),
        "until": iso(span.until_us),
        "timezone": span.zone.key,
        "utc_offset_min": ahead_us(span.until_us) // 60_000_000,
        "groups": {group: len(held) for group, held in groups.items()},
        **_counted(counts, weeks, labels),
        "wards": _wards(counts, counted, span, weeks, standing),
        "times": _drawn(answering.times(counted, span.until_us)),
        "hours": [_times(hour) for hour in answering.by_hour(counted, span.until_us, ahead_us)],
        "load": _load(loading.load(works, on, span.start_us, span.until_us, ahead_us)),
    }


def _counted(counts: Tallies, weeks: float, labels: Mapping[str, str | None]) -> Plain:
    devices = _most_false(counts.devices)
    return {
        "all": _tally(counts.all, weeks),
        "kinds": [{"kind": kind, **_tally(tally, weeks)} for kind, tally in _most(counts.kinds)],
        "detectors": [
            {"kind": kind, "detector": detector, **_tally(tally, weeks)}
            for (kind, detector), tally in _most(counts.detectors)
        ],
        "devices": [
            {"device": device, "label": labels.get(device), **_tally(tally, weeks)}
            for device, tally in devices[:DEVICES]
        ],
        "devices_more": max(0, len(devices) - DEVICES),
    }


def _wards(
    counts: Tallies, counted: list[Case], span: Span, weeks: float, standing: Mapping[str, Stands]
) -> list[Plain]:
    times = answering.by_ward(counted, span.until_us)
    return [
        {
            "ward": ward,
            "name": standing[ward].name if ward in standing else ward,
            "times": _times(times[ward]),
            **_tally(tally, weeks),
        }
        for ward, tally in _most(counts.wards)
    ]


def _most(tallies: Mapping[K, Tally]) -> list[tuple[K, Tally]]:
    return sorted(tallies.items(), key=lambda pair: (-pair[1].total, str(pair[0])))


def _most_false(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    return sorted(tallies.items(), key=lambda pair: (-pair[1].false_share.hits, -pair[1].total, pair[0]))


def _tally(tally: Tally, weeks: float) -> Plain:
    false = tally.false_share
    return {
        "total": tally.total,
        "open": tally.open,
        "outcomes": tally.outcomes,
        "false_alarms": msgspec.structs.asdict(false),
        "false_a_week": false.hits / weeks if weeks > 0 else 0.0,
    }


def _times(times: answering.Times) -> Plain:
    said: Plain = msgspec.to_builtins(times)
    del said["curve"]
    return said


def _drawn(times: answering.Times) -> Plain:
    return {**_times(times), "curve": list(zip(answering.CURVE_S, times.curve, strict=True))}


def _load(found: loading.Load) -> Plain:
    said: Plain = msgspec.to_builtins(found)
    worst_us = said.pop("worst_us")
    return {
        **said,
        "most": loading.MOST_AN_HOUR,
        "worst_time": None if worst_us is None else iso(worst_us),
        "floods": [
            {"start": iso(each.start_us), "end": iso(each.end_us), "alerts": each.alerts, "kinds": each.kinds}
            for each in found.floods
        ],
    }
