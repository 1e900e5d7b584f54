"""The watcher: units' readings through the detectors, findings out; the same findings whenever it is replayed.

Its place in the stream is in its snapshots, never in what the server remembers as acknowledged: a durable reader sends
unacknowledged messages again later and out of order, which a detector must not see. So at start, and whenever a
delivery is missing, the reader is made anew behind the last position, and each partition skips what its own snapshot
holds. A detector whose state this version cannot read reads the minutes before the snapshot again (REBUILD_SECONDS);
the others skip what they have seen, and what it had learnt over months is asked for (ingest.unit_notes). Order of
promises: findings are stored first, then the snapshot with its sequence, then messages are acknowledged (which only
tells the janitor).
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from detectors import host_falls
from detectors.host import PARTS, Host
from ingest import snapshots
from ingest.connections import JetStreamLink, open_jetstream
from ingest.health import Health, lag_of, report, together
from ingest.publishing import AWAY, Publisher
from ingest.pull import PullReader
from ingest.snapshots import Loaded, Shelf
from ingest.streams import ensure, reader_config, seq_before
from ingest.unit_notes import UnitNotes
from schemas import finding, ids, subjects
from schemas.finding import Finding
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Reading, decode_batch

log = logging.getLogger("shouwang.watcher")

#: Messages taken at a time when it is behind.
TAKE = 256
#: How much a crash makes it read again, seconds.
SAVE_SECONDS = 5.0
#: A partition whose detectors have not changed is saved this often, so that a restart does not read hours of ticks.
SAVE_IDLE_SECONDS = 60.0
#: What a detector reads again before a snapshot that it cannot take over. The detectors of falls hold 16 s and wait
#: for 15; the configurer says all settings again each minute. What was found in it is found again, under the same ids.
REBUILD_SECONDS = 120
#: Of a watcher's own random name, in the keys of what it saves.
WRITER_DIGITS = 12
#: A detector that has not failed for this long is well again, seconds.
WELL_SECONDS = 60.0


async def run(
    *,
    nats_url: str,
    clock: Callable[[], int],
    stop: asyncio.Event,
    ready: Callable[[], None],
    wall: Callable[[], int] | None = None,
) -> None:
    """Run until ``stop``. Raises Unavailable when another watcher has taken over or it cannot go on.

    ``wall`` is what processes are judged by, where that is not ``clock`` (a simulated home).
    """
    host_falls.load()
    link = await open_jetstream(nats_url, name="watcher", log=log, stop=stop)
    try:
        js = link.nc.jetstream()
        await ensure(js)
        await Watcher(link, js, clock=clock, stop=stop, wall=wall).run(ready)
    finally:
        await link.close()


@dataclass(slots=True)
class Partition:
    """One partition's detectors and where they stand in the stream.

    ``seq``: all parts have been through everything up to here, and those in ``ahead`` through more, to their own
    sequence. ``changed``: units that the snapshot does not hold as they are.
    """

    host: Host
    seq: int = 0
    ahead: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    saved_seq: int = 0
    saved_at: float = 0.0

    def behind(self, seq: int) -> frozenset[str]:
        """Return the parts that have not been through message ``seq``, and take it that they have now."""
        if not self.ahead:
            self.seq = seq
            return PARTS
        parts = frozenset(part for part in PARTS if self.ahead.get(part, self.seq) < seq)
        self.seq = seq
        self.ahead = {part: there for part, there in self.ahead.items() if there > seq}
        return parts


class Watcher:
    """The detectors of all partitions, and the loop that feeds them."""

    def __init__(
        self,
        link: JetStreamLink,
        js: JetStreamContext,
        *,
        clock: Callable[[], int],
        stop: asyncio.Event,
        wall: Callable[[], int] | None = None,
    ) -> None:
        self._link, self._js, self._clock, self._stop = link, js, clock, stop
        self._wall = wall or clock
        self.health = Health("watcher", log)
        self._publisher = Publisher(js, self.health, stop)
        writer = uuid.uuid4().hex[:WRITER_DIGITS]
        self._shelves = {number: Shelf(js, number, writer) for number in range(ids.PARTITIONS)}
        self._partitions: dict[int, Partition] = {}
        self._notes = UnitNotes(js, self.health, stop)
        self._unacknowledged: list[Msg] = []
        self._position = 0  # the last sequence that has been through the detectors
        self._next_save = asyncio.get_running_loop().time() + SAVE_SECONDS
        self._failed_at = 0.0

    async def run(self, ready: Callable[[], None]) -> None:
        """Restore, then watch until stopped."""
        await self._restore()
        lag = lag_of(self._js, subjects.READINGS, subjects.WATCHER)
        async with together() as tasks:
            tasks.create_task(report(self.health, self._js, self._wall, self._stop, lag), name="status")
            tasks.create_task(self._notes.run(), name="notes")
            try:
                await self._watch(ready)
            finally:
                self._stop.set()

    async def _restore(self) -> None:
        """Load every partition and make it ours; the stream is read from behind the oldest of their snapshots."""
        last_seq = (await self._js.stream_info(subjects.READINGS)).state.last_seq
        for number, shelf in self._shelves.items():
            loaded = await shelf.load(last_seq)
            partition, refused = restored(number, loaded)
            if refused:
                anew_after(partition, refused, await seq_before(self._js, partition.seq, REBUILD_SECONDS))
            self._partitions[number] = partition
            await shelf.claim(partition.seq)
        known = await snapshots.keys(self._js)
        for shelf in self._shelves.values():
            await shelf.sweep(known)
        self._position = min(partition.seq for partition in self._partitions.values())

    async def _watch(self, ready: Callable[[], None]) -> None:
        told = False
        while not self._stop.is_set():
            reader = await self._reader_behind(self._position)
            if not told:
                ready()
                told = True
            try:
                await self._read(reader)
            finally:
                await reader.close()
        await self._save()

    async def _reader_behind(self, position: int) -> PullReader:
        """Make the durable reader anew, so that it sends everything behind ``position`` in order."""

        async def attempt() -> PullReader:
            with contextlib.suppress(NotFoundError):
                await self._js.delete_consumer(subjects.READINGS, subjects.WATCHER)
            config = reader_config(subjects.WATCHER, subjects.READINGS_AND_UNBOUND, start_seq=position + 1)
            await self._js.add_consumer(subjects.READINGS, config)
            return await PullReader.open(self._link, subjects.READINGS, subjects.WATCHER, batch=TAKE)

        return await self.health.persist(
            attempt,
            errors=AWAY,
            key="reader",
            sentence="watcher: READINGS cannot be read; going on once it can.",
            stop=self._stop,
        )

    async def _read(self, reader: PullReader) -> None:
        """Feed the detectors until stopped, or until a delivery is missing (lost with a connection)."""
        expected = 1  # the server counts a reader's deliveries
        while messages := await reader.take(self._stop):
            for message in messages:
                sequence = message.metadata.sequence
                if sequence.consumer != expected:
                    # It would come again, but after others behind it; so all from here is asked for again, in order.
                    self.health.counts["rewinds"] += 1
                    self._unacknowledged.clear()
                    return
                expected += 1
                await self._one(message)
                self._position = max(self._position, sequence.stream)
                self._unacknowledged.append(message)
            if asyncio.get_running_loop().time() >= self._next_save:
                await self._save()

    async def _one(self, message: Msg) -> None:
        seq = message.metadata.sequence.stream
        number = _partition_of(message.subject)
        partition = self._partitions[number]
        if seq <= partition.seq:  # its snapshot holds it, or it was sent twice
            self.health.counts["skipped"] += 1
            return
        readings = await self._decoded(message)
        for found in self._update(partition, readings, partition.behind(seq)):
            await self._publish(number, found)
        self.health.counts["messages"] += 1

    async def _decoded(self, message: Msg) -> list[Reading]:
        try:
            return decode_batch(message.data)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            entry = quarantine_entry(
                self._clock(), message.subject, "bad-batch", f"Not a batch of readings: {error}.", message.data
            )
            await self._publisher.quarantine([entry])
            return []

    def _update(self, partition: Partition, readings: list[Reading], parts: frozenset[str]) -> list[Finding]:
        # A retained message is what the broker remembers of some other day: it must raise nothing as if it were now.
        fresh = [reading for reading in readings if not reading.retain]
        try:
            findings = partition.host.update(fresh, parts)
        except Exception:
            # One broken reading must not stop the watch over everybody; the log has the trace, the status the count.
            log.exception("A detector failed on readings of %s.", sorted({reading.device for reading in fresh}))
            self._failed("A detector failed on a reading; see the log.")
            findings = []
        self._drain_errors(partition.host)
        self.health.counts["readings"] += len(fresh)
        return findings

    def _drain_errors(self, host: Host) -> None:
        for key, text in host.errors:
            self._failed(f"A detector failed on {key}: {text}")
        host.errors.clear()

    def _failed(self, sentence: str) -> None:
        self.health.counts["detector_failures"] += 1
        self.health.trouble("detector", sentence)
        self._failed_at = asyncio.get_running_loop().time()

    async def _publish(self, number: int, found: Finding) -> None:
        message_id = finding.message_id(found)
        await self._publisher.one(subjects.findings(number), finding.encode(found), message_id=message_id)
        self.health.counts["findings"] += 1

    async def _save(self) -> None:
        """Save what has moved, then acknowledge what is in no danger any more."""
        now = asyncio.get_running_loop().time()
        self._next_save = now + SAVE_SECONDS
        if now - self._failed_at > WELL_SECONDS:
            self.health.mended("detector", "watcher: no detector has failed for a while.")
        await asyncio.gather(*(self._save_one(number, each, now) for number, each in self._partitions.items()))
        for message in self._unacknowledged:
            await message.ack()
        self._unacknowledged.clear()

    async def _save_one(self, number: int, partition: Partition, now: float) -> None:
        if partition.seq == partition.saved_seq:
            return
        host = partition.host
        partition.changed |= host.changed()
        if not partition.changed and now - partition.saved_at < SAVE_IDLE_SECONDS and not self._stop.is_set():
            return
        self._notes.of(host, partition.changed)

        async def attempt() -> int:
            return await self._shelves[number].save(
                partition.seq, partition.ahead, host.clocks(), partition.changed, host.states
            )

        self.health.counts["snapshot_messages"] += await self.health.persist(
            attempt,
            errors=AWAY,
            key="snapshots",
            sentence="watcher: snapshots cannot be saved; going on once they can.",
            stop=self._stop,
        )
        partition.changed.clear()
        partition.saved_seq, partition.saved_at = partition.seq, now


def _partition_of(subject: str) -> int:
    """Return which partition's detectors take a subject's messages; a device of nobody counts as a unit."""
    device = subjects.unbound_device(subject)
    return int(subject.rpartition(".")[2]) if device is None else ids.partition_of(device)


def restored(number: int, loaded: Loaded) -> tuple[Partition, frozenset[str]]:
    """Return a partition as its snapshot holds it, and the parts that could not be taken over and are fresh."""
    host = Host()
    if loaded.head is None:
        return Partition(host), frozenset()
    head = loaded.head
    refused = dict.fromkeys(PARTS, "") if loaded.units is None else host.take_over(head.clocks, loaded.units)
    for part, why in sorted(refused.items()):
        log.warning("Partition %02d: %s starts fresh, from what the stream still holds. %s", number, part, why)
    ahead = {part: seq for part, seq in head.ahead.items() if part not in refused}
    changed = set(loaded.units or ()) if refused else set()
    return Partition(host, seq=head.seq, ahead=ahead, changed=changed, saved_seq=head.seq), frozenset(refused)


def anew_after(partition: Partition, parts: frozenset[str], seq: int) -> None:
    """Let ``parts`` begin anew behind ``seq``, before where the others stand; those skip what they have seen."""
    partition.ahead = {part: partition.ahead.get(part, partition.seq) for part in PARTS - parts}
    partition.seq = seq
    partition.host.begin_anew(parts, partition.changed, f"seq {seq}")
