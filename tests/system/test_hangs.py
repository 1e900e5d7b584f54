"""What is stopped without ending (SIGSTOP) in a real platform: readyz names it, and a stage is started again."""

import json
import os
import signal
from typing import Any

import httpx
import psutil
import pytest

from stack.supervisor import STAGE_HUNG_S
from tests.system.platform import Platform, eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


def ready(platform: Platform) -> dict[str, Any]:
    """Return what readyz says; it must answer in time whatever hangs."""
    body: dict[str, Any] = httpx.get(f"{platform.state['console']}/readyz", timeout=5).json()
    return body


def send(pid: int, number: signal.Signals) -> list[int]:
    """Send a signal to a server and its own children (one of PostgreSQL answers each connection); return them."""
    family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    for each in family:
        os.kill(each, number)
    return family


def named(platform: Platform, part: str) -> bool:
    return part in ready(platform)["missing"]


def test_readyz_names_what_hangs_and_a_stage_that_does_is_started_again(platform: Platform) -> None:
    eventually(lambda: ready(platform)["ok"], seconds=30, what="a platform that is well")
    old = eventually(lambda: platform.pid_of("watcher"), seconds=30, what="a living watcher")
    os.kill(old, signal.SIGSTOP)
    servers = json.loads((platform.home / "run/state.json").read_text())["servers"]
    for server, part in (("postgres", "database"), ("nats", "jetstream")):
        stopped = send(servers[server], signal.SIGSTOP)
        try:
            eventually(lambda part=part: named(platform, part), seconds=10, what=f"{part} named")  # type: ignore[misc]
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        eventually(lambda part=part: not named(platform, part), seconds=20, what=f"{part} back")  # type: ignore[misc]
    eventually(lambda: named(platform, "watcher"), seconds=STAGE_HUNG_S, what="the watcher named")
    eventually(lambda: platform.pid_of("watcher") not in (old, None), seconds=STAGE_HUNG_S, what="a new watcher")
    eventually(lambda: ready(platform)["ok"], seconds=30, what="a platform that is well again")
    assert json.loads((platform.home / "run/state.json").read_text())["servers"] == servers, "a server was killed"
    numbers = httpx.get(f"{platform.state['console']}/metrics", timeout=5).text
    counted = next(line for line in numbers.splitlines() if line.startswith('shouwang_restarts{part="watcher"}'))
    assert float(counted.split()[1]) >= 1
