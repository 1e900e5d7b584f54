"""What was otherwise in a week of a home than weeks there usually are: the facts of the weekly report.

Pure: the days of thirteen weeks in, the facts out. A measure (detectors.routine_days.MEASURES) is told only where its
mean over the week lies further from the usual one than weeks of this home vary, and by something that people would
notice. Slow change, which no single week shows, is sought beside it: the last four weeks against the eight before.

It is never an alarm: nothing here makes a finding, by day or by night.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, median, pstdev

import msgspec

from detectors.routine_days import MEASURES, Day
from detectors.routine_deviation import DEFAULT, STANDS_OUT, part_deviations

WEEK_DAYS = 7
#: Weeks that a week is compared with, and that are looked at in all (the last of them is the week).
USUAL_WEEKS, ALL_WEEKS = 8, 13
#: A week's mean needs so many known days; usual is known from so many weeks on.
DAYS_LEAST, WEEKS_LEAST = 4, 2
#: Slow change: the last four weeks against the eight before, and at least three of each must be known.
MONTH_WEEKS, MONTH_LEAST = 4, 3
#: Further from usual than so many spreads of weeks: told. See docs/detectors/routine.md for how often that is.
WEEK_SPREADS = 3.0
#: The mean of four weeks varies less than a week does, but not half as much: weeks are alike.
MONTH_SPREADS = 2.0
#: A week's mean varies more than seven unrelated days would: one bad night makes the next one bad.
WEEKS_VARY = 1.5
#: So many weeks the spread that follows from the days counts as, beside that of the weeks themselves.
PRIOR_WEEKS = 4
#: The least change that people would notice, in the measure's own unit; less is not told however regular a home is.
LEAST = {
    "night_ups": 1.0, "night_minutes": 15.0, "toilet_night": 1.0, "toilet_day": 2.0, "up_minute": 45.0, "kitchen": 2.0,
    "out": 2 / 7, "changes": 30.0, "step_s": 1.5,
    "dusk_share": 10.0, "dusk_doors": 3.0,
}  # fmt: skip
#: Measures of the outer door: nothing changed where its sensor is silent.
_OF_DOOR = frozenset({"out", "dusk_doors"})
#: A measure of a room -> silent for a week, its sensor may be dead.
_OF_SENSOR = {"toilet_day": "bathroom", "kitchen": "kitchen"}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was otherwise. ``now`` and ``usual`` are means a day; ``days`` were known of the time told.

    ``span``: ``week``, or ``month`` for a slow change of the last four weeks against the eight before.
    """

    measure: str
    span: str
    now: float
    usual: float
    days: int


class Lively(msgspec.Struct, frozen=True, kw_only=True):
    """A day that stood out: its number, the part of it that did, and by how many spreads."""

    day: int
    part: int
    deviation: float


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """A measure week by week, oldest first, this week last; None: too few days. ``low..high`` is usual."""

    measure: str
    weeks: tuple[float | None, ...]
    usual: float | None
    low: float | None
    high: float | None
    told: bool


class WeekReport(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one week. ``first`` is its first day; ``known`` whether there were days enough to compare.

    ``unknown_days`` counts the days of which nothing is known by reason (detectors.routine_days.Day.why);
    ``silent``: rooms whose sensors said nothing all week, and did before. ``deviations`` has one for each day so far.
    """

    first: int
    known: bool
    known_days: int
    usual_weeks: int
    changes: tuple[Change, ...] = ()
    lively: tuple[Lively, ...] = ()
    unknown_days: dict[str, int] = {}
    silent: tuple[str, ...] = ()
    deviations: tuple[tuple[int, float | None], ...] = ()
    trends: tuple[Trend, ...] = ()


def week_of(day: int) -> int:
    """Return the Monday of a day's week; days are counted from 1970-01-01, a Thursday."""
    return day - (day + 3) % WEEK_DAYS


def report(days: Sequence[Day], first: int) -> WeekReport:
    """Return the facts of the week that begins with day ``first``.

    ``days``: those of this week (as many as are over) and of ALL_WEEKS - 1 weeks before, in order; others are ignored.
    """
    weeks = [_of(days, first + WEEK_DAYS * back) for back in range(1 - ALL_WEEKS, 1)]
    now = weeks[-1]
    usual_weeks = sum(_known(week) >= DAYS_LEAST for week in weeks[-1 - USUAL_WEEKS : -1])
    known = _known(now) >= DAYS_LEAST and usual_weeks >= WEEKS_LEAST
    silent = _silent(weeks) if known else ()
    trends = tuple(_trend(measure, weeks, silent) for measure in MEASURES)
    return WeekReport(
        first=first,
        known=known,
        known_days=_known(now),
        usual_weeks=usual_weeks,
        changes=_changes(weeks, trends, silent) if known else (),
        lively=_lively(now, days),
        unknown_days=_reasons(now),
        silent=silent,
        deviations=tuple((day.day, _highest(part_deviations(day, days))) for day in now),
        trends=trends,
    )


def _of(days: Sequence[Day], first: int) -> list[Day]:
    return [day for day in days if first <= day.day < first + WEEK_DAYS]


def _known(week: Sequence[Day]) -> int:
    return sum(day.known for day in week)


def _reasons(week: Sequence[Day]) -> dict[str, int]:
    reasons = [day.why for day in week if day.why is not None]
    return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


def _highest(parts: tuple[float, ...] | None) -> float | None:
    return None if parts is None else max(parts)


def _lively(week: Sequence[Day], days: Sequence[Day]) -> tuple[Lively, ...]:
    found: list[Lively] = []
    for day in week:
        apart = part_deviations(day, days)
        if apart is not None and max(apart) >= STANDS_OUT:
            part = DEFAULT.compared[apart.index(max(apart))]
            found.append(Lively(day=day.day, part=part, deviation=max(apart)))
    return tuple(found)


def _values(week: Sequence[Day], measure: str) -> list[float]:
    told = [getattr(day, measure) for day in week if day.known]
    return [value for value in told if value is not None]


def _mean(week: Sequence[Day], measure: str) -> float | None:
    values = _values(week, measure)
    return fmean(values) if len(values) >= DAYS_LEAST else None


def _silent(weeks: Sequence[Sequence[Day]]) -> tuple[str, ...]:
    """Return the rooms that spoke in at least two of the weeks before, and not once in this one."""
    before, now = weeks[-1 - USUAL_WEEKS : -1], weeks[-1]
    rooms = [
        room
        for measure, room in _OF_SENSOR.items()
        if not _values(now, measure) and sum(bool(_values(week, measure)) for week in before) >= WEEKS_LEAST
    ]
    doors = [sum(day.door for day in week) for week in (*before, now)]
    if not doors[-1] and sum(count > 0 for count in doors) >= WEEKS_LEAST:
        rooms.append("door")
    return tuple(rooms)


def _spread(weeks: Sequence[Sequence[Day]], means: Sequence[float], measure: str) -> float:
    """Return how much the week's mean usually varies: by the weeks before, and, while they are few, by their days."""
    by_day = fmean(pstdev(values) ** 2 for week in weeks if len(values := _values(week, measure)) >= DAYS_LEAST)
    by_days = WEEKS_VARY**2 * by_day / WEEK_DAYS
    by_weeks = sum((mean - fmean(means)) ** 2 for mean in means)
    return sqrt((PRIOR_WEEKS * by_days + by_weeks) / (PRIOR_WEEKS + len(means) - 1))


def _trend(measure: str, weeks: Sequence[Sequence[Day]], silent: Sequence[str]) -> Trend:
    told = tuple(_mean(week, measure) for week in weeks)
    before = [mean for mean in told[-1 - USUAL_WEEKS : -1] if mean is not None]
    if len(before) < WEEKS_LEAST:
        return Trend(measure=measure, weeks=told, usual=None, low=None, high=None, told=False)
    usual = median(before)
    far = max(WEEK_SPREADS * _spread(weeks[-1 - USUAL_WEEKS : -1], before, measure), LEAST[measure])
    now = told[-1]
    apart = now is not None and abs(now - usual) >= far and not (measure in _OF_DOOR and "door" in silent)
    low, high = max(0.0, usual - far), usual + far
    return Trend(measure=measure, weeks=told, usual=usual, low=low, high=high, told=apart)


def _changes(weeks: Sequence[Sequence[Day]], trends: Sequence[Trend], silent: Sequence[str]) -> tuple[Change, ...]:
    found: list[Change] = []
    for trend in trends:
        if trend.told and trend.usual is not None and trend.weeks[-1] is not None:
            count = len(_values(weeks[-1], trend.measure))
            change = Change(measure=trend.measure, span="week", now=trend.weeks[-1], usual=trend.usual, days=count)
            found.append(change)
        elif (slow := _slow(trend, weeks)) is not None and not (trend.measure in _OF_DOOR and "door" in silent):
            found.append(slow)
    return tuple(found)


def _slow(trend: Trend, weeks: Sequence[Sequence[Day]]) -> Change | None:
    """Return what changed over four weeks, if it did."""
    of_late = [mean for mean in trend.weeks[-MONTH_WEEKS:] if mean is not None]
    before = [mean for mean in trend.weeks[:-MONTH_WEEKS] if mean is not None]
    if min(len(of_late), len(before)) < MONTH_LEAST or trend.weeks[-1] is None:
        return None
    now, usual = median(of_late), median(before)  # one bad week among them is not slow change
    far = max(MONTH_SPREADS * _spread(weeks[:-MONTH_WEEKS], before, trend.measure), LEAST[trend.measure])
    if abs(now - usual) < far:
        return None
    days = sum(len(_values(week, trend.measure)) for week in weeks[-MONTH_WEEKS:])
    return Change(measure=trend.measure, span="month", now=now, usual=usual, days=days)
