"""Partitions of the time series, made ahead; nothing to do where TimescaleDB makes its own chunks."""

import asyncpg

from store.locks import READINGS, hold
from store.pool import Connection, Db, transaction

TABLES = ("frame", "reading", "message")
DAY_US = 86_400 * 1_000_000
#: A recorder that is away for a week still finds a partition for what comes first when it is back.
AHEAD_DAYS = 7
#: Yesterday too: devices send what they kept over night.
BEHIND_DAYS = 1


async def ensure_partitions(db: Db, now_us: int) -> list[str]:
    """Make the daily partitions around ``now_us`` that are missing and return their names.

    Rows of such a day that went to the default partition are moved. A database with TimescaleDB needs none: [].
    """
    made: list[str] = []
    first = now_us // DAY_US - BEHIND_DAYS
    for table in TABLES:
        kind = await db.fetchval("select relkind from pg_class where oid = to_regclass($1)", table)
        if kind != b"p":
            continue
        for day in range(first, first + BEHIND_DAYS + AHEAD_DAYS + 1):
            name = f"{table}_d{day}"
            if await db.fetchval("select to_regclass($1)", name) is None:
                try:
                    async with transaction(db) as conn:
                        # No writer may put a row of this day into the default between the move and the attaching.
                        await hold(conn, READINGS)
                        await _make(conn, table, name, day * DAY_US)
                except asyncpg.DuplicateTableError:  # another recorder was first
                    continue
                made.append(name)
    return made


async def _make(conn: Connection, table: str, name: str, start_us: int) -> None:
    end_us = start_us + DAY_US
    await conn.execute(f"create table {name} (like {table} including defaults including constraints)")
    await conn.execute(
        f"""
        with moved as (
            delete from {table}_default where event_us >= {start_us} and event_us < {end_us} returning *
        )
        insert into {name} select * from moved
        """  # noqa: S608  # names of our own
    )
    await conn.execute(f"alter table {table} attach partition {name} for values from ({start_us}) to ({end_us})")
