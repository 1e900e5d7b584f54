"""Plans: which place has one, the drawing, the rooms on it, and what is known of each room now."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.access import Caller, SignedIn
from api.drawing import drawing_of
from api.errors import not_found
from api.models import ErrorBody, Id
from api.plan_models import NewRooms, PlaceNow, Plans, PlanSaid, Restore, Version
from api.plan_now import LOOKED_BACK_US, There, below, ends
from api.present import Plain
from api.rights import Needs
from api.runtime import Now, ThePool
from api.times import iso
from detectors.inactivity_signs import MOVES
from schemas.places import PlaceKind
from schemas.plan import PlacedRoom, check_rooms
from store import people, plans, rooms
from store.grants import Reach, Subject
from store.plans import Plan
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["plans"], responses={404: {"model": ErrorBody}})
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}

PlaceId = Annotated[Id, Path()]
Seen = Annotated[Version, Query(description="The version that this is a change of")]

#: Places that people walk through with a plan in their head; a city is no building.
_BUILT = frozenset({PlaceKind.INSTITUTION, PlaceKind.FLOOR, PlaceKind.WARD, PlaceKind.HOME})
#: A drawing is opened as a picture and as nothing else, whatever a browser makes of it.
_PICTURE_POLICY = "default-src 'none'; sandbox"
#: A version never changes; in the browser of whoever may see it only.
_KEPT = "private, max-age=604800, immutable"


@router.get("/plans", summary="Places worth a plan", response_model=Plans)
async def list_plans(caller: SignedIn, pool: ThePool) -> Plain:
    """Return the places one sees that have rooms below them or a plan, each after its parent."""
    seen = await people.places(pool, caller.reach)
    lives = [each.unit for each in await people.residents(pool, caller.reach)]
    drawn = await plans.drawn(pool)
    parents = {place.parent for place in seen}
    return {
        "plans": [
            {
                "place": place.id,
                "name": place.name,
                "kind": place.kind,
                "path": list(place.path),
                "residents": sum(unit in inside for unit in lives),
                "rooms": len(ends(below(seen, place.id))),
                "drawn": place.id in drawn,
            }
            for place in seen
            if place.id in drawn or (place.kind in _BUILT and (place.id in parents or place.id in lives))
            for inside in ({each.id for each in below(seen, place.id)},)
        ]
    }


@router.get("/places/{place_id}/plan", summary="The plan of a place", response_model=PlanSaid)
async def read_plan(place_id: PlaceId, caller: SignedIn, pool: ThePool) -> Plain:
    """Return the plan as it is, the rooms that can stand on it, and the versions that can be brought back."""
    return await _said(pool, caller, await plans.current(pool, place_id))


@router.put("/places/{place_id}/plan", summary="Place its rooms", response_model=PlanSaid, responses=_REFUSES)
async def set_plan(place_id: PlaceId, body: NewRooms, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Let these rooms lie so, and no others. 409 ``plan_changed``: somebody was faster."""
    placed = tuple(PlacedRoom(each.place, tuple(each.corners)) for each in body.rooms)
    inside = below(await people.places(pool, caller.reach), place_id)
    check_rooms(placed, frozenset(place.id for place in inside))
    changed = await plans.set_rooms(pool, place_id, placed, body.seen, caller.user.name, now_us)
    return await _said(pool, caller, changed)


@router.put(
    "/places/{place_id}/plan/drawing",
    summary="Lay a drawing under the rooms",
    response_model=PlanSaid,
    responses=_REFUSES,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                f"image/{kind}": {"schema": {"type": "string", "format": "binary"}} for kind in ("png", "jpeg", "webp")
            },
        }
    },
)
async def set_plan_drawing(
    place_id: PlaceId, request: Request, seen: Seen, caller: SignedIn, pool: ThePool, now_us: Now
) -> Plain:
    """Upload a PNG, JPEG or WebP as the body, at most 5 MB and 24 million pixels. It is written anew before it is kept.

    422 ``not_a_drawing``, ``drawing_svg``, ``drawing_too_large``, ``drawing_too_small``.
    """
    kept = await asyncio.to_thread(drawing_of, await request.body())
    return await _said(pool, caller, await plans.set_drawing(pool, place_id, kept, seen, caller.user.name, now_us))


@router.delete(
    "/places/{place_id}/plan/drawing", summary="Take the drawing away", response_model=PlanSaid, responses=_REFUSES
)
async def remove_plan_drawing(place_id: PlaceId, seen: Seen, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Show the rooms without a drawing; the former version can be brought back."""
    return await _said(pool, caller, await plans.set_drawing(pool, place_id, None, seen, caller.user.name, now_us))


@router.post(
    "/places/{place_id}/plan/restore", summary="Bring a version back", response_model=PlanSaid, responses=_REFUSES
)
async def restore_plan(place_id: PlaceId, body: Restore, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Let a former version hold again, drawing and rooms; it is a new version, so this too can be taken back."""
    back = await plans.restore(pool, place_id, body.version, body.seen, caller.user.name, now_us)
    return await _said(pool, caller, back)


@router.get("/places/{place_id}/plan/drawing", summary="The drawing", responses={200: {"content": {"image/webp": {}}}})
async def read_plan_drawing(
    place_id: PlaceId, pool: ThePool, version: Annotated[Version | None, Query(description="Default: newest")] = None
) -> Response:
    """Return the picture as we wrote it: always of one type, never run, never shown inside another site."""
    found = await plans.drawing(pool, place_id, version)
    if found is None:
        raise not_found("drawing")
    headers = {
        "Cache-Control": _KEPT if version is not None else "no-store",
        "Content-Security-Policy": _PICTURE_POLICY,
        "Content-Disposition": "inline; filename=plan.webp",
    }
    return Response(found.bytes, media_type=found.kind, headers=headers)


@router.get("/places/{place_id}/now", summary="Who and what is in its rooms now", response_model=PlaceNow)
async def read_place_now(place_id: PlaceId, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Return rooms with their sensors, and residents with how they are watched and where they were last.

    How somebody is, and where, is left out for who only sees to devices. Alerts have their own calls.
    """
    seen = below(await people.places(pool, caller.reach), place_id)
    lives = await people.residents(pool, Reach(places=frozenset(place.id for place in seen)))
    bound = await rooms.placed(pool, [place.id for place in seen])
    standing = [each.device for each in bound if each.place is not None]
    from_us = now_us - LOOKED_BACK_US
    there = There(
        now_us=now_us,
        places=seen,
        residents=lives,
        care=caller.where(Needs.CARE),
        bound=bound,
        stirs=await rooms.stirred(pool, standing, sorted(MOVES), from_us, now_us + 1),
        beacons=await rooms.beacons(pool, [each.id for each in lives], from_us, now_us + 1),
    )
    return {
        "platform_time": iso(now_us),
        "rooms": [there.room(place) for place in seen],
        "residents": [there.resident(each) for each in lives],
    }


async def _said(pool: Pool, caller: Caller, plan: Plan) -> Plain:
    seen = below(await people.places(pool, caller.reach), plan.place)
    if not seen:
        raise not_found("place")
    top = seen[0]
    corners = {room.place: room.corners for room in plan.rooms}
    shown = {place.id for place in ends(seen)} | set(corners)
    return {
        "place": top.id,
        "name": top.name,
        "path": list(top.path),
        "version": plan.version,
        "drawing": {"width": plan.width, "height": plan.height} if plan.drawing else None,
        "rooms": [
            {
                "place": place.id,
                "name": place.name,
                "kind": place.kind,
                "parent": place.parent,
                "corners": corners.get(place.id),
            }
            for place in seen
            if place.id in shown
        ],
        "versions": [
            {
                "version": each.version,
                "what": each.what,
                "by": each.made_by,
                "time": each.made_us,
                "drawing": each.drawing is not None,
                "rooms": len(each.rooms),
            }
            for each in await plans.versions(pool, plan.place)
        ],
        "may_draw": caller.where(Needs.DRAW).covers(Subject(places=(top.id,))),
    }
