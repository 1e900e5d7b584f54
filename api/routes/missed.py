"""What was missed: something happened to a resident, no alert came, and people say so."""

from typing import Annotated

from fastapi import APIRouter, Path

from alerts.proposing import WINDOW_US
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id
from api.present import Plain
from api.proposal_models import Missed as MissedSaid
from api.proposal_models import MissedAll, NewMissed
from api.runtime import Now, ThePool
from api.times import iso
from store import missed, people
from store.missed import Missed
from store.people import Resident
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["proposals"], responses={404: {"model": ErrorBody}})

ResidentId = Annotated[Id, Path()]


@router.get("/residents/{resident_id}/missed", summary="What nobody was called for", response_model=MissedAll)
async def read_resident_missed(resident_id: ResidentId, pool: ThePool, now_us: Now) -> Plain:
    """Return what people reported of the last 30 days: it happened, and no alert came."""
    await _resident(pool, resident_id)
    found = await missed.of_resident(pool, resident_id, now_us - WINDOW_US, now_us + 1)
    return {"missed": [_missed(each) for each in found]}


@router.post(
    "/residents/{resident_id}/missed", status_code=201, summary="Report what was missed", response_model=MissedSaid
)
async def report_missed(
    resident_id: ResidentId, body: NewMissed, caller: SignedIn, pool: ThePool, now_us: Now
) -> Plain:
    """Report that something happened and nobody was called. It speaks against a calmer setting for 30 days."""
    resident = await _resident(pool, resident_id)
    if body.time > now_us:
        raise Refusal(422, "malformed", "time: what was missed has happened already.")
    said = Missed(
        id=people.new_id("mi"),
        resident=resident.id,
        unit=resident.unit,
        event_us=body.time,
        note=body.note,
        reported_by=caller.user.name,
        reported_us=now_us,
    )
    await missed.report(pool, said)
    return _missed(said)


@router.delete("/missed/{missed_id}", status_code=204, summary="Take a report back")
async def take_missed_back(missed_id: Annotated[Id, Path()], caller: SignedIn, pool: ThePool, now_us: Now) -> None:
    """Take a report back: it was a mistake. Who did so is kept."""
    await missed.take_back(pool, missed_id, caller.user.name, now_us)


async def _resident(pool: Pool, resident_id: str) -> Resident:
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    return found


def _missed(said: Missed) -> Plain:
    return {
        "id": said.id,
        "time": iso(said.event_us),
        "note": said.note,
        "reported_by": said.reported_by,
        "reported_time": iso(said.reported_us),
    }
