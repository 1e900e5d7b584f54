"""Who is on duty: a place's week, what is otherwise on single dates, and who has which shift in a week."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from alerts import rota as rules
from api import ways
from api.access import Caller, SignedIn
from api.errors import Refusal
from api.models import ErrorBody, Id
from api.rights import Needs
from api.rota_models import Copy, NewDay, NewRota, Rota, Swap
from api.routes.ladders import sees_secrets
from api.runtime import Now, ThePool, TheRuntime
from api.times import clock_time, minutes_of
from schemas import rota as records
from schemas.address import masked
from schemas.errors import BrokenRule
from store import rota as kept
from store.grants import Subject
from store.pool import Pool

router = APIRouter(
    prefix="/api/v1/places/{place_id}/rota",
    tags=["shifts"],
    responses={404: {"model": ErrorBody}, 409: {"model": ErrorBody}},
)

#: Who asks who was on duty in an alarm of last month still gets an answer.
_KEPT = timedelta(days=60)


@router.get("", summary="Who is on duty", response_model=Rota)
async def read_rota(
    place_id: Id,
    caller: SignedIn,
    pool: ThePool,
    now_us: Now,
    week: Annotated[date | None, Query(description="Any day of the week; default: this one")] = None,
) -> dict[str, Any]:
    """Return the rota that holds at a place, its own or that of the nearest place above, and one week of it."""
    return await _said(pool, place_id, caller, now_us, week)


@router.put("", summary="Say who is on duty each week", response_model=Rota)
async def set_rota(
    place_id: Id, body: NewRota, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime
) -> dict[str, Any]:
    """Give the place a rota of its own; without shifts it has that of the place above again."""
    known = {each.name: each.address for each in (await kept.own(pool, place_id)).people}
    people = await _people(body, known, loopback_only=runtime.settings.loopback_only)
    shifts = tuple(
        records.DutyHours(name=each.name, start=minutes_of(each.start), end=minutes_of(each.end))
        for each in body.shifts
    )
    week = tuple(
        records.WeekDuty(weekday=each.weekday, shift=each.shift, role=each.role, people=tuple(each.people))
        for each in body.week
    )
    names = {each.name for each in shifts}, {each.name for each in people}

    def decide(before: records.Rota) -> records.Rota:
        days = tuple(each for each in before.days if each.shift in names[0] and set(each.people) <= names[1])
        after = records.Rota(timezone=before.timezone, shifts=shifts, people=people, week=week, days=days)
        rules.check(after)
        return rules.without_past(after, rules.local_date(after, now_us), _KEPT)

    await kept.change(pool, place_id, decide, now_us)
    return await _said(pool, place_id, caller, now_us, None)


@router.post("/day", summary="Say who is on duty on one date", response_model=Rota)
async def set_rota_day(place_id: Id, body: NewDay, caller: SignedIn, pool: ThePool, now_us: Now) -> dict[str, Any]:
    """Say who has a shift in a role on one date instead of every week's; nobody, too."""

    def decide(before: records.Rota) -> records.Rota:
        return rules.on_a_day(_there(before), body.date, body.shift, body.role, body.people)

    await kept.change(pool, place_id, decide, now_us)
    return await _said(pool, place_id, caller, now_us, body.date)


@router.post("/swap", summary="Swap a shift", response_model=Rota)
async def swap_rota_shift(place_id: Id, body: Swap, caller: SignedIn, pool: ThePool, now_us: Now) -> dict[str, Any]:
    """Let somebody take another's shift on one date. 409 ``not_on_duty``, ``on_duty``, ``unknown_person``."""

    def decide(before: records.Rota) -> records.Rota:
        return rules.swapped(_there(before), body.date, body.shift, body.role, body.leaves, body.comes)

    await kept.change(pool, place_id, decide, now_us)
    return await _said(pool, place_id, caller, now_us, body.date)


@router.post("/copy", summary="Copy last week", response_model=Rota)
async def copy_rota_week(place_id: Id, body: Copy, caller: SignedIn, pool: ThePool, now_us: Now) -> dict[str, Any]:
    """Make a week as the one before, day by day."""
    monday = _monday(body.week)
    await kept.change(pool, place_id, lambda before: rules.week_copied(_there(before), monday), now_us)
    return await _said(pool, place_id, caller, now_us, monday)


async def _people(body: NewRota, known: dict[str, str], *, loopback_only: bool) -> tuple[records.Colleague, ...]:
    """Return the people with their addresses, those that stay as they are filled in."""
    people = []
    for number, each in enumerate(body.people):
        address = known.get(each.name) if each.address is None else each.address
        if address is None:
            raise Refusal(422, "no_address", f"Say where {each.name} is reached.", beside={"person": each.name})
        await ways.check(address, number + 1, 1, loopback_only=loopback_only)
        people.append(records.Colleague(name=each.name, address=address))
    return tuple(people)


def _there(rota: records.Rota) -> records.Rota:
    if not rota.shifts:
        raise BrokenRule("no_rota", "This place has no rota of its own; change that of the place above.")
    return rota


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def _said(pool: Pool, place_id: str, caller: Caller, now_us: int, week: date | None) -> dict[str, Any]:
    owner, found = await kept.nearest(pool, place_id)
    monday = _monday(week or rules.local_date(found, now_us))
    plain = await sees_secrets(pool, caller, place_id)
    shown = caller.where(Needs.MANAGE).covers(Subject(places=(place_id,)))
    return {
        "place": place_id,
        "owner": owner,
        "timezone": found.timezone,
        "shifts": [
            {"name": each.name, "start": clock_time(each.start), "end": clock_time(each.end)} for each in found.shifts
        ],
        "people": [
            {"name": each.name, "address": each.address if plain else masked(each.address) if shown else None}
            for each in found.people
        ],
        "week": [
            {"weekday": each.weekday, "shift": each.shift, "role": each.role, "people": list(each.people)}
            for each in found.week
        ],
        "monday": monday.isoformat(),
        "days": [
            {
                "date": cell.date.isoformat(),
                "shift": cell.shift,
                "role": cell.role,
                "people": list(cell.people),
                "changed": cell.changed,
            }
            for n in range(7)
            for cell in rules.cells(found, monday + timedelta(days=n))
        ],
        "now": [
            {"role": role, "people": [each.name for each in rules.on_duty(found, now_us, role)]}
            for role in rules.roles_of(found)
        ],
    }
