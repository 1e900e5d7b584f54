"""A shift: begun, noted, handed over, taken over by name. What is allowed is alerts.handover."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path

from alerts import handover, rota
from api.access import Caller, SignedIn
from api.errors import not_found
from api.left_open import left_open
from api.models import ErrorBody, Id
from api.present import Plain
from api.routes.attendance import ward_said
from api.runtime import Now, ThePool, TheRuntime
from api.shift_models import Handover, OnShift, ShiftNote, ShiftNow
from api.times import iso
from schemas.shift import LeftOpen, Shift
from store import accounts, attendance, grants, people, shifts
from store import rota as rotas
from store.grants import Grant, Reach, Role
from store.people import new_id
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["shifts"], responses={404: {"model": ErrorBody}, 409: {"model": ErrorBody}})
ShiftId = Annotated[Id, Path()]

#: Two days of three shifts.
_RECENT = 6


@router.get("/places/{place_id}/shift", summary="The shift of a place", response_model=ShiftNow)
async def read_shift(place_id: Id, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime) -> Plain:
    """Return the shift that runs, what is open now, who is on duty by the rota, and the last handovers."""
    return await _page(pool, place_id, caller, now_us, runtime.wall())


@router.post("/places/{place_id}/shift", summary="I am on", response_model=ShiftNow)
async def begin_shift(
    place_id: Id, body: OnShift, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime
) -> Plain:
    """Begin the shift, or join the one that runs; past its end begin the next, and that one waits to be taken over."""
    await shifts.begin(pool, place_id, await _begin(pool, place_id, caller, now_us, sound=body.sound))
    return await _page(pool, place_id, caller, now_us, runtime.wall())


@router.post("/shifts/{shift_id}/note", summary="Write for the next shift", response_model=ShiftNow)
async def note_shift(
    shift_id: ShiftId, body: ShiftNote, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime
) -> Plain:
    """Write the note that is handed over; written again it is another one."""
    after = await shifts.change(pool, shift_id, lambda shift: handover.noted(shift, body.note))
    return await _page(pool, after.place, caller, now_us, runtime.wall())


@router.post("/shifts/{shift_id}/handover", summary="Hand the shift over", response_model=ShiftNow)
async def hand_over_shift(
    shift_id: ShiftId, body: Handover, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime
) -> Plain:
    """End the shift. What is open now is written down with it, and somebody else takes it over."""
    found = await shifts.one(pool, shift_id)
    if found is None:
        raise not_found("shift")
    left = await left_open(pool, await _below(pool, found.place), now_us)
    by = caller.user.name
    await shifts.change(pool, shift_id, lambda shift: handover.handed_over(shift, by, body.note, left, now_us))
    return await _page(pool, found.place, caller, now_us, runtime.wall())


@router.post("/shifts/{shift_id}/accept", summary="Take the shift over", response_model=ShiftNow)
async def accept_shift(
    shift_id: ShiftId, body: OnShift, caller: SignedIn, pool: ThePool, now_us: Now, runtime: TheRuntime
) -> Plain:
    """Take a shift over, by name; with that press one is on the next one. Nobody takes over from themselves."""
    found = await shifts.one(pool, shift_id)
    if found is None:
        raise not_found("shift")
    begin = await _begin(pool, found.place, caller, now_us, sound=body.sound)
    by = caller.user.name
    await shifts.take_over(pool, shift_id, lambda shift: handover.accepted(shift, by, now_us), begin)
    return await _page(pool, found.place, caller, now_us, runtime.wall())


async def _begin(pool: Pool, place: str, caller: Caller, now_us: int, *, sound: bool) -> shifts.Begin:
    _, known = await rotas.nearest(pool, place)
    name, ends_us = handover.shift_at(known, now_us)
    new = Shift(id=new_id("sh"), place=place, name=name, begun_us=now_us, begun_by=caller.user.name, ends_us=ends_us)
    return lambda running: handover.begun(running, new, sound=sound)


async def _below(pool: Pool, place: str) -> Reach:
    ground = await grants.ground(pool, [Grant(role=Role.CARER, place=place)])
    return Reach(places=ground.below.get(place, frozenset()))


async def _page(pool: Pool, place_id: str, caller: Caller, now_us: int, wall_us: int) -> Plain:
    place = await people.place(pool, place_id)
    if place is None:
        raise not_found("place")
    names = {user.name: user.display_name for user in await accounts.users(pool)}
    running, recent = await shifts.running(pool, place_id), await shifts.recent(pool, place_id, _RECENT)
    _, known = await rotas.nearest(pool, place_id)
    here = next((each for each in await attendance.wards(pool) if each.place == place_id), None)
    by = caller.user.name

    def said(shift: Shift) -> Plain:
        return _said(shift, names, by, now_us)

    return {
        "place": place_id,
        "name": place.name,
        "running": said(running) if running is not None else None,
        "mine": running is not None and any(each.account == by for each in running.crew),
        "to_accept": [said(each) for each in recent if each.accepted_by is None],
        "recent": [said(each) for each in recent],
        "left": [_open(each, names) for each in await left_open(pool, await _below(pool, place_id), now_us)],
        "on_duty": [
            {"role": role, "people": [names.get(each.name, each.name) for each in rota.on_duty(known, now_us, role)]}
            for role in rota.roles_of(known)
        ],
        "ward": ward_said(here, await attendance.said(pool), wall_us) if here is not None else None,
    }


def _said(shift: Shift, names: dict[str, str], caller: str, now_us: int) -> Plain:
    return {
        "id": shift.id,
        "place": shift.place,
        "name": shift.name,
        "begun": iso(shift.begun_us),
        "ends": _iso(shift.ends_us),
        "crew": [
            {
                "account": each.account,
                "name": names.get(each.account, each.account),
                "since": iso(each.since_us),
                "sound": each.sound,
            }
            for each in shift.crew
        ],
        "note": shift.note,
        "handed": _iso(shift.handed_us),
        "handed_by": names.get(shift.handed_by, shift.handed_by) if shift.handed_by else None,
        "left": [_open(each, names) for each in shift.left_open],
        "accepted": _iso(shift.accepted_us),
        "accepted_by": names.get(shift.accepted_by, shift.accepted_by) if shift.accepted_by else None,
        "open": handover.is_open(shift, now_us),
        "yours": shift.handed_by == caller,
    }


def _open(each: LeftOpen, names: dict[str, str]) -> Plain:
    said: Plain = msgspec.to_builtins(each)
    at_us = said.pop("at_us")
    return {**said, "by": names.get(each.by, each.by), "time": _iso(at_us)}


def _iso(us: int | None) -> str | None:
    return None if us is None else iso(us)
