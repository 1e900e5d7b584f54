"""Devices, and who has one when: bindings by interval of event time, which never overlap."""

from collections.abc import Sequence

import asyncpg
import msgspec

from schemas.effects import ConfigureDevice, MirrorBindings
from schemas.errors import BrokenRule
from schemas.places import Binding
from store import outbox
from store.adopt import adopt
from store.grants import Reach, Subject, narrowed
from store.locks import READINGS, hold
from store.pool import Connection, Db, transaction
from store.rows import columns, record


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device as it stands now. ``seen_us`` is when it was last heard (arrival), None: never.

    ``binding`` is the open one, None when nobody has it. ``battery`` in %, None when not known.
    """

    id: str
    kind: str
    label: str | None = None
    position: str | None = None
    registered_us: int = 0
    seen_us: int | None = None
    last_event_us: int | None = None
    battery: float | None = None
    worn: bool | None = None
    binding: Binding | None = None


_BINDING = columns(Binding)
_LAST = f"""
    select distinct on (device) {_BINDING} from binding
    order by device, end_us desc nulls first, start_us desc
"""  # noqa: S608
_DEVICE_FIELDS = tuple(name for name in Device.__struct_fields__ if name != "binding")


async def add_device(
    db: Db, *, device_id: str, kind: str, now_us: int, label: str | None = None, position: str | None = None
) -> Device:
    """Add a device, or give one that registered itself by being heard its kind and label. Returns it."""
    await db.execute(
        """
        insert into device (id, kind, label, position, registered_us) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set kind = excluded.kind, label = coalesce(excluded.label, device.label),
            position = coalesce(excluded.position, device.position)
        """,
        device_id,
        kind,
        label,
        position,
        now_us,
    )
    added = await device(db, device_id)
    assert added is not None  # noqa: S101  # just written
    return added


async def devices(
    db: Db, *, unbound: bool = False, resident: str | None = None, reach: Reach | None = None
) -> list[Device]:
    """Return devices by id with their open binding; ``unbound``: only those that nobody has now.

    ``reach``: only those within; one that was taken back is within where it was last, one nobody ever had everywhere.
    """
    rows = await db.fetch(f"select {', '.join(_DEVICE_FIELDS)} from device order by id")  # noqa: S608
    bound = {
        row["device"]: record(row, Binding)
        for row in await db.fetch(f"select {_BINDING} from binding where end_us is null")  # noqa: S608
    }
    found = [_device(row, bound.get(row["id"])) for row in rows]
    if unbound:
        found = [item for item in found if item.binding is None]
    if reach is not None and not reach.everywhere:
        last = {row["device"]: record(row, Binding) for row in await db.fetch(_LAST)}
        found = [item for item in found if reach.covers(_subject(last.get(item.id)))]
    if resident is not None:
        found = [item for item in found if item.binding is not None and item.binding.resident == resident]
    return found


def _subject(last: Binding | None) -> Subject:
    """Return whose a device is, by its last binding."""
    if last is None:
        return Subject(free=True)
    places = tuple(place for place in (last.unit, last.place) if place is not None)
    return Subject(resident=last.resident if last.end_us is None else None, places=places)


async def watched(db: Db, since_us: int, reach: Reach | None = None) -> int:
    """Return how many residents wear a device that was heard since ``since_us`` and does not say it is off the body.

    ``reach``: only of those within.
    """
    return int(
        await db.fetchval(
            """
            select count(distinct binding.resident) from binding join device on device.id = binding.device
            where binding.end_us is null and binding.resident is not null and device.seen_us >= $1
              and device.worn is not false
              and ($2::text[] is null or binding.unit = any($2) or binding.resident = any($3::text[]))
            """,
            since_us,
            *narrowed(reach),
        )
    )


async def device(db: Db, device_id: str) -> Device | None:
    """Return one device, or None."""
    row = await db.fetchrow(f"select {', '.join(_DEVICE_FIELDS)} from device where id = $1", device_id)  # noqa: S608
    if row is None:
        return None
    return _device(row, await _open(db, device_id))


def _device(row: asyncpg.Record, binding: Binding | None) -> Device:
    return Device(**{name: row[name] for name in _DEVICE_FIELDS}, binding=binding)


async def bind(db: Db, binding: Binding, now_us: int) -> Binding:
    """Bind a device from ``binding.start_us`` on; its open binding ends there. Returns the binding.

    What is stored of the device in that time and belongs to nobody becomes the owner's, without alarms for the past.
    The same binding again (double click) changes nothing. BrokenRule: ``unknown_device``, ``unknown_place``,
    ``unknown_resident``, ``wrong_unit`` (the resident is watched in another unit), ``resident_or_place``,
    ``binding_overlap`` (the device was somebody else's at that time).
    """
    if (binding.resident is None) == (binding.place is None):
        raise BrokenRule("resident_or_place", "A device is worn by one resident or stands at one place: say which.")
    try:
        async with transaction(db) as conn:
            return await _bind(conn, binding, now_us)
    except asyncpg.ForeignKeyViolationError as error:
        what = "resident" if "resident" in (error.constraint_name or "") else "place"
        raise BrokenRule(f"unknown_{what}", f"The {what} of this binding does not exist.") from None
    except (asyncpg.ExclusionViolationError, asyncpg.CheckViolationError):
        raise BrokenRule(
            "binding_overlap", "The device belonged to somebody else in that time; a device has one wearer at a time."
        ) from None


async def _bind(conn: Connection, binding: Binding, now_us: int) -> Binding:
    await hold(conn, READINGS)  # before the device's row, as whoever writes readings does
    known = await conn.fetchval("select id from device where id = $1 for no key update", binding.device)
    if known is None:
        raise BrokenRule("unknown_device", "There is no such device.")
    if binding.resident is not None:
        unit = await conn.fetchval("select unit from resident where id = $1", binding.resident)
        if unit is not None and unit != binding.unit:
            raise BrokenRule("wrong_unit", "This resident is watched in another unit; a device follows its wearer.")
    before = await _open(conn, binding.device)
    if before is not None and _same_owner(before, binding) and binding.start_us >= before.start_us:
        return before
    if before is not None and binding.end_us is None:
        await _end(conn, binding.device, binding.start_us)
    await conn.execute(
        """
        insert into binding (device, unit, resident, place, position, start_us, end_us, created_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        binding.device,
        binding.unit,
        binding.resident,
        binding.place,
        binding.position,
        binding.start_us,
        binding.end_us,
        now_us,
    )
    units = {binding.unit} if before is None else {binding.unit, before.unit}
    await _tell(conn, binding.device, units, now_us)
    await adopt(conn, binding)
    return binding


async def _tell(conn: Connection, device: str, units: set[str], now_us: int) -> None:
    """Let the gateway and the detectors of these units hear of a changed binding."""
    configure = [ConfigureDevice(device=device, unit=unit) for unit in sorted(units)]
    await outbox.put(conn, [MirrorBindings(device=device), *configure], now_us)


def _same_owner(one: Binding, other: Binding) -> bool:
    return msgspec.structs.replace(one, start_us=0) == msgspec.structs.replace(other, start_us=0)


async def unbind(db: Db, device_id: str, end_us: int, now_us: int) -> Binding:
    """End the device's open binding at ``end_us`` and return it with that end.

    BrokenRule ``not_bound``, and ``binding_overlap`` for an end before the beginning.
    """
    try:
        async with transaction(db) as conn:
            before = await _open(conn, device_id)
            if before is None:
                raise BrokenRule("not_bound", "Nobody has this device now.")
            await _end(conn, device_id, end_us)
            await _tell(conn, device_id, {before.unit}, now_us)
    except asyncpg.CheckViolationError:
        raise BrokenRule("binding_overlap", "A binding cannot end before it began.") from None
    return msgspec.structs.replace(before, end_us=end_us)


async def move(conn: Connection, resident: str, unit: str, now_us: int) -> None:
    """Begin a resident's open bindings again in another unit at ``now_us``, inside the caller's transaction."""
    rows = await conn.fetch(
        f"select {_BINDING} from binding where resident = $1 and end_us is null order by device",  # noqa: S608
        resident,
    )
    for row in rows:
        before = record(row, Binding)
        # A binding can begin in the future (a device handed over tomorrow); it then moves as it is.
        start_us = max(now_us, before.start_us + 1)
        await _bind(conn, msgspec.structs.replace(before, unit=unit, start_us=start_us), now_us)


async def bindings_of(db: Db, device_id: str) -> list[Binding]:
    """Return all bindings of a device, oldest first."""
    rows = await db.fetch(
        f"select {_BINDING} from binding where device = $1 order by start_us",  # noqa: S608
        device_id,
    )
    return [record(row, Binding) for row in rows]


async def bound_devices(db: Db) -> Sequence[str]:
    """Return the devices that have any binding, past or present: what the BINDINGS bucket must hold."""
    rows = await db.fetch("select distinct device from binding order by device")
    return [row["device"] for row in rows]


async def _open(db: Db, device_id: str) -> Binding | None:
    row = await db.fetchrow(
        f"select {_BINDING} from binding where device = $1 and end_us is null",  # noqa: S608
        device_id,
    )
    return record(row, Binding) if row is not None else None


async def _end(conn: Connection, device_id: str, end_us: int) -> None:
    await conn.execute("update binding set end_us = $2 where device = $1 and end_us is null", device_id, end_us)
