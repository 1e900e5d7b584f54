"""Bring a database to the newest migration, or print them all as SQL (Alembic; docs/adr/0005-migrations.md)."""

import asyncio
import io
import threading
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from schemas.errors import Unavailable
from store.pool import CONNECT_SECONDS, LOST

_SCRIPTS = Path(__file__).parent / "migrations"
#: Alembic keeps its context in a module's globals: one run at a time in a process. Between processes the database's
#: advisory lock does it.
_one_at_a_time = threading.Lock()


def upgrade(dsn: str) -> None:
    """Bring the database to the newest migration; nothing happens when it is there.

    Two callers at once are safe: the second waits and finds the work done. Blocks; from inside an event loop call it
    with asyncio.to_thread. Raises Unavailable when the database does not answer.
    """
    try:
        with _one_at_a_time:
            asyncio.run(_upgrade(dsn))
    except LOST as error:
        raise Unavailable(f"The database does not answer ({error}): it cannot be brought up to date.") from error


def sql_text() -> str:
    """Return all migrations as one SQL text, for databases that Python cannot reach (the tests of TimescaleDB)."""
    text = io.StringIO()
    with _one_at_a_time:
        command.upgrade(_config(output_buffer=text), "head", sql=True)
    return text.getvalue()


def head() -> str:
    """Return the id of the newest migration."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # only the tests and `check` ask

    newest = ScriptDirectory.from_config(_config()).get_current_head()
    return newest or ""


async def _upgrade(dsn: str) -> None:
    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)

    # The DSN goes to asyncpg as it is: SQLAlchemy would read sockets and passwords of it differently.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config(output_buffer: io.StringIO | None = None) -> Config:
    config = Config(output_buffer=output_buffer) if output_buffer is not None else Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
