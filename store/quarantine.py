"""What could not be used as it came: counted by reason for ever, and the newest kept to look at."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import asyncpg
import msgspec

from schemas.quarantine import QuarantineEntry
from store.pool import Connection, Db, transaction

#: A flood must not fill the disk: beyond this only the counts grow. At 4 KiB each this is at most 400 MB.
KEPT_ENTRIES = 100_000


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with the number under which it is kept; numbers rise in the order of writing."""

    id: int
    entry: QuarantineEntry


async def write(db: Db, entries: Sequence[QuarantineEntry]) -> int:
    """Keep entries and count them by reason; return how many are new. One that was delivered before is ignored."""
    if not entries:
        return 0
    async with transaction(db) as conn:
        rows = await _insert(conn, [_storable(entry) for entry in entries])
        for reason, count in sorted(Counter(row["reason"] for row in rows).items()):
            last_us = max(row["at_us"] for row in rows if row["reason"] == reason)
            await conn.execute(
                """
                insert into quarantine_count (reason, count, last_us) values ($1, $2, $3)
                on conflict (reason) do update set count = quarantine_count.count + excluded.count,
                    last_us = greatest(quarantine_count.last_us, excluded.last_us)
                """,
                reason,
                count,
                last_us,
            )
        if rows:
            await conn.execute("delete from quarantine where id <= $1", max(row["id"] for row in rows) - KEPT_ENTRIES)
    return len(rows)


async def _insert(conn: Connection, entries: Sequence[QuarantineEntry]) -> list[asyncpg.Record]:
    return list(
        await conn.fetch(
            """
            insert into quarantine (at_us, digest, topic, reason, sentence, payload, size, retain, kept)
            select * from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::bytea[],
                                 $7::bigint[], $8::bool[], $9::bool[])
            on conflict (digest, at_us) do nothing returning id, reason, at_us
            """,
            [entry.at_us for entry in entries],
            [_digest(entry) for entry in entries],
            [entry.topic for entry in entries],
            [entry.reason for entry in entries],
            [entry.sentence for entry in entries],
            [entry.payload for entry in entries],
            [entry.size for entry in entries],
            [entry.retain for entry in entries],
            [entry.kept for entry in entries],
        )
    )


async def listed(
    db: Db, *, limit: int = 100, before: int | None = None, devices: Sequence[str] | None = None
) -> list[Quarantined]:
    """Return the newest entries, newest first; ``before``: only with a smaller id (for the next page).

    ``devices``: only what came on a topic that names one of these as a level.
    """
    rows = await db.fetch(
        """
        select id, at_us, topic, reason, sentence, payload, size, retain, kept from quarantine
        where ($2::bigint is null or id < $2) and ($3::text[] is null or string_to_array(topic, '/') && $3)
        order by id desc limit $1
        """,
        limit,
        before,
        None if devices is None else list(devices),
    )
    names = QuarantineEntry.__struct_fields__
    return [Quarantined(id=row["id"], entry=QuarantineEntry(**{name: row[name] for name in names})) for row in rows]


async def counts(db: Db, devices: Sequence[str] | None = None) -> dict[str, int]:
    """Return how many there ever were by reason, most frequent first; ``devices``: of those still kept of them."""
    if devices is not None:
        rows = await db.fetch(
            "select reason, count(*) as count from quarantine where string_to_array(topic, '/') && $1::text[] "
            "group by reason order by count desc, reason",
            list(devices),
        )
        return {row["reason"]: row["count"] for row in rows}
    rows = await db.fetch("select reason, count from quarantine_count order by count desc, reason")
    return {row["reason"]: row["count"] for row in rows}


def _digest(entry: QuarantineEntry) -> bytes:
    return hashlib.blake2b(msgspec.msgpack.encode(entry), digest_size=16).digest()


def _storable(entry: QuarantineEntry) -> QuarantineEntry:
    return msgspec.structs.replace(
        entry, topic=_text(entry.topic), reason=_text(entry.reason), sentence=_text(entry.sentence)
    )


def _text(text: str) -> str:
    # PostgreSQL's text holds no NUL and no half of a surrogate pair; what came from a stranger may have both.
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
