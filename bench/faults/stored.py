"""What the platform has: rows of the database, messages of the stream, alerts, and what still waits for each stage."""

import hashlib
from dataclasses import dataclass, field

import msgspec
import nats.errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from bench.faults.account import Alarm, Key
from bench.faults.platform import Platform
from schemas import subjects
from schemas.reading import Reading, ReadingKind, decode_batch

#: A message without boot and sequence: kind, digest of topic and payload, arrival.
Other = tuple[str, bytes, int]
#: Who must have read what: stream and durable reader, under the stage's name.
READERS = {
    "recorder": (subjects.READINGS, subjects.RECORDER),
    "watcher": (subjects.READINGS, subjects.WATCHER),
    "desk": (subjects.FINDINGS, subjects.DESK),
    "notify": (subjects.FINDINGS, subjects.NOTIFIER),
    "quarantine": (subjects.QUARANTINE, subjects.QUARANTINER),
}
_FETCH = 500
_NOT_STORED = frozenset({ReadingKind.TICK, ReadingKind.CONFIG})


@dataclass
class Stream:
    """Everything that the gateway had stored, read on from where it was read to: the janitor may delete behind it."""

    position: int = 0
    frames: set[Key] = field(default_factory=set)
    messages: set[tuple[str, *Key]] = field(default_factory=set)
    others: set[Other] = field(default_factory=set)
    undecoded: int = 0

    def __len__(self) -> int:
        return len(self.frames) + len(self.messages) + len(self.others)

    async def read_on(self, platform: Platform) -> None:
        """Read what came since the last time."""
        js = platform.nats.jetstream()
        last = (await js.stream_info(subjects.READINGS)).state.last_seq
        if last <= self.position:
            return
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self.position + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=30.0,
        )
        reader = await js.pull_subscribe(subjects.READINGS_AND_UNBOUND, stream=subjects.READINGS, config=config)
        try:
            while self.position < last:
                for message in await reader.fetch(_FETCH, timeout=5):
                    self.position = message.metadata.sequence.stream
                    self._take(message.data)
        except nats.errors.TimeoutError:
            self.position = last
        finally:
            await reader.unsubscribe()

    def _take(self, data: bytes) -> None:
        try:
            batch = decode_batch(data)
        except (msgspec.DecodeError, msgspec.ValidationError):
            self.undecoded += 1
            return
        for reading in batch:
            if reading.kind is ReadingKind.FRAME:
                self.frames.add((reading.device, reading.boot, reading.seq))
            elif reading.kind not in _NOT_STORED and reading.boot >= 0 and reading.seq >= 0:
                self.messages.add((str(reading.kind), reading.device, reading.boot, reading.seq))
            elif reading.kind not in _NOT_STORED:
                self.others.add((str(reading.kind), digest(reading), reading.arrival_us))


def digest(reading: Reading) -> bytes:
    """Return what the store knows a message without a sequence by."""
    return hashlib.blake2b(reading.topic.encode() + b"\0" + reading.payload, digest_size=16).digest()


@dataclass
class Rows:
    """What stands in the database, each key with how often."""

    frames: dict[Key, int]
    messages: dict[tuple[str, *Key], int]
    others: dict[Other, int]


async def rows(platform: Platform) -> Rows:
    """Read all keys."""
    frames = await platform.rows("select device, boot, seq, count(*) as n from frame group by 1, 2, 3")
    messages = await platform.rows(
        "select kind, device, boot, seq, count(*) as n from message where boot >= 0 and seq >= 0 group by 1, 2, 3, 4"
    )
    others = await platform.rows(
        "select kind, digest, arrival_us, count(*) as n from message where boot < 0 or seq < 0 group by 1, 2, 3"
    )
    return Rows(
        {(row["device"], row["boot"], row["seq"]): row["n"] for row in frames},
        {(row["kind"], row["device"], row["boot"], row["seq"]): row["n"] for row in messages},
        {(row["kind"], bytes(row["digest"]), row["arrival_us"]): row["n"] for row in others},
    )


async def alarms(platform: Platform) -> list[Alarm]:
    """Return all alerts about people."""
    found = await platform.rows(
        "select resident, kind, event_us, occurrences, decided_us, raised_us from alert where kind <> 'platform'"
    )
    return [Alarm(**dict(row)) for row in found]


async def quarantined(platform: Platform, reason: str, topic: str = "%") -> int:
    """Return how many quarantine entries have this reason, and a topic like this."""
    found = await platform.rows("select count(*) from quarantine where reason = $1 and topic like $2", reason, topic)
    return int(found[0][0])


async def lags(platform: Platform) -> dict[str, int]:
    """Return how many messages wait for each reader. Raises nats.errors.Error while JetStream is away."""
    js = platform.nats.jetstream()
    waiting = {}
    for stage, (stream, reader) in READERS.items():
        try:
            info = await js.consumer_info(stream, reader, timeout=2)
        except NotFoundError:  # the watcher is making its own anew
            waiting[stage] = -1
            continue
        waiting[stage] = info.num_pending or 0
    return waiting
