"""The tree of places: institutions, floors, wards, rooms, homes."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path

from api.access import SignedIn
from api.errors import not_found
from api.models import ErrorBody, Id
from api.people_models import NewPlace, Place, PlaceChange, Places, StaffedHours
from api.runtime import Now, ThePool, WallNow
from api.times import clock_time, minutes_of
from schemas.attendance import StaffedHours as Staffed
from store import attendance, fall_alarm, people, zones

router = APIRouter(prefix="/api/v1/places", tags=["places"])


@router.get("", summary="List places", response_model=Places)
async def list_places(caller: SignedIn, pool: ThePool) -> dict[str, Any]:
    """Return the places one sees, each after its parent; ``path`` is the names from the root."""
    return {"places": [_said(each) for each in await people.places(pool, caller.reach)]}


@router.post("", status_code=201, summary="Add a place", response_model=Place, responses={409: {"model": ErrorBody}})
async def add_place(body: NewPlace, pool: ThePool, now_us: Now) -> Any:
    """Add a place, below ``parent`` or at the root."""
    added = await people.add_place(
        pool, name=body.name, kind=body.kind, parent=body.parent, place_id=body.id, now_us=now_us
    )
    return _said(added)


@router.patch("/{place_id}", summary="Change a place", response_model=Place, responses={404: {"model": ErrorBody}})
async def change_place(
    place_id: Annotated[Id, Path()], body: PlaceChange, pool: ThePool, now_us: Now, wall_us: WallNow
) -> Any:
    """Choose from which stage of a fall on people are called, for a place and all below it that choose nothing.

    So too its time zone. ``watched_ward``: when somebody must watch this one place at a console.
    """
    if "fall_alarm" in body.model_fields_set:
        await fall_alarm.choose(pool, place_id, body.fall_alarm)
    if "timezone" in body.model_fields_set:
        await zones.choose(pool, place_id, body.timezone, now_us)
    if "watched_ward" in body.model_fields_set:
        await attendance.set_hours(pool, place_id, _hours(body.watched_ward), wall_us)
    found = await people.place(pool, place_id)
    if found is None:
        raise not_found("place")
    return _said(found)


def _hours(wanted: StaffedHours | None) -> Staffed | None:
    return None if wanted is None else Staffed(start=minutes_of(wanted.start), end=minutes_of(wanted.end))


def _said(place: people.Place) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(place)
    hours = said.pop("staffed")
    clocks = hours and {name: clock_time(minutes) for name, minutes in hours.items()}
    return {**said, "watched_ward": clocks}
