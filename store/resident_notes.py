"""Notes about a resident for whoever comes next: written, read for some time, and taken back but never deleted."""

import msgspec

from schemas.errors import BrokenRule
from store.pool import Db
from store.rows import columns, placeholders, record, values


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note; after ``until_us`` nobody is shown it any more. ``back_by``: who took it back."""

    id: str
    resident: str
    text: str
    written_by: str
    written_us: int
    until_us: int
    back_by: str | None = None
    back_us: int | None = None


_SELECT = f"select {columns(Note)} from resident_note"  # noqa: S608  # our own column names


async def add(db: Db, note: Note) -> None:
    """Write a note down."""
    await db.execute(f"insert into resident_note ({columns(Note)}) values ({placeholders(Note)})", *values(note))  # noqa: S608


async def shown(db: Db, resident: str, at_us: int) -> list[Note]:
    """Return the notes about a resident that are to be read at this time, newest first."""
    rows = await db.fetch(
        f"{_SELECT} where resident = $1 and until_us > $2 and back_us is null order by written_us desc, id",
        resident,
        at_us,
    )
    return [record(row, Note) for row in rows]


async def take_back(db: Db, resident: str, note_id: str, actor: str, now_us: int) -> None:
    """Take a note about a resident back; one that was taken back stays as it was. BrokenRule ``not_found``."""
    row = await db.fetchrow(
        "update resident_note set back_by = coalesce(back_by, $3), back_us = coalesce(back_us, $4) "
        "where resident = $1 and id = $2 returning id",
        resident,
        note_id,
        actor,
        now_us,
    )
    if row is None:
        raise BrokenRule("not_found", "There is no such note.")
