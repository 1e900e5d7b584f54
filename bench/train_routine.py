"""Learn what the daily deviation takes from other homes: ``python -m bench.train_routine PATH... [--held-out]``.

Prints the spread that detectors.routine_deviation.DeviationConfig holds (the median home's; the same recordings give
the same number), and the AUC of each way of comparing days that was tried. ``--held-out`` chooses among these, and
takes the spread, without a fifth of the homes at a time, and says what the choice does in that fifth: five folds by
home, several seeds. ``--copies`` says what the config in use does in the same homes as
four sensors or one hourly counter would have told them, and in their first four weeks.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.home_copies import by_the_hour, with_few_sensors
from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from bench.quality_routine import play_days
from bench.quality_routine_report import DRAWS, SEED, JudgedDays, Table, table_of
from bench.ranking import auc, interval
from bench.routine_labels import label_files, labelled_days
from detectors.routine import DAY_US
from detectors.routine_days import Day
from detectors.routine_deviation import DEFAULT, DeviationConfig, deviation

FOLDS, SEEDS = 5, 5
#: A home with fewer known days does not tell what its spread is.
_DAYS_LEAST = 14
#: What is tried: the power of the room-minutes, the parts of the day that are compared, the days looked back, and how
#: firmly the other homes' spread holds.
_POWER = (0.5, 1.0)
_COMPARED = ((1, 2), (1, 2, 3), (0, 1, 2, 3))
_LAST_DAYS = (14, 28)
_PRIOR_DAYS = (15, 60)


def spread_of(homes: Sequence[Sequence[Day]], power: float = DEFAULT.power) -> float:
    """Return the spread of a compared part's room-minutes within a home, by that power: the median over homes."""
    own = [
        np.array([[day.parts[part] for part in DEFAULT.compared] for day in days if day.known], np.float64) ** power
        for days in homes
    ]
    spread = np.median([counts.std(axis=0).mean() for counts in own if len(counts) >= _DAYS_LEAST])
    return float(f"{spread:.2g}")  # two homes more or less change the third digit


def candidates(homes: Sequence[Sequence[Day]]) -> list[DeviationConfig]:
    """Return all ways of comparing days that are tried, with the spread that these homes have."""
    return [
        DeviationConfig(compared=compared, last_days=last, prior_days=prior, power=power, spread=spread)
        for power in _POWER
        for spread in [spread_of(homes, power)]
        for compared in _COMPARED
        for last in _LAST_DAYS
        for prior in _PRIOR_DAYS
    ]


def judged_with(homes: Sequence[JudgedDays], config: DeviationConfig) -> list[JudgedDays]:
    """Return the homes with the deviations that another config gives."""
    return [
        JudgedDays(
            each.record,
            each.days,
            [deviation(day, each.days[max(0, index - config.last_days) : index], config)
             for index, day in enumerate(each.days)],
            each.labelled,
        )
        for each in homes
    ]  # fmt: skip


def held_out(homes: Sequence[JudgedDays], seed: int, told: dict[DeviationConfig, list[JudgedDays]]) -> float:
    """Return the AUC of configs chosen in four fifths of the homes, over the other fifths, pooled.

    ``told`` keeps what each config says of all homes, from seed to seed.
    """
    fold = np.random.default_rng(seed).permutation(len(homes)) % FOLDS
    found: list[JudgedDays] = []
    for one in range(FOLDS):
        known, left = np.flatnonzero(fold != one).tolist(), np.flatnonzero(fold == one).tolist()
        tried = candidates([homes[index].days for index in known])
        for config in tried:
            if config not in told:
                told[config] = judged_with(homes, config)
        best = max(tried, key=lambda config: _auc([told[config][index] for index in known]))
        found += [told[best][index] for index in left]
    return _auc(found)


def _auc(homes: Sequence[JudgedDays]) -> float:
    table: Table = table_of(homes).of_homes_with_a_label()
    true: NDArray[np.bool_] = table.true
    return auc(table.score, true)


def first_weeks(record: HomeRecord) -> HomeRecord:
    """Return a home's first four weeks."""
    early = record.t_us < record.t_us[0] + 28 * DAY_US
    return HomeRecord(record.home, record.t_us[early], record.room[early], [], record.times[early])


#: Name -> the same home as others would have recorded it.
COPIES: dict[str, Callable[[HomeRecord], HomeRecord]] = {
    "as they are": lambda record: record,
    "four sensors": with_few_sensors,
    "one counter by the hour": by_the_hour,
    "the first four weeks": first_weeks,
}


def _homes(paths: Sequence[Path], copy: Callable[[HomeRecord], HomeRecord] = COPIES["as they are"]) -> list[JudgedDays]:
    labelled = labelled_days(label_files(paths))
    records: list[HomeRecord] = [home for file in home_files(paths) for home in read_homes(file)]
    copied = [copy(record) for record in sorted(records, key=lambda record: record.home)]
    played = [play_days(record, labelled) for record in copied if len(record.t_us)]
    return [JudgedDays(home.record, home.days, home.deviations, home.labelled) for home in played]


def _copies(paths: Sequence[Path]) -> int:
    for name, copy in COPIES.items():
        table = table_of(_homes(paths, copy)).of_homes_with_a_label()
        print(f"{name}: {_with_interval(table)}, {int(table.true.sum())} labelled days")
    return 0


def _with_interval(table: Table) -> str:
    low, high = interval(lambda rows, _: auc(table.score[rows], table.true[rows]), table.home, DRAWS, SEED)
    return f"AUC {auc(table.score, table.true):.3f} [{low:.3f}, {high:.3f}]"


def main(argv: list[str] | None = None) -> int:
    """Print what is learnt; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.train_routine", description="What homes tell of homes.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--held-out", action="store_true", help="choose without a fifth of the homes at a time")
    parser.add_argument("--copies", action="store_true", help="the config in use, in homes recorded otherwise")
    given = parser.parse_args(argv)
    try:
        if given.copies:
            return _copies(given.paths)
        homes = _homes(given.paths)
    except NotAHome as error:
        print(f"train_routine: {error}", file=sys.stderr)
        return 2
    spread = spread_of([home.days for home in homes])
    print(f"spread {spread:g} (in use: {DEFAULT.spread:g})")
    if given.held_out:
        told: dict[DeviationConfig, list[JudgedDays]] = {}
        figures = [held_out(homes, seed, told) for seed in range(SEEDS)]
        print(f"AUC held out, {SEEDS} seeds: " + ", ".join(f"{each:.3f}" for each in figures))
        return 0
    for config in candidates([home.days for home in homes]):
        figure = _auc(judged_with(homes, config))
        how = f"power {config.power}, parts {config.compared}, last {config.last_days} days, prior {config.prior_days}"
        print(f"{how}: {figure:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
