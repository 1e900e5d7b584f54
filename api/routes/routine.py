"""A resident's routine: the weekly report in plain words, and the numbers of its picture."""

from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request

from api.errors import Refusal, not_found
from api.models import ErrorBody, Id
from api.present import Plain
from api.routine import NOT_LOOKED_AT, Told, day_date, day_number, today, week_asked
from api.routine_models import RoutineWeek
from api.routine_words import LANGUAGES, PEOPLE_MOST, number, sentences, state_of, words
from api.runtime import Now, ThePool, runtime_of
from detectors.routine_week import WEEK_DAYS, Trend
from store import people

router = APIRouter(prefix="/api/v1/residents", tags=["residents"], responses={404: {"model": ErrorBody}})

#: No home was watched before 2000-01-03, and dates have an end.
_EARLIEST = day_number(date(2000, 1, 3))
#: States in which nothing is compared: there is no picture then.
_NO_PICTURE = frozenset({"unwatched", "crowd"})


@router.get("/{resident_id}/routine", summary="A week's routine in plain words", response_model=RoutineWeek)
async def read_resident_routine(
    request: Request,
    resident_id: Annotated[Id, Path()],
    pool: ThePool,
    now_us: Now,
    week: Annotated[date | None, Query(description="Any day of the week. Default: the last week that is over")] = None,
) -> Plain:
    """Return what was otherwise in a week of the resident's home than weeks there usually are. Never an alarm."""
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    first = week_asked(week, now_us, found.timezone)
    if not _EARLIEST <= first <= today(now_us, found.timezone):
        raise Refusal(422, "malformed", "week: this week has not begun yet, or was before there were sensors.")
    live_here = await people.living_in(pool, found.unit)
    told = NOT_LOOKED_AT
    if live_here <= PEOPLE_MOST:
        told = await runtime_of(request).routines.told(pool, found.unit, found.timezone, first)
    told = Told(msgspec.structs.replace(told.facts, first=first), told.heard)
    return _week(told, live_here)


def _week(told: Told, live_here: int) -> Plain:
    facts, state = told.facts, state_of(told, live_here)
    shown = () if state in _NO_PICTURE else facts.trends
    days = () if state in _NO_PICTURE else facts.deviations
    return {
        "first": day_date(facts.first),
        "last": day_date(facts.first + WEEK_DAYS - 1),
        "state": state,
        "people": live_here,
        "known_days": facts.known_days,
        "sentences": sentences(told, live_here),
        "days": [{"date": day_date(day), "deviation": None if z is None else round(z, 2)} for day, z in days],
        "measures": [_measure(trend) for trend in shown],
    }


def _measure(trend: Trend) -> Plain:
    # Days out are told as days a week; all else is a mean a day.
    times = WEEK_DAYS if trend.measure == "out" else 1

    def scaled(value: float | None) -> float | None:
        return None if value is None else round(value * times, 3)

    def in_words(value: float | None) -> str | None:
        return None if value is None else number(trend.measure, value * times)

    return {
        "code": trend.measure,
        "name": {lang: words(lang)[f"measure.{trend.measure}"] for lang in LANGUAGES},
        "weeks": [scaled(value) for value in trend.weeks],
        "usual": scaled(trend.usual),
        "low": scaled(trend.low),
        "high": scaled(trend.high),
        "told": trend.told,
        "now_said": in_words(trend.weeks[-1]),
        "usual_said": in_words(trend.usual),
    }
