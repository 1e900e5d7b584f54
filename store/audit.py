"""Who looked at whom and who changed what. Lines are added, never changed: the database refuses anything else."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from store.grants import Reach, narrowed
from store.pool import Db
from store.rows import record


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. ``unit``: where the resident was watched then. ``refused``: it was asked for, and not done."""

    id: int
    at_us: int
    account: str
    session: str
    act: str
    look: bool
    resident: str | None = None
    unit: str | None = None
    object: str | None = None
    data: dict[str, Any] = {}
    refused: bool = False


async def write(
    db: Db,
    *,
    at_us: int,
    account: str,
    session: str,
    act: str,
    look: bool = False,
    resident: str | None = None,
    unit: str | None = None,
    about: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Add a line and return its number."""
    return int(
        await db.fetchval(
            """
            insert into audit (at_us, account, session, act, look, resident, unit, object, data)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
            """,
            at_us,
            account,
            session,
            act,
            look,
            resident,
            unit,
            about,
            msgspec.json.encode(data or {}).decode(),
        )
    )


async def write_looks(
    db: Db, *, at_us: int, account: str, session: str, act: str, at: Sequence[tuple[str, str, str | None]]
) -> None:
    """Add a line for each of many looks of one moment: (resident, where they are watched, what was looked at)."""
    await db.execute(
        """
        insert into audit (at_us, account, session, act, look, resident, unit, object)
        select $1, $2, $3, $4, true, seen.resident, seen.unit, seen.object
        from unnest($5::text[], $6::text[], $7::text[]) as seen (resident, unit, object)
        """,
        at_us,
        account,
        session,
        act,
        [resident for resident, _, _ in at],
        [unit for _, unit, _ in at],
        [about for _, _, about in at],
    )


async def refused(db: Db, number: int, at_us: int, status: int) -> None:
    """Add that what line ``number`` says was not done."""
    await db.execute(
        """
        insert into audit (at_us, account, session, act, look, resident, unit, object, data, refuses)
        select $2, account, session, 'refused', false, resident, unit, object, json_build_object('status', $3::int), id
        from audit where id = $1
        """,
        number,
        at_us,
        status,
    )


async def entries(
    db: Db,
    *,
    reach: Reach | None = None,
    resident: str | None = None,
    account: str | None = None,
    since_us: int | None = None,
    looks: bool | None = None,
    before: int | None = None,
    limit: int = 200,
) -> list[Entry]:
    """Return lines, newest first. ``reach``: only of what was within; ``before``: only with a smaller number."""
    places, subjects = narrowed(reach)
    rows = await db.fetch(
        """
        select a.id, a.at_us, a.account, a.session, a.act, a.look, a.resident, a.unit, a.object, a.data,
               exists (select 1 from audit r where r.refuses = a.id) as refused
        from audit a
        where a.refuses is null
          and ($1::text[] is null or a.unit = any($1) or a.resident = any($2::text[]))
          and ($3::text is null or a.resident = $3) and ($4::text is null or a.account = $4)
          and ($5::bigint is null or a.at_us >= $5) and ($6::bool is null or a.look = $6)
          and ($7::bigint is null or a.id < $7)
        order by a.id desc limit $8
        """,
        places,
        subjects,
        resident,
        account,
        since_us,
        looks,
        before,
        limit,
    )
    return [record(row, Entry) for row in rows]
