"""What decisions ask of the world, written in the transaction that decided; carried out by a worker, at least once.

A row is claimed for a while (a lease), then either done with a result or due again later. A worker that dies in between
lets its lease run out, and the row is claimed again: every effect must stand being carried out twice.
"""

from collections.abc import Iterable, Sequence

import msgspec

from schemas import effects
from schemas.effects import Effect
from store.pool import Connection, Db, transaction

#: Channel that a new row notifies; a worker listens for speed and polls for truth.
CHANNEL = "outbox"
#: How long a claimed row is left to its worker. The slowest effect, copying two minutes of frames, takes a second.
LEASE_US = 60 * 1_000_000
#: A row from so far ahead was written before the clock was set back; less is what two machines' clocks may differ by,
#: and delays a row by that much.
SET_BACK_US = 60 * 1_000_000


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One effect to carry out. ``attempts`` counts this one."""

    id: int
    effect: Effect
    created_us: int
    attempts: int


async def put(conn: Connection, wanted: Sequence[Effect], now_us: int, *, due_us: int | None = None) -> None:
    """Write effects, inside the caller's transaction. ``due_us``: not before then (default: at once)."""
    if not wanted:
        return
    await conn.executemany(
        "insert into outbox (kind, effect, created_us, due_us) values ($1, $2, $3, $4)",
        [(kind_of(effect), effects.encode(effect).decode(), now_us, due_us or now_us) for effect in wanted],
    )
    await conn.execute("select pg_notify($1, '')", CHANNEL)


def kind_of(effect: Effect) -> str:
    """Return the effect's kind as the outbox and its counts name it: ``notify``, ``keep_evidence``, ..."""
    return str(effect.__struct_config__.tag)


async def claim(
    db: Db, kinds: Iterable[str], now_us: int, limit: int = 50, *, wall_us: int | None = None
) -> list[OutboxRow]:
    """Return due rows of these kinds, oldest first, and lease them to the caller for LEASE_US.

    What was due at once when it was written stays so if the clock was set back since.
    A lease is about a process: it runs by ``wall_us``, where that is not ``now_us``.
    """
    rows = await db.fetch(
        """
        with due as (
            select id from outbox
            where done_us is null and leased_us <= $5 and kind = any($1::text[])
                and (due_us <= $2 or (due_us <= created_us and created_us > $2::bigint + $6::bigint))
            order by due_us, id limit $3 for update skip locked
        )
        update outbox set leased_us = $5::bigint + $4::bigint, attempts = attempts + 1 from due where outbox.id = due.id
        returning outbox.id, effect, created_us, attempts
        """,
        list(kinds),
        now_us,
        limit,
        LEASE_US,
        now_us if wall_us is None else wall_us,
        SET_BACK_US,
    )
    claimed = [
        OutboxRow(
            id=row["id"],
            effect=effects.decode(row["effect"]),
            created_us=row["created_us"],
            attempts=row["attempts"],
        )
        for row in rows
    ]
    return sorted(claimed, key=lambda row: row.id)


async def done(db: Db, ids: Sequence[int], now_us: int, result: str) -> None:
    """Mark rows as carried out, with a short result for counting."""
    await db.execute("update outbox set done_us = $2, result = $3 where id = any($1)", list(ids), now_us, result)


async def retry_later(db: Db, row_id: int, due_us: int, result: str, *, held_until_us: int = 0) -> None:
    """Put a row back, due at ``due_us``, with the reason of this failure; nobody gets it before ``held_until_us``."""
    await db.execute(
        "update outbox set due_us = $2, leased_us = $4, result = $3 where id = $1",
        row_id,
        due_us,
        result,
        held_until_us,
    )


async def counts(db: Db) -> dict[tuple[str, str], int]:
    """Return how many rows there are by (kind, result); the result of a row never tried is ``waiting``."""
    rows = await db.fetch("select kind, coalesce(result, 'waiting') as result, count(*) as n from outbox group by 1, 2")
    return {(row["kind"], row["result"]): row["n"] for row in rows}


async def next_due(db: Db) -> int | None:
    """Return when the next row is due, microseconds; None when nothing waits."""
    due: int | None = await db.fetchval("select min(due_us) from outbox where done_us is null")
    return due


async def purge(db: Db, before_us: int) -> int:
    """Delete rows that were done before ``before_us``; return how many."""
    async with transaction(db) as conn:
        rows = await conn.fetch("delete from outbox where done_us < $1 returning id", before_us)
    return len(rows)
