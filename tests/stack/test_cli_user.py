"""`shouwang user`: accounts for whoever has the machine, also when nobody can sign in any more."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from stack.cli import app
from store import accounts
from tests.conftest import Database

pytestmark = pytest.mark.servers

Run = Callable[..., str]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SHOUWANG_DSN", database.dsn)

    def call(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["user", *words, "--home", str(tmp_path)])
        assert done.exit_code == status, done.output
        return done.output

    return call


def of_database(dsn: str, sql: str) -> list[asyncpg.Record]:
    async def read() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    return asyncio.run(read())


def verified(dsn: str, name: str, password: str) -> accounts.User | None:
    async def ask() -> accounts.User | None:
        pool = await asyncpg.create_pool(dsn, min_size=1, max_size=1)
        try:
            return await accounts.verify(pool, name, password)
        finally:
            pool.terminate()

    return asyncio.run(ask())


def test_an_account_is_added_with_a_password_that_must_be_changed_and_each_act_is_in_the_log(
    run: Run, database: Database
) -> None:
    said = run("add", "admin", "--role", "administrator")
    password = said.splitlines()[0].split(" / ")[1]
    user = verified(database.dsn, "admin", password)
    assert user is not None
    assert user.must_change
    assert "name" in run("add", "admin", "--role", "carer", status=1)
    run("add", "li.mei", "--role", "carer", "--display-name", "李梅")
    assert "does not exist" in run("grant", "li.mei", "--role", "manager", "--place", "pl_none", status=1)
    assert run("grant", "li.mei", "--role", "technician").strip() == "li.mei: carer everywhere, technician everywhere"
    assert "technician everywhere\t0 open" in run("list")
    assert "Nobody would be left" in run("disable", "admin", status=1)
    run("disable", "li.mei")
    assert "disabled since" in run("list")
    run("enable", "li.mei")
    again = run("password", "admin").splitlines()[0].split(" / ")[1]
    assert verified(database.dsn, "admin", password) is None
    assert verified(database.dsn, "admin", again) is not None
    assert "0 sessions" in run("end-sessions", "admin")
    assert "no such account" in run("password", "nobody", status=1)
    logged = of_database(database.dsn, "select account, act, object, data from audit order by id")
    assert [row["act"] for row in logged] == [
        "add_account", "add_account", "set_account_grants", "disable_account", "enable_account",
        "reset_account_password", "end_account_sessions",
    ]  # fmt: skip
    assert {row["account"] for row in logged} == {"(machine)"}
    assert not any(again in json.dumps(row["data"]) for row in logged)


def test_a_home_that_does_not_run_is_told_of_in_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["user", "list", "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "does not run in this home" in done.output
