"""``python -m bench quality inactivity PATH...``: how soon the inactivity detector rings, and how often for nothing."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.homes import HomeRecord, NotAHome, home_files, read_homes, read_stops
from bench.inactivity_report import inactivity_report, operating_points
from bench.outages import outages_of
from bench.play_homes import SEED, STOPS, PlayedHome, default_stops, play_home

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1


def add_inactivity(tasks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the task to ``bench quality``."""
    task = tasks.add_parser("inactivity", help="play homes through the inactivity detector, and stop them")
    task.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".csv or .csv.gz of homes, or folders")
    task.add_argument("--json", action="store_true", help="print each home's alarms and delays as one JSON object")
    task.add_argument(
        "--inject", type=Path, metavar="FILE", help="home,t_ms: stop the homes there, not where we choose"
    )
    task.add_argument("--operating-points", action="store_true", help="add the curve over all settings")
    task.add_argument("--stops", type=int, default=STOPS, help=f"default stops a home (seed {SEED})")
    task.set_defaults(run=quality_inactivity)


def quality_inactivity(given: argparse.Namespace) -> int:
    """Play all homes, print the report or the JSON; return the exit status."""
    began = time.process_time()
    try:
        records = [record for file in home_files(given.paths) for record in read_homes(file)]
        homes = play_all(records, None if given.inject is None else read_stops(given.inject), given.stops)
    except NotAHome as error:
        print(f"quality inactivity: {error}", file=sys.stderr)
        return 2
    outages = outages_of(records)
    if given.json:
        told: dict[str, Any] = {"schema": SCHEMA, "homes": [played.as_json() for _, played in homes]}
        if given.operating_points:
            told["operating_points"] = operating_points([played for _, played in homes], outages)
        print(json.dumps(told))
        return 0
    print(inactivity_report(homes, outages, curve=given.operating_points))
    print(f"{time.process_time() - began:.0f} s of CPU")
    return 0


def play_all(
    records: list[HomeRecord], given: dict[str, list[int]] | None, count: int = STOPS
) -> list[tuple[HomeRecord, PlayedHome]]:
    """Return the homes played, with the given stops or default ones. Raises NotAHome for stops of a home not there."""
    unknown = sorted(set(given or {}) - {record.home for record in records})
    if unknown:
        raise NotAHome(f"the stops are in homes that the recordings do not hold: {', '.join(unknown[:5])}.")
    return [
        (record, play_home(record, default_stops(record, count) if given is None else given.get(record.home, [])))
        for record in records
    ]
