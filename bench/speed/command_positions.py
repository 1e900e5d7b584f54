"""``python -m bench speed positions``: what a position costs wandering and whereabouts; their state and ticks."""

import json
import platform
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.recordings import NotARecording
from bench.speed import crowd, positions
from bench.speed.crowd import Source
from bench.speed.positions import QUIET_S, WARM_MIN, WHO

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
#: The issue's figures, and the house's for ticks.
GOALS = {
    "walk": "100,000 positions a second and core: 10 us each",
    "home": "the same",
    "state": "at most 8,192 bytes a person",
    "tick": "under 100 ms of CPU over 100,000 homes",
}
#: Lives of each kind, and of people whose fixes come each second so many fewer.
LIVES, OFTEN = 4, 10
#: Share of people on foot while a tick is measured.
ON_FOOT = 0.01
#: A figure that differs by less, relatively, is called noise: what runs of one version differ by on a shared machine.
NOISE = 0.25
BASELINE = Path(__file__).parent.parent / "baselines" / "speed_positions.json"


def measure(given: Namespace) -> dict[str, Any]:
    """Measure the scenarios that are asked for. Raises NotARecording for one that there is not."""
    minutes = WARM_MIN + given.minutes + 2
    often = max(1, given.people // OFTEN)

    @cache
    def sources(kind: Callable[[int, int], Source]) -> list[Source]:
        return [kind(number, minutes) for number in range(LIVES)]

    @cache
    def played(kind: Callable[[int, int], Source], count: int, who: str) -> positions.PositionSpeed:
        return positions.speed(count, sources(kind), who, given.minutes)

    def told(kind: Callable[[int, int], Source], count: int) -> dict[str, Any]:
        found: dict[str, Any] = {who: _speed(played(kind, count, who)) for who in WHO}
        return found | {"steps": positions.profile(count, sources(kind), given.minutes)}

    def state() -> dict[str, Any]:
        kinds = ((crowd.walking, given.people), (crowd.at_home, given.people), (crowd.in_building, often))
        return {
            who: _sizes([size for kind, count in kinds for size in played(kind, count, who).state_bytes]) for who in WHO
        }

    def tick() -> dict[str, Any]:
        for_s = 2 * QUIET_S + given.ticks  # as long as somebody may be ahead, and as is measured
        still = [crowd.at_home(number, round(for_s / 60) + 1, QUIET_S) for number in range(LIVES)]
        return {
            str(homes): positions.ticks(homes, still, sources(crowd.walking), ON_FOOT, given.ticks)
            for homes in given.homes
        }

    scenarios: dict[str, Callable[[], dict[str, Any]]] = {
        "walk": lambda: told(crowd.walking, given.people),
        "home": lambda: told(crowd.at_home, given.people),
        "rooms": lambda: told(crowd.in_rooms, given.people),
        "beacons": lambda: told(crowd.with_beacons, often),
        "uwb": lambda: told(crowd.in_building, often),
        "state": state,
        "tick": tick,
    }
    chosen = given.only or list(scenarios)
    if unknown := sorted(set(chosen) - set(scenarios)):
        raise NotARecording(f"there is no scenario {', '.join(unknown)}; there are {', '.join(scenarios)}.")
    return {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "workload": f"{given.people} people ({often} where it comes each second), {WARM_MIN} minutes before, "
        f"{given.minutes} measured",
        "reference": "1,000 turns of a plain loop of additions, measured before and after each figure",
        "goals": GOALS,
        "scenarios": {name: scenarios[name]() for name in chosen},
    }


def _speed(speed: positions.PositionSpeed) -> dict[str, Any]:
    figures = {name: value for name, value in asdict(speed).items() if name != "state_bytes"}
    return figures | {"x_reference": speed.us_a_reading / speed.loop_us}


def _sizes(sizes: list[int]) -> dict[str, int]:
    return {"p50": int(np.median(sizes)), "max": max(sizes)}


def report(told: dict[str, Any]) -> str:
    """Return what was measured as lines to read."""
    lines = [f"workload   {told['workload']}", f"reference  {told['reference']}"]
    for name, figures in told["scenarios"].items():
        lines.append(f"\n{name}" + (f"  (goal: {told['goals'][name]})" if name in told["goals"] else ""))
        for who, each in figures.items():
            if who == "steps":
                lines += [f"  {share:6.1%}  {step}" for step, share in each.items() if share >= 0.005]
            elif "us_a_reading" in each:
                lines.append(
                    f"  {who:12} {each['us_a_reading']:6.1f} us, of it in ticks {each['of_it_tick_us']:.1f}; "
                    f"{each['x_reference']:.2f} x the reference; {each['readings']:,} readings, "
                    f"{each['a_second']:.1f} a second; {each['findings']} findings"
                )
            else:
                lines.append(f"  {who:12} " + ", ".join(f"{what} {_number(value)}" for what, value in each.items()))
    return "\n".join(lines)


def compare(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[str], bool]:
    """Return a line for each figure that both have, in turns of each run's reference, and if one is worse."""
    lines, worse = [], False
    before, now = _in_references(old), _in_references(new)
    for name in (name for name in before if name in now):
        change = now[name] / before[name] - 1
        verdict = "within noise" if abs(change) < NOISE else "worse" if change > 0 else "better"
        worse |= verdict == "worse"
        lines.append(f"{verdict:12}  {name:20} {before[name]:8.3f} -> {now[name]:8.3f} x the reference ({change:+.0%})")
    return lines, worse


def _in_references(told: dict[str, Any]) -> dict[str, float]:
    found = {}
    for name, figures in told["scenarios"].items():
        for who, each in figures.items():
            if who in WHO and "x_reference" in each:
                found[f"{name} {who}"] = each["x_reference"]
            elif name == "tick":
                found[f"{name} {who}"] = each["median_ms"] * 1e3 / each["loop_us"]
    return found


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
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
