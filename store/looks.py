"""Who looked where a resident is while no alert of them was open, and when: for people to read."""

import msgspec

from store.pool import Db, transaction
from store.rows import columns, record

#: A page that stays open asks again and again: that is one look, while it asks at least this often.
SAME_LOOK_US = 5 * 60 * 1_000_000


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One person's look, from when until when."""

    actor: str
    began_us: int
    last_us: int


async def note(db: Db, resident: str, actor: str, now_us: int) -> None:
    """Note that somebody looks now; two requests of one moment may be noted as two looks, never as none."""
    async with transaction(db) as conn:
        done = await conn.execute(
            """
            update position_look set last_us = greatest(last_us, $3)
            where id = (select id from position_look where resident = $1 and actor = $2 and last_us >= $3 - $4::bigint
                        order by last_us desc limit 1)
            """,
            resident,
            actor,
            now_us,
            SAME_LOOK_US,
        )
        if done == "UPDATE 0":
            await conn.execute(
                "insert into position_look (resident, actor, began_us, last_us) values ($1, $2, $3, $3)",
                resident,
                actor,
                now_us,
            )


async def looks(db: Db, resident: str, limit: int) -> list[Look]:
    """Return who looked, newest first."""
    rows = await db.fetch(
        f"select {columns(Look)} from position_look where resident = $1 order by last_us desc, id desc limit $2",  # noqa: S608
        resident,
        limit,
    )
    return [record(row, Look) for row in rows]
