"""A resident's last seven days."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import present, week
from api.errors import not_found
from api.models import ErrorBody, Id
from api.runtime import Now, ThePool
from api.week_models import Week
from store import people

router = APIRouter(prefix="/api/v1/residents", tags=["residents"], responses={404: {"model": ErrorBody}})


@router.get("/{resident_id}/week", summary="Seven days by the quarter of an hour", responses={200: {"model": Week}})
async def read_resident_week(resident_id: Annotated[Id, Path()], pool: ThePool, now_us: Now) -> Response:
    """Return today and the six days before, by the resident's own clock: movement, signs of life, vital signs."""
    resident = await people.resident(pool, resident_id)
    if resident is None:
        raise not_found("resident")
    # Sent as it is: to validate some thousand cells would hold up a live alert.
    return Response(present.json_text(await week.week(pool, resident, now_us)), media_type="application/json")
