"""The WASM TimescaleDB behind its wire: that it holds what the store's tests need, and what it does not hold.

docs/databases.md has the table; each line of it that says "no" is a test here, so that it is struck out when it holds.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.timescale import wasm

DOCS = Path(__file__).parents[2] / "docs" / "databases.md"
_ROWS = 5000


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with wasm.serve() as found:
        yield found


async def test_messages_of_any_size_copies_and_errors_go_through_and_the_session_goes_on(dsn: str) -> None:
    conn = await asyncpg.connect(dsn)
    assert await conn.fetchval("select length($1::text)", "x" * 3_000_000) == 3_000_000
    await conn.execute("create table wide (n bigint, body bytea not null)")
    rows = [(number, bytes(200)) for number in range(_ROWS)]
    await conn.copy_records_to_table("wide", records=rows)
    with pytest.raises(asyncpg.NotNullViolationError):
        await conn.copy_records_to_table("wide", records=[(1, b""), (2, None)])
    with pytest.raises(OverflowError):  # the driver gives up in the middle
        await conn.copy_records_to_table("wide", records=[(1, b""), (2**63, b"")])
    with pytest.raises(asyncpg.UndefinedTableError):
        await conn.copy_records_to_table("none", records=[(1,)])
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with conn.transaction():
            await conn.execute("insert into wide values ($1, '')", _ROWS)
            await conn.fetch("select 1 / $1::int", 0)
    assert await conn.fetchval("select count(*) from wide") == _ROWS
    await conn.close()


async def test_connections_take_turns_by_the_transaction_and_one_that_breaks_off_leaves_nothing(dsn: str) -> None:
    one, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    await one.execute("create table turns (n int)")
    await asyncio.gather(*(conn.execute("insert into turns values ($1)", 1) for conn in (one, other)))
    begun = one.transaction()
    await begun.start()
    await one.execute("insert into turns values ($1)", 2)
    waits = asyncio.create_task(other.fetchval("select count(*) from turns"))
    _, pending = await asyncio.wait([waits], timeout=0.2)
    assert pending, "there is one session: the other waits for the transaction's end"
    one.terminate()
    assert await waits == 2
    await other.close()


async def test_what_the_wire_does_not_hold_stands_in_the_table(dsn: str) -> None:
    listener, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    heard: list[object] = []
    await listener.add_listener("live", lambda *said: heard.append(said))
    await other.execute("select pg_notify('live', '1')")
    pid = await other.fetchval("select pg_backend_pid()")
    workers = await other.fetchval(
        "select count(*) from pg_stat_activity where backend_type like '%background worker%'"
    )
    same = await listener.fetchval("select pg_backend_pid()") == pid
    found = {"a second session": not same, "notices to a listener": bool(heard), "background workers": workers > 0}
    listener.terminate()
    await other.close()
    table = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in DOCS.read_text().splitlines() if "|" in line
    }
    assert {name: table[name] for name in found} == {name: "yes" if held else "no" for name, held in found.items()}


def test_without_node_its_tests_are_skipped_and_fail_where_it_is_required(tmp_path: Path) -> None:
    case = "tests/store/test_quarantine.py::test_text_that_no_database_holds_is_kept_readable[timescale-copy]"
    said = {}
    for required in ("", "timescale"):
        environment = {**os.environ, "PATH": str(tmp_path), "SHOUWANG_REQUIRE": required, "SHOUWANG_TIMESCALE_DSN": ""}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", case],
            cwd=wasm.FOLDER.parents[1], env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said[required] = (done.returncode, done.stdout.splitlines()[-1])
    assert said[""] == (0, "skipped: 1 (needs timescale: Node is not installed)")
    assert said["timescale"][0] == 1
