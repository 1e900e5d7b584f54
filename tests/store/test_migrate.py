"""Migrations: one way for all starters, the same as SQL text, and no clock of the database's in any domain time."""

import asyncio
import re
import sys
from pathlib import Path

import asyncpg
import pytest

from schemas.errors import Unavailable
from store import migrate
from store.pool import open_pool
from tests.conftest import Database, PlatformServers, _database_dsn

STORE = Path(__file__).parents[2] / "store"
#: Everything in SQL that tells the server's time.
SERVER_TIME = re.compile(
    r"\bnow\s*\(|\bcurrent_(timestamp|date|time)\b|\blocaltime|\b(clock|statement|transaction)_timestamp\b", re.I
)


@pytest.fixture
async def empty(platform_servers: PlatformServers, database: Database) -> str:
    admin = await asyncpg.connect(platform_servers.dsn)
    name = f"{database.name}_e"
    await admin.execute(f"create database {name}")
    await admin.close()
    return _database_dsn(platform_servers.dsn, name)


def test_no_sql_asks_the_server_for_the_time() -> None:
    found = [
        f"{path.relative_to(STORE)}: {match.group()}"
        for path in sorted(STORE.rglob("*.py"))
        for match in SERVER_TIME.finditer(path.read_text())
    ]
    assert found == []


def test_the_search_for_server_time_would_find_it() -> None:
    for sql in ("select now()", "default CURRENT_TIMESTAMP", "clock_timestamp()", "NOW ()"):
        assert SERVER_TIME.search(sql)


def test_the_sql_text_holds_every_migration_and_chooses_the_series_at_run_time() -> None:
    text = migrate.sql_text()
    for table in ("place", "binding", "frame", "alert_step", "outbox", "quarantine", "session"):
        assert re.search(rf"create table {table} ", text, re.I), table
    assert text.count("create_hypertable") == 3
    assert f"version_num='{migrate.head()}'" in text.replace(" = ", "=")


@pytest.mark.servers
async def test_three_processes_and_four_threads_that_start_at_once_migrate_once(empty: str) -> None:
    program = "import sys; from store import migrate; migrate.upgrade(sys.argv[1])"
    starters = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty) for _ in range(3)]
    await asyncio.gather(*(asyncio.to_thread(migrate.upgrade, empty) for _ in range(4)))
    assert [await starter.wait() for starter in starters] == [0, 0, 0]
    connection = await asyncpg.connect(empty)
    assert [row["version_num"] for row in await connection.fetch("select version_num from alembic_version")] == [
        migrate.head()
    ]
    assert await connection.fetchval("select count(*) from place") == 0
    await connection.close()


@pytest.mark.servers
async def test_the_sql_text_makes_the_same_tables_as_the_migrations(empty: str, database: Database) -> None:
    plain = await asyncpg.connect(empty)
    await plain.execute(migrate.sql_text())
    migrated = await asyncpg.connect(database.dsn)
    shape = """
        select table_name, column_name, data_type, is_nullable from information_schema.columns
        where table_schema = 'public' order by 1, 2
    """
    indexes = "select tablename, indexdef from pg_indexes where schemaname = 'public' order by 1, 2"
    for query in (shape, indexes):
        rows = await plain.fetch(query)
        assert rows
        assert rows == await migrated.fetch(query)
    await plain.close()
    await migrated.close()


@pytest.mark.servers
async def test_all_times_are_whole_microseconds(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn)
    rows = await connection.fetch(
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'public' and (column_name like '%\\_us' or data_type like '%time%' or data_type = 'date')
        """
    )
    assert len(rows) > 20
    assert [tuple(row) for row in rows if row["data_type"] != "bigint"] == []
    await connection.close()


async def test_a_database_that_is_not_there_is_one_sentence() -> None:
    nowhere = "postgresql://user:secret@127.0.0.1:1/none"
    with pytest.raises(Unavailable, match=r"^The database does not answer .*\.$") as failed:
        await open_pool(nowhere)
    assert "secret" not in str(failed.value)
    with pytest.raises(Unavailable, match=r"\.$"):
        await asyncio.to_thread(migrate.upgrade, nowhere)
