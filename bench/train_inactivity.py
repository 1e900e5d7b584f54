"""Train the inactivity model: ``python -m bench.train_inactivity PATH... [--out FILE] [--cross-validate]``.

Reads recordings of homes, trains the trees of detectors.inactivity_model, and writes plain arrays; the same
recordings give the same bytes. ``--cross-validate`` writes nothing: it trains five times without a fifth of the homes,
plays those as ``bench quality inactivity`` does, and prints that report: what it does in homes it has not seen.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.home_copies import COPIES, by_the_hour, by_the_hour_and_room
from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from bench.inactivity_report import inactivity_report
from bench.outages import outages_of
from bench.play_homes import ABOUT_MINUTES, PlayedHome, default_stops, play_home
from bench.tree_arrays import arrays_of
from detectors.inactivity_model import MODEL, PARTS, InactivityModel, model_from
from detectors.routine import DAY_US, MINUTE_US, Routine
from detectors.routine_features import EDGES, FIRST_MINUTES, begun, lasting
from detectors.routine_rests import Floats

FOLDS = 5
#: The more the home's own silences like this one ended by now, the sooner this one ends; the more went on, the later.
SOONER = frozenset({"resumes", "ended_share", "like_ends", "ended_near"})
LATER = frozenset(
    {
        "longer_near", "longer_all", "longer_room", "longer_room_near", "covered", "covered_7d", "goes_on",
        "like_longer",
    }
)  # fmt: skip
#: Of the many signs of life, every so many-eth is shown to the first trees: neighbours hardly differ.
EVERY = 3


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """Trees' input: a row for each case, whether it came true, and how much it counts."""

    rows: Floats
    true: Floats
    weight: Floats


def all_examples(records: Sequence[HomeRecord]) -> dict[str, Example]:
    """Return what each of PARTS learns from: the homes as they are, and for ``hourly`` as counters would tell them."""
    counted = [
        examples([copy(record) for record in records])["lasting"] for copy in (by_the_hour, by_the_hour_and_room)
    ]
    hourly = Example(
        np.vstack([each.rows for each in counted]),
        np.concatenate([each.true for each in counted]),
        np.concatenate([each.weight for each in counted]),
    )
    return examples(records) | {"hourly": hourly}


def examples(records: Sequence[HomeRecord]) -> dict[str, Example]:
    """Return what trees learn from: does a silence begin, does it end in this step.

    Silences of more than a day teach nothing: no data.
    """
    began: list[Floats] = []
    reached: list[bool] = []
    weight: list[float] = []
    steps: list[Floats] = []
    ended: list[Floats] = []
    for record in records:
        routine = Routine()
        count = 0
        at, signs = record.t_us.tolist(), zip(record.room.tolist(), record.times.tolist(), strict=True)
        for t_us, next_us, (room, times) in zip(at, at[1:], signs, strict=False):
            routine.take(t_us, room, times)
            gap_us = next_us - t_us
            if not MINUTE_US <= gap_us <= DAY_US:
                continue
            minutes = gap_us / MINUTE_US
            count += 1
            lasts = minutes >= FIRST_MINUTES
            if not lasts and count % EVERY:
                continue
            head = begun(routine)
            began.append(head)
            reached.append(lasts)
            weight.append(min(minutes, ABOUT_MINUTES) / (EVERY if lasts else 1))
            if lasts:
                last = min(
                    int(np.searchsorted(EDGES, minutes, side="right")) - 1,
                    len(EDGES) - 2,
                )
                steps.append(lasting(routine, head)[: last + 1])
                ended.append(np.arange(last + 1) == last)
    true = np.concatenate(ended).astype(np.float64)
    return {
        "begun": Example(np.array(began), np.array(reached, dtype=np.float64), np.array(weight)),
        "lasting": Example(np.vstack(steps), true, np.ones(len(true))),
    }


def classifier(part: str) -> Any:
    """Return the untrained trees of a part. No early stopping: it would set homes aside by chance."""
    rounds, rate, leaves, least = (50, 0.12, 12, 300) if part == "begun" else (130, 0.1, 8, 200)
    return HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=rate, max_leaf_nodes=leaves, min_samples_leaf=least, l2_regularization=5.0,
        max_features=0.35, monotonic_cst=[direction(part, name) for name in PARTS[part]], early_stopping=False,
        random_state=0,
    )  # fmt: skip


def direction(part: str, name: str) -> int:
    """Return 1 where more of a feature can only make a silence end sooner, -1 where only later, 0 where either."""
    return 0 if part == "begun" else (name in SOONER) - (name in LATER)


def fit(records: Sequence[HomeRecord]) -> dict[str, Any]:
    """Return the arrays that detectors.inactivity_model reads, trained on these homes."""
    arrays: dict[str, Any] = {}
    for part, data in all_examples(records).items():
        trees = classifier(part)
        with threadpool_limits(limits=1):  # threads that wait for a busy core spin
            trees.fit(data.rows, data.true, sample_weight=data.weight)
        arrays |= arrays_of(trees, part, PARTS[part])
    return arrays


def fold_model(records: Sequence[HomeRecord], fold: int) -> InactivityModel:
    """Return the model trained without every FOLDS-th home, beginning with ``fold``."""
    return model_from(fit([record for index, record in enumerate(records) if index % FOLDS != fold]))


def cross_validated(records: Sequence[HomeRecord], name: str | None = None) -> list[tuple[HomeRecord, PlayedHome]]:
    """Return every home, or the copy of this ``name`` of it, played with a model that never saw it."""
    played: list[tuple[HomeRecord, PlayedHome]] = []
    for fold in range(FOLDS):
        model = fold_model(records, fold)
        homes = [COPIES[name](home) if name else home for home in records[fold::FOLDS]]
        played += [(home, play_home(home, default_stops(home), model=model)) for home in homes]
    return played


def main(argv: list[str] | None = None) -> int:
    """Train and write, or cross-validate; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.train_inactivity",
        description="Train the inactivity model.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).parent.parent / "detectors" / f"{MODEL}.npz",
    )
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="report on homes not trained on; write nothing",
    )
    parser.add_argument("--as", dest="copy", choices=COPIES, help="play the homes as these would have recorded them")
    given = parser.parse_args(argv)
    try:
        records = [home for file in home_files(given.paths) for home in read_homes(file)]
    except NotAHome as error:
        print(f"train_inactivity: {error}", file=sys.stderr)
        return 2
    if given.cross_validate:
        homes = cross_validated(sorted(records, key=lambda record: record.home), given.copy)
        print(inactivity_report(homes, outages_of(records)))
        return 0
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **fit(records))
    print(f"{given.out}: {given.out.stat().st_size} bytes, from {len(records)} homes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
