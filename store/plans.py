"""Plans of places, version after version: what somebody changed can be taken back."""

from collections.abc import Callable
from enum import StrEnum

import asyncpg
import msgspec

from schemas.errors import BrokenRule
from schemas.plan import PlacedRoom
from store.pool import Connection, Db, transaction

#: Versions kept of one place. A drawing that none of them has goes with the last one that had it.
KEPT = 40


class What(StrEnum):
    """What a version was made by."""

    DRAWING = "drawing"
    NO_DRAWING = "no_drawing"
    ROOMS = "rooms"
    RESTORED = "restored"


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it was checked and written anew by us; ``kind`` is its content type."""

    digest: str
    kind: str
    width: int
    height: int
    bytes: bytes


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One version. ``width`` and ``height`` of the drawing in px, 0 without one. Version 0: nobody made one yet."""

    place: str
    version: int = 0
    drawing: str | None = None
    width: int = 0
    height: int = 0
    rooms: tuple[PlacedRoom, ...] = ()
    what: What = What.ROOMS
    made_by: str = ""
    made_us: int = 0


_SELECT = """
    select p.place, p.version, p.drawing, coalesce(d.width, 0) as width, coalesce(d.height, 0) as height, p.rooms,
           p.what, p.made_by, p.made_us
    from plan p left join plan_drawing d on d.digest = p.drawing
"""


async def current(db: Db, place: str) -> Plan:
    """Return the newest version; version 0, empty, where nobody made one."""
    row = await db.fetchrow(f"{_SELECT} where p.place = $1 order by p.version desc limit 1", place)
    return Plan(place=place) if row is None else _plan(row)


async def versions(db: Db, place: str) -> list[Plan]:
    """Return all versions kept, newest first."""
    return [_plan(row) for row in await db.fetch(f"{_SELECT} where p.place = $1 order by p.version desc", place)]


async def drawn(db: Db) -> frozenset[str]:
    """Return the places that have a plan of their own."""
    return frozenset(row["place"] for row in await db.fetch("select distinct place from plan"))


async def drawing(db: Db, place: str, version: int | None = None) -> Drawing | None:
    """Return the drawing of a version (None: the newest), or None where it has none."""
    row = await db.fetchrow(
        """
        select d.digest, d.kind, d.width, d.height, d.bytes
        from plan p join plan_drawing d on d.digest = p.drawing
        where p.place = $1 and p.version = coalesce($2, (select max(version) from plan where place = $1))
        """,
        place,
        version,
    )
    return None if row is None else Drawing(**dict(row))


async def set_rooms(db: Db, place: str, rooms: tuple[PlacedRoom, ...], seen: int, by: str, now_us: int) -> Plan:
    """Let the rooms lie so (checked before: schemas.plan). BrokenRule ``plan_changed``, as all that change a plan."""
    return await _change(
        db, place, seen, by, now_us, lambda was: msgspec.structs.replace(was, rooms=rooms, what=What.ROOMS)
    )


async def set_drawing(db: Db, place: str, drawing: Drawing | None, seen: int, by: str, now_us: int) -> Plan:
    """Lay another drawing under the rooms, or none."""
    what = What.NO_DRAWING if drawing is None else What.DRAWING
    digest = None if drawing is None else drawing.digest
    async with transaction(db) as conn:
        if drawing is not None:
            await conn.execute(
                "insert into plan_drawing (digest, kind, width, height, bytes, made_us) values ($1, $2, $3, $4, $5, $6)"
                " on conflict (digest) do update set made_us = excluded.made_us",
                drawing.digest,
                drawing.kind,
                drawing.width,
                drawing.height,
                drawing.bytes,
                now_us,
            )
        return await _change(
            conn, place, seen, by, now_us, lambda was: msgspec.structs.replace(was, drawing=digest, what=what)
        )


async def restore(db: Db, place: str, version: int, seen: int, by: str, now_us: int) -> Plan:
    """Make a former version the newest again; what was between stays in the list. BrokenRule ``not_found`` too."""
    async with transaction(db) as conn:
        row = await conn.fetchrow(f"{_SELECT} where p.place = $1 and p.version = $2", place, version)
        if row is None:
            raise BrokenRule("not_found", "There is no such version of this plan any more.")
        return await _change(
            conn, place, seen, by, now_us, lambda _: msgspec.structs.replace(_plan(row), what=What.RESTORED)
        )


async def _change(db: Db, place: str, seen: int, by: str, now_us: int, decide: Callable[[Plan], Plan]) -> Plan:
    async with transaction(db) as conn:
        # The place's row: its first plan has no row of its own to lock.
        await conn.fetchval("select id from place where id = $1 for no key update", place)
        was = await current(conn, place)
        if was.version != seen:
            raise BrokenRule("plan_changed", f"{was.made_by or 'Somebody'} has changed this plan meanwhile.")
        await _write(conn, msgspec.structs.replace(decide(was), version=was.version + 1, made_by=by, made_us=now_us))
        await _forget(conn, place, was.version + 1 - KEPT)
        return await current(conn, place)


async def _write(conn: Connection, plan: Plan) -> None:
    await conn.execute(
        "insert into plan (place, version, drawing, rooms, what, made_by, made_us) values ($1, $2, $3, $4, $5, $6, $7)",
        plan.place,
        plan.version,
        plan.drawing,
        msgspec.json.encode(plan.rooms).decode(),
        plan.what,
        plan.made_by,
        plan.made_us,
    )


async def _forget(conn: Connection, place: str, upto: int) -> None:
    rows = await conn.fetch("delete from plan where place = $1 and version <= $2 returning drawing", place, upto)
    for digest in {row["drawing"] for row in rows if row["drawing"] is not None}:
        await conn.execute(
            "delete from plan_drawing d where d.digest = $1 and not exists (select 1 from plan where drawing = $1)",
            digest,
        )


def _plan(row: asyncpg.Record) -> Plan:
    plain = dict(row)
    return Plan(
        **{
            **plain,
            "what": What(plain["what"]),
            "rooms": msgspec.json.decode(plain["rooms"], type=tuple[PlacedRoom, ...]),
        }
    )
