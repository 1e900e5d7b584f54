"""Times as a tester writes them: “20 min”, “day 3 02:15”, “Sunday 08:00”, “5 min after the-fall”.

Days and clock times are of the scenario's own time zone. Raises Unclear with a remedy; where it stands in the file is
known to whoever asked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from device_sim.scenarios.mistakes import Unclear, instead

SECOND_US = 1_000_000
MINUTE_US, HOUR_US, DAY_US = 60 * SECOND_US, 3600 * SECOND_US, 86_400 * SECOND_US

#: Units of time as they may be written, in microseconds.
UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND_US),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), MINUTE_US),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR_US),
    **dict.fromkeys(("d", "day", "days"), DAY_US),
    **dict.fromkeys(("week", "weeks"), 7 * DAY_US),
}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
#: With a date after a comma it is as ``Span.said`` writes it: what a remedy prints can be typed.
_DAY = re.compile(r"day\s+(\d+)(?:,\s+[A-Za-z]{3}\s+(\d{4}-\d{1,2}-\d{1,2}))?(?:\s+(\S+))?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[ T]+(\S+))?")
_NAMED = re.compile(r"(?:(first|second|third|fourth|last)\s+)?([A-Za-z]+)(?:\s+(\S+))?", re.IGNORECASE)
_AFTER = re.compile(r"(.+?)\s+(after|before)\s+(\S+)", re.IGNORECASE)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Which of several such weekdays of a play.
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4}
#: Names for several days of the week, as numbers from Monday 0.
GROUPS = {"every day": tuple(range(7)), "weekdays": tuple(range(5)), "weekends": (5, 6)}
#: The beginning of the scenario, in “10 min after start”.
START = "start"

MOMENTS = (
    "Write “day 3 02:15”, “Sunday 08:00”, “second Sunday 08:00”, “last Sunday 08:00”, “2026-03-15 08:00”,"
    " “10 min after start”"
    " or “10 min after” the key of something that happens."
)
DURATIONS = "Write a number with s, min, h, days or weeks: “45 s”, “20 min”, “1 h 30 min”, “14 days”."
CLOCKS = "Write hours and minutes of 24 hours: “02:15”, “21:30”, or with seconds “09:30:15”."


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens: a day of the play and a clock time, or so long after something else (``anchor``)."""

    text: str
    clock_s: int = 0
    day: int | None = None  # 1 is the first
    on: date | None = None
    weekday: int | None = None  # Monday 0
    nth: int = 1  # of several such weekdays
    last: bool = False
    anchor: str | None = None
    offset_us: int = 0


def duration(text: str) -> int:
    """Return microseconds, more than 0."""
    total, at = 0.0, 0
    while found := _PART.match(text, at):
        unit = UNITS.get(found[2].lower())
        if unit is None:
            raise Unclear(f"“{found[2]}” is no unit of time.", DURATIONS)
        total, at = total + float(found[1]) * unit, found.end()
    if at == 0 or text[at:].strip() or not 0 < total <= 10_000 * DAY_US:
        raise Unclear(f"“{text}” is no length of time.", DURATIONS)
    return round(total)


def clock(text: str) -> int:
    """Return seconds since midnight."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Unclear(f"“{text}” is no time of day.", CLOCKS)
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise Unclear(f"There is no {text} on a clock.", CLOCKS)
    return hours * 3600 + minutes * 60 + seconds


def day_of(text: str) -> date:
    """Return a date."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        found = date(year, month, day)
    except ValueError:
        wrong = f"There is no day {text} in the calendar." if _DATE.fullmatch(text) else f"“{text}” is no date."
        raise Unclear(wrong, "Write year, month and day: “2026-03-02”.") from None
    if not 2000 <= found.year <= 2099:
        raise Unclear(f"The year {found.year} is too far away.", "Take one from 2000 to 2099.")
    return found


def beginning(text: str) -> tuple[date, int]:
    """Return the date and the seconds since midnight at which a play starts; midnight when no time is said."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise Unclear(f"“{text}” is no date.", "Write “2026-03-02”, or with a time “2026-03-02 09:00”.")
    return day_of(found[1]), clock(found[2]) if found[2] else 0


def weekdays(text: str) -> tuple[int, ...]:
    """Return the days of the week in “weekdays”, “every day”, “Sunday” or “Mon”, as numbers from Monday 0."""
    said = text.lower()
    if said in GROUPS:
        return GROUPS[said]
    number = _weekday(said)
    if number is None:
        raise Unclear(f"“{text}” is no day of the week.", instead(text, (*WEEKDAYS, *GROUPS)))
    return (number,)


def moment(text: str) -> Moment:
    """Return when something happens; whether it lies within the play, only ``resolve`` can tell."""
    if found := _AFTER.fullmatch(text):
        sign = 1 if found[2].lower() == "after" else -1
        return Moment(text, anchor=found[3], offset_us=sign * duration(found[1]))
    if found := _DAY.fullmatch(text):
        on = day_of(found[2]) if found[2] else None
        return Moment(text, day=int(found[1]), on=on, clock_s=_clock_needed(text, found[3]))
    if found := _DATE.fullmatch(text):
        return Moment(text, on=day_of(found[1]), clock_s=_clock_needed(text, found[2]))
    if _CLOCK.fullmatch(text):
        return Moment(text, clock_s=clock(text))
    if text.lower() == START:
        return Moment(text, anchor=START)
    if found := _NAMED.fullmatch(text):
        number = _weekday(found[2].lower())
        if number is not None:
            which = (found[1] or "first").lower()
            clock_s = _clock_needed(text, found[3])
            return Moment(text, weekday=number, nth=_NTH.get(which, 1), last=which == "last", clock_s=clock_s)
    raise Unclear(f"“{text}” is no moment.", MOMENTS)


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a play: from ``start_us`` to ``end_us`` (microseconds UTC), days counted in ``zone``.

    ``later_us``: how much later it starts than its file says; what the file writes with a date moves along.
    """

    start_us: int
    end_us: int
    zone: ZoneInfo
    later_us: int = 0

    def resolve(self, when: Moment, anchors: Mapping[str, int]) -> int:
        """Return the moment as microseconds UTC. Raises Unclear when it is not within the play."""
        at_us = self._anchored(when, anchors) if when.anchor is not None else self._on_day(when)
        if not self.start_us <= at_us <= self.end_us:
            wrong = f"“{when.text}” is {self.said(at_us)}, outside the play."
            raise Unclear(wrong, f"It lasts from {self.said(self.start_us)} to {self.said(self.end_us)}.")
        return at_us

    def said(self, at_us: int) -> str:
        """Return a moment as people read it."""
        local = datetime.fromtimestamp(at_us / SECOND_US, self.zone)
        day = (local.date() - self.first_day).days + 1
        return f"day {day}, {local:%a %Y-%m-%d}{local: %H:%M:%S}".removesuffix(":00")

    def typed(self, at_us: int) -> str:
        """Return a moment as it is to be written in a file, rounded up to a second: never earlier."""
        local = datetime.fromtimestamp(-(-at_us // SECOND_US), self.zone)
        return f"day {(local.date() - self.first_day).days + 1}{local: %H:%M:%S}".removesuffix(":00")

    @property
    def first_day(self) -> date:
        """The date on which the play starts."""
        return datetime.fromtimestamp(self.start_us / SECOND_US, self.zone).date()

    @property
    def _later(self) -> timedelta:
        """How many days later than in the file the play starts, by its own calendar."""
        own = datetime.fromtimestamp((self.start_us - self.later_us) / SECOND_US, self.zone).date()
        return self.first_day - own

    def at(self, day: date, clock_s: int) -> int:
        """Return a clock time of a day as microseconds UTC."""
        return local_us(day, clock_s, self.zone)

    def _anchored(self, when: Moment, anchors: Mapping[str, int]) -> int:
        if when.anchor == START:
            return self.start_us + when.offset_us
        if when.anchor is None or when.anchor not in anchors:
            named = instead(when.anchor or "", (START, *anchors))
            raise Unclear(f"Nothing that happens has the key “{when.anchor}”.", named)
        return anchors[when.anchor] + when.offset_us

    def _on_day(self, when: Moment) -> int:
        if when.on is not None:
            on = when.on + self._later
            if when.day not in (None, (on - self.first_day).days + 1):
                raise Unclear(f"{when.on} is not day {when.day} of the play.", "Write one of the two, and the time.")
            return self.at(on, when.clock_s)
        if when.day is not None:
            if when.day < 1:
                raise Unclear("Days count from 1.", "The first day of the play is “day 1”.")
            return self.at(self.first_day + timedelta(days=min(when.day, 10_000) - 1), when.clock_s)
        days = [self.first_day + timedelta(days=n) for n in range((self.end_us - self.start_us) // DAY_US + 2)]
        within = [at for day in days if self.start_us <= (at := self.at(day, when.clock_s)) <= self.end_us]
        if when.weekday is not None:
            named = WEEKDAYS[when.weekday]
            within = [
                at for at in within if datetime.fromtimestamp(at / SECOND_US, self.zone).weekday() == when.weekday
            ]
            if not within:
                raise Unclear(f"The play has no {named} with this time in it.", self._lasts())
            if len(within) < when.nth:
                raise Unclear(f"The play has only {len(within)} {named} with this time in it.", self._lasts())
            return within[-1] if when.last else within[when.nth - 1]
        if not within:
            raise Unclear(f"The play has no {when.text} in it.", self._lasts())
        if len(within) > 1:
            raise Unclear(f"“{when.text}” comes on {len(within)} days of the play.", f"Say which: “day 2 {when.text}”.")
        return within[0]

    def _lasts(self) -> str:
        return f"It lasts from {self.said(self.start_us)} to {self.said(self.end_us)}."


def local_us(day: date, clock_s: int, zone: ZoneInfo) -> int:
    """Return a clock time of a day in a zone as microseconds UTC."""
    local = datetime.combine(day, time(clock_s // 3600, clock_s // 60 % 60, clock_s % 60), zone)
    return round(local.astimezone(UTC).timestamp()) * SECOND_US


def _weekday(said: str) -> int | None:
    return next((n for n, name in enumerate(WEEKDAYS) if said in (name.lower(), name[:3].lower())), None)


def _clock_needed(text: str, said: str | None) -> int:
    if not said:
        raise Unclear(f"“{text}” says no time of day.", f"Write the hour too: “{text} 08:00”.")
    return clock(said)
