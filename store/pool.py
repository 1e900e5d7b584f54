"""Connections to the database: open a pool, and one transaction on whatever the caller holds.

A network that swallows packets tells nobody that a connection is dead, so nothing here waits without an end: not an
answer, not the giving up of one (the driver asks the server to cancel, over the same dead network), not a closing. A
connection that was idle is asked before it is lent, so that those that died meanwhile cost seconds and not a full
wait each.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from schemas.errors import Unavailable

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
#: One connection, plain or lent by a pool.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
#: What every function of the store takes as its first argument.
Db: TypeAlias = "Pool | Connection"

#: A local server answers in milliseconds; one that has not by now is down or behind a broken network.
CONNECT_SECONDS = 5.0
#: The longest statement of ours takes well under a second, a commit on a disk that is slow some; this frees a stage
#: from a server that went silent. Giving up may take as long again: then a dead connection has cost twice this.
COMMAND_SECONDS = 15.0
#: A connection that was not used for this long is asked whether it lives, and has so long to answer.
TRUSTED_SECONDS, PROBE_SECONDS = 5.0, 2.0
#: What the server does about a client that fell silent in the middle of a transaction: it rolls back after this long,
#: which gives back the locks. Without it the recorder stood until the kernel missed the client, two hours later.
#: Between two statements of ours pass milliseconds.
SILENT_TRANSACTION_SECONDS = 15.0
#: What a polite end may take; a server that does not hear it finds out by itself.
CLOSE_SECONDS = 1.0

#: What is the database's fault and not the data's: away, starting, stopping, out of room, read-only, not migrated, or
#: two transactions that met. A caller waits and tries again; anything else would fail for ever.
LOST: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the driver, when a server cuts a connection that was idle in a transaction
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.ObjectNotInPrerequisiteStateError,
)

#: Of these: there, and read from, but without room for what is new.
FULL = asyncpg.InsufficientResourcesError

_REFUSED: tuple[type[Exception], ...] = (*LOST, asyncpg.PostgresError, ValueError)


class _Watched(asyncpg.Connection):
    """A connection that knows when it was last lent, and whose end is awaited for a moment only."""

    _lent_at = 0.0

    def idle_s(self) -> float:
        """Return the seconds since this was asked last."""
        now = time.monotonic()
        idle, self._lent_at = now - self._lent_at, now
        return idle

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg calls it so
        """Close; one that cannot say goodbye is cut off."""
        await super().close(timeout=CLOSE_SECONDS if timeout is None else timeout)


async def _mistrust(connection: Any) -> None:
    """Ask a connection that was idle whether it lives; raises one of LOST when not."""
    if connection.idle_s() > TRUSTED_SECONDS:
        await connection.execute("select 1", timeout=PROBE_SECONDS)


async def open_pool(dsn: str, *, min_size: int = 1, max_size: int = 5, command_seconds: float | None = None) -> Pool:
    """Return an open pool. Raises Unavailable with one sentence when the database does not answer.

    ``command_seconds``: how long one statement may take; default COMMAND_SECONDS.
    """
    longest = COMMAND_SECONDS if command_seconds is None else command_seconds
    try:
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_SECONDS,
            command_timeout=longest,
            server_settings={
                "idle_in_transaction_session_timeout": _milliseconds(SILENT_TRANSACTION_SECONDS),
                # Who asked has given up by then, or is no more.
                "statement_timeout": _milliseconds(2 * longest),
            },
            connection_class=_Watched,
            setup=_mistrust,
        )
    except _REFUSED as error:
        reason = (str(error) or type(error).__name__).rstrip(".")
        raise Unavailable(
            f"The database does not answer ({reason}): see that PostgreSQL runs and that its address is right."
        ) from error


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


@asynccontextmanager
async def transaction(db: Db) -> AsyncIterator[Connection]:
    """Yield a connection inside a transaction; on a connection that is in one already, inside a savepoint."""
    if isinstance(db, asyncpg.Pool):
        async with db.acquire() as connection, connection.transaction():
            yield connection
    else:
        async with db.transaction():
            yield db
