"""``python -m bench speed path``, ``readers``: the whole way of the data under load, and who reads it for what."""

import asyncio
import json
import platform
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from bench.speed import path, readers
from bench.spine import running
from ingest.connections import MqttAddress

SCHEMA = 1
#: Messages and rates at which readers are compared; 0: as many as are taken.
READINGS = ((10_000, 1_000.0), (20_000, 4_000.0), (30_000, 0.0))


def run(given: Namespace) -> int:
    """Measure and print."""
    told = asyncio.run(_readers()) if given.task == "readers" else _path(given)
    print(json.dumps(told, indent=1) if given.json else "\n".join(_lines(told)))
    return 0


def _path(given: Namespace) -> dict[str, Any]:
    rate = given.sensors_a_second if given.sensors else 0.0
    speed = path.measure(given.wearables, given.sensors, rate, given.seconds, given.presses)
    workload = f"{given.wearables} wearables (50 Hz, 2 s frames), {rate:g} reports/s of {given.sensors} home sensors"
    return _head(f"{workload}, {given.seconds:g} s") | {"scenarios": {"path": asdict(speed)}}


async def _readers() -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="shouwang-speed-") as folder:
        async with running(Path(folder) / "home", "up", "--demo") as state:
            mqtt = state["mqtt"]
            address = MqttAddress(mqtt["host"], mqtt["port"], mqtt["user"], mqtt["password"])
            with _broker_alone(state["pid"]):
                for name in readers.CLIENTS:
                    for count, rate in READINGS:
                        speed = await asyncio.to_thread(readers.measure, name, address, count, rate)
                        if speed is not None:
                            found[f"{name} at {rate:g}/s" if rate else f"{name} flooded"] = asdict(speed)
    return _head("frames of 664 bytes, QoS 1, one reading process; 0/s: as many as are taken") | {"scenarios": found}


@contextmanager
def _broker_alone(pid: int) -> Iterator[None]:
    """Let the platform's own stages stand still, so that nobody else reads."""
    stages = [each for each in psutil.Process(pid).children() if "stack.stage" in each.cmdline()]
    for each in stages:
        each.suspend()
    try:
        yield
    finally:
        for each in stages:
            each.resume()


def _head(workload: str) -> dict[str, Any]:
    return {"schema": SCHEMA, "python": platform.python_version(), "machine": platform.machine(), "workload": workload}


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"workload  {told['workload']}"]
    for name, figures in told["scenarios"].items():
        lines.append(name)
        lines += [f"  {what}: {_number(value)}" for what, value in figures.items()]
    return lines


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(each)}" for name, each in value.items())
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
