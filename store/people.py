"""Places and residents: who is watched over, and where."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg
import msgspec

from schemas.alert import FallAlarm
from schemas.attendance import StaffedHours
from schemas.config import ResidentConfig, Sensitivity
from schemas.effects import ConfigureResident, Effect, MirrorContacts
from schemas.errors import BrokenRule
from schemas.mobility import Mobility, mobility_of
from schemas.places import PlaceKind
from schemas.zone import check_zone
from store import devices as device_rows
from store import history, outbox, setting_changes
from store.devices import Device, add_device, bind, bindings_of, bound_devices, device, devices, unbind, watched
from store.grants import Reach, Subject, narrowed
from store.pool import Connection, Db, transaction
from store.rows import columns, placeholders, record, values

__all__ = [
    "Device", "Place", "Resident", "add_device", "add_place", "add_resident", "bind", "bindings_of", "bound_devices",
    "device", "devices", "new_id", "place", "places", "resident", "residents", "unbind", "update_resident",
    "watched",
]  # fmt: skip

#: Where the first installations are; a resident's day begins at midnight there unless something else is said.
DEFAULT_TIMEZONE = "Asia/Shanghai"
#: Kinds of places that can be watched as one: a home, or a centre's room, ward or floor.
UNIT_KINDS = frozenset({PlaceKind.HOME, PlaceKind.ROOM, PlaceKind.WARD, PlaceKind.FLOOR})
#: The tree is city > county > township > village or institution > floor > ward > room; a cycle would be endless.
_MAX_DEPTH = 16


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the tree. ``path`` is the names from the root to it, this one last.

    ``fall_alarm``, ``timezone``: what was chosen for it and all below that choose nothing, None: what holds above.
    ``staffed``: when somebody must watch it, None: nobody need (store.attendance).
    """

    id: str
    kind: PlaceKind
    name: str
    parent: str | None
    path: tuple[str, ...]
    fall_alarm: FallAlarm | None = None
    timezone: str | None = None
    staffed: StaffedHours | None = None


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A person watched over. ``unit`` is the place that is watched as one; ``test`` marks what is no real person.

    ``absent_until_us`` is when they are expected back, None: they are here; store.absences has the calendar that it
    comes from. ``config_version`` rises with each change that detectors hear of. ``fall_alarm`` None: as their place
    has it. ``watches_off``: codes of schemas.watch.Watchable, in order. ``corners``: of the zone drawn for them
    (schemas.config), none: no zone.
    """

    id: str
    name: str
    unit: str
    birth_year: int | None = None
    room: str | None = None
    conditions: tuple[str, ...] = ()
    mobility: str | None = None
    note: str | None = None
    test: bool = False
    timezone: str = DEFAULT_TIMEZONE
    absent_until_us: int | None = None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    fall_alarm: FallAlarm | None = None
    watches_off: tuple[str, ...] = ()
    corners: tuple[tuple[float, float], ...] = ()
    config_version: int = 0
    created_us: int = 0

    def config(self, unit: str) -> ResidentConfig:
        """Return what the detectors of ``unit``, theirs or one they left, must know."""
        if unit != self.unit:
            return ResidentConfig(resident=self.id, unit=unit, version=self.config_version, here=False)
        return ResidentConfig(
            resident=self.id,
            unit=unit,
            version=self.config_version,
            absent_until_us=self.absent_until_us,
            sensitivity=self.sensitivity,
            mobility=mobility_of(self.mobility),
            off=self.watches_off,
            corners=self.corners or msgspec.UNSET,
        )


_RESIDENT = f"select {columns(Resident)} from resident"  # noqa: S608  # our own column names
_SHARED = "select unit from resident group by unit having count(*) > 1"
#: What ``update_resident`` may change.
CHANGEABLE = frozenset(Resident.__struct_fields__) - {"id", "created_us", "config_version"}

_TREE = f"""
    with recursive tree as (
        select id, kind, name, parent, array[name] as path, fall_alarm, timezone, staffed
        from place where parent is null
        union all
        select p.id, p.kind, p.name, p.parent, tree.path || p.name, p.fall_alarm, p.timezone, p.staffed
        from place p join tree on p.parent = tree.id
        where cardinality(tree.path) < {_MAX_DEPTH}
    )
    select id, kind, name, parent, path, fall_alarm, timezone, staffed from tree
"""  # noqa: S608


def new_id(prefix: str) -> str:
    """Return a new id that is safe in a URL, a subject and a file name."""
    return f"{prefix}_{secrets.token_hex(6)}"


async def add_place(
    db: Db, *, name: str, kind: PlaceKind, now_us: int, parent: str | None = None, place_id: str | None = None
) -> Place:
    """Add a place under ``parent`` (None: at the root) and return it. BrokenRule ``unknown_place``, ``id_taken``."""
    place_id = place_id or new_id("pl")
    try:
        async with transaction(db) as conn:
            await conn.execute(
                "insert into place (id, parent, kind, name, created_us) values ($1, $2, $3, $4, $5)",
                place_id,
                parent,
                PlaceKind(kind),
                name,
                now_us,
            )
            await outbox.put(conn, [MirrorContacts(place_id)], now_us)
    except asyncpg.ForeignKeyViolationError:
        raise BrokenRule("unknown_place", "The place this one shall stand in does not exist.") from None
    except asyncpg.UniqueViolationError:
        raise BrokenRule("id_taken", "There is a place with this id already.") from None
    added = await place(db, place_id)
    assert added is not None  # noqa: S101  # just written
    return added


async def places(db: Db, reach: Reach | None = None) -> list[Place]:
    """Return all places within ``reach``, each after its parent."""
    rows = await db.fetch(f"{_TREE} where $1::text[] is null or id = any($1) order by path, id", narrowed(reach)[0])
    return [record(row, Place) for row in rows]


async def place_names(db: Db, ids: Collection[str]) -> dict[str, str]:
    """Return the names of these places by id; one that is not there is left out."""
    rows = await db.fetch("select id, name from place where id = any($1::text[])", list(ids))
    return {row["id"]: row["name"] for row in rows}


async def place(db: Db, place_id: str) -> Place | None:
    """Return one place, or None."""
    row = await db.fetchrow(f"{_TREE} where id = $1", place_id)
    return record(row, Place) if row is not None else None


async def add_resident(
    db: Db,
    *,
    name: str,
    unit: str,
    now_us: int,
    birth_year: int | None = None,
    room: str | None = None,
    conditions: Sequence[str] = (),
    mobility: str | None = None,
    note: str | None = None,
    test: bool = False,
    timezone: str = DEFAULT_TIMEZONE,
    resident_id: str | None = None,
) -> Resident:
    """Add a resident and return them. BrokenRule ``unknown_place``, ``not_a_unit``, ``id_taken``."""
    added = Resident(
        id=resident_id or new_id("re"),
        name=name,
        unit=unit,
        birth_year=birth_year,
        room=room,
        conditions=tuple(conditions),
        mobility=mobility,
        note=note,
        test=test,
        timezone=timezone,
        # Who gets about in a way that is known, or lives by another clock, is told of at once; of the others detectors
        # know all there is to know.
        config_version=0 if mobility_of(mobility) is Mobility.UNKNOWN and timezone == DEFAULT_TIMEZONE else 1,
        created_us=now_us,
    )
    async with transaction(db) as conn:
        await _check_unit(conn, unit)
        try:
            await conn.execute(
                f"insert into resident ({columns(Resident)}) values ({placeholders(Resident)})",  # noqa: S608
                *values(added),
            )
        except asyncpg.UniqueViolationError:
            raise BrokenRule("id_taken", "There is a resident with this id already.") from None
        told: list[Effect] = [ConfigureResident(added.id, unit)] if added.config_version else []
        if added.config_version:
            await history.note_settings(conn, [added.config(unit)], now_us)
        told += [each for each in await _together(conn, unit) if each not in told]
        await outbox.put(conn, [MirrorContacts(unit), *told], now_us)
    return added


async def residents(db: Db, reach: Reach | None = None) -> list[Resident]:
    """Return all residents within ``reach`` by name."""
    rows = await db.fetch(
        f"{_RESIDENT} where $1::text[] is null or unit = any($1) or id = any($2::text[]) order by name, id",
        *narrowed(reach),
    )
    return [record(row, Resident) for row in rows]


def where(found: Resident) -> Subject:
    """Return whom and where somebody is, for store.grants.Reach."""
    return Subject(resident=found.id, places=(found.unit,))


async def residents_by_ids(db: Db, ids: Collection[str]) -> dict[str, Resident]:
    """Return these residents by id; one that is not there is left out."""
    rows = await db.fetch(f"{_RESIDENT} where id = any($1::text[])", list(ids))
    return {row["id"]: record(row, Resident) for row in rows}


async def residents_of(db: Db, unit: str) -> list[Resident]:
    """Return the residents of a unit by id."""
    return [record(row, Resident) for row in await db.fetch(f"{_RESIDENT} where unit = $1 order by id", unit)]


async def sole_resident(db: Db, unit: str) -> str | None:
    """Return who lives in a unit when that is one person, else None."""
    rows = await db.fetch("select id from resident where unit = $1 limit 2", unit)
    return rows[0]["id"] if len(rows) == 1 else None


async def living_in(db: Db, unit: str) -> int:
    """Return how many residents a unit has."""
    count: int = await db.fetchval("select count(*) from resident where unit = $1", unit)
    return count


async def names_in(db: Db, unit: str, but: str) -> list[str]:
    """Return the names of those who live in a unit, without one of them."""
    rows = await db.fetch("select name from resident where unit = $1 and id <> $2 order by name, id", unit, but)
    return [row["name"] for row in rows]


async def configured_residents(db: Db) -> list[Resident]:
    """Return the residents whose config was ever changed, those of another time zone, and those who share a unit.

    Detectors take the others as here, alone and with nothing special.
    """
    rows = await db.fetch(
        f"{_RESIDENT} where config_version > 0 or timezone <> $1 or unit in ({_SHARED}) order by id", DEFAULT_TIMEZONE
    )
    return [record(row, Resident) for row in rows]


async def resident(db: Db, resident_id: str) -> Resident | None:
    """Return one resident, or None."""
    row = await db.fetchrow(f"{_RESIDENT} where id = $1", resident_id)
    return record(row, Resident) if row is not None else None


async def update_resident(
    db: Db,
    resident_id: str,
    changes: dict[str, Any],
    now_us: int,
    *,
    actor: str | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Resident:
    """Change the fields given (of CHANGEABLE; ValueError for another) and return the resident.

    ``actor``: who did it; what of it is a setting is then noted with their name (store.setting_changes). ``seen``: the
    settings that they had before them, for ``setting_changes.upon``, which may refuse.

    A move to another unit takes the devices along: their bindings end and begin again in the new unit at ``now_us``.
    BrokenRule ``not_found``, ``unknown_place``, ``not_a_unit``, and those of ``schemas.zone.check_zone``.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"a resident has no changeable {', '.join(sorted(unknown))}")
    async with transaction(db) as conn:
        row = await conn.fetchrow(f"{_RESIDENT} where id = $1 for update", resident_id)
        if row is None:
            raise BrokenRule("not_found", "There is no such resident.")
        before = record(row, Resident)
        changes = await setting_changes.upon(conn, before, changes, seen or {})
        if "watches_off" in changes:  # in one order: the same choice is the same config
            changes = changes | {"watches_off": tuple(sorted(set(changes["watches_off"])))}
        check_zone(changes.get("corners", ()))
        after = msgspec.convert(msgspec.to_builtins(before) | changes, Resident)
        if _configured(after) != _configured(before):
            after = msgspec.structs.replace(after, config_version=before.config_version + 1)
            changes = changes | {"config_version": after.config_version}
        if after.unit != before.unit:
            await _check_unit(conn, after.unit)
        names = sorted(changes)
        if names:
            assigned = ", ".join(f"{name} = ${index}" for index, name in enumerate(names, 2))
            new = dict(zip(Resident.__struct_fields__, values(after), strict=True))
            await conn.execute(
                f"update resident set {assigned} where id = $1",  # noqa: S608  # names are of CHANGEABLE
                resident_id,
                *(new[name] for name in names),
            )
        if after.config_version != before.config_version:
            told = [after.config(unit) for unit in sorted({before.unit, after.unit})]
            await history.note_settings(conn, told, now_us)
        if actor is not None:
            await setting_changes.note_fields(conn, before, after, actor, now_us)
        if after.unit != before.unit:
            await device_rows.move(conn, resident_id, after.unit, now_us)
        joined = await _together(conn, after.unit) if after.unit != before.unit else []
        await outbox.put(conn, [*_effects(before, after), *joined], now_us)
    return after


def _configured(resident: Resident) -> tuple[object, ...]:
    mobility = mobility_of(resident.mobility)
    watched = resident.sensitivity, resident.watches_off, resident.timezone, resident.corners
    return resident.unit, resident.absent_until_us, mobility, watched


def _effects(before: Resident, after: Resident) -> list[Effect]:
    """Return who must hear of a change, in the unit left and the one entered."""
    units = sorted({before.unit, after.unit})
    found: list[Effect] = []
    if (after.unit, after.name, after.test) != (before.unit, before.name, before.test):
        found += [MirrorContacts(unit) for unit in units]
    if after.config_version != before.config_version:
        found += [ConfigureResident(after.id, unit) for unit in units]
    return found


async def _together(conn: Connection, unit: str) -> list[Effect]:
    """Return who must be told of in a unit that somebody came into, if they share it.

    Two people in two rooms look like one who paces, until the detectors know that they are two.
    """
    rows = await conn.fetch("select id from resident where unit = $1 order by id", unit)
    return [ConfigureResident(row["id"], unit) for row in rows] if len(rows) > 1 else []


async def _check_unit(conn: Connection, unit: str) -> None:
    kind = await conn.fetchval("select kind from place where id = $1", unit)
    if kind is None:
        raise BrokenRule("unknown_place", "The place this resident shall be watched in does not exist.")
    if kind not in UNIT_KINDS:
        raise BrokenRule(
            "not_a_unit", f"A {kind} is too large to be watched as one: choose a home, room, ward or floor."
        )
