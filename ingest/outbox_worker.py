"""The outbox's worker in the desk's process: carries out what transactions decided, at least once.

- ``mirror_bindings``: a device's bindings from the database to the BINDINGS bucket, where the gateway reads them. At
  the start, and now and then, all of them are compared, so that a bucket that was lost or restored mends by itself.
- ``configure_resident``, ``configure_device``: how they stand, into their units' streams (ingest.configurer).
- ``settle_absences``: due when somebody leaves or comes back by the calendar (store.absences).
- ``keep_evidence``: copies the trace around an event, again and again until it is complete or nothing more will come.

``notify`` and ``mirror_contacts`` are carried out by the stage notify, which works with the desk down as well.
"""

import asyncio
from collections.abc import Callable

from nats.js import JetStreamContext
from nats.js.kv import KeyValue

from ingest import buckets
from ingest.configurer import SAY_ALL_SECONDS, Configurer
from ingest.health import Health, stopped_within
from ingest.proposer import LOOK_SECONDS as PROPOSE_SECONDS
from ingest.proposer import Proposer
from ingest.rebuild import LOOK_SECONDS, Rebuilder
from schemas import subjects
from schemas.effects import ConfigureDevice, ConfigureResident, Effect, KeepEvidence, MirrorBindings, SettleAbsences
from schemas.places import encode_bindings
from schemas.topics import is_device_id
from store import evidence, notices, outbox, people, quiet
from store.outbox import OutboxRow
from store.pool import FULL, LOST, Pool

KINDS = ("mirror_bindings", "keep_evidence", "configure_resident", "configure_device", "settle_absences")
#: A notice wakes the worker at once; this is for notices that were missed and for rows that become due.
POLL_SECONDS = 1.0
#: Wait before a failed effect is tried again, doubled at each failure up to the longest.
FIRST_RETRY_US, LONGEST_RETRY_US = 500_000, 30 * 1_000_000
#: Frames that a wearable kept while it was cut off come within minutes; what is not here by then will not come.
EVIDENCE_PATIENCE_US = 10 * 60 * 1_000_000
EVIDENCE_RETRY_US = 10 * 1_000_000
#: How far behind a recorder may be that is driven at full speed, wall time.
RECORDER_PATIENCE_US = 60 * 1_000_000
#: Between comparisons of all bindings, and between deletions of old rows, seconds.
MIRROR_ALL_SECONDS, PURGE_SECONDS = 600.0, 3600.0
#: Rows that are done are kept this long, to be looked at.
KEEP_DONE_US = 7 * 86_400 * 1_000_000


class OutboxWorker:
    """Carries out effects; ``run`` ends with ``stop``."""

    def __init__(
        self,
        pool: Pool,
        js: JetStreamContext,
        clock: Callable[[], int],
        health: Health,
        stop: asyncio.Event,
        *,
        wall: Callable[[], int] | None = None,
    ) -> None:
        self._pool, self._js, self._clock, self._health, self._stop = pool, js, clock, health, stop
        self._wall = wall or clock
        self._tried_us: dict[int, int] = {}  # of evidence, first, by the wall
        self._ours: dict[int, tuple[OutboxRow, int]] = {}  # leased to us until then (wall), and not known to be done
        self._wake = asyncio.Event()
        self._mirroring = asyncio.Lock()
        self._configurer = Configurer(pool, js, clock)
        self._rebuilder = Rebuilder(pool, js, self._configurer, clock, health, stop)
        self._proposer = Proposer(pool, clock, health, stop)

    async def run(self) -> None:
        """Work until ``stop``; nothing that happens to one effect or to a server ends it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(notices.follow(self._pool, outbox.CHANNEL, lambda _: self._wake.set(), self._stop))
            tasks.create_task(self._every(MIRROR_ALL_SECONDS, self.mirror_all), name="mirror")
            tasks.create_task(self._every(SAY_ALL_SECONDS, self._configurer.say_all), name="config")
            tasks.create_task(self._every(PURGE_SECONDS, self._purge), name="purge")
            tasks.create_task(self._every(LOOK_SECONDS, self._rebuilder.look), name="routines")
            tasks.create_task(self._every(PROPOSE_SECONDS, self._proposer.look), name="proposals")
            tasks.create_task(self._work(), name="effects")

    async def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                worked = await self.work_once()
            except Exception as error:  # the database is away, or a fault of ours: said once, tried again
                self._health.trouble("outbox", f"desk: the outbox cannot be worked on; trying again. ({error!r})")
                await stopped_within(self._stop, POLL_SECONDS)
                continue
            self._health.mended("outbox", "desk: the outbox is worked on again.")
            if not worked:
                await self._woken()

    async def _woken(self) -> None:
        waiters = [asyncio.ensure_future(self._wake.wait()), asyncio.ensure_future(self._stop.wait())]
        await asyncio.wait(waiters, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for waiter in waiters:
            waiter.cancel()

    async def work_once(self) -> int:
        """Carry out what is due; return how many rows were claimed.

        A database that is full takes our claims and refuses their results: then what is leased to us is done again at
        once, and not when its lease has run out, or a binding would be unknown to the gateway for a minute.
        """
        wall_us = self._wall()
        claimed = await outbox.claim(self._pool, KINDS, self._clock(), wall_us=wall_us)
        self._ours = {row_id: held for row_id, held in self._ours.items() if held[1] > wall_us}
        self._ours |= {row.id: (row, wall_us + outbox.LEASE_US) for row in claimed}
        rows, refused = [row for row, _ in self._ours.values()], None
        for row in rows:
            try:
                await self._one(row)
            except Exception as error:
                if isinstance(error, LOST) and not isinstance(error, FULL):
                    raise
                refused = error  # it is still read from, and the others are carried out all the same
            else:
                del self._ours[row.id]
        if refused is not None:
            raise refused
        return len(rows)

    async def _one(self, row: OutboxRow) -> None:
        """Carry out one row, or put it back for later. Raises what keeps the database from noting either."""
        try:
            await self._carry_out(row, row.effect)
        except LOST:
            raise
        except Exception as error:
            await self._retry(row, error)
        else:
            self._health.mended(_key(row), f"desk: {outbox.kind_of(row.effect)} works again.")

    async def _carry_out(self, row: OutboxRow, effect: Effect) -> None:
        if isinstance(effect, KeepEvidence):
            await self._keep(row, effect)
        elif isinstance(effect, MirrorBindings):
            await self._mirror_one(row, effect.device)
        elif isinstance(effect, ConfigureResident | ConfigureDevice):
            await self._configure(row, effect)
        elif isinstance(effect, SettleAbsences):
            await self._configurer.absences(effect.resident)
            await outbox.done(self._pool, [row.id], self._clock(), "settled")

    async def _keep(self, row: OutboxRow, effect: KeepEvidence) -> None:
        kept = await evidence.keep(self._pool, effect)
        now_us = self._clock()
        if not kept.complete and self._may_come(row, max(effect.end_us, row.created_us) + EVIDENCE_PATIENCE_US):
            held_us = self._wall() + EVIDENCE_RETRY_US
            await outbox.retry_later(self._pool, row.id, now_us, "incomplete so far", held_until_us=held_us)
            return
        self._tried_us.pop(row.id, None)
        result = "complete" if kept.complete else "incomplete"
        await outbox.done(self._pool, [row.id], now_us, result)
        self._health.counts[f"evidence_{result}"] += 1

    def _may_come(self, row: OutboxRow, until_us: int) -> bool:
        """Whether more of a trace may come. A driven clock may be days ahead of what the recorder has written."""
        if self._clock() < until_us:
            return True
        first_us = self._tried_us.setdefault(row.id, self._wall())
        return self._wall is not self._clock and self._wall() - first_us < RECORDER_PATIENCE_US

    async def _mirror_one(self, row: OutboxRow, device: str) -> None:
        if is_device_id(device):
            await self._put(await self._js.key_value(subjects.BINDINGS), device)
            result = "mirrored"
        else:  # such a name never passes the gateway either
            result = "not a device id"
        await outbox.done(self._pool, [row.id], self._clock(), result)
        self._health.counts["bindings_mirrored"] += 1

    async def _configure(self, row: OutboxRow, effect: ConfigureResident | ConfigureDevice) -> None:
        if isinstance(effect, ConfigureResident):
            await self._configurer.resident(effect, row.created_us)
        else:
            await self._configurer.device(effect, row.created_us)
        await outbox.done(self._pool, [row.id], self._clock(), "in the stream")
        self._health.counts["configs"] += 1

    async def _put(self, bucket: KeyValue, device: str) -> None:
        # One at a time: whoever read the database last writes last, and the bucket cannot end on an older state.
        async with self._mirroring:
            await bucket.put(device, encode_bindings(await people.bindings_of(self._pool, device)))

    async def mirror_all(self) -> int:
        """Make the bucket say what the database says about every device; return how many keys had to be mended."""
        bucket = await self._js.key_value(subjects.BINDINGS)
        held = await buckets.read(self._js, subjects.BINDINGS)
        mended = 0
        bound = await people.bound_devices(self._pool)
        for device in sorted({*held, *filter(is_device_id, bound)}):
            wanted = encode_bindings(await people.bindings_of(self._pool, device))
            if held.get(device, (None, 0))[0] != wanted:
                await self._put(bucket, device)
                mended += 1
        self._health.counts["bindings_mended"] += mended
        return mended

    async def _retry(self, row: OutboxRow, error: Exception) -> None:
        wait_us = min(FIRST_RETRY_US * 2 ** min(row.attempts - 1, 16), LONGEST_RETRY_US)
        # By the wall: what failed is a process or a server, and a driven clock may stand still or fly.
        held_us = self._wall() + wait_us
        await outbox.retry_later(
            self._pool, row.id, self._clock(), f"failed: {type(error).__name__}", held_until_us=held_us
        )
        self._health.counts[f"{outbox.kind_of(row.effect)}_retries"] += 1
        kind = outbox.kind_of(row.effect)
        self._health.trouble(_key(row), f"desk: {kind} fails; trying again. ({type(error).__name__}: {error})")

    async def _purge(self) -> None:
        self._health.counts["outbox_purged"] += await outbox.purge(self._pool, self._clock() - KEEP_DONE_US)
        self._health.counts["quiet_purged"] += await quiet.purge(self._pool, self._clock() - quiet.KEPT_US)

    async def _every(self, seconds: float, work: Callable[[], object]) -> None:
        while not self._stop.is_set():
            failed = False
            try:
                await work()  # type: ignore[misc]  # all are coroutines
            except Exception as error:
                failed = True
                self._health.trouble("upkeep", f"desk: upkeep failed; trying again. ({type(error).__name__}: {error})")
            else:
                self._health.mended("upkeep", "desk: upkeep works again.")
            await stopped_within(self._stop, POLL_SECONDS if failed else seconds)


def _key(row: OutboxRow) -> str:
    return f"outbox:{outbox.kind_of(row.effect)}"
