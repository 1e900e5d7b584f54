"""Writing readings: frames as blocks, values as rows, JSON messages raw beside them; each once, however often it comes.

A message is known again by ``(device, boot, seq, kind)`` within an hour of event time: the same message can be mapped
to a slightly different event time when it is delivered again, so no unique index on a time can know it; and a boot
counter that starts over a year later is not the same message. What has no boot or seq is known by topic, payload and
arrival.
One advisory lock makes "is it there?" and "put it there" one step.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from schemas.reading import Reading, ReadingKind
from store import adopt, bulk
from store.blocks import add_activity, frame_rows, minutes_of
from store.bulk import WritePath
from store.heard import note_devices, note_latest
from store.locks import READINGS, hold
from store.pool import Connection, Db, transaction
from store.series import ensure_partitions, make_missing
from store.traces import Latest, Minute, StoredFrame, Value, activity_by_minute, frames_between, latest

__all__ = [
    "Latest", "Minute", "StoredFrame", "Value", "WritePath", "Written", "activity_by_minute", "ensure_partitions",
    "frames_between", "latest", "write",
]  # fmt: skip

#: How far two deliveries of one message may be apart in event time.
SAME_WITHIN_US = 3600 * 1_000_000

_MESSAGES = frozenset({ReadingKind.STATE, ReadingKind.EVENT, ReadingKind.STATUS, ReadingKind.CONFIG})


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of ``write`` put down. ``repeated`` counts messages that were there already."""

    frames: int = 0
    values: int = 0
    messages: int = 0
    repeated: int = 0


async def write(db: Db, readings: Sequence[Reading], *, path: WritePath | None = None) -> Written:
    """Write readings in one transaction, repetitions ignored; ticks are not stored. ``path`` None: the faster one.

    Keeps beside them what is asked for all the time: activity by minute, the latest values, when a device was heard.
    Raises BadPayload or asyncpg.DataError for a reading that cannot be stored (nothing is written then).
    """
    frames = _once([reading for reading in readings if reading.kind is ReadingKind.FRAME])
    messages = _once([reading for reading in readings if reading.kind in _MESSAGES])
    if not frames and not messages:
        return Written()
    async with transaction(db) as conn:
        await hold(conn, READINGS)
        # A new day's partition that was counted when it was nearly empty would be read whole for each look-up.
        await conn.execute("set local enable_seqscan = off")
        new_frames = await adopt.bound(conn, await _new_frames(conn, frames))
        new_messages = await adopt.bound(conn, await _new_messages(conn, messages))
        rows, decoded = frame_rows(new_frames)
        values = [row for reading in new_messages for row in value_rows(reading)]
        kept = [message_row(reading) for reading in new_messages]
        await make_missing(conn, [(row.event_us, row.arrival_us) for row in (*new_frames, *new_messages)])
        await bulk.put(conn, bulk.FRAME, rows, path)
        await bulk.put(conn, bulk.READING, values, path)
        await bulk.put(conn, bulk.MESSAGE, kept, path)
        await add_activity(conn, minutes_of(new_frames, decoded))
        await note_devices(conn, new_frames, decoded, new_messages)
        await note_latest(conn, new_frames, decoded, new_messages)
    heard = sum(1 for reading in readings if reading.kind in _MESSAGES or reading.kind is ReadingKind.FRAME)
    repeated = heard - len(new_frames) - len(new_messages)
    return Written(frames=len(rows), values=len(values), messages=len(kept), repeated=repeated)


def _once(readings: list[Reading]) -> list[Reading]:
    """Return readings without the repetitions among themselves, in their order."""
    return list({_identity(reading): reading for reading in reversed(readings)}.values())[::-1]


def _identity(reading: Reading) -> tuple[object, ...]:
    if reading.boot >= 0 and reading.seq >= 0:
        return (reading.kind, reading.device, reading.boot, reading.seq)
    return (reading.kind, _digest(reading), reading.arrival_us)


async def _new_frames(conn: Connection, frames: list[Reading]) -> list[Reading]:
    if not frames:
        return []
    # The limit keeps the planner at one index look-up a row, however large the table grows; the bounds of all rows keep
    # it at the days that can hold them, however many there are.
    rows = await conn.fetch(
        """
        select k.ord from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
            with ordinality as k (device, boot, seq, event_us, ord)
        left join lateral (
            select true as there from frame f
            where f.device = k.device and f.boot = k.boot and f.seq = k.seq
              and f.event_us between k.event_us - $5 and k.event_us + $5 and f.event_us between $6 and $7
            limit 1
        ) known on true where known.there is null order by k.ord
        """,
        [frame.device for frame in frames],
        [frame.boot for frame in frames],
        [frame.seq for frame in frames],
        [frame.event_us for frame in frames],
        SAME_WITHIN_US,
        *_bounds(frames),
    )
    return [frames[row["ord"] - 1] for row in rows]


async def _new_messages(conn: Connection, messages: list[Reading]) -> list[Reading]:
    if not messages:
        return []
    rows = await conn.fetch(
        """
        select k.ord from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[],
                                 $7::bigint[]) with ordinality
            as k (device, boot, seq, event_us, kind, digest, arrival_us, ord)
        left join lateral (
            select true as there from message m
            where k.boot >= 0 and k.seq >= 0 and m.device = k.device and m.boot = k.boot and m.seq = k.seq
              and m.kind = k.kind and m.event_us between k.event_us - $8 and k.event_us + $8
              and m.event_us between $9 and $10
            limit 1
        ) by_key on true
        left join lateral (
            select true as there from message m
            where (k.boot < 0 or k.seq < 0) and m.digest = k.digest and m.arrival_us = k.arrival_us
              and m.event_us between k.event_us - $8 and k.event_us + $8 and m.event_us between $9 and $10
            limit 1
        ) by_digest on true
        where by_key.there is null and by_digest.there is null order by k.ord
        """,
        [message.device for message in messages],
        [message.boot for message in messages],
        [message.seq for message in messages],
        [message.event_us for message in messages],
        [str(message.kind) for message in messages],
        [_digest(message) for message in messages],
        [message.arrival_us for message in messages],
        SAME_WITHIN_US,
        *_bounds(messages),
    )
    return [messages[row["ord"] - 1] for row in rows]


def _bounds(readings: list[Reading]) -> tuple[int, int]:
    """Return the event times between which all that these could repeat lies."""
    times = [reading.event_us for reading in readings]
    return min(times) - SAME_WITHIN_US, max(times) + SAME_WITHIN_US


def _digest(reading: Reading) -> bytes:
    return hashlib.blake2b(reading.topic.encode() + b"\0" + reading.payload, digest_size=16).digest()


def message_row(reading: Reading) -> tuple[object, ...]:
    """Return the row of table ``message``, in the order of bulk.MESSAGE."""
    return (
        reading.event_us, reading.arrival_us, reading.device, reading.kind, reading.boot, reading.seq, reading.unit,
        reading.resident, reading.place, reading.clock, reading.topic, _digest(reading), reading.retain,
        reading.payload,
    )  # fmt: skip


def value_rows(reading: Reading) -> list[tuple[object, ...]]:
    """Return a row of bulk.READING for each observation, and one of type ``event`` for each event."""
    seen = [(observation.type, Value.of(observation)) for observation in reading.observations]
    seen += [("event", Value(text_value=event)) for event in reading.events]
    head = (reading.event_us, reading.arrival_us, reading.device, reading.unit, reading.resident, reading.place)
    tail = (reading.boot, reading.seq, reading.clock)
    return [(*head, name, value.value, value.text_value, value.unit_of_measure, *tail) for name, value in seen]
