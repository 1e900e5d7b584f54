"""``python -m bench quality TASK PATH...``: how well a detector does on recordings, by docs/detectors."""

import argparse
import json
import sys
import time
from pathlib import Path

from bench.fall_report import fall_report
from bench.falls.methods import LEARNED, NAMES, method_named
from bench.quality_inactivity import add_inactivity
from bench.quality_routine import add_routine
from bench.quality_wandering import add_wandering
from bench.recordings import NotARecording, read_records, recording_files

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1


def main(arguments: list[str]) -> int:
    """Measure; return the exit status: 0, or 2 for wrong usage or a file that is no recording."""
    parser = argparse.ArgumentParser(prog="python -m bench quality", description="Detection quality on recordings.")
    tasks = parser.add_subparsers(dest="task", required=True)
    falls = tasks.add_parser("falls", help="play records of worn accelerometers through the fall detector")
    falls.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".npz files in the common form, or folders")
    falls.add_argument("--json", action="store_true", help="print each record's findings as one JSON object")
    falls.add_argument(
        "--position", choices=["given", "unknown"], default="given", help="unknown: do not tell where it is worn"
    )
    falls.add_argument("--method", choices=NAMES, default="ours", help="a published method instead of our detector")
    falls.add_argument(
        "--train", nargs="+", type=Path, default=[], metavar="PATH", help=f"what {' and '.join(LEARNED)} learn from"
    )
    falls.set_defaults(run=quality_falls)
    add_inactivity(tasks)
    add_routine(tasks)
    add_wandering(tasks)
    given = parser.parse_args(arguments)
    status: int = given.run(given)
    return status


def quality_falls(given: argparse.Namespace) -> int:
    """Play all records, print the report or the JSON; return the exit status."""
    try:
        method = method_named(
            given.method, [each for file in recording_files(given.train) for each in read_records(file)]
        )
        began = time.process_time()
        played = [
            method.play(record, tell_position=given.position == "given")
            for file in recording_files(given.paths)
            for record in read_records(file)
        ]
    except (NotARecording, ValueError) as error:
        print(f"quality falls: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"schema": SCHEMA, "records": [one.as_json() for one in played]}))
        return 0
    cpu_s = time.process_time() - began
    print(fall_report(played))
    seconds = sum(one.record.seconds for one in played)
    print(
        f"\n{seconds / 3600:.1f} h of recordings in {cpu_s:.0f} s of CPU: {seconds / max(cpu_s, 1e-9):,.0f} x real time"
    )
    return 0
