"""Who is on duty when, and what a ladder's step for a role becomes then. Pure: dates and zones, no clock.

Rules of this file:

- A shift belongs to the local date on which it begins; one that ends at or before its beginning ends on the next date.
- Beginning and end are looked up on the wall clock, so a night on which the clock is set is an hour longer or shorter,
  and what begins as another ends follows it without a gap.
- What is said for a date comes in place of what is said for the week, for that shift and role; also nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from alerts.ladder import Sent
from schemas.address import channel_of
from schemas.errors import BrokenRule
from schemas.ladder import Call
from schemas.rota import Colleague, DayDuty, DutyHours, Rota

_SECOND_US = 1_000_000
_DAYS = 7
#: Before the role in the recipient of a delivery that nobody got.
_MARK = "on_duty:"


class Cell(msgspec.Struct, frozen=True):
    """One shift in one role on one date. ``changed``: it is said for this date, and not for the week."""

    date: date
    shift: str
    role: str
    people: tuple[str, ...]
    changed: bool


def interval_us(rota: Rota, shift: DutyHours, day: date) -> tuple[int, int]:
    """Return when a shift of a date begins and ends, microseconds since 1970."""
    after = day + timedelta(days=1) if shift.end <= shift.start else day
    return _moment_us(rota, day, shift.start), _moment_us(rota, after, shift.end)


def _moment_us(rota: Rota, day: date, minutes: int) -> int:
    # A time that the clock shows twice is its first, one that it never shows is as far after the jump as it would be.
    hour, minute = divmod(minutes, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(rota.timezone))
    return round(local.timestamp()) * _SECOND_US


def local_date(rota: Rota, at_us: int) -> date:
    """Return the date at a place."""
    return datetime.fromtimestamp(at_us / _SECOND_US, ZoneInfo(rota.timezone)).date()


def cells(rota: Rota, day: date) -> list[Cell]:
    """Return who has which shift in which role on a date, in the order of the shifts; also those that nobody has."""
    usual = {(each.shift, each.role): each.people for each in rota.week if each.weekday == day.weekday()}
    that_day = {(each.shift, each.role): each.people for each in rota.days if each.date == day.isoformat()}
    roles = roles_of(rota)
    wanted = [(shift.name, role) for shift in rota.shifts for role in roles if (shift.name, role) in usual | that_day]
    return [Cell(day, *key, that_day.get(key, usual.get(key, ())), key in that_day) for key in wanted]


def roles_of(rota: Rota) -> list[str]:
    """Return the roles of a rota, as they came."""
    return list(dict.fromkeys([*(each.role for each in rota.week), *(each.role for each in rota.days)]))


def shifts_at(rota: Rota, at_us: int) -> list[tuple[date, DutyHours]]:
    """Return the shifts that run at a moment, with the date on which each began."""
    today = local_date(rota, at_us)
    found = []
    for day in (today - timedelta(days=1), today):
        for shift in rota.shifts:
            start_us, end_us = interval_us(rota, shift, day)
            if start_us <= at_us < end_us:
                found.append((day, shift))
    return found


def on_duty(rota: Rota, at_us: int, role: str | None = None) -> list[Colleague]:
    """Return who is on duty at a moment, in a role (None: in any), each once, in the order of the rota."""
    running = {(day, shift.name) for day, shift in shifts_at(rota, at_us)}
    names = {
        name
        for day in {day for day, _ in running}
        for cell in cells(rota, day)
        if (day, cell.shift) in running and role in (None, cell.role)
        for name in cell.people
    }
    return [each for each in rota.people if each.name in names]


def reached(call: Call, rota: Rota | None, at_us: int) -> list[Call]:
    """Return whom a call tells at a moment: its person, or everybody who is on duty in its role; perhaps nobody."""
    if call.on_duty is None:
        return [call]
    there = on_duty(rota, at_us, call.on_duty) if rota is not None else []
    return [_to(each, call) for each in there]


def _to(colleague: Colleague, call: Call) -> Call:
    address = colleague.address
    return msgspec.structs.replace(
        call, recipient=colleague.name, address=address, channel=channel_of(address), on_duty=None
    )


def is_of(recipient: str, call: Call, rota: Rota | None) -> bool:
    """Whether what was sent to ``recipient`` was sent for this call: its ladder may be another one meanwhile."""
    if call.on_duty is None:
        return recipient == call.recipient
    return recipient == marker(call.on_duty) or any(each.name == recipient for each in (rota.people if rota else ()))


def merged(sent: Iterable[Sent]) -> list[Sent]:
    """Return each step once, also one for several people: begun with the first, failed where it reached none."""
    found: dict[int, Sent] = {}
    for each in sent:
        before = found.get(each.step, each)
        found[each.step] = Sent(each.step, min(before.at_us, each.at_us), before.failed and each.failed)
    return list(found.values())


def marker(role: str) -> str:
    """Return what stands as the recipient where nobody was on duty in a role."""
    return f"{_MARK}{role}"


def nobody_said(recipient: str) -> str:
    """Return the line of an alert's history for a marker, in both languages."""
    role = recipient.removeprefix(_MARK)
    return f"当班无人（{role}），直接通知下一位。 / Nobody on duty ({role}): the next one is told at once."


def check(rota: Rota) -> None:
    """Raise BrokenRule where a rota names what it does not have: ``twice``, ``unknown_shift``, ``unknown_person``."""
    named = {"shift": [each.name for each in rota.shifts], "person": [each.name for each in rota.people]}
    for what, names in named.items():
        if len(names) != len(set(names)):
            raise BrokenRule("twice", f"A {what} stands twice in the rota.")
    duties = [*((each.shift, each.people) for each in rota.week), *((each.shift, each.people) for each in rota.days)]
    for shift, those in duties:
        if shift not in named["shift"]:
            raise BrokenRule("unknown_shift", f"There is no shift {shift} in the rota.")
        if unknown := [name for name in those if name not in named["person"]]:
            raise BrokenRule("unknown_person", f"{unknown[0]} is not among the people of the rota.")


def on_a_day(rota: Rota, day: date, shift: str, role: str, people: Sequence[str] | None) -> Rota:
    """Return a rota in which other people have a shift on one date; None: as every week again."""
    usual = {(each.shift, each.role): each.people for each in rota.week if each.weekday == day.weekday()}
    others = tuple(each for each in rota.days if (each.date, each.shift, each.role) != (day.isoformat(), shift, role))
    wanted = None if people is None else tuple(dict.fromkeys(people))
    if wanted is None or usual.get((shift, role)) == wanted:
        return msgspec.structs.replace(rota, days=others)
    changed = DayDuty(date=day.isoformat(), shift=shift, role=role, people=wanted)
    after = msgspec.structs.replace(rota, days=(*others, changed))
    check(after)
    return after


def swapped(rota: Rota, day: date, shift: str, role: str, leaves: str, comes: str) -> Rota:
    """Return a rota in which somebody takes another's shift on one date. BrokenRule ``not_on_duty``, ``on_duty``."""
    cell = next((each for each in cells(rota, day) if (each.shift, each.role) == (shift, role)), None)
    if cell is None or leaves not in cell.people:
        raise BrokenRule("not_on_duty", f"{leaves} does not have this shift on that day.")
    if comes in cell.people:
        raise BrokenRule("on_duty", f"{comes} has this shift already.")
    people = [comes if name == leaves else name for name in cell.people]
    return on_a_day(rota, day, shift, role, people)


def week_copied(rota: Rota, monday: date) -> Rota:
    """Return a rota whose week from ``monday`` on is as the one before, day by day."""
    for n in range(_DAYS):
        day = monday + timedelta(days=n)
        before = {(each.shift, each.role): each.people for each in cells(rota, day - timedelta(days=_DAYS))}
        for key in before.keys() | {(each.shift, each.role) for each in cells(rota, day)}:
            rota = on_a_day(rota, day, *key, before.get(key))
    return rota


def without_past(rota: Rota, today: date, kept: timedelta) -> Rota:
    """Return a rota without what was said for dates that are long over."""
    oldest = (today - kept).isoformat()
    return msgspec.structs.replace(rota, days=tuple(each for each in rota.days if each.date >= oldest))
