"""What happened to a resident without an alert, as people report it: found on the floor, and nobody was called."""

import msgspec

from schemas.errors import BrokenRule
from store.pool import Db
from store.rows import columns, placeholders, record, values


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """One report; ``event_us`` is about when it happened. Taken back, it counts as never made, and is kept."""

    id: str
    resident: str
    unit: str
    event_us: int
    note: str
    reported_by: str
    reported_us: int
    back_by: str | None = None
    back_us: int | None = None


_SELECT = f"select {columns(Missed)} from missed"  # noqa: S608  # our own column names


async def report(db: Db, missed: Missed) -> None:
    """Write a report down."""
    await db.execute(f"insert into missed ({columns(Missed)}) values ({placeholders(Missed)})", *values(missed))  # noqa: S608


async def of_resident(db: Db, resident: str, start_us: int, end_us: int) -> list[Missed]:
    """Return what is reported of a resident for ``start_us <= event < end_us`` and stands, newest first."""
    rows = await db.fetch(
        f"{_SELECT} where resident = $1 and event_us >= $2 and event_us < $3 and back_us is null "
        "order by event_us desc, id",
        resident,
        start_us,
        end_us,
    )
    return [record(row, Missed) for row in rows]


async def take_back(db: Db, missed_id: str, actor: str, now_us: int) -> Missed:
    """Take a report back; one that was taken back already stays as it was. BrokenRule ``not_found``."""
    await db.execute(
        "update missed set back_by = $2, back_us = $3 where id = $1 and back_us is null", missed_id, actor, now_us
    )
    row = await db.fetchrow(f"{_SELECT} where id = $1", missed_id)
    if row is None:
        raise BrokenRule("not_found", "There is no such report.")
    return record(row, Missed)
