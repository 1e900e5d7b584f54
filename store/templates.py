"""What messages say, where an administrator wrote it; each change is mirrored to JetStream, where notify reads it."""

from schemas.effects import MirrorTemplates
from store import outbox
from store.pool import Db, transaction


async def own(db: Db) -> dict[str, str]:
    """Return all templates that an administrator wrote, by key."""
    return {row["key"]: row["body"] for row in await db.fetch("select key, body from message_template")}


async def write(db: Db, key: str, body: str, actor: str, now_us: int) -> None:
    """Let messages of one kind, severity and language say ``body``."""
    async with transaction(db) as conn:
        await conn.execute(
            """
            insert into message_template (key, body, changed_by, changed_us) values ($1, $2, $3, $4)
            on conflict (key) do update
            set body = excluded.body, changed_by = excluded.changed_by, changed_us = excluded.changed_us
            """,
            key,
            body,
            actor,
            now_us,
        )
        await outbox.put(conn, [MirrorTemplates()], now_us)


async def reset(db: Db, key: str, now_us: int) -> None:
    """Let them say again what they say by default."""
    async with transaction(db) as conn:
        await conn.execute("delete from message_template where key = $1", key)
        await outbox.put(conn, [MirrorTemplates()], now_us)
