"""Devices, and who has one when."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import present
from api.access import SignedIn
from api.decode_models import StoredMessage
from api.device_health import Trouble, troubles
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id
from api.people_models import Bind, Binding, Device, Devices, DevicesHealth, NewDevice
from api.plan_now import SENSOR_DEAD_US, WEARABLE
from api.present import Plain
from api.runtime import Now, ThePool, TheRuntime
from api.times import DAY_US, SECOND_US
from schemas import places
from store import device_health, people
from store.pool import Pool

router = APIRouter(prefix="/api/v1/devices", tags=["devices"])
_REFUSES: dict[int | str, Plain] = {404: {"model": ErrorBody}, 409: {"model": ErrorBody}}

DeviceId = Annotated[Id, Path()]

#: A caller's clock may be ahead of ours; a start within this is meant as now. Devices have the same (docs/wire.md).
_AHEAD_US = 5 * 60 * SECOND_US
#: A message that is older says nothing of how a device speaks today.
_WEEK_US = 7 * DAY_US
#: Of a message; only inventories are larger.
_SHOWN_BYTES = 64 * 1024


@router.get("", summary="List devices", response_model=Devices)
async def list_devices(
    caller: SignedIn,
    pool: ThePool,
    unbound: Annotated[bool, Query(description="Only those that nobody has: for pairing")] = False,
) -> Plain:
    """Return devices by id, those that made themselves known by being heard too."""
    return {"devices": present.devices(await people.devices(pool, unbound=unbound, reach=caller.reach))}


@router.get("/health", summary="How devices are", response_model=DevicesHealth)
async def list_device_health(caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Return the devices one sees with what is the matter with each: silent, not understood, battery, weak link.

    Of residents their names and nothing else.
    """
    found = await people.devices(pool, reach=caller.reach)
    heard = [each.id for each in found if each.kind != WEARABLE]
    links = await device_health.links(pool, heard, now_us - SENSOR_DEAD_US)
    unread = await device_health.quarantined(pool, [each.id for each in found], now_us - DAY_US)
    bound = [each.binding for each in found if each.binding is not None]
    places_named = await people.place_names(pool, {one for each in bound for one in (each.unit, each.place) if one})
    residents = await people.residents_by_ids(pool, {each.resident for each in bound if each.resident})

    def said(each: people.Device) -> Plain:
        held, link = each.binding, links.get(each.id)
        lives = residents.get(held.resident or "") if held else None
        return {
            **present.device(each),
            "registered_time": each.registered_us,
            "resident_name": lives.name if lives else None,
            "unit_name": places_named.get(held.unit) if held else None,
            "place_name": places_named.get(held.place or "") if held else None,
            "link": {"quality": link[0], "time": link[1]} if link else None,
            "quarantined": unread.get(each.id, {}),
            "troubles": troubles(each, link[0] if link else None, unread.get(each.id, {}), now_us),
        }

    order = list(Trouble)
    told = [said(each) for each in found]
    told.sort(key=lambda each: min((order.index(one) for one in each["troubles"]), default=len(order)))
    return {"platform_time": now_us, "devices": told}


@router.get(
    "/{device_id}/message", summary="Its last message, as it came", response_model=StoredMessage, responses=_REFUSES
)
async def read_device_message(device_id: DeviceId, pool: ThePool, now_us: Now) -> Plain:
    """Return the last message of a device that is stored, of the last week; frames of acceleration are none."""
    found = await device_health.last_message(pool, device_id, now_us - _WEEK_US)
    if found is None:
        raise not_found("message")
    return {
        "topic": found.topic,
        "payload_hex": found.payload[:_SHOWN_BYTES].hex(),
        "size": len(found.payload),
        "retain": found.retain,
        "time": found.arrival_us,
    }


@router.post("", status_code=201, summary="Add a device", response_model=Device)
async def add_device(body: NewDevice, pool: ThePool, now_us: Now) -> Plain:
    """Make a device known before it speaks, or give one that has spoken its kind and label."""
    added = await people.add_device(
        pool, device_id=body.id, kind=body.kind, label=body.label, position=body.position, now_us=now_us
    )
    return present.device(added)


@router.post(
    "/{device_id}/binding", status_code=201, summary="Give it to somebody", response_model=Binding, responses=_REFUSES
)
async def bind_device(device_id: DeviceId, body: Bind, pool: ThePool, runtime: TheRuntime, now_us: Now) -> Plain | None:
    """Bind a device to a resident or a place from ``start`` on; whoever has it now has it no longer.

    The same binding again changes nothing. A start in the future is refused: until it comes the device would be
    nobody's, and could be neither taken back nor given to somebody else.
    """
    if await people.device(pool, device_id) is None:
        raise not_found("device")
    start_us = now_us if body.start is None else body.start
    if start_us > now_us + _AHEAD_US:
        raise Refusal(422, "malformed", "start: lies in the future; bind the device when it is handed over.")
    wanted = places.Binding(
        device=device_id,
        unit=body.unit or await _unit_of(pool, body),
        start_us=min(start_us, now_us),
        resident=body.resident,
        place=body.place,
        position=body.position,
    )
    bound = await people.bind(pool, wanted, now_us)
    await runtime.stages.gateway_knows(bound)
    return present.binding(bound)


@router.delete("/{device_id}/binding", summary="Take it back", response_model=Binding, responses=_REFUSES)
async def unbind_device(device_id: DeviceId, pool: ThePool, now_us: Now) -> Plain | None:
    """End the device's binding now and return it."""
    if await people.device(pool, device_id) is None:
        raise not_found("device")
    return present.binding(await people.unbind(pool, device_id, now_us, now_us))


async def _unit_of(pool: Pool, body: Bind) -> str:
    """Return the unit that goes without saying: the resident's own."""
    if body.resident is None:
        raise Refusal(422, "malformed", "unit: say in which unit the device at this place is watched.")
    resident = await people.resident(pool, body.resident)
    if resident is None:
        raise not_found("resident")
    return resident.unit
