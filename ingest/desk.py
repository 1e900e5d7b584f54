"""The desk: FINDINGS into alerts, acknowledged after the transaction that took them in has committed.

With the database down it waits, and FINDINGS holds what comes; a finding delivered again changes nothing. A message
that is no finding, or that the desk cannot take in for what it is, goes to quarantine and is said aloud: it never stops
the ones behind it. The worker of the outbox runs beside.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from alerts.intake import intake
from alerts.joining import alert_for
from alerts.policy import RAISING, raising
from ingest.connections import JetStreamLink, open_jetstream
from ingest.driven_clock import DrivenClock
from ingest.health import Health, StoppedError, lag_of, report, together
from ingest.outbox_worker import OutboxWorker
from ingest.publishing import Publisher
from ingest.pull import PullReader, ReaderGoneError
from ingest.streams import ensure
from schemas import finding as wire
from schemas import subjects
from schemas.alert import Change
from schemas.errors import Unavailable
from schemas.finding import Finding, Stage
from schemas.quarantine import entry as quarantine_entry
from store import alerts, fall_alarm, people
from store.pool import LOST, Pool, open_pool

log = logging.getLogger("shouwang.desk")
T = TypeVar("T")

#: Findings taken at a time. They are rare; a small number keeps what a dead desk held small.
TAKE = 32


async def run(
    *,
    nats_url: str,
    dsn: str,
    clock: Callable[[], int],
    stop: asyncio.Event,
    ready: Callable[[], None],
    wall: Callable[[], int] | None = None,
) -> None:
    """Run until ``stop``. Raises Unavailable when it cannot go on; started again, it raises nothing twice.

    ``wall`` is what processes and servers go by, where that is not ``clock`` (a simulated home).
    """
    link = await open_jetstream(nats_url, name="desk", log=log, stop=stop)
    try:
        js = link.nc.jetstream()
        await ensure(js)
        await Desk(link, js, dsn=dsn, clock=clock, stop=stop, wall=wall).run(ready)
    except StoppedError:
        pass
    finally:
        await link.close()


class Desk:
    """The desk's loops; all end with ``stop``."""

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
        self.health = Health("desk", log)
        self._publisher = Publisher(js, self.health, stop)

    async def run(self, ready: Callable[[], None]) -> None:
        """Take in findings until stopped; ready once the database has been reached."""
        pool = await self._patiently(lambda: open_pool(self._dsn))
        worker = OutboxWorker(pool, self._js, self._clock, self.health, self._stop, wall=self._wall)
        lag = lag_of(self._js, subjects.FINDINGS, subjects.DESK, until_acknowledged=True)
        try:
            async with together() as tasks:
                tasks.create_task(self._take_in(pool), name="findings")
                tasks.create_task(worker.run(), name="outbox")
                tasks.create_task(report(self.health, self._js, self._wall, self._stop, lag), name="status")
                ready()
        finally:
            pool.terminate()

    async def _take_in(self, pool: Pool) -> None:
        try:
            reader = await PullReader.open(self._link, subjects.FINDINGS, subjects.DESK, batch=TAKE)
            while messages := await reader.take(self._stop):
                for message in messages:
                    await self._one(pool, message)
            await reader.close()
        except StoppedError:
            pass
        except ReaderGoneError as error:
            raise Unavailable(f"{error} The desk must be started again.") from error

    async def _one(self, pool: Pool, message: Msg) -> None:
        try:
            finding = wire.decode(message.data)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
            await self._put_aside(message, "bad-finding", f"Not a finding: {error}.")
            return
        change = await self._accepted(pool, message, finding)
        if change is not None and change.steps:
            self.health.counts[str(change.steps[-1].kind)] += 1
        self.health.counts["findings"] += 1
        await message.ack()

    async def _accepted(self, pool: Pool, message: Msg, finding: Finding) -> Change | None:
        async def attempt() -> Change | Exception | None:
            try:
                found = await _addressed(pool, finding)
                decide = partial(intake, raises=await _raises(pool, found))
                return await alerts.accept(pool, found, self._now_us(found), decide, alert_for)
            except LOST:
                raise
            except Exception as error:
                return error

        taken = await self._patiently(attempt)
        if not isinstance(taken, Exception):
            return taken
        sentence = f"The desk cannot take in finding {finding.id} ({finding.kind} of {finding.resident}): {taken!r}."
        log.error("%s", sentence, exc_info=taken)
        self.health.trouble("refused", sentence)
        await self._put_aside(message, "refused-by-desk", sentence, ack=False)
        return None

    def _now_us(self, finding: Finding) -> int:
        """Return when a finding is taken in.

        In a simulated home at once: our work takes no time there, so that when an alert is raised, and whether it is
        late, depends on neither the play's speed nor the machine's.
        """
        now_us = self._clock()
        return finding.heard_us or now_us if isinstance(self._clock, DrivenClock) else now_us

    async def _put_aside(self, message: Msg, reason: str, sentence: str, *, ack: bool = True) -> None:
        log.warning("%s: %s", reason, sentence)
        await self._publisher.quarantine(
            [quarantine_entry(self._clock(), message.subject, reason, sentence, message.data)]
        )
        if ack:
            await message.term()

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        return await self.health.persist(
            attempt,
            errors=(*LOST, Unavailable),
            key="database",
            sentence="desk: the database does not answer; findings wait in JetStream.",
            stop=self._stop,
        )


async def _raises(pool: Pool, finding: Finding) -> frozenset[Stage]:
    """Return the stages from which on a finding raises an alert, by what staff chose; asked for what is possible."""
    if finding.stage is not Stage.POSSIBLE:
        return RAISING
    return raising(finding, await fall_alarm.of(pool, finding.resident, finding.unit))


async def _addressed(pool: Pool, finding: Finding) -> Finding:
    """Return the finding with the resident whom a unit's own sensor speaks for, where only one lives there."""
    if finding.resident != finding.unit:
        return finding
    resident = await people.sole_resident(pool, finding.unit)
    return finding if resident is None else msgspec.structs.replace(finding, resident=resident)
