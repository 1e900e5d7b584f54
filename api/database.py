"""The API's pool, opened at the first need: an API that started before its database serves as soon as that is there."""

import asyncio

from schemas.errors import Unavailable
from store.pool import LOST, Pool, open_pool

#: A request holds a connection for a few milliseconds; more would only take them from the other stages. One listens.
MAX_CONNECTIONS = 8
#: Somebody waits for the page, and has given up after 10 s (the console's own limit).
COMMAND_SECONDS = 8.0
#: What a call of the store raises while the database is away.
AWAY: tuple[type[Exception], ...] = (*LOST, Unavailable)


class Database:
    """Gives the pool, or raises Unavailable. After a failure it is tried again at the next call."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: Pool | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def pool(self) -> Pool:
        """Return the pool; raises Unavailable with a sentence when the database does not answer."""
        if self._pool is not None:
            return self._pool
        async with self._opening:
            if self._closed:
                raise Unavailable("The API is stopping.")
            if self._pool is None:
                self._pool = await open_pool(self._dsn, max_size=MAX_CONNECTIONS, command_seconds=COMMAND_SECONDS)
            return self._pool

    async def close(self) -> None:
        """Close the pool; what still runs on it is cut off."""
        async with self._opening:
            self._closed = True
            if self._pool is not None:
                self._pool.terminate()
                self._pool = None
