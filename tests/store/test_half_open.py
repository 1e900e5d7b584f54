"""A database behind a network that swallows everything: no call waits without an end, and afterwards all go on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from schemas.errors import Unavailable
from store import notices, pool
from store.locks import READINGS, hold
from store.pool import LOST, Pool, open_pool, transaction
from tests.conftest import Database
from tests.half_open import Line, line

pytestmark = pytest.mark.servers

#: Instead of 15, 2, 5, 1 and 5 s.
COMMAND, PROBE, TRUSTED, CLOSE, CONNECT = 0.6, 0.3, 0.2, 0.2, 0.5
#: A statement on its way, the giving up of it, its connection's end.
BOUND_S = 2 * COMMAND + CLOSE
#: For a machine that does other things too.
SLACK_S = 2.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("COMMAND_SECONDS", COMMAND),
        ("PROBE_SECONDS", PROBE),
        ("TRUSTED_SECONDS", TRUSTED),
        ("CLOSE_SECONDS", CLOSE),
        ("CONNECT_SECONDS", CONNECT),
    ):
        monkeypatch.setattr(pool, name, value)


@asynccontextmanager
async def over_a_line(database: Database) -> AsyncIterator[tuple[Line, Pool]]:
    async with line(urlsplit(database.dsn).port) as way:
        opened = await open_pool(way.url(database.dsn), max_size=3)
        await asyncio.gather(*(opened.fetchval("select pg_sleep(0.1)") for _ in range(3)))
        assert way.connections == 3
        try:
            yield way, opened
        finally:
            opened.terminate()


async def test_a_statement_on_its_way_when_the_line_is_cut_ends_within_its_bound(database: Database) -> None:
    async with over_a_line(database) as (way, opened):
        asyncio.get_running_loop().call_later(0.1, way.cut)
        began = time.monotonic()
        with pytest.raises(LOST):
            async with transaction(opened) as conn:
                await conn.execute("select pg_sleep(0.3)")
        assert time.monotonic() - began < BOUND_S + SLACK_S


async def test_after_the_line_is_mended_the_dead_connections_cost_moments_and_all_work_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "COMMAND_SECONDS", 10.0)
    async with over_a_line(database) as (way, opened):
        way.cut()
        await asyncio.sleep(2 * TRUSTED)
        for _ in range(2):
            with pytest.raises(LOST):
                await opened.fetchval("select 1")
        way.mend()
        began = time.monotonic()
        failed = 0
        while True:
            try:
                assert await opened.fetchval("select 1") == 1
                break
            except LOST:
                failed += 1
        assert failed <= 3
        assert time.monotonic() - began < 3 * (2 * PROBE + CLOSE) + SLACK_S
        assert await asyncio.gather(*(opened.fetchval("select 1") for _ in range(3))) == [1, 1, 1]


async def test_a_lock_held_by_who_fell_silent_is_free_again_soon(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server knows nothing of a client whose line swallows everything: its transaction would stay for hours."""
    monkeypatch.setattr(pool, "SILENT_TRANSACTION_SECONDS", 1.0)
    async with over_a_line(database) as (way, opened):
        direct = await open_pool(database.dsn)
        try:
            with pytest.raises(LOST):
                async with transaction(opened) as conn:
                    await hold(conn, READINGS)
                    way.cut()
                    await conn.execute("select 1")
            async with asyncio.timeout(1.0 + SLACK_S):
                async with transaction(direct) as conn:
                    await conn.execute("select pg_advisory_xact_lock($1)", READINGS, timeout=1.0 + SLACK_S)
        finally:
            direct.terminate()


async def test_opening_a_database_that_lets_in_and_says_nothing_is_given_up(database: Database) -> None:
    async with line(urlsplit(database.dsn).port) as way:
        way.cut()
        began = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer"):
            await open_pool(way.url(database.dsn))
        assert time.monotonic() - began < CONNECT + SLACK_S


async def test_who_only_listens_notices_it_too_and_hears_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ASK_SECONDS", 0.2), ("PROBE_SECONDS", PROBE), ("RETRY_SECONDS", 0.1)):
        monkeypatch.setattr(notices, name, value)
    heard: list[str] = []
    stop = asyncio.Event()
    async with over_a_line(database) as (way, opened):
        following = asyncio.create_task(notices.follow(opened, "bell", heard.append, stop))
        direct = await open_pool(database.dsn)
        try:
            await _until(heard, [""])
            way.cut()
            await asyncio.sleep(1.0)
            way.mend()
            await _until(heard, ["", ""])
            await direct.execute("notify bell, 'ring'")
            await _until(heard, ["", "", "ring"])
        finally:
            stop.set()
            direct.terminate()
            await asyncio.wait_for(following, 5)


async def _until(heard: list[str], wanted: list[str]) -> None:
    async with asyncio.timeout(10):
        while heard != wanted:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.02)
