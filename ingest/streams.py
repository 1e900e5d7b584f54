"""The streams, buckets and durable readers of JetStream, and the janitor that makes room in them.

Streams refuse new messages when full (discard new): a full disk pushes back to the gateway and from there to the
broker; nothing unread is ever deleted. The janitor deletes only what every reader has acknowledged, and of that what is
older than an hour or takes room from what waits.
"""

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
)
from nats.js.errors import APIError, NotFoundError

from schemas import subjects

log = logging.getLogger("shouwang.streams")

MIB = 1024 * 1024
#: READINGS holds what the slowest reader has not read: 200 wearables of 1 kB/s fill this in about 3 hours of a database
#: that is down. JetStream reserves it on the disk when the stream is made.
READINGS_BYTES = 2048 * MIB
#: A finding has about 2 kB; this is some 60,000 of them.
FINDINGS_BYTES = 128 * MIB
#: 4 KiB of each bad message are kept on the way; when full, the gateway only counts (a flood must not stop the good).
QUARANTINE_BYTES = 256 * MIB
#: On a disk too small to reserve the above, halves are tried down to this.
SMALLEST_BYTES = 16 * MIB
#: A few hundred bytes a device; some 10 kB of detector state a home, up to four times; some 150 bytes a device.
BUCKET_BYTES = {
    subjects.BINDINGS: 64 * MIB,
    subjects.SNAPSHOTS: 256 * MIB,
    subjects.DECODERS: 32 * MIB,
    subjects.STATUS: 8 * MIB,
    subjects.ROUTINES: 16 * MIB,
    subjects.WATCHED: 16 * MIB,
    subjects.CONTACTS: 64 * MIB,
    subjects.TEMPLATES: 1 * MIB,
    subjects.CASES: 32 * MIB,
    subjects.DELIVERIES: 64 * MIB,
    subjects.LINKS: 16 * MIB,
    subjects.CLAIMS: 16 * MIB,
}
#: Seconds after which a key is of no more use: a delivery or a claim once its alert is long over (the database has
#: them), a link long after it expired.
BUCKET_TTL = {subjects.DELIVERIES: 7 * 86_400.0, subjects.CLAIMS: 7 * 86_400.0, subjects.LINKS: 7 * 86_400.0}
#: A publish is repeated only while its first attempt may still be on the way; longer ago the readers' own keys tell.
DUPLICATE_SECONDS = 120.0
#: Unread for this long after it was read by all, so that a person can look at what went by.
KEEP_READ_SECONDS = 3600
#: What all have read takes at most this part of a stream, however young it is: the rest is for what waits. An hour of
#: 1,600 wearables would fill READINGS, and new readings would be refused though nothing waits.
KEEP_READ_SHARE = 1 / 8
#: JetStream sends again what a reader has not acknowledged in this time. The desk's is short, since a desk that died
#: holds an alert; the recorder's is longer than any transaction.
ACK_WAIT_SECONDS = {
    subjects.RECORDER: 30.0,
    subjects.DESK: 5.0,
    subjects.QUARANTINER: 30.0,
    subjects.WATCHER: 60.0,
    subjects.NOTIFIER: 5.0,
}
#: How many messages a reader may hold unacknowledged. The watcher acknowledges only with its snapshot, seconds later.
MAX_PENDING = {
    subjects.RECORDER: 4096,
    subjects.DESK: 1024,
    subjects.QUARANTINER: 1024,
    subjects.WATCHER: 100_000,
    subjects.NOTIFIER: 1024,
}


@dataclass(frozen=True, slots=True)
class _Reader:
    stream: str
    name: str
    filter_subject: str


#: Who must have read a message before the janitor may delete it.
READERS = (
    _Reader(subjects.READINGS, subjects.RECORDER, subjects.READINGS_AND_UNBOUND),
    _Reader(subjects.READINGS, subjects.WATCHER, subjects.READINGS_AND_UNBOUND),
    _Reader(subjects.FINDINGS, subjects.DESK, subjects.FINDINGS_ALL),
    _Reader(subjects.FINDINGS, subjects.NOTIFIER, subjects.FINDINGS_ALL),
    _Reader(subjects.QUARANTINE, subjects.QUARANTINER, subjects.QUARANTINE_ALL),
)
_STREAMS = {
    subjects.READINGS: ([subjects.READINGS_ALL, subjects.UNBOUND_ALL], READINGS_BYTES),
    subjects.FINDINGS: ([subjects.FINDINGS_ALL], FINDINGS_BYTES),
    subjects.QUARANTINE: ([subjects.QUARANTINE_ALL], QUARANTINE_BYTES),
}
#: Stages that start together make the same readers; another's deletion takes milliseconds.
ENSURE_TRIES, ENSURE_WAIT_SECONDS = 10, 0.1
#: JetStream's codes: no room on the disk to reserve; a stream of that name is there already; the same of a consumer.
_NO_ROOM, _STREAM_EXISTS = 10047, 10058
#: Its folder cannot be made in this moment: one of the same name is just being deleted.
_NO_FOLDER = 10049


async def ensure(js: JetStreamContext) -> None:
    """Make what is missing of streams, buckets and durable readers; what is there is left as it is. May run twice."""
    for name, (subject_list, size) in _STREAMS.items():
        await _ensure_stream(js, name, subject_list, size)
    for bucket, size in BUCKET_BYTES.items():
        await _ensure_bucket(js, bucket, size)
    for reader in READERS:
        await _ensure_reader(js, reader)


async def _ensure_stream(js: JetStreamContext, name: str, subject_list: list[str], size: int) -> None:
    async def make(size: int) -> None:
        await js.add_stream(
            StreamConfig(
                name=name,
                subjects=subject_list,
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,
                max_bytes=size,
                duplicate_window=DUPLICATE_SECONDS,
                allow_direct=True,
            )
        )

    await _make_if_missing(js, name, make, size)


async def _ensure_bucket(js: JetStreamContext, bucket: str, size: int) -> None:
    async def make(size: int) -> None:
        await js.create_key_value(
            KeyValueConfig(bucket=bucket, max_bytes=size, storage=StorageType.FILE, ttl=BUCKET_TTL.get(bucket))
        )

    await _make_if_missing(js, f"KV_{bucket}", make, size)


async def _make_if_missing(
    js: JetStreamContext, stream: str, make: Callable[[int], Awaitable[None]], size: int
) -> None:
    """Make a stream of ``size`` bytes, or of a half, a quarter... where the disk is too small to reserve that."""
    tries = ENSURE_TRIES
    while not await _exists(js, stream):
        try:
            await make(size)
        except APIError as error:
            if error.err_code == _STREAM_EXISTS:  # another stage made it in this moment
                return
            tries -= 1
            if error.err_code == _NO_FOLDER and tries:
                await asyncio.sleep(ENSURE_WAIT_SECONDS)
                continue
            if error.err_code != _NO_ROOM or size <= SMALLEST_BYTES:
                raise
            size //= 2
            log.warning("The disk has no room for %s; trying %d MiB.", stream, size // MIB)


async def _exists(js: JetStreamContext, stream: str) -> bool:
    try:
        await js.stream_info(stream)
    except NotFoundError:
        return False
    return True


async def _ensure_reader(js: JetStreamContext, reader: _Reader) -> None:
    for left in reversed(range(ENSURE_TRIES)):
        if await _reads(js, reader):
            return
        try:
            await js.add_consumer(reader.stream, reader_config(reader.name, reader.filter_subject))
        except APIError:
            # The watcher takes its own away and makes it anew with another start, perhaps in this moment.
            if not left:
                raise
            await asyncio.sleep(ENSURE_WAIT_SECONDS)


async def resume(js: JetStreamContext, stream: str, name: str, filter_subject: str) -> None:
    """Make a durable reader anew behind what it acknowledged without a hole.

    What a process had taken when it was killed would come again only after ACK_WAIT_SECONDS; so it comes at once. What
    it acknowledged beyond a hole comes again too: only for readers whose work may be done twice.
    """
    for left in reversed(range(ENSURE_TRIES)):
        info = await js.consumer_info(stream, name)
        if not info.num_ack_pending:
            return
        floor = (info.ack_floor.stream_seq if info.ack_floor is not None else 0) or 0
        await js.delete_consumer(stream, name)
        try:
            await js.add_consumer(stream, reader_config(name, filter_subject, start_seq=floor + 1))
        except APIError:  # another stage that starts has made it in this moment, from the stream's beginning
            if not left:
                raise
            await asyncio.sleep(ENSURE_WAIT_SECONDS)
        else:
            return


async def _reads(js: JetStreamContext, reader: _Reader) -> bool:
    try:
        await js.consumer_info(reader.stream, reader.name)
    except NotFoundError:
        return False
    return True


def reader_config(name: str, filter_subject: str, *, start_seq: int | None = None) -> ConsumerConfig:
    """Return a durable pull reader's settings, from the stream's first message or from ``start_seq``."""
    return ConsumerConfig(
        durable_name=name,
        filter_subject=filter_subject,
        deliver_policy=DeliverPolicy.ALL if start_seq is None else DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=start_seq,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS[name],
        max_deliver=-1,
        max_ack_pending=MAX_PENDING[name],
    )


async def purge_read(js: JetStreamContext, now_us: int, *, keep_seconds: int = KEEP_READ_SECONDS) -> dict[str, int]:
    """Delete what all readers of a stream have acknowledged, if older than ``keep_seconds`` or over KEEP_READ_SHARE.

    ``now_us`` is compared with the times the server gave the messages. Returns the number deleted by stream. A stream
    that lacks one of its readers is left alone: it may just be made anew.
    """
    deleted = {}
    oldest_kept = datetime.datetime.fromtimestamp(now_us / 1e6, datetime.UTC) - datetime.timedelta(seconds=keep_seconds)
    for name in _STREAMS:
        info = await js.stream_info(name)  # before the readers, so that what comes meanwhile is not in it
        state = info.state
        if not state.messages:
            continue
        unread = min(await _read_by_all(js, name), state.last_seq) + 1
        first_kept = await first_at(js, name, state.first_seq, unread, oldest_kept)
        first_kept = max(first_kept, unread - _kept_by_share(info, unread))
        if first_kept > state.first_seq:
            await js.purge_stream(name, seq=first_kept)
            deleted[name] = first_kept - state.first_seq
    return deleted


def _kept_by_share(info: StreamInfo, unread: int) -> int:
    """Return how many of the messages before ``unread`` may stay for their bytes, taken to be of the usual size."""
    size = info.state.bytes / info.state.messages
    room = (info.config.max_bytes or 0) * KEEP_READ_SHARE
    return max(0, min(unread - info.state.first_seq, int(room / size)))


async def _read_by_all(js: JetStreamContext, stream: str) -> int:
    """Return the last sequence that every reader of the stream has acknowledged; 0 when a reader is missing."""
    floors = []
    for reader in READERS:
        if reader.stream != stream:
            continue
        try:
            info = await js.consumer_info(stream, reader.name)
        except NotFoundError:
            return 0
        # A reader with nothing left to read or to acknowledge has read all, though its floor stands at the last
        # message that its filter let through.
        if not info.num_pending and not info.num_ack_pending:
            floors.append(2**62)
        else:
            floors.append(info.ack_floor.stream_seq if info.ack_floor else 0)
    return min(floors, default=0)


async def seq_before(js: JetStreamContext, seq: int, seconds: int) -> int:
    """Return the last sequence of READINGS stored more than ``seconds`` before ``seq`` was; where that is gone, the one
    before the first that is kept.
    """
    state = (await js.stream_info(subjects.READINGS)).state
    before_first = max(state.first_seq - 1, 0)
    try:
        stored = (await js.get_msg(subjects.READINGS, seq=seq)).time
    except NotFoundError:
        stored = None
    if stored is None:
        return min(seq, before_first)
    start = stored - datetime.timedelta(seconds=seconds)
    return await first_at(js, subjects.READINGS, state.first_seq, seq + 1, start) - 1


async def first_at(js: JetStreamContext, stream: str, low: int, high: int, time: datetime.datetime) -> int:
    """Return the first sequence in [low, high) stored at or after ``time``, or ``high``; by halving."""
    while low < high:
        middle = (low + high) // 2
        try:
            stored = (await js.get_msg(stream, seq=middle)).time
        except NotFoundError:  # deleted by hand: as good as old
            stored = None
        if stored is None or stored < time:
            low = middle + 1
        else:
            high = middle
    return low
