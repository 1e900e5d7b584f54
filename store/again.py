"""Reading raw messages again: what was stored as it came, and what it means now put in the place of what it meant.

For use after a decoder was mended. Only the database changes: nothing goes to the stream, so nothing alarms.
"""

from collections.abc import AsyncIterator, Iterable, Sequence

import msgspec

from schemas.places import Binding
from schemas.reading import Clock, Reading, ReadingKind
from store import adopt, bulk
from store.locks import READINGS, hold
from store.pool import Connection, Db, transaction
from store.readings import message_row, value_rows
from store.series import unpack_all
from store.traces import LONGEST_FRAME_US

#: An event time lies at most this much before arrival (ingest.decoders.event_time).
OLDEST_US = 7 * 86_400 * 1_000_000
_PREFETCH = 500


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """One stored message as it came (``topic``, ``payload``, ``retain``, ``arrival_us``) and whose it was taken for."""

    event_us: int
    arrival_us: int
    device: str
    kind: ReadingKind
    boot: int
    seq: int
    unit: str | None
    resident: str | None
    place: str | None
    clock: Clock
    topic: str
    retain: bool
    payload: bytes


_FIELDS = ", ".join(Stored.__struct_fields__)


async def messages_since(
    conn: Connection, since_us: int, *, device: str | None, always: str
) -> AsyncIterator[list[Stored]]:
    """Yield stored messages in the order of arrival, those of one arrival, topic and payload together.

    ``device``: of this one only, and of devices whose id matches ``always`` (a regular expression), which are given
    from the beginning of time. Inside the caller's transaction, which keeps the view of the moment.
    """
    sql = f"""
        select {_FIELDS} from message
        where ((event_us >= $1::bigint - $2::bigint and arrival_us >= $1) or device ~ $4)
          and ($3::text is null or device = $3 or device ~ $4)
        order by arrival_us, topic, digest, device
        """  # noqa: S608  # our own column names
    group: list[Stored] = []
    async for row in conn.cursor(sql, since_us, OLDEST_US, device, always, prefetch=_PREFETCH):
        found = Stored(
            **{name: row[name] for name in Stored.__struct_fields__ if name not in ("kind", "clock")},
            kind=ReadingKind(row["kind"]),
            clock=Clock(row["clock"]),
        )
        if group and _origin(found) != _origin(group[0]):
            yield group
            group = []
        group.append(found)
    if group:
        yield group


def _origin(stored: Stored) -> tuple[int, str, bytes]:
    return stored.arrival_us, stored.topic, stored.payload


async def replace(db: Db, old: Sequence[Stored], new: Sequence[Reading]) -> int:
    """Put readings in the place of stored messages and their values; return how many values there are now.

    Readings of nobody are bound as the database knows it; of a device that it does not know then, as they were.
    """
    owners = {(stored.device, stored.arrival_us): stored for stored in old}
    async with transaction(db) as conn:
        await hold(conn, READINGS)
        await unpack_all(conn)
        await _delete(conn, old)
        readings = [_as_before(reading, owners) for reading in await adopt.bound(conn, new)]
        values = [row for reading in readings for row in value_rows(reading)]
        await bulk.put(conn, bulk.READING, values)
        kept = [message_row(reading) for reading in readings]
        await bulk.put(conn, bulk.MESSAGE, kept)
    return len(values)


def _as_before(reading: Reading, owners: dict[tuple[str, int], Stored]) -> Reading:
    before = owners.get((reading.device, reading.arrival_us))
    if reading.unit is not None or before is None:
        return reading
    return msgspec.structs.replace(reading, unit=before.unit, resident=before.resident, place=before.place)


async def _delete(conn: Connection, old: Sequence[Stored]) -> None:
    if not old:
        return
    keys = (
        [stored.device for stored in old],
        [stored.boot for stored in old],
        [stored.seq for stored in old],
        [stored.event_us for stored in old],
        [stored.arrival_us for stored in old],
    )
    # Said once for all rows, so that only the days are opened, and of compressed ones only the blocks, that hold them.
    within = (min(keys[3]), max(keys[3]), sorted(set(keys[0])))
    await conn.execute(
        """
        delete from reading r using unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            as k (device, boot, seq, event_us, arrival_us)
        where r.device = k.device and r.boot = k.boot and r.seq = k.seq and r.event_us = k.event_us
          and r.arrival_us = k.arrival_us and r.event_us between $6 and $7 and r.device = any($8::text[])
        """,
        *keys,
        *within,
    )
    await conn.execute(
        """
        delete from message m using unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
                                           $6::text[])
            as k (device, boot, seq, event_us, arrival_us, kind)
        where m.device = k.device and m.boot = k.boot and m.seq = k.seq and m.event_us = k.event_us
          and m.arrival_us = k.arrival_us and m.kind = k.kind and m.event_us between $7 and $8
          and m.device = any($9::text[])
        """,
        *keys,
        [str(stored.kind) for stored in old],
        *within,
    )


async def renew_latest(db: Db, devices: Iterable[str]) -> None:
    """Say anew what residents' sensors say now, as far as these devices said it; what frames told stays."""
    async with transaction(db) as conn:
        await hold(conn, READINGS)
        rows = await conn.fetch(
            "select distinct device, resident from latest_value where device = any($1::text[]) order by 1, 2",
            sorted(devices),
        )
        for row in rows:
            await conn.execute(
                """
                delete from latest_value l where l.device = $1 and l.resident = $2 and not exists (
                    select from frame f where f.device = $1 and f.resident = $2 and f.end_us = l.event_us
                      and f.event_us between l.event_us - $3::bigint and l.event_us
                )
                """,
                row["device"],
                row["resident"],
                LONGEST_FRAME_US,
            )
            whole = Binding(device=row["device"], unit="", resident=row["resident"], start_us=0)
            await adopt.latest_values(conn, whole, adopt.FOREVER_US)
