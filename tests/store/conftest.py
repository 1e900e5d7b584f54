"""A pool on one database, emptied before each test: a fresh database for each takes longer than most tests."""

from collections.abc import AsyncIterator

import pytest

from store.pool import Pool, open_pool
from tests.conftest import PlatformServers, _database_dsn, _sql

_NAME = "store_tests"


@pytest.fixture(scope="session")
def store_dsn(platform_servers: PlatformServers, _migrated_template: str) -> str:
    _sql(platform_servers.dsn, f"CREATE DATABASE {_NAME} TEMPLATE {_migrated_template}")
    return _database_dsn(platform_servers.dsn, _NAME)


@pytest.fixture
async def pool(store_dsn: str) -> AsyncIterator[Pool]:
    opened = await open_pool(store_dsn, min_size=1, max_size=20)
    await _empty(opened)
    yield opened
    opened.terminate()


async def _empty(pool: Pool) -> None:
    days = await pool.fetch(
        "select relname from pg_class where relkind = 'r' and relname ~ '^(frame|reading|message)_d[0-9]+$'"
    )
    if days:
        await pool.execute(f"drop table {', '.join(row['relname'] for row in days)}")
    tables = await pool.fetch(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
    )
    await pool.execute(f"truncate {', '.join(row['tablename'] for row in tables)} restart identity")
