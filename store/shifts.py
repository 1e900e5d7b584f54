"""Shifts and their handovers; what is allowed is alerts.handover, handed in. Nothing of a shift is ever taken away."""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from schemas.errors import BrokenRule
from schemas.shift import Shift
from store.pool import Connection, Db, transaction
from store.rows import assignments, columns, placeholders, record

_SELECT = f"select {columns(Shift)} from duty_shift"  # noqa: S608  # our own column names

#: The shift that runs (None: none does) into what becomes of it (None: nothing is written), and the one that runs then.
Begin = Callable[[Shift | None], tuple[Shift | None, Shift]]
Change = Callable[[Shift], Shift]


async def begin(db: Db, place: str, decide: Begin) -> Shift:
    """Let ``decide`` say which shift somebody is on. One at a time at a place. BrokenRule ``not_found``."""
    async with transaction(db) as conn:
        if not await conn.fetchval("select true from place where id = $1 for no key update", place):
            raise BrokenRule("not_found", "There is no such place.")
        row = await conn.fetchrow(f"{_SELECT} where place = $1 and handed_us is null for update", place)
        running = record(row, Shift) if row is not None else None
        ended, after = decide(running)
        if ended is not None:
            await _update(conn, ended)
        if running is not None and after.id == running.id:
            await _update(conn, after)
        else:
            sql = f"insert into duty_shift ({columns(Shift)}) values ({placeholders(Shift)})"  # noqa: S608
            await conn.execute(sql, *_values(after))
    return after


async def change(db: Db, shift_id: str, fn: Change) -> Shift:
    """Lock a shift, let ``fn`` decide, and write it. BrokenRule of ``fn``, and ``not_found``."""
    async with transaction(db) as conn:
        row = await conn.fetchrow(f"{_SELECT} where id = $1 for update", shift_id)
        if row is None:
            raise BrokenRule("not_found", "There is no such shift.")
        before = record(row, Shift)
        after = fn(before)
        if after != before:
            await _update(conn, after)
    return after


async def take_over(db: Db, shift_id: str, fn: Change, begin_next: Begin) -> tuple[Shift, Shift]:
    """Take a shift over and be on the next one, in one transaction: return both."""
    async with transaction(db) as conn:
        place = await conn.fetchval("select place from duty_shift where id = $1", shift_id)
        if place is None:
            raise BrokenRule("not_found", "There is no such shift.")
        # The place before the shift, as ``begin`` locks them: two could wait for each other.
        await conn.execute("select 1 from place where id = $1 for no key update", place)
        taken = await change(conn, shift_id, fn)
        return taken, await begin(conn, place, begin_next)


async def one(db: Db, shift_id: str) -> Shift | None:
    """Return a shift, or None."""
    row = await db.fetchrow(f"{_SELECT} where id = $1", shift_id)
    return record(row, Shift) if row is not None else None


async def running(db: Db, place: str) -> Shift | None:
    """Return the shift that runs at a place, or None."""
    row = await db.fetchrow(f"{_SELECT} where place = $1 and handed_us is null", place)
    return record(row, Shift) if row is not None else None


async def recent(db: Db, place: str, limit: int) -> list[Shift]:
    """Return the latest shifts of a place that were handed over, or ended without, latest first."""
    rows = await db.fetch(
        f"{_SELECT} where place = $1 and handed_us is not null order by begun_us desc, id limit $2", place, limit
    )
    return [record(row, Shift) for row in rows]


async def _update(conn: Connection, shift: Shift) -> None:
    await conn.execute(f"update duty_shift set {assignments(Shift)} where id = $1", *_values(shift))  # noqa: S608


def _values(shift: Shift) -> list[Any]:
    built = msgspec.to_builtins(shift)
    return [json.dumps(each, ensure_ascii=False) if isinstance(each, list | tuple) else each for each in built.values()]
