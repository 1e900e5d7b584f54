"""Partitions of the time series by day; nothing to do where TimescaleDB makes its own chunks.

They are made ahead, and by the first row of a day that has none: a simulated home runs through months in minutes. What
lies too far from its arrival to be believed goes to the default partition, so that no clock gone mad makes tables; and
what comes while a long reader is in the way, so that nobody waits for it.
"""

from collections.abc import Iterable

import asyncpg

from store.locks import READINGS, hold
from store.pool import Connection, Db, transaction

TABLES = ("frame", "reading", "message")
DAY_US = 86_400 * 1_000_000
#: A recorder that is away for a week still finds a partition for what comes first when it is back.
AHEAD_DAYS = 7
#: Yesterday too: devices send what they kept over night.
BEHIND_DAYS = 1
#: Days before and after its arrival in which a reading has its day's partition: a device's own time is believed within
#: 7 days before to 5 minutes after (ingest.decoders.event_time), which may be the next day.
KEPT_DAYS, NEXT_DAYS = 8, 1
#: To attach a partition is to wait for all who read the default one. A write takes milliseconds; who is in the way for
#: longer may stay (reading everything again takes minutes): the default partition does until the next attempt.
_PATIENCE = "300ms"


async def ensure_partitions(db: Db, now_us: int) -> list[str]:
    """Make the daily partitions around ``now_us`` that are missing and return their names.

    Rows of such a day that went to the default partition are moved. What cannot be made since somebody reads for long
    is left for the next call. A database with TimescaleDB needs none: [].
    """
    first = now_us // DAY_US - BEHIND_DAYS
    return await _make(db, await _missing(db, range(first, first + BEHIND_DAYS + AHEAD_DAYS + 1)))


async def make_missing(conn: Connection, times: Iterable[tuple[int, int]]) -> None:
    """Make the partitions that readings of these (event, arrival) microseconds lack; the caller holds READINGS."""
    wanted = {
        event_us // DAY_US
        for event_us, arrival_us in times
        if -KEPT_DAYS <= event_us // DAY_US - arrival_us // DAY_US <= NEXT_DAYS
    }
    await _make(conn, await _missing(conn, sorted(wanted)))


async def unpack_all(conn: Connection) -> None:
    """Let this transaction change as many compressed rows as it must; TimescaleDB's own limit is 100,000.

    Nothing where TimescaleDB is not: there it is a setting that nobody reads.
    """
    await conn.execute("set local timescaledb.max_tuples_decompressed_per_dml_transaction = 0")


async def _missing(db: Db, days: Iterable[int]) -> list[tuple[str, int]]:
    rows = await db.fetch(
        """
        select name, day from unnest($1::text[]) as name, unnest($2::bigint[]) as day
        where (select relkind from pg_class where oid = to_regclass(name)) = 'p'
          and to_regclass(name || '_d' || day) is null
        order by name, day
        """,
        list(TABLES),
        list(days),
    )
    return [(row["name"], row["day"]) for row in rows]


async def _make(db: Db, missing: list[tuple[str, int]]) -> list[str]:
    made: list[str] = []
    busy: set[str] = set()
    for table, day in missing:
        if table in busy:
            continue
        try:
            async with transaction(db) as conn:
                # No writer may put a row of this day into the default between the move and the attaching.
                await hold(conn, READINGS)
                made.append(await _make_one(conn, table, day))
        except asyncpg.LockNotAvailableError:
            busy.add(table)
        except asyncpg.DuplicateTableError:  # another recorder was first
            continue
    return made


async def _make_one(conn: Connection, table: str, day: int) -> str:
    name, start_us = f"{table}_d{day}", day * DAY_US
    end_us = start_us + DAY_US
    await conn.execute(f"set local lock_timeout = '{_PATIENCE}'")
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
    await conn.execute("set local lock_timeout to default")
    return name
