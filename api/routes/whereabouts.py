"""Where residents are, and the zone that somebody draws for them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from api import audited
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.ground_models import Whereabouts, Zone, ZoneDrawn, ZonePreview
from api.models import ErrorBody, Id
from api.present import Plain
from api.runtime import Now, ThePool, TheRuntime
from api.whereabouts import Surroundings, around, newest, whereabouts
from api.zone_preview import preview
from detectors.whereabouts_last import last_seen
from schemas.errors import BrokenRule
from schemas.zone import check_zone
from store import alerts, looks, people
from store.pool import Pool

router = APIRouter(prefix="/api/v1/residents", tags=["residents"], responses={404: {"model": ErrorBody}})

ResidentId = Annotated[Id, Path()]


@router.get("/{resident_id}/whereabouts", summary="Where a resident is now", response_model=Whereabouts)
async def read_resident_whereabouts(
    resident_id: ResidentId, request: Request, runtime: TheRuntime, pool: ThePool, now_us: Now
) -> Plain:
    """Return the last trustworthy place and what is around it; of somebody at home, only that they are.

    Where they are, shown while no alert of theirs is open, is written down as that.
    """
    found = await _found(pool, resident_id)
    seen = last_seen(await newest(pool, resident_id, now_us), now_us)
    usual = await runtime.usual.of(pool, found) if seen else []
    among = around(usual, found, (seen.lon, seen.lat) if seen else None, runtime.settings.map_tiles)
    said = whereabouts(seen, among)
    asked = said["state"] != "out" or await alerts.listed(pool, status="open", resident=resident_id, limit=1)
    await audited.looked(request, {} if asked else {looks.UNASKED: True})
    return said


@router.get("/{resident_id}/zone", summary="The zone drawn for a resident", response_model=ZoneDrawn)
async def read_resident_zone(resident_id: ResidentId, runtime: TheRuntime, pool: ThePool) -> Plain:
    """Return the corners of the zone, and the usual places to draw it by; where they are now is not in it."""
    found = await _found(pool, resident_id)
    among = around(await runtime.usual.of(pool, found), found, None, runtime.settings.map_tiles)
    return _zone(found, among)


@router.put("/{resident_id}/zone", summary="Draw the zone", response_model=ZoneDrawn)
async def set_resident_zone(
    resident_id: ResidentId, body: Zone, runtime: TheRuntime, pool: ThePool, now_us: Now, caller: SignedIn
) -> Plain:
    """Set the area that a resident is not to leave unnoticed; no corners: no zone. The detectors hear of it at once."""
    _check(body)
    changes = {"corners": body.corners}
    found = await people.update_resident(pool, resident_id, changes, now_us, actor=caller.user.name)
    among = around(await runtime.usual.of(pool, found), found, None, runtime.settings.map_tiles)
    return _zone(found, among)


@router.post("/{resident_id}/zone/preview", summary="How often they left it", response_model=ZonePreview)
async def preview_resident_zone(resident_id: ResidentId, body: Zone, pool: ThePool, now_us: Now) -> Plain:
    """Return how often the stored positions of the last 30 days left a zone that is not set yet, and where they were.

    It changes nothing; but it shows where somebody was, so it counts as a look.
    """
    await _found(pool, resident_id)
    _check(body)
    return await preview(pool, resident_id, body.corners, now_us)


def _check(body: Zone) -> None:
    try:
        check_zone(body.corners)
    except BrokenRule as no:
        raise Refusal(422, no.code, str(no)) from None


async def _found(pool: Pool, resident_id: str) -> people.Resident:
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    return found


def _zone(found: people.Resident, among: Surroundings | None) -> Plain:
    return {"corners": found.corners, "ground": None if among is None else among.said()}
