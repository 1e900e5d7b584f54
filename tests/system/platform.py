"""The platform as a process of its own, and the questions a test asks it over its public interfaces."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx
import psutil

from stack.ports import any_free

T = TypeVar("T")
#: A first start makes the database; on a busy two-core machine that has taken a quarter of a minute.
START_S = 90
STOP_S = 30


def eventually(ask: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """Return the first true answer of ``ask``; fail with ``what`` when none came within ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what} (last answer: {answer!r})")
        time.sleep(0.1)


class Platform:
    """``shouwang up --demo``, or of another ``kind``, in a home of its own."""

    def __init__(self, home: Path, *, kind: str = "--demo", **environment: str) -> None:
        self.home = home
        self._log = (home.parent / f"{home.name}.log").open("wb")
        # Several test processes, each with a platform: none may take another's port while that one's stage is dead.
        home.mkdir(mode=0o700, parents=True)
        (home / "ports.json").write_text(json.dumps({name: any_free() for name in ("console", "claims")}))
        command = [str(Path(sys.executable).with_name("shouwang")), "up", kind, "--home", str(home)]
        self.process = subprocess.Popen(
            command,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | environment,
        )
        eventually(self._is_up, seconds=START_S, what=f"state.json and READY; see {self._log.name}")
        self.state: dict[str, Any] = json.loads((home / "run/state.json").read_text())
        self.http = httpx.Client(base_url=f"{self.state['api'].rstrip('/')}", timeout=10)
        self.sign_in("administrator")

    def _is_up(self) -> bool:
        assert self.process.poll() is None, Path(self._log.name).read_text()
        return (self.home / "run/state.json").exists()

    def account(self, role: str) -> dict[str, str]:
        """Return the demo account with this role."""
        account: dict[str, str] = next(each for each in self.state["accounts"] if each["role"] == role)
        return account

    def sign_in(self, role: str) -> None:
        """Act as the demo account with this role from now on."""
        account = self.account(role)
        answer = self.http.post("/session", json={"user": account["user"], "password": account["password"]})
        answer.raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON at ``path`` under the API."""
        answer = self.http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Post and return the JSON; raises on a refusal."""
        answer = self.http.post(path, json=body or {})
        answer.raise_for_status()
        return answer.json()

    def add_wearer(self, name: str, device: str, position: str = "waist") -> str:
        """Set up a home, a resident in it and a worn device; return the resident's id."""
        unit = self.post("/places", {"name": f"Home of {name}", "kind": "home"})["id"]
        resident: str = self.post("/residents", {"name": name, "unit": unit})["id"]
        self.post("/devices", {"id": device, "kind": "wearable", "position": position})
        self.post(f"/devices/{device}/binding", {"resident": resident, "unit": unit, "position": position})
        return resident

    def rows(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Return what the database says, asked directly."""

        async def ask() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(self.state["dsn"])
            try:
                return list(await connection.fetch(sql, *arguments))
            finally:
                await connection.close()

        return asyncio.run(ask())

    def pid_of(self, stage: str) -> int | None:
        """Return the process id that state.json gives for a stage now; None while it is being started again."""
        pid: int | None = json.loads((self.home / "run/state.json").read_text())["stages"].get(stage)
        return pid

    def kill(self, stage: str) -> None:
        """End a stage as a power cut would, and wait until another process has taken its place."""
        old = eventually(lambda: self.pid_of(stage), seconds=30, what=f"a living {stage}")
        os.kill(old, signal.SIGKILL)
        eventually(lambda: self.pid_of(stage) not in (old, None), seconds=30, what=f"a new {stage}")
        eventually(self._answers, seconds=30, what="an answer of the API")

    @contextmanager
    def without(self, stage: str) -> Iterator[None]:
        """Keep a stage down: it is ended whenever it has been started again, before it can do anything."""
        done = threading.Event()

        def end_it() -> None:
            while not done.wait(0.05):
                with suppress(OSError, ValueError):  # just ended, or the file is being written
                    pid = self.pid_of(stage)
                    if pid is not None:
                        os.kill(pid, signal.SIGKILL)

        ending = threading.Thread(target=end_it)
        ending.start()
        try:
            yield
        finally:
            done.set()
            ending.join()

    def _answers(self) -> bool:
        try:
            return self.http.get("/session").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> list[psutil.Process]:
        """Stop as Ctrl-C would; return the processes that should have ended and have not."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_S)
        self.http.close()
        self._log.close()
        _, alive = psutil.wait_procs(family, timeout=5)
        return alive
