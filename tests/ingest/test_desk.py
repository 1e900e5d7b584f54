"""The desk against the real JetStream and PostgreSQL: what is delivered twice, cut off, or no finding at all."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec
import pytest
from nats.js.errors import KeyNotFoundError

from alerts.intake import intake
from ingest import desk
from ingest.outbox_worker import EVIDENCE_PATIENCE_US
from schemas import subjects
from schemas.alert import FallAlarm
from schemas.finding import Stage, encode
from schemas.places import binding_at, decode_bindings
from store import alerts, evidence, fall_alarm, outbox, people, quarantine, quiet, readings
from store.pool import Pool, open_pool
from tests.conftest import Database, PlatformServers
from tests.ingest.conftest import Way, _running
from tests.ingest.waiting import eventually
from tests.store.making import NOW, SECOND, a_home, finding, frame, worn

pytestmark = pytest.mark.servers
SUBJECT = subjects.findings(3)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_us = NOW + 25 * SECOND

    def __call__(self) -> int:
        return self.now_us


class Room:
    """A desk's surroundings: database, streams, and a clock to set."""

    def __init__(self, way: Way, pool: Pool, dsn: str) -> None:
        self.way, self.pool, self.dsn, self.clock = way, pool, dsn, Clock()

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[None]:
        async with _running(
            lambda stop, ready: desk.run(
                nats_url=self.way.nats_url, dsn=self.dsn, clock=self.clock, stop=stop, ready=ready
            )
        ):
            yield

    async def read_all(self) -> bool:
        last = (await self.way.js.stream_info(subjects.FINDINGS)).state.last_seq
        info = await self.way.js.consumer_info(subjects.FINDINGS, subjects.DESK)
        # What was just stored is not yet among the pending: it must have been handed out.
        handed_out = info.delivered is not None and info.delivered.stream_seq >= last
        return handed_out and not info.num_pending and not info.num_ack_pending

    async def held(self, device: str) -> bytes | None:
        bucket = await self.way.js.key_value(subjects.BINDINGS)
        try:
            return (await bucket.get(device)).value
        except KeyNotFoundError:
            return None


@pytest.fixture
async def room(way: Way, database: Database) -> AsyncIterator[Room]:
    pool = await open_pool(database.dsn)
    await a_home(pool)
    yield Room(way, pool, database.dsn)
    pool.terminate()


async def test_a_finding_delivered_three_times_raises_one_alert_and_nothing_is_left_to_read(room: Room) -> None:
    async with room.desk():
        for _ in range(3):
            await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
    (alert,) = await alerts.listed(room.pool, status="all")
    assert alert.occurrences == 1
    assert alert.raised_us == room.clock.now_us
    assert len(await alerts.steps(room.pool, alert.id)) == 1


async def test_a_desk_that_died_before_acknowledging_raises_no_second_alert(room: Room) -> None:
    await room.way.js.publish(SUBJECT, encode(finding()))
    # Taken in and committed, but the acknowledgement never left.
    await alerts.accept(room.pool, finding(), room.clock(), intake)
    async with room.desk():
        await eventually(room.read_all)
    assert len(await alerts.listed(room.pool, status="all")) == 1


async def test_what_is_no_finding_is_quarantined_and_the_next_one_is_taken_in(room: Room, database: Database) -> None:
    async with room.desk(), room.way.recorder(database.dsn):
        for bad in (b"", b"\xff\xff not msgpack", b"\x81\xa2id\xa1x", encode(finding())[:-5]):
            await room.way.js.publish(SUBJECT, bad)
        await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
        assert len(await alerts.listed(room.pool, status="all")) == 1

        async def counted() -> bool:
            return await quarantine.counts(room.pool) == {"bad-finding": 4}

        await eventually(counted)


async def test_a_finding_that_the_database_refuses_is_said_aloud_and_stops_nothing(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async with room.desk():
        await room.way.js.publish(SUBJECT, encode(finding("x1", resident="a\0b")))
        await room.way.js.publish(SUBJECT, encode(finding("x2", at_us=2**63)))
        await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
    assert [entry.reason for entry in await room.way.quarantined()] == ["refused-by-desk"] * 2
    assert len(await alerts.listed(room.pool, status="all")) == 1
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 2


async def test_with_the_database_away_findings_wait_it_is_said_once_and_they_are_taken_in_when_it_is_back(
    room: Room, database: Database, platform_servers: PlatformServers, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await asyncpg.connect(platform_servers.dsn)
    async with room.desk():
        await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
        await admin.execute(f"alter database {database.name} allow_connections false")
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database.name)
        for index in range(5):
            await room.way.js.publish(SUBJECT, encode(finding(f"d{index}", at_us=NOW + index * SECOND)))

        async def said() -> bool:
            return any("findings wait in JetStream" in record.message for record in caplog.records)

        await eventually(said)
        await asyncio.sleep(1)  # several attempts fail
        await admin.execute(f"alter database {database.name} allow_connections true")
        await eventually(room.read_all)
    await admin.close()
    assert sum("findings wait in JetStream" in record.message for record in caplog.records) == 1
    (alert,) = await alerts.listed(room.pool, status="all")
    assert alert.occurrences == 6


async def test_a_binding_is_in_the_bucket_right_after_its_commit(room: Room) -> None:
    async with room.desk():
        await people.bind(room.pool, worn(NOW), NOW)

        async def mirrored() -> bool:
            value = await room.held("w1")
            found = binding_at(decode_bindings(value), NOW + 1) if value else None
            return found is not None and found.resident == "re_1"

        await eventually(mirrored, seconds=2)
        await people.bind(room.pool, worn(NOW + SECOND, resident="re_2"), NOW + SECOND)

        async def followed() -> bool:
            held = decode_bindings(await room.held("w1") or b"\x90")
            return [binding.resident for binding in held] == ["re_1", "re_2"]

        await eventually(followed, seconds=2)
    assert (await outbox.counts(room.pool))["mirror_bindings", "mirrored"] == 2


async def test_a_lost_bucket_and_a_stranger_in_it_are_mended_when_the_desk_starts(room: Room) -> None:
    async with room.desk():
        await people.bind(room.pool, worn(NOW), NOW)

        async def mirrored() -> bool:
            return await room.held("w1") is not None

        await eventually(mirrored)
    bucket = await room.way.js.key_value(subjects.BINDINGS)
    await bucket.delete("w1")
    await room.way.bind("stranger")
    async with room.desk():

        async def mended() -> bool:
            return decode_bindings(await room.held("w1") or b"\x90") != [] and await room.held("stranger") == b"\x90"

        await eventually(mended)


async def test_evidence_is_kept_once_its_end_has_passed_and_completed_when_frames_come_late(room: Room) -> None:
    fall = finding()
    seconds = range(-61, 62)
    early = [frame("w1", 100 + second, NOW + second * SECOND) for second in seconds if second < 30]
    late = [frame("w1", 100 + second, NOW + second * SECOND) for second in seconds if second >= 30]
    async with room.desk():
        await readings.write(room.pool, early)
        await room.way.js.publish(SUBJECT, encode(fall))
        await eventually(room.read_all)
        (alert,) = await alerts.listed(room.pool)
        assert await evidence.of_alert(room.pool, alert.id) is None
        room.clock.now_us = NOW + 66 * SECOND

        async def begun() -> bool:
            return await evidence.of_alert(room.pool, alert.id) is not None

        await eventually(begun)
        await readings.write(room.pool, late)
        room.clock.now_us += 15 * SECOND

        async def complete() -> bool:
            kept = await evidence.of_alert(room.pool, alert.id)
            return kept is not None and kept.complete

        await eventually(complete)
    kept = await evidence.of_alert(room.pool, alert.id)
    assert kept is not None
    assert (kept.start_us, kept.end_us) == (NOW - 60 * SECOND, NOW + 60 * SECOND)
    # Frames -61 s (it ends at the start: outside) to 59 s.
    assert [stored.seq for stored in kept.frames] == list(range(40, 160))


async def test_evidence_that_never_completes_is_given_up_and_counted(room: Room) -> None:
    await readings.write(room.pool, [frame("w1", 1, NOW)])
    async with room.desk():
        await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
        room.clock.now_us = NOW + 60 * SECOND + EVIDENCE_PATIENCE_US + SECOND

        async def given_up() -> bool:
            return ("keep_evidence", "incomplete") in await outbox.counts(room.pool)

        await eventually(given_up)
    (alert,) = await alerts.listed(room.pool)
    kept = await evidence.of_alert(room.pool, alert.id)
    assert kept is not None
    assert (kept.complete, len(kept.frames)) == (False, 1)


async def test_whom_to_tell_is_left_to_notify(room: Room) -> None:
    async with room.desk():
        await room.way.js.publish(SUBJECT, encode(finding()))
        await eventually(room.read_all)
        await people.bind(room.pool, worn(NOW), NOW)

        async def mirrored() -> bool:
            return await room.held("w1") is not None

        await eventually(mirrored)
    assert (await outbox.counts(room.pool))["notify", "waiting"] == 1


async def test_a_possible_fall_raises_an_alert_where_staff_chose_so_and_is_kept_where_they_did_not(room: Room) -> None:
    possible = finding(stage=Stage.POSSIBLE)
    await room.way.js.publish(SUBJECT, encode(possible))
    async with room.desk():
        await eventually(room.read_all)
        assert await alerts.listed(room.pool) == []
        (kept,) = await quiet.of_resident(room.pool, "re_1", NOW, NOW + SECOND, 9)
        assert kept.finding == possible.id
        await fall_alarm.choose(room.pool, "pl_1", FallAlarm.POSSIBLE)
        other = finding("f2", stage=Stage.POSSIBLE, at_us=NOW + 100 * SECOND)
        await room.way.js.publish(SUBJECT, encode(other))
        await eventually(room.read_all)
        (alert,) = await alerts.listed(room.pool)
        assert (alert.finding, alert.stage) == (other.id, Stage.POSSIBLE)


async def test_a_database_that_refuses_results_holds_up_no_binding_while_it_does_nor_after(room: Room) -> None:
    """As on a full disk: claiming a row still fits into its page, noting its result does not."""
    refusing = """
        create function full_disk() returns trigger language plpgsql as $$
        begin raise exception 'no space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before update on outbox for each row
        when (new.leased_us <= old.leased_us) execute function full_disk()
    """
    async with room.desk():
        await room.pool.execute(refusing)
        for name in ("w7", "w8", "w9"):
            await people.add_device(room.pool, device_id=name, kind="wearable", now_us=NOW)
            await people.bind(room.pool, msgspec.structs.replace(worn(NOW), device=name), NOW)
        await eventually(lambda: _all_held(room))
        await room.pool.execute("drop trigger full_disk on outbox")
        # The clock stands, so no lease runs out.
        await eventually(lambda: _nothing_waits(room))


async def _all_held(room: Room) -> bool:
    return all([await room.held(name) is not None for name in ("w7", "w8", "w9")])


async def _nothing_waits(room: Room) -> bool:
    return not await room.pool.fetchval(
        "select count(*) from outbox where kind = 'mirror_bindings' and done_us is null"
    )
