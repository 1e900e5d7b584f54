"""Connections to the database: open a pool, and one transaction on whatever the caller holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

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
#: The longest statement of ours takes well under a second; this frees a stage from a server that went silent.
COMMAND_SECONDS = 30.0

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

_REFUSED: tuple[type[Exception], ...] = (*LOST, asyncpg.PostgresError, ValueError)


async def open_pool(dsn: str, *, min_size: int = 1, max_size: int = 5) -> Pool:
    """Return an open pool. Raises Unavailable with one sentence when the database does not answer."""
    try:
        return await asyncpg.create_pool(
            dsn, min_size=min_size, max_size=max_size, timeout=CONNECT_SECONDS, command_timeout=COMMAND_SECONDS
        )
    except _REFUSED as error:
        reason = (str(error) or type(error).__name__).rstrip(".")
        raise Unavailable(
            f"The database does not answer ({reason}): see that PostgreSQL runs and that its address is right."
        ) from error


@asynccontextmanager
async def transaction(db: Db) -> AsyncIterator[Connection]:
    """Yield a connection inside a transaction; on a connection that is in one already, inside a savepoint."""
    if isinstance(db, asyncpg.Pool):
        async with db.acquire() as connection, connection.transaction():
            yield connection
    else:
        async with db.transaction():
            yield db
