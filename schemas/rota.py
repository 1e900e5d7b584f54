"""Who is on duty at a place, and when: a week that comes again, and what is otherwise on single days.

Times are of the place's own clock; a shift belongs to the day on which it begins.
"""

import msgspec


class DutyHours(msgspec.Struct, frozen=True, kw_only=True):
    """A shift: its name and its local minutes of the day; ``end`` at or before ``start``: on the next day."""

    name: str
    start: int
    end: int


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be on duty. ``name`` is best an account's: who presses the claim link owns the alert by it."""

    name: str
    address: str


class WeekDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Who has a shift in a role each week. ``weekday`` as Python's: Monday is 0."""

    weekday: int
    shift: str
    role: str
    people: tuple[str, ...]


class DayDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Who has it on one date instead, ``2026-12-24``; nobody: it is not filled that day."""

    date: str
    shift: str
    role: str
    people: tuple[str, ...]


class Rota(msgspec.Struct, frozen=True, kw_only=True):
    """A place's rota; ``timezone`` is the place's."""

    timezone: str = "Asia/Shanghai"
    shifts: tuple[DutyHours, ...] = ()
    people: tuple[Colleague, ...] = ()
    week: tuple[WeekDuty, ...] = ()
    days: tuple[DayDuty, ...] = ()
