"""Real servers for the tests of all parts, and the rule that a skip may not hide what this run must have.

``platform_servers``: broker, JetStream and PostgreSQL, once a session, on free ports in a temporary home.
``database``: a fresh, migrated database for each test. Both are the product's own embedded servers, without disk
syncing.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from stack import addresses
from stack.addresses import Mqtt
from stack.credentials import load
from stack.home import Home
from stack.ports import Ports
from stack.servers import Server
from stack.servers.broker import Broker
from stack.servers.nats import Nats
from stack.servers.postgres import DATABASE, Postgres

_START_PATIENCE_S = 60.0
_STOP_PATIENCE_S = 10.0
_TEMPLATE = "template_migrated"
_LAST_LINE = pytest.StashKey[str]()
#: What SHOUWANG_REQUIRE may name; a skip says it with `needs <name>` at the start of its reason.
REQUIRABLE = ("chromium", "mosquitto", "timescale")


@dataclass(frozen=True)
class PlatformServers:
    """Where the session's servers are."""

    mqtt: Mqtt
    nats_url: str
    dsn: str


@dataclass(frozen=True)
class Database:
    """One test's own database."""

    dsn: str
    name: str


class _Servers:
    """The session's servers; the broker is a new one for each test module."""

    def __init__(self, home: Home) -> None:
        self._home = home
        ports, credentials = Ports(home, prefer_usual=False), load(home)
        self._broker = Broker(home, ports.choose("broker", 0), credentials.mqtt)
        others: list[Server] = [
            Nats(home, ports.choose("nats", 0), credentials.nats),
            Postgres(home, ports.choose("postgres", 0), credentials.postgres, extra={"fsync": "off"}),
        ]
        self.where = addresses.of(ports, credentials)
        self._running = {server.name: (server, server.start()) for server in [self._broker, *others]}
        self._broker_is_of = ""
        for server, process in self._running.values():
            _wait_until_ready(server, process, home)

    def fresh_broker(self, module: str) -> None:
        """Start the broker anew for a module: what another left behind (retained messages, sessions) is not its own."""
        if self._broker_is_of not in ("", module):
            _stop(self._running["broker"][1], self._broker.stop_signal)
            process = self._broker.start()
            self._running["broker"] = (self._broker, process)
            _wait_until_ready(self._broker, process, self._home)
        self._broker_is_of = module

    def stop(self) -> None:
        """End all."""
        for server, process in self._running.values():
            _stop(process, server.stop_signal)


@pytest.fixture(scope="session")
def _servers() -> Iterator[_Servers]:
    root = Path(tempfile.mkdtemp(prefix="shouwang-test-"))
    home = Home(root)
    home.make()
    servers = _Servers(home)
    yield servers
    servers.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def platform_servers(_servers: _Servers) -> PlatformServers:
    """Broker, JetStream and PostgreSQL, running. A test that breaks one must start its own instead."""
    where = _servers.where
    return PlatformServers(where.mqtt, where.nats_url, where.dsn)


@pytest.fixture(autouse=True)
def _broker_of_the_module(request: pytest.FixtureRequest) -> None:
    if "platform_servers" in request.fixturenames:
        servers: _Servers = request.getfixturevalue("_servers")
        servers.fresh_broker(request.module.__name__)


def _wait_until_ready(server: Server, process: "subprocess.Popen[bytes]", home: Home) -> None:
    deadline = time.monotonic() + _START_PATIENCE_S
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            log = (home.logs / f"{server.name}.log").read_text(errors="replace")[-2000:]
            pytest.fail(f"{server.describe()} did not start:\n{log}")
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]", stop_signal: signal.Signals) -> None:
    process.send_signal(stop_signal)
    try:
        process.wait(_STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def _migrated_template(platform_servers: PlatformServers) -> str:
    from store import migrate  # noqa: PLC0415 - tests without a database must not need it

    _sql(platform_servers.dsn, f"CREATE DATABASE {_TEMPLATE}")
    migrate.upgrade(_database_dsn(platform_servers.dsn, _TEMPLATE))
    return _TEMPLATE


@contextmanager
def fresh_database(servers: PlatformServers, template: str) -> Iterator[Database]:
    """A copy of the migrated ``template`` for the length of the block."""
    name = f"test_{uuid4().hex[:12]}"
    _sql(servers.dsn, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield Database(_database_dsn(servers.dsn, name), name)
    _sql(servers.dsn, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database(platform_servers: PlatformServers, _migrated_template: str) -> Iterator[Database]:
    """A fresh database with all migrations, dropped after the test."""
    with fresh_database(platform_servers, _migrated_template) as made:
        yield made


def _database_dsn(dsn: str, name: str) -> str:
    return dsn.removesuffix(f"/{DATABASE}") + f"/{name}"


def _sql(dsn: str, statement: str) -> None:
    """Run one statement from a thread of its own, since a test's event loop may be about."""
    failure: list[BaseException] = []

    async def execute() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def run() -> None:
        try:
            asyncio.run(execute())
        except BaseException as error:  # handed to the test below
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def required() -> frozenset[str]:
    """Return what this run must have (SHOUWANG_REQUIRE=chromium,mosquitto); raises UsageError for an unknown name."""
    names = frozenset(filter(None, os.environ.get("SHOUWANG_REQUIRE", "").replace(" ", "").split(",")))
    if unknown := names - set(REQUIRABLE):
        raise pytest.UsageError(f"SHOUWANG_REQUIRE knows {', '.join(REQUIRABLE)}; not {', '.join(sorted(unknown))}.")
    return names


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a misspelt requirement at once: it would require nothing."""
    required()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of something required into a failure."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        for name in sorted(required()):
            if reason.lower().startswith(f"needs {name}"):
                report.outcome = "failed"
                report.longrepr = f"SHOUWANG_REQUIRE names {name}, but this test was skipped: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what was skipped, and why."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in reports)
    listed = "; ".join(f"{count} x {reason}" if count > 1 else reason for reason, count in sorted(reasons.items()))
    terminalreporter.config.stash[_LAST_LINE] = f"skipped: {len(reports)} ({listed or 'none'})"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Make the count the last line, below pytest's own, where nobody overlooks it."""
    if line := config.stash.get(_LAST_LINE, ""):
        print(line, flush=True)  # noqa: T201


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
