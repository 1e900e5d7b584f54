"""``python -m bench desk [--only claims-at-once live-consoles] [--json]``: the alert desk under load.

Starts a platform of its own, makes staff, residents and alerts in its database, and asks over its public API alone.
"""

import argparse
import asyncio
import json
import platform as machine
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.desk.scenarios import GOALS, claims_at_once, live_consoles
from bench.desk.ward import ward_of
from bench.spine import running

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
#: The longest that an update may take to every console, at p99.
REACHES_S = 1.0


def main(arguments: list[str]) -> int:
    """Measure; return the exit status: 0, 1 where a goal was missed, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m bench desk", description="The alert desk under load.")
    parser.add_argument("--claims", type=int, default=200, help="people who press at once")
    parser.add_argument("--alerts", type=int, default=1000, help="alerts that are open")
    parser.add_argument("--consoles", type=int, default=50, help="consoles that are live")
    parser.add_argument("--updates", type=int, default=100, help="updates that are timed")
    parser.add_argument("--only", nargs="+", choices=list(GOALS), metavar="SCENARIO", help=", ".join(GOALS))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    told = asyncio.run(_measure(given))
    print(json.dumps(told) if given.json else report(told))
    return 0 if all(each["ok"] for each in told["scenarios"].values()) else 1


async def _measure(given: argparse.Namespace) -> dict[str, Any]:
    wanted = given.only or list(GOALS)
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="shouwang-bench-") as folder:
        async with running(Path(folder) / "home", "up", "--demo") as state, ward_of(state) as ward:
            await ward.hire(max(given.claims, given.consoles))
            ids = await ward.fill(given.alerts if "live-consoles" in wanted else 5)
            print(f"{len(ward.staff)} signed in, {len(ids)} alerts open", file=sys.stderr, flush=True)
            if "claims-at-once" in wanted:
                found["claims-at-once"] = judged_claims(await claims_at_once(ward, ids[-1], given.claims))
            if "live-consoles" in wanted:
                done = await live_consoles(ward, ids, given.consoles, min(given.updates, len(ids)))
                found["live-consoles"] = judged_consoles(done)
    return {
        "schema": SCHEMA,
        "machine": f"{machine.machine()}, Python {machine.python_version()}",
        "goals": GOALS,
        "scenarios": found,
    }


def judged_claims(found: dict[str, Any]) -> dict[str, Any]:
    """Return the same with whether one won and all others were told who."""
    others = found["claims"] - 1
    ok = (found["won"], found["refused"], found["named"], found["claimed_steps"]) == (1, others, others, 1)
    return found | {"ok": ok}


def judged_consoles(found: dict[str, Any]) -> dict[str, Any]:
    """Return the same with whether every update reached every console in time."""
    return found | {"ok": found["reached_all"] and found["p99_ms"] < REACHES_S * 1000}


def report(told: dict[str, Any]) -> str:
    """Return the findings as a page."""
    lines = [f"# The alert desk under load ({told['machine']})"]
    for name, found in told["scenarios"].items():
        lines += ["", f"## {name}: {'kept' if found['ok'] else 'MISSED'} ({told['goals'][name]})", ""]
        lines += [f"- {key}: {value}" for key, value in found.items() if key != "ok"]
    return "\n".join(lines)
