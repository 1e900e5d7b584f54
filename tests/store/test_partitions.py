"""Partitions of plain PostgreSQL: there for every reading that is believed, whatever the time runs like."""

import asyncio

import msgspec
import pytest

from schemas.reading import Reading
from store import readings
from store.pool import Pool
from store.series import DAY_US, TABLES
from tests.store.making import NOW, SECOND, frame, state

pytestmark = [pytest.mark.servers, pytest.mark.partitions]
TODAY = NOW // DAY_US


def day_of(number: int) -> list[Reading]:
    at_us = NOW + number * DAY_US
    return [frame("w1", number + 1000, at_us), state("w1", number + 1000, at_us + SECOND)]


def unbelieved(count: int = 20) -> list[Reading]:
    """Frames whose event time lies a year before their arrival."""
    sent = [frame("w1", seq, NOW + seq * SECOND) for seq in range(count)]
    return [msgspec.structs.replace(one, arrival_us=one.arrival_us + 365 * DAY_US) for one in sent]


async def partitions(pool: Pool, table: str = "frame") -> set[str]:
    rows = await pool.fetch(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::text::regclass", table
    )
    return {row["name"] for row in rows}


async def test_a_home_that_runs_through_months_has_a_partition_for_each_day_and_nothing_in_the_default(
    pool: Pool,
) -> None:
    await readings.ensure_partitions(pool, NOW)
    for number in range(30):
        await readings.write(pool, day_of(number))
    for table in TABLES:
        assert await pool.fetchval(f"select count(*) from {table}_default") == 0
        assert {f"{table}_d{TODAY + number}" for number in range(30)} <= await partitions(pool, table)
    assert await pool.fetchval("select count(*) from frame") == 30


async def test_what_devices_kept_for_days_finds_its_partition_too(pool: Pool) -> None:
    kept = [frame("w1", number, NOW - number * DAY_US) for number in range(8)]
    sent = [msgspec.structs.replace(one, arrival_us=NOW + SECOND) for one in kept]
    assert (await readings.write(pool, sent)).frames == 8
    assert await pool.fetchval("select count(*) from frame_default") == 0
    assert (await readings.write(pool, sent)).repeated == 8


async def test_a_time_that_nobody_believes_makes_no_tables_and_is_kept(pool: Pool) -> None:
    assert (await readings.write(pool, unbelieved())).frames == 20
    assert await partitions(pool) == {"frame_default"}
    assert len(await readings.frames_between(pool, "re_1", NOW, NOW + 20 * SECOND)) == 20


async def test_writers_at_once_make_a_new_day_once(pool: Pool) -> None:
    batches = [[frame(f"w{writer}", seq, NOW + seq * SECOND) for seq in range(5)] for writer in range(8)]
    written = await asyncio.gather(*(readings.write(pool, batch) for batch in batches))
    assert sum(one.frames for one in written) == 40
    assert await partitions(pool) == {"frame_default", f"frame_d{TODAY}"}


async def test_who_reads_for_long_holds_nobody_up_and_the_day_is_made_when_they_are_done(pool: Pool) -> None:
    async with pool.acquire() as reader:
        reading = reader.transaction()
        await reading.start()
        await reader.fetch("select count(*) from frame")  # holds the default partition until the end
        await asyncio.wait_for(readings.write(pool, day_of(0)), 10)
        assert not any(name.startswith("frame") for name in await readings.ensure_partitions(pool, NOW))
        await reading.rollback()
    assert await pool.fetchval("select count(*) from frame_default") == 1
    assert len(await readings.ensure_partitions(pool, NOW)) == 9
    assert await pool.fetchval("select count(*) from frame_default") == 0
    assert await pool.fetchval(f"select count(*) from frame_d{TODAY}") == 1


async def test_partitions_are_made_once_and_take_over_what_went_to_the_default(pool: Pool) -> None:
    await readings.write(pool, unbelieved())
    made = await readings.ensure_partitions(pool, NOW)
    assert len(made) == 3 * 9
    assert await readings.ensure_partitions(pool, NOW) == []
    assert await pool.fetchval("select count(*) from frame_default") == 0
    assert await pool.fetchval(f"select count(*) from frame_d{TODAY}") == 20
    assert (await readings.write(pool, unbelieved())).repeated == 20
    assert len(await readings.ensure_partitions(pool, NOW + DAY_US)) == 3


async def test_partitions_made_by_two_recorders_at_once_are_made_once(pool: Pool) -> None:
    made = await asyncio.gather(*(readings.ensure_partitions(pool, NOW) for _ in range(4)))
    names = [name for names in made for name in names]
    assert (len(names), len(set(names))) == (27, 27)
    assert await pool.fetchval("select count(*) from pg_inherits where inhparent = 'frame'::regclass") == 10


async def test_a_day_that_was_counted_when_it_was_nearly_empty_is_never_read_whole_for_a_repetition(pool: Pool) -> None:
    async def read_whole() -> int:
        await conn.execute("select pg_stat_force_next_flush()")
        return int(await conn.fetchval("select seq_scan from pg_stat_user_tables where relname = $1", name))

    name = f"frame_d{TODAY}"
    async with pool.acquire() as conn:
        await readings.write(conn, [frame("w1", seq, NOW + seq * SECOND) for seq in range(20)])
        await conn.execute(f"analyze {name}")
        before = await read_whole()
        for first in range(20, 420, 20):
            await readings.write(conn, [frame("w1", seq, NOW + seq * SECOND) for seq in range(first, first + 20)])
        assert await read_whole() == before
