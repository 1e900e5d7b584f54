"""The same tests on every database that the store runs on, emptied before each test: a fresh one takes longer.

``pool`` is a pool on one of them: ``postgres`` (embedded) and ``timescale`` (in WASM, or a native one that
``SHOUWANG_TIMESCALE_DSN`` names). Tests marked ``series`` run with each way to write and to lay out the series; tests
marked ``two_sessions`` need sessions that work at the same time, of which the WASM has one.
"""

import os
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from store import bulk, migrate, series
from store.bulk import WritePath
from store.pool import Pool, open_pool
from tests.conftest import PlatformServers, _database_dsn, _sql
from tests.timescale import wasm

NATIVE = "SHOUWANG_TIMESCALE_DSN"
_NAME = "store_tests"
#: Not a skip: without such a database nobody misses them.
collect_ignore = [] if os.environ.get(NATIVE) else ["test_native.py"]


class Where(msgspec.Struct, frozen=True):
    """Where a test runs. ``default``: without any partition but the default one."""

    database: str
    path: WritePath = WritePath.COPY
    default: bool = False

    def __str__(self) -> str:
        return f"{self.database}-{'default' if self.default else self.path}"


USUAL = (Where("postgres"), Where("timescale"))
SERIES = (
    Where("postgres"),
    Where("postgres", WritePath.UNNEST),
    Where("postgres", default=True),
    Where("timescale"),
    Where("timescale", WritePath.UNNEST),
)


def pytest_configure(config: pytest.Config) -> None:
    """Say what the markers of these tests mean."""
    config.addinivalue_line("markers", "series: about frames, readings and messages, however they are written and laid")
    config.addinivalue_line("markers", "partitions: about the partitions of plain PostgreSQL")
    config.addinivalue_line("markers", "chunks: about the chunks of TimescaleDB")
    config.addinivalue_line("markers", "two_sessions: what happens at the same time; the WASM has one session")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses the database wherever it can."""
    if "where" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    places = [where for where in (SERIES if "series" in marks else USUAL) if _holds(where, marks)]
    metafunc.parametrize("where", places, ids=str, indirect=True, scope="session")


def _holds(where: Where, marks: set[str]) -> bool:
    if where.database == "postgres":
        return "chunks" not in marks and not (where.default and "partitions" in marks)
    return "partitions" not in marks and ("two_sessions" not in marks or bool(os.environ.get(NATIVE)))


@pytest.fixture(scope="session")
def where(request: pytest.FixtureRequest) -> Where:
    found: Where = request.param
    return found


@pytest.fixture(scope="session")
def postgres_dsn(platform_servers: PlatformServers, _migrated_template: str) -> str:
    _sql(platform_servers.dsn, f"CREATE DATABASE {_NAME} TEMPLATE {_migrated_template}")
    return _database_dsn(platform_servers.dsn, _NAME)


@pytest.fixture(scope="session")
def timescale_dsn() -> Iterator[str]:
    native = os.environ.get(NATIVE)
    if not native:
        with wasm.serve() as dsn:
            migrate.upgrade(dsn)
            yield dsn
        return
    name = f"shouwang_test_{uuid4().hex[:12]}"
    _sql(native, f"create database {name}")
    try:
        dsn = urlsplit(native)._replace(path=f"/{name}").geturl()
        migrate.upgrade(dsn)
        if not _holds_timescale(dsn):
            pytest.fail(f"the database that {NATIVE} names has no TimescaleDB to offer")
        yield dsn
    finally:
        _sql(native, f"drop database {name} with (force)")


def _holds_timescale(dsn: str) -> bool:
    try:
        _sql(dsn, "select from timescaledb_information.hypertables")
    except (asyncpg.InvalidSchemaNameError, asyncpg.UndefinedTableError):
        return False
    return True


@pytest.fixture
def store_dsn(where: Where, request: pytest.FixtureRequest) -> str:
    """The database of this test; only what is asked for is started."""
    dsn: str = request.getfixturevalue(f"{where.database}_dsn")
    return dsn


@pytest.fixture
async def pool(where: Where, store_dsn: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    monkeypatch.setattr(bulk, "USUAL", where.path)
    if where.default:
        monkeypatch.setattr(series, "KEPT_DAYS", -series.NEXT_DAYS - 1)
    one_session = where.database == "timescale" and not os.environ.get(NATIVE)
    opened = await open_pool(store_dsn, min_size=1, max_size=1 if one_session else 20)
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
    names = ", ".join(row["tablename"] for row in tables)
    # Only whoever owns the table can do this, and no part of the platform does: the log refuses to be emptied.
    await pool.execute("alter table audit disable trigger audit_stays_whole")
    await pool.execute(f"truncate {names} restart identity")
    await pool.execute("alter table audit enable trigger audit_stays_whole")
