"""``python -m bench speed homes``: ticks over many homes, signs of life, a home-year, state and snapshots."""

import json
import platform
from argparse import Namespace
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.recordings import NotARecording
from bench.speed import homes
from bench.speed.home_fleet import LEARN_DAYS, LIVES, Fleet, lives
from bench.speed.people import FEET, made_pieces
from bench.speed.reference import half_space_trees

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
#: The issue's figures.
GOALS = {
    "tick": "under 100 ms of CPU over 100,000 homes",
    "state": "at most 16,384 bytes a home",
    "year": "a home-year in under 1 s of CPU",
}
#: Figures by which two runs are compared: each divided by the CPU of one observation of the reference.
COMPARED = {"tick": "us_a_home", "sign": "us_a_reading", "year": "cpu_s", "snapshot": "write_us_a_home"}
#: A figure that differs by less, relatively, is called noise: what runs of one version differ by on a shared machine.
NOISE = 0.35
BASELINE = Path(__file__).parent.parent / "baselines" / "speed_homes.json"


def measure(given: Namespace) -> dict[str, Any]:
    """Measure the scenarios that are asked for. Raises NotARecording for one that there is not."""
    reference = half_space_trees(made_pieces()[FEET][0])

    street = cache(lives)

    @cache
    def fleet() -> tuple[Fleet, homes.FleetSpeed]:
        made = Fleet(given.homes, street())
        return made, homes.fleet_speed(made, given.ticks)

    scenarios: dict[str, Callable[[], dict[str, Any]]] = {
        "tick": lambda: _tick(fleet()[1]),
        "sign": lambda: _sign(fleet()[1]),
        "save": lambda: _save(fleet()[1]),
        "after-stop": lambda: homes.after_stop(fleet()[0]),
        "snapshot": lambda: homes.snapshot_time(fleet()[0]),
        "state": lambda: homes.state_bytes(street()),
        "year": lambda: homes.year(given.life, given.days),
        "year-by-one": lambda: homes.year_by_one(given.life, given.days),
    }
    chosen = given.only or list(scenarios)
    if unknown := sorted(set(chosen) - set(scenarios)):
        raise NotARecording(f"there is no scenario {', '.join(unknown)}; there are {', '.join(scenarios)}.")
    return {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "workload": f"{LIVES} simulated lives, {LEARN_DAYS} days learnt",
        "reference": {"name": reference.name, "rate": reference.rate, "note": reference.note},
        "goals": GOALS,
        "scenarios": {name: scenarios[name]() for name in chosen},
    }


def _tick(speed: homes.FleetSpeed) -> dict[str, Any]:
    took = np.array(speed.tick_ms)
    return {
        "homes": speed.homes,
        "ticks": speed.ticks,
        "mean_ms": float(took.mean()),
        "median_ms": float(np.median(took)),
        "most_ms": float(took.max()),
        "us_a_home": float(np.median(took)) * 1e3 / speed.homes,
        "of_it_garbage_ms": speed.garbage_ms,
        "homes_looked_at": speed.looked,
        "findings": speed.findings,
        "steps": speed.steps,
    }


def _sign(speed: homes.FleetSpeed) -> dict[str, Any]:
    return {"us_a_reading": speed.us_a_reading, "readings": speed.readings, "a_second": speed.readings / speed.ticks}


def _save(speed: homes.FleetSpeed) -> dict[str, Any]:
    return {"ms_each_5_s": speed.save_ms, "homes_changed": speed.saved}


def report(told: dict[str, Any]) -> str:
    """Return what was measured as lines to read."""
    reference = told["reference"]
    rate = "-" if reference["rate"] is None else f"{reference['rate']:,.0f} samples/s"
    lines = [f"reference  {reference['name']}: {rate} ({reference['note']})", f"workload   {told['workload']}"]
    for name, figures in told["scenarios"].items():
        lines.append(f"\n{name}" + (f"  (goal: {told['goals'][name]})" if name in told["goals"] else ""))
        steps = figures.get("steps", {})
        lines += [f"  {what}: {_number(value)}" for what, value in figures.items() if what != "steps"]
        lines += [f"  {share:6.1%}  {step}" for step, share in steps.items()]
        if (times := in_references(told, name)) is not None:
            lines.append(f"  {COMPARED[name]}: as long as {times:,.4g} observations of the reference")
    return "\n".join(lines)


def in_references(told: dict[str, Any], name: str) -> float | None:
    """Return how many observations the reference takes in the same run in the time of a scenario's figure."""
    rate, figures = told["reference"]["rate"], told["scenarios"].get(name)
    if rate is None or figures is None or name not in COMPARED:
        return None
    seconds = figures[COMPARED[name]] * (1.0 if COMPARED[name].endswith("_s") else 1e-6)
    return float(seconds * rate)


def compare(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[str], bool]:
    """Return a line for each scenario that both have, in observations of each run's reference, and if one is worse."""
    lines, worse = [], False
    for name in COMPARED:
        before, now = in_references(old, name), in_references(new, name)
        if before is None or now is None:
            continue
        change = now / before - 1
        verdict = "within noise" if abs(change) < NOISE else "worse" if change > 0 else "better"
        worse |= verdict == "worse"
        lines.append(
            f"{verdict:12}  {name:9} {before:10.4g} -> {now:10.4g} observations of the reference ({change:+.0%})"
        )
    return lines, worse


def run(given: Namespace) -> int:
    """Measure, print, and compare where that is asked for; return the exit status."""
    told = measure(given)
    print(json.dumps(told) if given.json else report(told))
    if given.against is None:
        return 0
    lines, worse = compare(json.loads(given.against.read_text()), told)
    print("\n".join(["", *lines]))
    return 1 if worse else 0


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(each)}" for name, each in value.items())
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
