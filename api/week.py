"""A resident's last seven days by their own clock: restlessness is seen in seven strips, not read."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api import present
from api.times import MINUTE_US, SECOND_US, iso
from detectors.inactivity_signs import MOVES
from store import alerts, history, weeks
from store.people import Resident
from store.pool import Pool

DAYS = 7
#: Every zone's clock is a multiple of this from UTC, so that cells begin with the days of all of them.
CELL_US = 15 * MINUTE_US
_HOUR_US = 60 * MINUTE_US

#: What is a vital sign among the types of readings.
VITALS = ("heart_rate", "respiration_rate", "spo2", "skin_temperature", "body_temperature")


def days_of(now_us: int, zone: str) -> list[tuple[date, int, int]]:
    """Return the last seven days of a zone with (date, first moment, end), today the last."""
    today = datetime.fromtimestamp(now_us / SECOND_US, ZoneInfo(zone)).date()
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return [(day, _midnight_us(day, zone), _midnight_us(day + timedelta(days=1), zone)) for day in dates]


async def week(pool: Pool, resident: Resident, now_us: int) -> dict[str, Any]:
    """Return seven days as api.week_models.Week."""
    days = days_of(now_us, resident.timezone)
    start_us, until_us = days[0][1], -(-now_us // CELL_US) * CELL_US
    devices = await history.devices_of(pool, resident.unit)
    moved = await weeks.activity(pool, resident.id, start_us, until_us, CELL_US)
    seen = await weeks.signs(pool, resident.unit, devices, sorted(MOVES), start_us, until_us, CELL_US)
    there = await alerts.between(pool, resident.id, start_us, until_us)
    return {
        "timezone": resident.timezone,
        "worn": bool(moved),
        "home": bool(seen),
        "days": [_day(day, first, end, start_us, until_us, moved, seen) for day, first, end in days],
        "vitals": await _vitals(pool, resident, start_us, until_us),
        "alerts": await present.all_alerts(pool, there),
    }


def _day(
    day: date, first_us: int, end_us: int, start_us: int, until_us: int, moved: dict[int, float], seen: dict[int, int]
) -> dict[str, Any]:
    cells = range((first_us - start_us) // CELL_US, (min(end_us, until_us) - start_us) // CELL_US)
    return {
        "date": day.isoformat(),
        "start": iso(first_us),
        "end": iso(end_us),
        "activity": [None if cell not in moved else round(moved[cell], 4) for cell in cells],
        "signs": [seen.get(cell, 0) for cell in cells],
    }


async def _vitals(pool: Pool, resident: Resident, start_us: int, until_us: int) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in await weeks.vitals(pool, resident.id, VITALS, start_us, until_us, _HOUR_US):
        one = found.setdefault(each.type, {"type": each.type, "unit": each.unit, "hours": []})
        hour = {"low": each.low, "mean": each.mean, "high": each.high}
        one["hours"].append({"t": iso(start_us + each.cell * _HOUR_US), **{k: round(v, 2) for k, v in hour.items()}})
    return [found[kind] for kind in VITALS if kind in found]


def _midnight_us(day: date, zone: str) -> int:
    # Where clocks are set at midnight, the first moment of the day is what this comes to as well.
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * SECOND_US
