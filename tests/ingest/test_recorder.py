"""The recorder against the real JetStream and PostgreSQL."""

import asyncio

import asyncpg
import pytest

from schemas import subjects
from schemas.quarantine import encode_batch as encode_entries
from schemas.quarantine import entry
from schemas.reading import Clock, Reading, ReadingKind, encode_batch
from tests.conftest import Database
from tests.ingest.conftest import Way, now_us
from tests.ingest.frames import body, imu, payload
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

UNIT = subjects.readings(3)


def reading(seq: int, *, device: str = "watch-1", data: bytes | None = None, **fields: object) -> Reading:
    arrival = now_us()
    return Reading(
        kind=ReadingKind.FRAME, arrival_us=arrival, event_us=arrival, end_us=arrival + 1_000_000, device=device,
        unit=None, boot=7, seq=seq, clock=Clock.BOOT, topic=imu(device), payload=payload(seq) if data is None else data,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


async def count(dsn: str, sql: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()


async def test_what_is_delivered_again_is_written_once(way: Way, database: Database) -> None:
    batch = encode_batch([reading(seq) for seq in range(1, 21)])
    async with way.recorder(database.dsn):
        for _ in range(3):
            await way.js.publish(UNIT, batch)

        async def read() -> bool:
            info = await way.js.consumer_info(subjects.READINGS, subjects.RECORDER)
            return not info.num_pending and not info.num_ack_pending

        await eventually(read)
    assert await count(database.dsn, "select count(*) from frame") == 20


async def test_what_a_killed_one_had_taken_is_written_by_the_next_at_once(way: Way, database: Database) -> None:
    for seq in range(1, 6):
        await way.js.publish(UNIT, encode_batch([reading(seq)]))
    killed = await way.js.pull_subscribe_bind(subjects.RECORDER, subjects.READINGS)
    taken = await killed.fetch(5)
    await taken[4].ack()  # out of order: the four before it were being written
    async with way.recorder(database.dsn):
        await way.js.publish(UNIT, encode_batch([reading(6)]))
        await eventually(lambda: _is(database, "select count(*) from frame", 6), seconds=10)
        status = await way.js.consumer_info(subjects.READINGS, subjects.RECORDER)
        assert status.num_ack_pending == 0


async def test_a_reading_the_database_refuses_is_quarantined_and_the_others_go_on(way: Way, database: Database) -> None:
    good = [reading(seq) for seq in range(1, 8)]
    bad = reading(8, data=b"this is no frame")
    async with way.recorder(database.dsn):
        await way.js.publish(UNIT, encode_batch([*good[:3], bad, *good[3:]]))
        await way.js.publish(UNIT, b"\xff not a batch")
        await eventually(lambda: _is(database, "select count(*) from frame", 7))
        await eventually(lambda: _is(database, "select count(*) from quarantine", 2))
    entries = {each.reason: each for each in await way.quarantined()}
    assert set(entries) == {"refused-by-store", "bad-batch"}
    assert entries["refused-by-store"].payload == b"this is no frame"


async def _is(database: Database, sql: str, wanted: int) -> bool:
    return bool(await count(database.dsn, sql) == wanted)


async def test_with_the_database_down_it_waits_says_so_once_and_writes_all_afterwards(
    way: Way, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    name = database.name
    async with way.recorder(database.dsn):
        await way.js.publish(UNIT, encode_batch([reading(1)]))
        await eventually(lambda: _is(database, "select count(*) from frame", 1))
        admin = await asyncpg.connect(database.dsn.replace(name, "postgres"))
        try:
            await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            for seq in range(2, 6):
                await way.js.publish(UNIT, encode_batch([reading(seq)]))
            await asyncio.sleep(1.5)
            said = [record for record in caplog.records if "database does not take" in record.message]
            assert len(said) == 1
        finally:
            await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await admin.close()
        await eventually(lambda: _is(database, "select count(*) from frame", 5))


async def test_the_quarantine_stream_reaches_the_database(way: Way, database: Database) -> None:
    entries = [entry(now_us(), "sw/v1/x/imu", "bad-crc", f"entry {index}", b"\x00\x01") for index in range(300)]
    async with way.recorder(database.dsn):
        await way.js.publish(subjects.QUARANTINE_ALL, encode_entries(entries))
        await eventually(lambda: _is(database, "select count(*) from quarantine", 300))


async def test_an_unbound_devices_frames_and_states_are_kept_and_it_is_known_for_pairing(
    way: Way, database: Database
) -> None:
    async with way.gateway(), way.recorder(database.dsn):
        with way.publisher() as device:
            device.publish(imu("stranger"), payload(1))
            device.publish("sw/v1/stranger/state", body(boot=7, seq=1, t_us=5, battery=55))
            device.settle()
        await eventually(lambda: _is(database, "select count(*) from frame where resident is null", 1))
        await eventually(lambda: _is(database, "select count(*) from device where id = 'stranger'", 1))


async def test_the_recorder_waits_for_a_database_that_is_not_there_yet(way: Way, database: Database) -> None:
    missing = database.dsn.replace(database.name, "not_there_yet")
    starting = asyncio.ensure_future(_enter_and_leave(way, missing))
    await asyncio.sleep(0.5)
    assert not starting.done()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting


async def _enter_and_leave(way: Way, dsn: str) -> None:
    async with way.recorder(dsn):
        pass
