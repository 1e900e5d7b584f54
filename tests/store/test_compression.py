"""What only TimescaleDB does: a chunk a day, and compressed days that answer, take and give as if they were not."""

import re
from typing import Any

import asyncpg
import msgspec
import pytest

from schemas.effects import KeepEvidence
from schemas.reading import Observation, Reading
from store import again, evidence, migrate, people, readings
from store.pool import Pool
from store.series import DAY_US, TABLES
from tests.store.making import NOW, SECOND, a_home, frame, state, worn
from tests.store.test_alerts import raised

pytestmark = [pytest.mark.servers, pytest.mark.chunks]
HOUR = 3600 * SECOND
#: Days of data; those that ended more than 7 days before the newest are compressed.
DAYS, COMPRESSED = 12, 4
#: More rows than this one statement may not unpack unless it says so; TimescaleDB's own limit is 100,000.
_LIMIT = "set timescaledb.max_tuples_decompressed_per_dml_transaction = 5"


def day_of(number: int, resident: str | None = "re_1") -> list[Reading]:
    at_us = NOW + number * DAY_US
    frames = [frame("w1", number * 100 + seq, at_us + seq * SECOND, resident=resident) for seq in range(20)]
    beats = [
        state("w1", number * 100 + seq, at_us + seq * SECOND, Observation("heart_rate", 70.0 + seq))
        for seq in range(10)
    ]
    return [*frames, *(msgspec.structs.replace(one, resident=resident, unit=frames[0].unit) for one in beats)]


async def stored(pool: Pool, resident: str | None = "re_1") -> None:
    """Days of readings, those of the first days compressed as the policies do it."""
    for number in range(DAYS):
        await readings.write(pool, day_of(number, resident))
    await run_policies(pool)
    assert await compressed(pool) == dict.fromkeys(TABLES, COMPRESSED)


async def run_policies(pool: Pool) -> None:
    jobs = await pool.fetch(
        "select job_id from timescaledb_information.jobs where proc_name = 'policy_compression' order by 1"
    )
    assert len(jobs) == len(TABLES)
    for job in jobs:
        await pool.execute(f"call run_job({job['job_id']})")


async def compressed(pool: Pool) -> dict[str, int]:
    rows = await pool.fetch(
        """
        select hypertable_name as name, count(*) filter (where is_compressed) as n
        from timescaledb_information.chunks group by 1 order by 1
        """
    )
    return {row["name"]: row["n"] for row in rows}


async def test_frames_readings_and_messages_have_a_chunk_a_day_and_no_partitions(pool: Pool) -> None:
    for number in range(5):
        await readings.write(pool, day_of(number))
    tables = await pool.fetch("select hypertable_name as name, num_chunks from timescaledb_information.hypertables")
    assert {row["name"]: row["num_chunks"] for row in tables} == dict.fromkeys(TABLES, 5)
    assert await readings.ensure_partitions(pool, NOW) == []


async def test_who_asks_for_an_hour_reads_one_day(pool: Pool) -> None:
    for number in range(5):
        await readings.write(pool, day_of(number))
    asked = f"where event_us >= {NOW + 2 * DAY_US} and event_us < {NOW + 2 * DAY_US + HOUR}"
    for table in TABLES:
        plan = "\n".join(row[0] for row in await pool.fetch(f"explain (costs off) select * from {table} {asked}"))
        assert len(set(re.findall(r"_hyper_\d+_\d+_chunk", plan))) == 1, plan


async def test_the_sql_text_makes_the_same_tables_as_the_migrations(pool: Pool) -> None:
    shape = """
        select table_name, column_name, data_type, is_nullable from information_schema.columns
        where table_schema = $1 order by 1, 2
    """
    async with pool.acquire() as conn:
        await conn.execute("create schema told; set search_path to told, public")
        try:
            await conn.execute(migrate.sql_text())
            rows = await conn.fetch(shape, "told")
            held = await conn.fetch("select hypertable_name as n from timescaledb_information.hypertables order by 1")
        finally:
            await conn.execute("set search_path to public; drop schema told cascade")
        public = {tuple(row) for row in await conn.fetch(shape, "public")}
    assert len(rows) > 50
    assert {tuple(row) for row in rows} <= public  # the extension has views of its own in public
    assert [row["n"] for row in held] == [name for name in sorted(TABLES) for _ in range(2)]


async def test_what_is_compressed_counts_from_when_a_device_was_heard_last_not_from_a_clock(pool: Pool) -> None:
    assert await pool.fetchval("select heard_last_us()") == 0
    await readings.write(pool, day_of(0))
    await run_policies(pool)
    assert await compressed(pool) == dict.fromkeys(TABLES, 0)
    await readings.write(pool, [frame("w1", 1, NOW + 7 * DAY_US)])  # the first day has not ended 7 days before this
    await run_policies(pool)
    assert await compressed(pool) == dict.fromkeys(TABLES, 0)
    await readings.write(pool, [frame("w1", 2, NOW + 8 * DAY_US)])
    await run_policies(pool)
    assert await compressed(pool) == dict.fromkeys(TABLES, 1)
    assert await pool.fetchval("select heard_last_us()") == NOW + 8 * DAY_US + SECOND + 50_000


async def everything(pool: Pool) -> list[Any]:
    end_us = NOW + DAYS * DAY_US
    rows = [await pool.fetch(f"select * from {table} order by event_us, device, seq") for table in TABLES]
    return [
        rows,
        await readings.frames_between(pool, "re_1", NOW, end_us),
        await readings.frames_between(pool, "re_1", NOW + 5 * SECOND, NOW + 9 * SECOND, device="w1"),
        await readings.activity_by_minute(pool, "re_1", NOW - HOUR, end_us),
        await readings.latest(pool, "re_1"),
    ]


async def test_a_compressed_day_answers_as_before_and_knows_repetitions(pool: Pool) -> None:
    for number in range(DAYS):
        await readings.write(pool, day_of(number))
    before = await everything(pool)
    await run_policies(pool)
    assert await compressed(pool) == dict.fromkeys(TABLES, COMPRESSED)
    assert await everything(pool) == before
    assert (await readings.write(pool, day_of(1))).repeated == 30
    assert await everything(pool) == before


async def test_what_comes_late_for_a_compressed_day_is_taken(pool: Pool) -> None:
    await stored(pool)
    late = [frame("w1", 50 + seq, NOW + (50 + seq) * SECOND) for seq in range(5)]
    late_state = state("w1", 50, NOW + 50 * SECOND, Observation("heart_rate", 99.0))
    assert await readings.write(pool, [*late, late_state]) == readings.Written(frames=5, values=1, messages=1)
    assert (await readings.write(pool, [*late, late_state])).repeated == 6
    assert len(await readings.frames_between(pool, "re_1", NOW, NOW + 60 * SECOND)) == 25
    await run_policies(pool)  # and is compressed with the rest
    assert len(await readings.frames_between(pool, "re_1", NOW, NOW + 60 * SECOND)) == 25


async def test_a_binding_gives_compressed_days_to_their_owner_however_many_rows_they_hold(pool: Pool) -> None:
    await a_home(pool)
    await stored(pool, resident=None)
    async with pool.acquire() as conn:
        await conn.execute(_LIMIT)
        with pytest.raises(asyncpg.PostgresError, match="decompress"):
            await conn.execute("update message set unit = 'x' where device = 'w1'")
        await people.bind(conn, worn(NOW), NOW + DAYS * DAY_US)
    for table in TABLES:
        owners = await pool.fetch(f"select unit, resident, count(*) as n from {table} group by 1, 2")
        each = 20 if table == "frame" else 10
        assert [tuple(row) for row in owners] == [("pl_1", "re_1", each * DAYS)]
    assert (await readings.latest(pool, "re_1")).last_frame_us == NOW + (DAYS - 1) * DAY_US + 20 * SECOND


async def test_messages_of_a_compressed_day_are_read_again_and_replaced(pool: Pool) -> None:
    await stored(pool)
    async with pool.acquire() as conn:
        async with conn.transaction():
            groups = [group async for group in again.messages_since(conn, NOW, device="w1", always="bridge:")]
        assert len(groups) == 10 * DAYS
        mended = state("w1", 3, NOW + 3 * SECOND, Observation("heart_rate", 50.0))
        await conn.execute(_LIMIT)
        assert await again.replace(conn, groups[3], [mended]) == 1
        await again.renew_latest(conn, ["w1"])
    values = await pool.fetch("select value from reading where event_us = $1", NOW + 3 * SECOND)
    assert [row["value"] for row in values] == [50.0]
    assert await pool.fetchval("select count(*) from message") == 10 * DAYS
    assert len((await readings.latest(pool, "re_1")).values) == 3


async def test_the_trace_of_a_compressed_day_can_still_be_kept(pool: Pool) -> None:
    await stored(pool)
    alert = await raised(pool)
    wanted = KeepEvidence(alert=alert.id, resident="re_1", device="w1", start_us=NOW, end_us=NOW + 10 * SECOND)
    assert await evidence.keep(pool, wanted) == evidence.Kept(frames=10, complete=True)
