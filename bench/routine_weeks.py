"""How often the weekly report has something to tell: ``python -m bench.routine_weeks PATH...``.

Nobody has labelled weeks, so whether what it tells is true is not measured. What is: in how many weeks it tells of a
change, and in how many when the days of each home are put in random order. There is then no week that differs but by
chance, and all that is told of a change is false. (Days that stand out are days, and stay.) And in how many it tells of
the hours around dusk when somebody paces there on each day of that week.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from detectors.routine_days import Day, days_of
from detectors.routine_week import WEEK_DAYS, WeekReport, report, week_of

#: The days of each home are put in random order so often, from this seed.
ORDERS, SEED = 5, 20190401
#: Pacing that is planted: from five in the afternoon on, for so long, a change of room in each step.
DUSK_US, PACED_US, STEP_US = 17 * HOUR_US, 45 * MINUTE_US, 30_000_000


def reports(days: Sequence[Day]) -> list[WeekReport]:
    """Return the reports of all whole weeks of a home that can be compared."""
    first, last = week_of(days[0].day) + WEEK_DAYS, days[-1].day - WEEK_DAYS + 1
    told = [report(days, week) for week in range(first, last + 1, WEEK_DAYS)]
    return [each for each in told if each.known]


def in_random_order(days: Sequence[Day], rng: np.random.Generator) -> list[Day]:
    """Return the days with those that are known put in random order; the others keep their places."""
    places = [index for index, day in enumerate(days) if day.known]
    found = list(days)
    for place, other in zip(places, rng.permutation(places).tolist(), strict=True):
        found[place] = msgspec.structs.replace(days[other], day=days[place].day)
    return found


def restless_at_dusk(record: HomeRecord) -> list[WeekReport]:
    """Return the reports of a home's weeks that can be compared, each with pacing planted on its evenings alone."""
    first, last = int(record.t_us[0] // DAY_US), int(record.t_us[-1] // DAY_US)
    told = []
    for known in reports(days_of(record.t_us, record.room, first, last)):
        evenings = np.arange(known.first, known.first + WEEK_DAYS) * DAY_US + DUSK_US
        steps = np.arange(0, PACED_US, STEP_US)
        paced = (evenings[:, None] + steps).ravel()
        rooms = np.tile(np.array([Room.HALL, Room.LIVING]), len(paced) // 2 + 1)[: len(paced)]
        order = np.argsort(at_us := np.concatenate([record.t_us, paced]), kind="stable")
        days = days_of(at_us[order], np.concatenate([record.room, rooms])[order], first, last)
        told.append(report(days, known.first))
    return told


def summary(name: str, told: Sequence[WeekReport]) -> str:
    """Return what was told in how many weeks."""
    some = sum(bool(each.changes) for each in told)
    by_code = Counter(f"{change.span}.{change.measure}" for each in told for change in each.changes)
    share = some / len(told) if told else 0.0
    codes = ", ".join(f"{code} {count}" for code, count in by_code.most_common())
    return f"{name}: {len(told)} weeks, a change is told in {some} ({share:.0%}): {codes or 'none'}"


def main(argv: list[str] | None = None) -> int:
    """Print the summary; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.routine_weeks", description="How often weeks are told of.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    given = parser.parse_args(argv)
    try:
        records = [record for file in home_files(given.paths) for record in read_homes(file)]
    except NotAHome as error:
        print(f"routine_weeks: {error}", file=sys.stderr)
        return 2
    homes = [
        days_of(record.t_us, record.room, int(record.t_us[0] // DAY_US), int(record.t_us[-1] // DAY_US))
        for record in records
    ]
    rng = np.random.default_rng(SEED)
    print(summary("as they were", [each for days in homes for each in reports(days)]))
    by_chance = [each for _ in range(ORDERS) for days in homes for each in reports(in_random_order(days, rng))]
    print(summary("days in random order", by_chance))
    print(
        summary("each with 45 min of pacing at dusk", [each for record in records for each in restless_at_dusk(record)])
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
