"""The tree of places: institutions, floors, wards, rooms, homes."""

from typing import Any

import msgspec
from fastapi import APIRouter

from api.models import ErrorBody
from api.people_models import NewPlace, Place, Places
from api.runtime import Now, ThePool
from store import people

router = APIRouter(prefix="/api/v1/places", tags=["places"])


@router.get("", summary="List places", response_model=Places)
async def list_places(pool: ThePool) -> dict[str, Any]:
    """Return all places, each after its parent; ``path`` is the names from the root."""
    return {"places": msgspec.to_builtins(await people.places(pool))}


@router.post("", status_code=201, summary="Add a place", response_model=Place, responses={409: {"model": ErrorBody}})
async def add_place(body: NewPlace, pool: ThePool, now_us: Now) -> Any:
    """Add a place, below ``parent`` or at the root."""
    added = await people.add_place(
        pool, name=body.name, kind=body.kind, parent=body.parent, place_id=body.id, now_us=now_us
    )
    return msgspec.to_builtins(added)
