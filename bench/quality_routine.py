"""``python -m bench quality routine PATH...``: the daily deviation against labelled agitation days.

docs/detectors/routine.md says what counts. In short: a day is labelled when a label of agitation has its local date; a
day is judged when it is known and seven known days are among the 28 before it; a day's deviation uses that day and days
before it. Labels are found beside the events, or given; without any, only the deviations are told.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from bench.quality_routine_report import JudgedDays, routine_report
from bench.routine_labels import label_files, labelled_days
from detectors.routine import DAY_US
from detectors.routine_days import Day, days_of
from detectors.routine_deviation import deviation

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class PlayedDays:
    """One home: its days, the deviation of each, and which were labelled (None: nobody labelled)."""

    record: HomeRecord
    days: list[Day]
    deviations: list[float | None]
    labelled: set[int] | None

    def as_json(self) -> dict[str, Any]:
        """Return the home's entry in the JSON of schema 1."""
        return {
            "home": self.record.home,
            "days": [
                {
                    "date": str(_EPOCH + timedelta(days=day.day)),
                    "deviation": None if told is None else round(told, 4),
                    "why": day.why,
                    "agitation": None if self.labelled is None else day.day in self.labelled,
                }
                for day, told in zip(self.days, self.deviations, strict=True)
            ],
        }


def add_routine(tasks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the task to ``bench quality``."""
    task = tasks.add_parser("routine", help="the daily deviation of homes against labelled agitation days")
    task.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".csv or .csv.gz of homes, or folders")
    task.add_argument("--labels", nargs="+", type=Path, metavar="FILE", help="home,t_ms,label; default: beside PATH")
    task.add_argument("--json", action="store_true", help="print each day's deviation as one JSON object")
    task.add_argument("--rules", action="store_true", help="add published day models (a minute of CPU)")
    task.set_defaults(run=quality_routine)


def quality_routine(given: argparse.Namespace) -> int:
    """Play all homes, print the report or the JSON; return the exit status."""
    began = time.process_time()
    try:
        files = home_files(given.paths)
        labels = given.labels or label_files(given.paths)
        labelled = labelled_days(labels) if labels else None
        homes = [play_days(record, labelled) for file in files for record in read_homes(file)]
    except NotAHome as error:
        print(f"quality routine: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"schema": SCHEMA, "homes": [home.as_json() for home in homes]}))
        return 0
    judged = [JudgedDays(home.record, home.days, home.deviations, home.labelled) for home in homes]
    print(routine_report(judged, rules=given.rules))
    print(f"{time.process_time() - began:.0f} s of CPU")
    return 0


def play_days(record: HomeRecord, labelled: dict[str, set[int]] | None) -> PlayedDays:
    """Return a home's days from its first to its last sign, each with its deviation."""
    first, last = int(record.t_us[0] // DAY_US), int(record.t_us[-1] // DAY_US)
    days = days_of(record.t_us, record.room, first, last)
    told = [deviation(day, days[:index]) for index, day in enumerate(days)]
    return PlayedDays(record, days, told, None if labelled is None else labelled.get(record.home, set()))
