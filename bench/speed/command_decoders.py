"""``python -m bench speed decoders``: what a message costs each decoder, and each process of a platform."""

import json
import platform
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.fuzz.seeds import SEEDS
from bench.recordings import NotARecording
from bench.speed import decoders, gateway

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
BRIDGE, GATEWAY = "bridge", "gateway"
#: A figure that differs by less, relatively, is called noise: what runs of one version differ by on a shared machine.
NOISE = 0.3
BASELINE = Path(__file__).parent.parent / "baselines" / "speed_decoders.json"


def run(given: Namespace) -> int:
    """Measure, print, compare where asked; 1 where a figure is worse than the baseline's."""
    told = measure(given)
    print(json.dumps(told, indent=1) if given.json else report(told))
    if given.against is None:
        return 0
    try:
        old = json.loads(Path(given.against).read_text())
    except (OSError, ValueError) as error:
        raise NotARecording(f"{given.against} cannot be compared with: {error}") from None
    lines, worse = compare(old, told)
    print("\n".join(lines), file=sys.stderr if given.json else sys.stdout)
    return 1 if worse else 0


def measure(given: Namespace) -> dict[str, Any]:
    """Measure the scenarios that are asked for. Raises NotARecording for one that there is not."""
    names = [*sorted(SEEDS), BRIDGE, GATEWAY]
    chosen = given.only or names
    if unknown := sorted(set(chosen) - set(names)):
        raise NotARecording(f"there is no scenario {', '.join(unknown)}; there are {', '.join(names)}.")
    found: dict[str, Any] = {}
    for name in chosen:
        if name == BRIDGE:
            speed, written = decoders.of_bridge(given.devices)
            found[name] = asdict(speed) | {"bytes_an_event": written}
        elif name == GATEWAY:
            rates = {str(rate): asdict(gateway.measure(given.devices, rate, given.seconds)) for rate in given.rates}
            found[name] = rates
        else:
            found[name] = asdict(decoders.of_family(name))
    return {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "workload": f"each family's seeds over and over; a bridge with {given.devices} devices",
        "reference": "parsing the same bytes as JSON and nothing else, in the same run",
        "scenarios": found,
    }


def report(told: dict[str, Any]) -> str:
    """Return what was measured as lines to read."""
    lines = [f"workload   {told['workload']}", f"reference  {told['reference']}", ""]
    for name, figures in told["scenarios"].items():
        if name == GATEWAY:
            lines += [_rate(rate, each) for rate, each in figures.items()]
            continue
        lines.append(
            f"{name:14} {figures['us_a_message']:6.1f} us a message, {figures['messages_a_second']:8,.0f} a second and "
            f"core, {figures['x_json']:5.1f} x parsing; {figures['readings_a_message']:.2f} readings a message"
        )
        if "bytes_an_event" in figures:
            lines.append(f"{'':14} an event writes {figures['bytes_an_event']:,.0f} bytes of memory")
    return "\n".join(lines)


def _rate(rate: str, figures: dict[str, Any]) -> str:
    each = ", ".join(f"{name} {us:.0f}" for name, us in figures["us_a_message"].items())
    return (
        f"gateway at {rate} messages/s: us of CPU a message: {each}; "
        f"{figures['sent']} sent, {figures['sent'] - figures['stored']} lost"
    )


def compare(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[str], bool]:
    """Return a line for each decoder that both have, in turns of each run's reference, and if one is worse."""
    lines, worse = [], False
    for name, before in old["scenarios"].items():
        now = new["scenarios"].get(name, {})
        if "x_json" not in before or "x_json" not in now:
            continue
        change = now["x_json"] / before["x_json"] - 1
        verdict = "within noise" if abs(change) < NOISE else "worse" if change > 0 else "better"
        worse |= verdict == "worse"
        lines.append(
            f"{verdict:12}  {name:14} {before['x_json']:7.1f} -> {now['x_json']:7.1f} x parsing ({change:+.0%})"
        )
    return lines, worse
