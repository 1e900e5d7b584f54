"""The platform under test: a process of its own with real servers, on lines and disks that faults can be put on."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import asyncpg
import psutil
from nats.aio.client import Client as Nats

from bench.faults import disk
from bench.faults.disk import Disk
from bench.faults.proxy import PASS
from device_sim.mqtt_address import MqttAddress

STAGES = ("gateway", "recorder", "watcher", "desk", "notify", "api")
SERVERS = ("broker", "nats", "postgres")
#: A first start makes the database; a second one after a power cut replays logs.
START_S, STOP_S = 120.0, 40.0
#: What JetStream and PostgreSQL each get, MB: PostgreSQL alone keeps up to 512 MB of log.
DISK_MB = 1600
#: In a server's command line, and in no other process of the platform.
_MARKS = {"broker": "iotcore", "nats": "nats-server", "postgres": "postgres -D"}
_LOOK_S = 0.1


class Platform:
    """One home and the process that runs it. ``disks`` are empty where this machine cannot give us any."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.clock_file = folder / "clock-offset-us"
        self.disks: dict[str, Disk] = {}
        self.nats = Nats()
        self.process: subprocess.Popen[bytes] | None = None
        self._proxy: asyncio.subprocess.Process | None = None
        self._log = (folder / "up.log").open("ab")

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._close()
            raise
        return self

    async def _open(self) -> None:
        self.home.mkdir(mode=0o711, parents=True)
        if disk.refusal() is None:
            for name in ("nats", "postgres"):
                self.disks[name] = Disk(self.folder / f"{name}.img", self.home / name)
                self.disks[name].make(DISK_MB)
        names = ("console", "claims", *SERVERS)
        ports = dict(zip((*names, *(f"line to {name}" for name in SERVERS)), free_ports(len(names) + 3), strict=True))
        lines = {name: ports[f"line to {name}"] for name in SERVERS}
        (self.home / "ports.json").write_text(json.dumps({name: ports[name] for name in names}))
        (self.home / "faulted.json").write_text(json.dumps({"lines": lines, "clock": str(self.clock_file)}))
        await self._open_lines({name: (lines[name], ports[name]) for name in SERVERS})
        await self.start()
        await self.nats.connect(
            self.state["nats"], max_reconnect_attempts=-1, reconnect_time_wait=1, error_cb=_quiet, ping_interval=5
        )

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def _close(self) -> None:
        if self.nats.is_connected:
            await self.nats.close()
        await self.stop()
        if self._proxy is not None and self._proxy.stdin is not None:
            self._proxy.stdin.close()
            await self._proxy.wait()
        for each in self.disks.values():
            each.remove()
        self._log.close()

    async def _open_lines(self, lines: dict[str, tuple[int, int]]) -> None:
        self._proxy = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.faults.proxy", json.dumps(lines),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self._proxy_says()

    async def line(self, server: str, mode: str = PASS) -> None:
        """Cut, silence or mend the line between the stages and a server."""
        if self._proxy is None or self._proxy.stdin is None:
            raise RuntimeError("there are no lines yet")
        self._proxy.stdin.write(f"{server} {mode}\n".encode())
        await self._proxy_says()

    async def _proxy_says(self) -> None:
        if self._proxy is None or self._proxy.stdout is None or not await self._proxy.stdout.readline():
            raise RuntimeError("the lines to the servers are gone: bench.faults.proxy ended")

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises RuntimeError when it does not come up."""
        self.process = subprocess.Popen(  # noqa: ASYNC220, S603 - asked about like any other process afterwards
            [sys.executable, "-P", "-m", "stack.faulted", "up", "--home", str(self.home)],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not self._state_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the platform does not come up: see {self._log.name}")
            await asyncio.sleep(_LOOK_S)
        self.state: dict[str, Any] = json.loads(self._state_file.read_text())

    @property
    def _state_file(self) -> Path:
        return self.home / "run/state.json"

    @property
    def mqtt(self) -> MqttAddress:
        """The broker as devices reach it: not over the lines."""
        at = self.state["mqtt"]
        return MqttAddress(at["host"], at["port"], at["user"], at["password"])

    def account(self, role: str) -> tuple[str, str]:
        """Return user and password of the demo account with this role."""
        found = next(each for each in self.state["accounts"] if each["role"] == role)
        return found["user"], found["password"]

    def pids(self) -> dict[str, int]:
        """Return the living servers and stages by name, as the system knows them: the state file lags behind."""
        found: dict[str, int] = {}
        if self.process is None:
            return found
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with contextlib.suppress(psutil.Error):
                    name = _name(child.cmdline())
                    if name and child.status() != psutil.STATUS_ZOMBIE:
                        found[name] = child.pid
        return found

    def family(self, name: str) -> list[int]:
        """Return the processes of one server or stage, its own children too."""
        pid = self.pids().get(name)
        if pid is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        return []

    async def kill(self, name: str) -> None:
        """kill -9 a server or a stage, as soon as there is one."""
        while (pid := self.pids().get(name)) is None:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(_LOOK_S)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 everything in one moment, the supervisor first: nobody writes anything down any more."""
        if self.process is None:
            return
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(family[1:], timeout=10)
        self._state_file.unlink(missing_ok=True)

    async def stop(self) -> None:
        """Stop it as Ctrl-C would; kill what does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while self.process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(_LOOK_S)
        if self.process.poll() is None:
            self.kill_all()

    async def rows(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Return what the database says, asked directly. Raises what asyncpg raises while it is away."""
        connection = await asyncpg.connect(self.state["dsn"], timeout=5, command_timeout=30)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close(timeout=5)

    def set_clock(self, offset_us: int) -> None:
        """Let the stages' wall clock be off by so much."""
        self.clock_file.write_text(str(offset_us))


def _name(command: list[str]) -> str | None:
    if "stack.faulted" in command:
        return command[command.index("stack.faulted") + 1]
    text = " ".join(command)
    return next((name for name, mark in _MARKS.items() if mark in text), None)


def free_ports(count: int) -> list[int]:
    """Return so many loopback ports that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


async def _quiet(_error: Exception) -> None:
    """A server that is away is what we came for."""
