"""Who watches: an open console says that it is there and can be heard; everybody sees how their wards are watched."""

from collections.abc import Iterable

from fastapi import APIRouter

from alerts.attendance import attendance
from api.access import Caller, SignedIn
from api.attendance_models import NewPresence, Wards
from api.present import Plain
from api.rights import Needs, roles_with
from api.runtime import ThePool, WallNow
from api.times import clock_time, iso
from schemas.attendance import Presence, Ward
from store import attendance as kept
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["shifts"])


@router.post("/presence", summary="I am here", response_model=Wards)
async def say_presence(body: NewPresence, caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Say that this console is open, its stream live, and whether it can be heard; again at each ping (10 s).

    What was not said again for 30 s no longer counts. The answer says how the wards it shows are watched.
    """
    granted = [each.place for each in caller.user.grants if each.role in roles_with(Needs.CARE)]
    here = Presence(
        console=body.console,
        account=caller.user.name,
        session=caller.session,
        everywhere=None in granted,
        places=tuple(sorted({place for place in granted if place is not None})),
        sound=body.sound,
        at_us=now_us,
    )
    await kept.say(pool, here)
    return await _wards(pool, caller, now_us)


@router.get("/attendance", summary="How the wards are watched", response_model=Wards)
async def read_attendance(caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Return the places that must be watched, with how many consoles show them and can be heard."""
    return await _wards(pool, caller, now_us)


async def _wards(pool: Pool, caller: Caller, now_us: int) -> Plain:
    wards = await kept.wards(pool, caller.reach)
    there = await kept.said(pool) if wards else []
    return {"wards": [ward_said(ward, there, now_us) for ward in wards]}


def ward_said(ward: Ward, there: Iterable[Presence], now_us: int) -> Plain:
    """Return how a ward is watched, as the API says it."""
    found = attendance(ward, there, now_us)
    return {
        "place": ward.place,
        "name": ward.name,
        "hours": {"start": clock_time(ward.hours.start), "end": clock_time(ward.hours.end)},
        "timezone": ward.timezone,
        "staffed": found.staffed,
        "consoles": found.consoles,
        "armed": found.armed,
        "lack": found.lack,
        "since": iso(found.since_us) if found.lack is not None else None,
    }
