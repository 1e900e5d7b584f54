"""Train the fall model: ``python -m bench.train_falls PATH... [--out FILE]``.

Reads recordings in the common form, trains the model of each place, and writes plain arrays; the same recordings give
the same bytes. What the models do on people they were not trained on is measured by bench.cross_validate_falls.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench import tree_arrays
from bench.fall_events import Event, events
from bench.recordings import NotARecording, read_records, recording_files
from detectors.fall_features import FEATURES
from detectors.fall_model import ANYWHERE, MODEL, PLACES, TRUNK, WRIST, place_of
from detectors.fall_window import Floats

FOLDS = 5
#: Trees of a model.
ROUNDS = 200
#: Full-range features are used only at the trunk: nobody wore a wide-range sensor on the wrist for days, so a model
#: would learn that hard blows are falls because the days without falls were clipped.
FULL_RANGE = frozenset({"peak", "peak_full"})
#: The probability from which on an event is a fall, by place; chosen on the cross-validated curve (the card shows it).
THRESHOLDS = {TRUNK: 0.5, WRIST: 0.4, ANYWHERE: 0.5}
#: How much an event counts: falls are rare among events; cut ends and weakly labelled sets count less.
FALL_WEIGHT, CUT_WEIGHT, WEAK_WEIGHT = 3.0, 0.3, 0.5
#: Data sets whose labels are weak (hand-cropped, falls without an impact).
WEAK_SETS = ("smartfallmm",)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Events as columns, all of one length."""

    features: Floats
    fall: NDArray[np.bool_]
    known: NDArray[np.bool_]
    weight: Floats
    fold: NDArray[np.int64]
    events: list[Event]


def table(chosen: list[Event], folds: Mapping[str, int]) -> Table:
    """Return events as columns, with each person's fold."""
    return Table(
        features=np.array([event.features for event in chosen]),
        fall=np.array([event.fall is True for event in chosen], dtype=np.bool_),
        known=np.array([event.fall is not None for event in chosen], dtype=np.bool_),
        weight=np.array([_weight(event) for event in chosen]),
        fold=np.array([folds[event.person] for event in chosen]),
        events=chosen,
    )


def fold_people(names: Iterable[str]) -> dict[str, int]:
    """Return a fold for each person, named ``file/subject``. Within a file they go round the folds; lone ones too."""
    people = sorted(set(names))
    files = sorted({person.split("/")[0] for person in people})
    alone = [file for file in files if sum(person.startswith(f"{file}/") for person in people) == 1]
    folds: dict[str, int] = {}
    for file in files:
        mine = [person for person in people if person.startswith(f"{file}/")]
        first = alone.index(file) if file in alone else 0
        folds |= {person: (first + place) % FOLDS for place, person in enumerate(mine)}
    return folds


def _weight(event: Event) -> float:
    weight = FALL_WEIGHT if event.fall else 1.0
    if event.cut:
        weight *= CUT_WEIGHT
    if event.record.file.startswith(WEAK_SETS):
        weight *= WEAK_WEIGHT
    return weight


def columns_of(place: str) -> list[int]:
    """Return which FEATURES the model of ``place`` uses."""
    return [i for i, name in enumerate(FEATURES) if place == TRUNK or name not in FULL_RANGE]


def of_place(chosen: list[Event], place: str) -> list[Event]:
    """Return the events a place's model is trained on: its own, or all for ANYWHERE."""
    return [event for event in chosen if place in (ANYWHERE, place_of(event.record.position))]


def classifier(rounds: int) -> Any:
    """Return the untrained trees. No early stopping: it would set people of one fold aside by chance."""
    return HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=0.07, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=5.0,
        max_features=0.15, early_stopping=False, random_state=0,
    )  # fmt: skip


def fit(data: Table, rows: NDArray[np.bool_], columns: list[int], rounds: int = ROUNDS) -> Any:
    """Return trees trained on ``rows`` of the table whose label is known."""
    rows = rows & data.known
    trees = classifier(rounds)
    with threadpool_limits(limits=1):  # threads that wait for a busy core spin, and take a hundred times as long
        trees.fit(data.features[rows][:, columns], data.fall[rows], sample_weight=data.weight[rows])
    return trees


def arrays_of(trees: Any, place: str, columns: list[int]) -> dict[str, Any]:
    """Return trees trained on these columns of FEATURES as the arrays that detectors.fall_model reads."""
    arrays = tree_arrays.arrays_of(trees, place, [FEATURES[column] for column in columns])
    return arrays | {f"{place}_threshold": np.float64(THRESHOLDS[place])}


def main(argv: list[str] | None = None) -> int:
    """Train and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.train_falls", description="Train the fall model.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    default = Path(__file__).parent.parent / "detectors" / f"{MODEL}.npz"
    parser.add_argument("--out", type=Path, default=default)
    given = parser.parse_args(argv)
    try:
        files = recording_files(given.paths)
        found = [event for file in files for event in events(read_records(file))]
    except NotARecording as error:
        print(f"train_falls: {error}", file=sys.stderr)
        return 2
    arrays: dict[str, Any] = {}
    for place in PLACES:
        data = table(of_place(found, place), fold_people(event.person for event in found))
        if len(np.unique(data.fall[data.known])) < 2:
            print(f"train_falls: these recordings hold no falls, or nothing but falls, at: {place}.", file=sys.stderr)
            return 2
        columns = columns_of(place)
        arrays |= arrays_of(fit(data, np.ones(len(data.fall), bool), columns), place, columns)
        print(f"{place}: {len(data.fall)} events, {int(data.fall.sum())} of them falls")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)
    print(f"{given.out}: {given.out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
