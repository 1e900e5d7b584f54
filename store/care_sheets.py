"""The care sheet: whom to call and what to do, for a resident and for all at a place.

Each change is a row of its own with the next version. Who changes it says which version was before them: of two at
once one is written, and the other is told who was first.
"""

from collections.abc import Mapping
from typing import Literal

import asyncpg
import msgspec

from schemas.errors import BrokenRule
from store.pool import Db

#: People to call for one resident: a family, a doctor, a neighbour with the key. A list is read while walking.
MOST_CONTACTS = 10

#: Whose sheet: the name of the column that holds the id.
Of = Literal["resident", "place"]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to call; the first of the list first."""

    name: str
    phone: str
    relation: str | None = None
    note: str | None = None


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One version. ``scripts``: what to do, by kind of alert; ``any`` is for all of them. Version 0: never written."""

    version: int = 0
    contacts: tuple[Contact, ...] = ()
    scripts: Mapping[str, str] = {}
    set_by: str = ""
    set_us: int = 0


class PlaceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a place has for all that live there or below."""

    place: str
    name: str
    sheet: Sheet


class SheetChanged(BrokenRule):
    """Whoever writes a sheet had an older one before them; ``now`` is what it is."""

    def __init__(self, now: Sheet) -> None:
        super().__init__(
            "changed_meanwhile",
            f"{now.set_by or 'Somebody'} has changed this meanwhile. Nothing was changed; look at it again.",
        )
        self.now = now


_COLUMNS = "version, contacts, scripts, set_by, set_us"


async def latest(db: Db, of: Of, key: str) -> Sheet:
    """Return the latest sheet of a resident or place, an empty one where none was written."""
    row = await db.fetchrow(f"select {_COLUMNS} from care_sheet where {of} = $1 order by version desc limit 1", key)  # noqa: S608  # of two names
    return _sheet(row) if row else Sheet()


async def above(db: Db, unit: str) -> list[PlaceSheet]:
    """Return the latest sheets of a unit and the places above it that have something to say, the nearest first."""
    rows = await db.fetch(
        f"""
        with recursive up as (
            select id, name, parent, 0 as far from place where id = $1
            union all
            select p.id, p.name, p.parent, up.far + 1 from place p join up on p.id = up.parent where up.far < 16
        )
        select up.id as place, up.name, {_COLUMNS} from up
        join lateral (select * from care_sheet s where s.place = up.id order by version desc limit 1) s on true
        where s.scripts <> '{{}}'
        order by up.far
        """,  # noqa: S608  # our own column names
        unit,
    )
    return [PlaceSheet(place=row["place"], name=row["name"], sheet=_sheet(row)) for row in rows]


async def write(db: Db, of: Of, key: str, sheet: Sheet) -> Sheet:
    """Write the version after ``sheet.version``, which its writer had before them, and return it.

    SheetChanged when it is no longer the latest; BrokenRule ``not_found`` when there is no such resident or place.
    """
    now = await latest(db, of, key)
    if now.version != sheet.version:
        raise SheetChanged(now)
    written = msgspec.structs.replace(sheet, version=sheet.version + 1)
    try:
        await db.execute(
            f"insert into care_sheet ({of}, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6)",  # noqa: S608
            key,
            written.version,
            msgspec.json.encode(written.contacts).decode(),
            msgspec.json.encode(written.scripts).decode(),
            written.set_by,
            written.set_us,
        )
    except asyncpg.UniqueViolationError:
        raise SheetChanged(await latest(db, of, key)) from None
    except asyncpg.ForeignKeyViolationError:
        raise BrokenRule("not_found", f"There is no such {of}.") from None
    return written


def _sheet(row: asyncpg.Record) -> Sheet:
    return Sheet(
        version=row["version"],
        contacts=msgspec.json.decode(row["contacts"], type=tuple[Contact, ...]),
        scripts=msgspec.json.decode(row["scripts"], type=dict[str, str]),
        set_by=row["set_by"],
        set_us=row["set_us"],
    )
