"""The tree of places: institutions, floors, wards, rooms, homes."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path

from api.access import SignedIn
from api.errors import not_found
from api.models import ErrorBody, Id
from api.people_models import NewPlace, Place, PlaceChange, Places
from api.runtime import Now, ThePool
from store import fall_alarm, people

router = APIRouter(prefix="/api/v1/places", tags=["places"])


@router.get("", summary="List places", response_model=Places)
async def list_places(caller: SignedIn, pool: ThePool) -> dict[str, Any]:
    """Return the places one sees, each after its parent; ``path`` is the names from the root."""
    return {"places": msgspec.to_builtins(await people.places(pool, caller.reach))}


@router.post("", status_code=201, summary="Add a place", response_model=Place, responses={409: {"model": ErrorBody}})
async def add_place(body: NewPlace, pool: ThePool, now_us: Now) -> Any:
    """Add a place, below ``parent`` or at the root."""
    added = await people.add_place(
        pool, name=body.name, kind=body.kind, parent=body.parent, place_id=body.id, now_us=now_us
    )
    return msgspec.to_builtins(added)


@router.patch("/{place_id}", summary="Change a place", response_model=Place, responses={404: {"model": ErrorBody}})
async def change_place(place_id: Annotated[Id, Path()], body: PlaceChange, pool: ThePool) -> Any:
    """Choose from which stage of a fall on people are called, for a place and all below it that choose nothing."""
    if "fall_alarm" in body.model_fields_set:
        await fall_alarm.choose(pool, place_id, body.fall_alarm)
    found = await people.place(pool, place_id)
    if found is None:
        raise not_found("place")
    return msgspec.to_builtins(found)
