"""``python -m bench speed path``: the whole way of the data under load."""

import json
import platform
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from bench.speed import path

SCHEMA = 1


def run(given: Namespace) -> int:
    """Measure and print."""
    told = _path(given)
    print(json.dumps(told, indent=1) if given.json else "\n".join(_lines(told)))
    return 0


def _path(given: Namespace) -> dict[str, Any]:
    rate = given.sensors_a_second if given.sensors else 0.0
    speed = path.measure(given.wearables, given.sensors, rate, given.seconds, given.presses)
    workload = f"{given.wearables} wearables (50 Hz, 2 s frames), {rate:g} reports/s of {given.sensors} home sensors"
    return _head(f"{workload}, {given.seconds:g} s") | {"scenarios": {"path": asdict(speed)}}


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
