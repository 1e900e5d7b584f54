"""The supervisor with the real servers: it mends what dies, and leaves nothing behind however it ends."""

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
SERVERS = ("broker", "nats", "postgres")
#: Issue 2: a second start takes less.
SECOND_START_S = 10.0
#: Asked for by a person at Ctrl-C, on a machine that does other things too.
START_S, STOP_S = 60.0, 30.0


class Running:
    """One supervisor process and what it said."""

    def __init__(self, home: Path, *, wrapper: tuple[str, ...] = ()) -> None:
        self.home = home
        self._log = home.with_name(f"{home.name}.log")
        command = [*wrapper, sys.executable, "-m", "tests.stack.runner", str(home)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        with self._log.open("ab") as log:
            self._offset = self._log.stat().st_size
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def output(self) -> str:
        return self._log.read_bytes()[self._offset :].decode()

    def wait_ready(self) -> "Running":
        wait_for(lambda: "READY" in self.output or self.process.poll() is not None, START_S, "READY")
        assert "READY" in self.output, self.output
        return self

    @property
    def state(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.home / "run/state.json").read_text())
        return read

    def pids(self) -> dict[str, int]:
        return {**self.state["servers"], **self.state["stages"]}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_S)


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)


def alive(home: Path) -> list[str]:
    """Return the processes that name this home or stand in it (PostgreSQL's own children only do the latter)."""
    return [
        f"{process.pid} {' '.join(process.cmdline())}" for process in psutil.process_iter() if _is_of(process, home)
    ]


def _is_of(process: psutil.Process, home: Path) -> bool:
    try:
        named = str(home) in " ".join(process.cmdline())
        return process.status() != psutil.STATUS_ZOMBIE and (named or Path(process.cwd()).is_relative_to(home))
    except psutil.Error:
        return False


@contextmanager
def place() -> Iterator[Path]:
    """Give a place for a home that a server with fewer rights can reach (pytest's own folders are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-stack-"))
    folder.chmod(0o711)
    yield folder / "home"
    for _ in range(2):  # a killed supervisor's children may be about for a moment
        for line in alive(folder):
            with suppress(ProcessLookupError):
                os.kill(int(line.split()[0]), signal.SIGKILL)
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of one's own."""
    with place() as made:
        yield made


@pytest.fixture(scope="module")
def platform() -> Iterator[Running]:
    """One platform for the tests that leave it as it was; it must go down without a trace, whatever was done to it."""
    with place() as made:
        running = Running(made).wait_ready()
        yield running
        assert running.stop() == 0
        assert alive(made) == []
        assert not (made / "run/state.json").exists()


def query(dsn: str, sql: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(dsn, timeout=10)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_it_tells_where_everything_is_to_its_owner_alone(platform: Running) -> None:
    state = platform.state
    assert set(state) == {
        *("console", "api", "mqtt", "nats", "dsn", "accounts", "pid", "servers", "stages", "restarts", "simulated")
    }
    assert not state["simulated"]
    assert state["api"] == state["console"] + "/api/v1"
    assert state["pid"] == platform.process.pid
    assert set(state["servers"]) == set(SERVERS)
    assert {each["role"] for each in state["accounts"]} == {"administrator", "carer"}
    assert query(state["dsn"], "select 1") == 1
    for secret in ("run/state.json", "secrets.toml", "demo-accounts.json"):
        assert stat.S_IMODE((platform.home / secret).stat().st_mode) == 0o600, secret


def test_a_second_start_is_quick_and_keeps_ports_and_data(home: Path) -> None:
    first = Running(home).wait_ready()
    before = first.state
    query(before["dsn"], "create table kept (x int)")
    assert first.stop(signal.SIGINT) == 0

    began = time.monotonic()
    second = Running(home).wait_ready()
    assert time.monotonic() - began < SECOND_START_S
    after = second.state
    assert {**after, "pid": 0, "servers": 0, "stages": 0} == {**before, "pid": 0, "servers": 0, "stages": 0}
    assert query(after["dsn"], "select count(*) from kept") == 0
    assert second.stop() == 0


@pytest.mark.parametrize("name", [*SERVERS, "gateway"])
def test_what_is_killed_is_said_and_started_again(platform: Running, name: str) -> None:
    old = platform.pids()[name]
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: platform.pids().get(name, old) != old, 20, f"a new {name}")
    assert f"SAID {name} was killed by SIGKILL; starting it again in 0.5 s" in platform.output
    wait_for(lambda: answers(platform.state["dsn"]), 20, "an answer of the database")


def answers(dsn: str) -> bool:
    try:
        return bool(query(dsn, "select 1") == 1)
    except (OSError, asyncpg.PostgresError):
        return False


def test_a_killed_supervisor_leaves_nothing_running_and_the_next_start_is_well(home: Path) -> None:
    running = Running(home).wait_ready()
    running.process.kill()
    running.process.wait()
    wait_for(lambda: not alive(home), 15, "the end of all children")
    again = Running(home).wait_ready()
    assert again.stop() == 0


def test_a_home_in_use_is_refused_with_one_sentence_and_not_disturbed(platform: Running) -> None:
    second = Running(platform.home)
    assert second.process.wait(START_S) == 1
    assert f"is in use by a running platform (process {platform.process.pid})" in second.output
    assert second.output.count("\n") == 1
    assert query(platform.state["dsn"], "select 1") == 1
    assert (platform.home / "run/state.json").exists()


def test_what_a_power_cut_left_is_recovered(home: Path) -> None:
    running = Running(home).wait_ready()
    assert running.stop() == 0
    # the same numbers belong to others after a boot: here to this very test
    (home / "postgres/data/postmaster.pid").write_text(f"{os.getpid()}\n{home}/postgres/data\n0\n5432\n\n\n")
    (home / "run/children.json").write_text(json.dumps({"nats": [os.getpid(), 1.0, 15]}))
    (home / "run/lock").write_text("1\n")
    (home / "run/state.json").write_text("{")
    (home / "ports.json.partial").write_text("{")
    again = Running(home).wait_ready()
    assert query(again.state["dsn"], "select 1") == 1
    assert again.stop() == 0


def test_a_half_made_database_is_made_again(home: Path) -> None:
    partial = home / "postgres/data.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    (home / "postgres/password.partial").write_text("old")
    running = Running(home).wait_ready()
    assert query(running.state["dsn"], "select 1") == 1
    assert not partial.exists()
    assert not (home / "postgres/password.partial").exists()
    assert running.stop() == 0


def test_a_taken_port_is_left_alone_and_another_is_found(home: Path) -> None:
    first = Running(home).wait_ready()
    port = first.state["mqtt"]["port"]
    assert first.stop() == 0
    with socket.create_server(("127.0.0.1", port)):
        second = Running(home).wait_ready()
        assert second.state["mqtt"]["port"] != port
        assert second.stop() == 0


def test_a_stage_that_cannot_start_ends_the_start_with_its_reason(home: Path) -> None:
    home.mkdir()
    (home / "break-gateway").touch()
    running = Running(home)
    assert running.process.wait(START_S) == 1
    refusal = next(line for line in running.output.splitlines() if line.startswith("REFUSED"))
    assert "gateway does not start: the watch spring is broken" in refusal
    assert "SAID gateway ended with status 3 (the watch spring is broken); starting it again in 0.5 s" in running.output
    assert alive(home) == []


def test_an_external_server_takes_the_place_of_an_embedded_one(
    home: Path, platform_servers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUWANG_DSN", platform_servers.dsn)
    monkeypatch.setenv("SHOUWANG_NATS_URL", platform_servers.nats_url)
    running = Running(home).wait_ready()
    assert set(running.state["servers"]) == {"broker"}
    assert running.state["dsn"] == platform_servers.dsn
    assert running.state["nats"] == platform_servers.nats_url
    assert not (home / "postgres").exists()
    assert running.stop() == 0


def _setpriv(user: int) -> tuple[str, ...]:
    """Become an ordinary user who can still look into this machine's Python, wherever root has put it."""
    program = shutil.which("setpriv")
    if os.geteuid() != 0 or program is None:
        pytest.skip("needs root and setpriv to become another user")
    rights = (
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=+dac_read_search",
        "--bounding-set=-all,+dac_read_search",
    )
    return (program, f"--reuid={user}", f"--regid={user}", "--clear-groups", *rights, "--no-new-privs", "--")


def test_it_runs_as_an_ordinary_user(home: Path) -> None:
    nobody = 65534
    os.chown(home.parent, nobody, nobody)
    running = Running(home, wrapper=_setpriv(nobody)).wait_ready()
    pids = running.pids()
    assert {psutil.Process(pid).uids().effective for pid in pids.values()} == {nobody}
    assert running.stop() == 0
    assert alive(home) == []


def test_as_root_the_database_runs_with_less_even_in_a_closed_home(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to give rights away")
    home.parent.chmod(0o700)
    running = Running(home).wait_ready()
    process = psutil.Process(running.pids()["postgres"])
    assert process.uids().effective != 0
    effective = next(
        line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("CapEff")
    )
    assert int(effective.split()[1], 16).bit_count() <= 1
    assert running.stop() == 0
    assert alive(home) == []
