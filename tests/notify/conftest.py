"""A home with a ladder of three telephones, a database that can be taken away, and the stages as tasks of the test."""

import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import asyncpg
import pytest

from ingest import desk
from schemas.finding import Finding, Stage, encode
from schemas.ladder import Ladder, LadderStep
from schemas.subjects import findings
from stack import notify_stage
from store import contacts
from store.pool import Pool, open_pool
from tests.conftest import Database, PlatformServers
from tests.ingest.conftest import Way, _running, now_us, way
from tests.notify.receiver import Receiver
from tests.store.making import a_home, finding

__all__ = ["way"]

#: Seconds instead of minutes: how long the desk may take, and between steps; on a busy machine a press of a link must
#: still come before the next step.
GRACE_S, STEP_S = 0.3, 1.2


class Night:
    """One night shift: who is called is in ``phones``."""

    def __init__(self, way: Way, pool: Pool, database: Database, admin_dsn: str, phones: Receiver) -> None:
        self.way, self.pool, self.database, self.phones = way, pool, database, phones
        self._admin_dsn = admin_dsn
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def notify(self, *, loopback_only: bool = True) -> AbstractAsyncContextManager[None]:
        """Run the stage for the length of the block."""
        settings = notify_stage.NotifySettings(
            dsn=self.database.dsn,
            clock=now_us,
            claim_url=f"http://127.0.0.1:{self.port}/c",
            loopback_only=loopback_only,
            accept_within_s=GRACE_S,
            poll_s=0.05,
        )
        return _running(
            lambda stop, ready: notify_stage.run(
                nats_url=self.way.nats_url, settings=settings, host="127.0.0.1", port=self.port, stop=stop, ready=ready
            )
        )

    def desk(self) -> AbstractAsyncContextManager[None]:
        """Run the desk for the length of the block."""
        return _running(
            lambda stop, ready: desk.run(
                nats_url=self.way.nats_url, dsn=self.database.dsn, clock=now_us, stop=stop, ready=ready
            )
        )

    def fallen(self, name: str = "f1", *, stage: Stage = Stage.CONFIRMED, resident: str = "re_1") -> Finding:
        """Return a fall of just now."""
        return finding(name, stage=stage, at_us=now_us() - 21_000_000, resident=resident)

    async def find(self, found: Finding) -> None:
        """Publish a finding, as the watcher does."""
        await self.way.js.publish(findings(3), encode(found))

    async def database_away(self) -> None:
        """Take the database away: nobody gets in, and who is in is thrown out."""
        await self._as_admin(f"alter database {self.database.name} allow_connections false")
        await self._as_admin(
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{self.database.name}'"
        )

    async def database_back(self) -> None:
        """Give it back."""
        await self._as_admin(f"alter database {self.database.name} allow_connections true")

    async def _as_admin(self, sql: str) -> None:
        connection = await asyncpg.connect(self._admin_dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def ladder(phones: Receiver, *, after_s: float = STEP_S, people: tuple[str, ...] = ("li", "wang", "zhao")) -> Ladder:
    """Return a ladder of telephones, the first called at once."""
    return Ladder(
        steps=tuple(
            LadderStep(recipient=name, address=f"{phones.url}/{name}", after_s=after_s if index else 0)
            for index, name in enumerate(people)
        )
    )


@pytest.fixture
async def night(way: Way, database: Database, platform_servers: PlatformServers) -> AsyncIterator[Night]:
    pool = await open_pool(database.dsn)
    await a_home(pool)
    async with Receiver().listening() as phones:
        await contacts.set_ladder(pool, "pl_1", ladder(phones), now_us())
        yield Night(way, pool, database, platform_servers.dsn, phones)
    pool.terminate()
