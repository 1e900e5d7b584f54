"""The recorder: READINGS into the database, many messages a transaction, acknowledged after the commit.

It and the watcher do not wait for each other. With the database down it waits, and READINGS holds what comes. What the
database refuses for what it is (not for how the database is) goes to quarantine alone; the rest goes on. It also writes
QUARANTINE, makes the partitions of the days to come, and is the janitor of the streams.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
import msgspec
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from ingest.connections import JetStreamLink, open_jetstream
from ingest.health import Health, StoppedError, lag_of, report, stopped_within, together
from ingest.publishing import AWAY, Publisher
from ingest.pull import PullReader
from ingest.streams import ensure, purge_read, resume
from schemas import quarantine as quarantine_schema
from schemas import subjects
from schemas.errors import Unavailable
from schemas.quarantine import QuarantineEntry
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Reading, ReadingKind, decode_batch
from store import quarantine, readings
from store.pool import LOST, Pool, open_pool, transaction

log = logging.getLogger("shouwang.recorder")
T = TypeVar("T")

#: Messages taken at a time; each holds one to some hundred readings, so a transaction stays within a second.
TAKE = 128
#: No database rows: the platform's clock and settings live in the stream for the detectors.
NOT_RECORDED = frozenset({ReadingKind.TICK, ReadingKind.CONFIG})
#: Seconds between making partitions ahead (they are made a week ahead), and between the janitor's rounds: what 20,000
#: wearables send in half a minute is an eighth of READINGS.
PARTITIONS_SECONDS, JANITOR_SECONDS = 3600.0, 30.0
#: Where the clock jumps or is driven they are made before so much of it has passed; well within the week.
PREPARED_US = 86_400 * 1_000_000
#: What waiting for the database can mend: anything it says that is not about the data.
_DATABASE_AWAY: tuple[type[Exception], ...] = (*LOST, asyncpg.PostgresError, Unavailable)
#: What is about the data: it would be refused for ever.
_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError, TypeError, OverflowError)


async def run(
    *,
    nats_url: str,
    dsn: str,
    clock: Callable[[], int],
    stop: asyncio.Event,
    ready: Callable[[], None],
    wall: Callable[[], int] | None = None,
) -> None:
    """Run until ``stop``. Raises Unavailable when it cannot go on; started again, it writes nothing twice.

    ``wall`` is what processes and servers go by, where that is not ``clock`` (a simulated home).
    """
    link = await open_jetstream(nats_url, name="recorder", log=log, stop=stop)
    try:
        js = link.nc.jetstream()
        await ensure(js)
        await Recorder(link, js, dsn=dsn, clock=clock, stop=stop, wall=wall).run(ready)
    except StoppedError:
        pass
    finally:
        await link.close()


class Recorder:
    """The recorder's loops; all end with ``stop``."""

    def __init__(
        self,
        link: JetStreamLink,
        js: JetStreamContext,
        *,
        dsn: str,
        clock: Callable[[], int],
        stop: asyncio.Event,
        wall: Callable[[], int] | None = None,
    ) -> None:
        self._link, self._js, self._dsn, self._clock, self._stop = link, js, dsn, clock, stop
        self._wall = wall or clock
        self._prepared_us = 0  # around when the partitions were made last
        self.health = Health("recorder", log)
        self._publisher = Publisher(js, self.health, stop)

    async def run(self, ready: Callable[[], None]) -> None:
        """Write until stopped; ready once the database has been reached and its partitions are there."""
        pool = await self._patiently(lambda: open_pool(self._dsn))
        try:
            await self._prepare(pool, self._clock())
            lag = lag_of(self._js, subjects.READINGS, subjects.RECORDER, until_acknowledged=True)
            async with together() as tasks:
                tasks.create_task(self._record(pool), name="readings")
                tasks.create_task(self._record_quarantine(pool), name="quarantine")
                tasks.create_task(self._make_partitions(pool), name="partitions")
                tasks.create_task(self._clean(), name="janitor")
                tasks.create_task(report(self.health, self._js, self._wall, self._stop, lag), name="status")
                ready()
        finally:
            pool.terminate()

    async def _record(self, pool: Pool) -> None:
        await self._resume()
        reader = await PullReader.open(self._link, subjects.READINGS, subjects.RECORDER, batch=TAKE)
        while messages := await reader.take(self._stop):
            batch: list[Reading] = []
            for message in messages:
                batch.extend(reading for reading in await self._decoded(message) if reading.kind not in NOT_RECORDED)
            await self.write(pool, batch)
            await _acknowledge(messages)
            self.health.counts["messages"] += len(messages)
        await reader.close()

    async def _resume(self) -> None:
        """Take up at once what a killed recorder had taken; each reading is written once however often it comes."""

        async def attempt() -> None:
            await ensure(self._js)  # an attempt that was cut in the middle may have left no reader
            await resume(self._js, subjects.READINGS, subjects.RECORDER, subjects.READINGS_AND_UNBOUND)

        await self.health.persist(
            attempt,
            errors=AWAY,
            key="reader",
            sentence="recorder: READINGS cannot be read; going on once it can.",
            stop=self._stop,
        )

    async def _decoded(self, message: Msg) -> list[Reading]:
        try:
            return decode_batch(message.data)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            await self._put_aside(message.subject, "bad-batch", f"Not a batch of readings: {error}.", message.data)
            return []

    async def write(self, pool: Pool, batch: Sequence[Reading]) -> None:
        """Write readings, each once, waiting for the database; those that it refuses go to quarantine one by one."""
        if not batch:
            return
        newest_us = max(reading.arrival_us for reading in batch)
        if newest_us - self._prepared_us >= PREPARED_US:  # hours pass in a second where the clock is driven
            await self._prepare(pool, newest_us)

        async def attempt() -> Exception | None:
            try:
                async with transaction(pool) as conn:
                    await readings.write(conn, batch)
            except _REFUSED as error:
                return error
            return None

        refused = await self._patiently(attempt)
        if refused is None:
            self.health.counts["readings"] += len(batch)
        elif len(batch) > 1:
            half = len(batch) // 2
            await self.write(pool, batch[:half])
            await self.write(pool, batch[half:])
        else:
            reading = batch[0]
            log.warning("The database refuses a reading of %s: %s", reading.device, refused)
            await self._put_aside(reading.topic, "refused-by-store", f"Not stored: {refused}.", reading.payload)

    async def _put_aside(self, topic: str, reason: str, sentence: str, payload: bytes) -> None:
        await self._publisher.quarantine([quarantine_entry(self._clock(), topic, reason, sentence, payload)])

    async def _record_quarantine(self, pool: Pool) -> None:
        reader = await PullReader.open(self._link, subjects.QUARANTINE, subjects.QUARANTINER, batch=TAKE)
        while messages := await reader.take(self._stop):
            entries: list[QuarantineEntry] = []
            for message in messages:
                entries.extend(self._entries(message))
            await self._write_entries(pool, entries)
            await _acknowledge(messages)
        await reader.close()

    def _entries(self, message: Msg) -> list[QuarantineEntry]:
        try:
            return quarantine_schema.decode_batch(message.data)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            # Put into the list itself: quarantining it in the stream would bring it back here.
            sentence = f"Not a batch of entries: {error}."
            return [quarantine_entry(self._clock(), message.subject, "bad-batch", sentence, message.data)]

    async def _write_entries(self, pool: Pool, entries: Sequence[QuarantineEntry]) -> None:
        async def attempt() -> Exception | None:
            try:
                await quarantine.write(pool, entries)
            except _REFUSED as error:
                return error
            return None

        refused = await self._patiently(attempt)
        if refused is None:
            self.health.counts["quarantined"] += len(entries)
        elif len(entries) > 1:
            half = len(entries) // 2
            await self._write_entries(pool, entries[:half])
            await self._write_entries(pool, entries[half:])
        else:
            self.health.counts["quarantine_refused"] += 1
            log.warning("The database refuses a quarantine entry (%s): %s", entries[0].reason, refused)

    async def _make_partitions(self, pool: Pool) -> None:
        while not await stopped_within(self._stop, PARTITIONS_SECONDS):
            await self._prepare(pool, self._clock())

    async def _prepare(self, pool: Pool, now_us: int) -> None:
        await self._patiently(lambda: _ensure_partitions(pool, now_us))
        self._prepared_us = now_us

    async def _clean(self) -> None:
        while not await stopped_within(self._stop, JANITOR_SECONDS):
            try:
                for stream, count in (await purge_read(self._js, self._wall())).items():
                    self.health.counts[f"purged_{stream.lower()}"] += count
            except AWAY as error:
                log.debug("The janitor could not work now: %s", error)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        return await self.health.persist(
            attempt,
            errors=_DATABASE_AWAY,
            key="database",
            sentence="recorder: the database does not take what we write; waiting for it.",
            stop=self._stop,
        )


async def _ensure_partitions(pool: Pool, now_us: int) -> None:
    async with transaction(pool) as conn:
        await readings.ensure_partitions(conn, now_us)


async def _acknowledge(messages: Sequence[Msg]) -> None:
    for message in messages:
        await message.ack()
