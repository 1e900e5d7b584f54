"""Residents: who they are, how they are now, their last day, and their trace."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from api import present
from api.access import Caller, SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id, Trace
from api.people_models import Day, NewResident, QuietFindings, Resident, ResidentChange, ResidentNow, Residents
from api.present import Plain
from api.recorded import of_resident
from api.rights import Needs
from api.runtime import Now, ThePool, runtime_of
from api.times import DAY_US, MINUTE_US, SECOND_US, Time, iso
from api.trace import MAX_WINDOW_US
from detectors.wandering_signs import ACCURACY, LAT, LON, X, Y
from schemas.watch import UnitWatch
from store import absences, alerts, people, quiet, readings
from store.pool import Connection, Pool, transaction
from store.setting_changes import ChangedMeanwhile

router = APIRouter(prefix="/api/v1/residents", tags=["residents"], responses={404: {"model": ErrorBody}})
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}

#: Fields that a person always has.
_NEVER_EMPTY = ("name", "unit", "test", "timezone", "sensitivity", "watches_off")

#: What says where on earth, or in a building, somebody is.
_PLACES = frozenset({LAT, LON, X, Y, ACCURACY})

ResidentId = Annotated[Id, Path()]


@router.get("", summary="List residents", response_model=Residents)
async def list_residents(caller: SignedIn, pool: ThePool) -> Plain:
    """Return the residents one sees, by name. Who only sees to devices gets no illnesses, years and notes."""
    found = [_for(caller, item) for item in await people.residents(pool, caller.reach)]
    units = await people.place_names(pool, {item.unit for item in found})
    return {"residents": [present.resident(item, units.get(item.unit, item.unit)) for item in found]}


@router.post("", status_code=201, summary="Add a resident", response_model=Resident, responses=_REFUSES)
async def add_resident(body: NewResident, pool: ThePool, now_us: Now) -> Plain:
    """Add a person to watch over. ``unit`` is the home, room, ward or floor that is watched as one."""
    given = body.model_dump(exclude={"id"})
    return await _said(pool, await people.add_resident(pool, **given, resident_id=body.id, now_us=now_us))


@router.get("/{resident_id}", summary="One resident, and how they are now", response_model=ResidentNow)
async def read_resident(request: Request, resident_id: ResidentId, pool: ThePool, now_us: Now) -> Plain:
    """Return a resident with devices, open alerts, and the latest value of each kind with its age."""
    found = await _found(pool, resident_id)
    open_alerts = await alerts.listed(pool, status="open", resident=resident_id)
    return {
        **await _said(pool, found),
        "devices": present.devices(await people.devices(pool, resident=resident_id)),
        **present.pause_now(await alerts.there_now(pool, resident_id, now_us)),
        "open_alerts": await present.all_alerts(pool, open_alerts),
        "now": _now(await readings.latest(pool, resident_id), now_us),
        "watch": _watch(await runtime_of(request).stages.watched(found.unit)),
    }


@router.patch("/{resident_id}", summary="Change a resident", response_model=Resident, responses=_REFUSES)
async def change_resident(
    resident_id: ResidentId, body: ResidentChange, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Change the fields given. A move to another unit takes the devices along."""
    actor = caller.user.name
    given = body.model_dump(exclude_unset=True)
    seen = given.pop("seen", None)
    required = [name for name in _NEVER_EMPTY if name in given and given[name] is None]
    if required:
        raise Refusal(422, "malformed", f"{', '.join(required)}: cannot be emptied.")
    if given.get("conditions", ()) is None:
        given["conditions"] = []
    async with transaction(pool) as conn:
        if "absent_until" in given:
            del given["absent_until"]
            await absences.away_until(conn, resident_id, body.absent_until, actor=actor, now_us=now_us)
        changed = await _changed(conn, resident_id, given, seen, actor, now_us)
    return await _said(pool, changed)


@router.get("/{resident_id}/day", summary="24 hours by the minute", responses={200: {"model": Day}})
async def read_resident_day(
    resident_id: ResidentId,
    pool: ThePool,
    now_us: Now,
    end: Annotated[Time | None, Query(description="Default: now. Rounded up to a whole minute")] = None,
) -> Response:
    """Return the 24 hours before ``end``; ``null`` is a minute without data, which is not a minute of rest."""
    await _found(pool, resident_id)
    end_us = -(-(now_us if end is None else end) // MINUTE_US) * MINUTE_US
    start_us = end_us - DAY_US
    known = {item.minute_us: item for item in await readings.activity_by_minute(pool, resident_id, start_us, end_us)}
    there = await alerts.between(pool, resident_id, start_us, end_us)
    # Sent as it is: to validate 1440 minutes would hold up a live alert for 40 ms.
    return _json(
        {
            "start": iso(start_us),
            "end": iso(end_us),
            "minutes": [_minute(us, known.get(us)) for us in range(start_us, end_us, MINUTE_US)],
            "alerts": await present.all_alerts(pool, there),
        }
    )


@router.get("/{resident_id}/quiet", summary="What raised no alert", response_model=QuietFindings)
async def read_resident_quiet(
    resident_id: ResidentId,
    pool: ThePool,
    now_us: Now,
    since: Annotated[Time | None, Query(description="Default: the last 24 hours")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Plain:
    """Return what was found of a resident without an alert: possible falls that nobody was called for. Kept 30 days."""
    await _found(pool, resident_id)
    start_us = now_us - DAY_US if since is None else since
    found = await quiet.of_resident(pool, resident_id, start_us, now_us + DAY_US, limit)
    return {"findings": [present.quiet(each) for each in found]}


@router.get("/{resident_id}/trace", summary="Acceleration", responses={200: {"model": Trace}})
async def read_resident_trace(
    resident_id: ResidentId,
    pool: ThePool,
    start: Annotated[Time, Query()],
    end: Annotated[Time, Query()],
    device: Annotated[Id | None, Query(description="Default: the device that recorded most of it")] = None,
) -> Response:
    """Return |a| and its axes in g, at most 10 minutes and 200 Hz; a gap stands between two segments."""
    await _found(pool, resident_id)
    if not start < end <= start + MAX_WINDOW_US:
        raise Refusal(422, "malformed", "start, end: end must come after start, by at most 10 minutes.")
    return Response(await of_resident(pool, resident_id, start, end, device), media_type="application/json")


def _for(caller: Caller, found: people.Resident) -> people.Resident:
    if caller.where(Needs.LIFE).covers(people.where(found)):
        return found
    return msgspec.structs.replace(found, birth_year=None, conditions=(), mobility=None, note=None, corners=())


def _watch(known: UnitWatch | None) -> Plain:
    known = known or UnitWatch()
    habits = [msgspec.to_builtins(habit) for habit in known.everyday]
    rhythm = known.inactivity
    if rhythm is None:
        return {"inactivity": None, "everyday": habits}
    said = {
        "state": rhythm.state,
        "since": rhythm.since_us,
        "days": rhythm.days,
        "of_days": rhythm.of_days,
        "left_off": rhythm.left_off,
    }
    return {"inactivity": said, "everyday": habits}


async def _found(pool: Pool, resident_id: str) -> people.Resident:
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    return found


async def _changed(
    conn: Connection, resident_id: str, given: Plain, seen: Plain | None, actor: str, now_us: int
) -> people.Resident:
    """Change a resident; what somebody else changed meanwhile is refused with who did it."""
    try:
        return await people.update_resident(conn, resident_id, given, now_us, actor=actor, seen=seen)
    except ChangedMeanwhile as refusal:
        change = None if refusal.change is None else present.change(refusal.change)
        if change is not None:
            change["time"] = iso(change["time"])
        raise Refusal(409, refusal.code, str(refusal), beside={"change": change}) from refusal


async def _said(pool: Pool, record: people.Resident) -> Plain:
    unit = await people.place(pool, record.unit)
    return present.resident(record, unit.name if unit else record.unit)


def _json(body: Plain) -> Response:
    return Response(present.json_text(body), media_type="application/json")


def _minute(us: int, minute: readings.Minute | None) -> Plain:
    if minute is None:
        return {"t": iso(us), "activity": None, "worn": None}
    return {"t": iso(us), "activity": round(minute.activity, 4), "worn": minute.worn}


def _now(latest: readings.Latest, now_us: int) -> list[Plain]:
    """Return the latest values, newest first. Age is by event time: a value sent late is as old as it is.

    Where somebody is has a call of its own, which says no more than need be and notes who looked.
    """
    return [
        {
            "type": value.observation.type,
            "value": value.observation.value,
            "unit": value.observation.unit,
            "time": iso(value.event_us),
            "age_s": _age(value.event_us, now_us),
            "device": value.device,
        }
        for value in sorted(latest.values, key=lambda value: -value.event_us)
        if value.observation.type not in _PLACES
    ]


def _age(us: int, now_us: int) -> float:
    # A device's clock may run a little ahead of ours; nothing is younger than now.
    return round(max(0, now_us - us) / SECOND_US, 1)
