"""Train the fall model: ``python -m bench.train_falls PATH... [--out FILE]``.

Reads recordings in the common form, trains the model of each place, for whole windows and early ones, calibrates
each on people it was not trained on, and writes plain arrays; the same recordings give the same bytes. What the
models do on people they were not trained on is measured by bench.cross_validate_falls.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.fall_events import Event, events
from bench.fall_fitting import FOLDS, Fitted, Table, fit, of_place, table
from bench.fall_third import third_shares
from bench.recordings import NotARecording, read_records, recording_files
from detectors.fall_features import FEATURES
from detectors.fall_model import ANYWHERE, EARLY, MODEL, PLACES, TRUNK, WRIST
from detectors.fall_window import Floats

#: The probability from which on an event is a fall, by place; chosen on the cross-validated curve (the card shows it).
THRESHOLDS = {TRUNK: 0.6, WRIST: 0.6, ANYWHERE: 0.5}
#: The same a second after the impact: what is possible is told in time, and taken back when it was nothing.
EARLY_THRESHOLDS = {TRUNK: 0.3, WRIST: 0.25, ANYWHERE: 0.25}


Shares = tuple[float, float, float]


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


def held_out(data: Table, *, early: bool, rounds: int | None = None) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the log odds of every event by models that never saw its person, and whether it is the fall.

    By trees and weighted sum (n, 2); by shapes (n,), 0 where the place has no third judge; (n,).
    """
    found, by_shapes = np.zeros((len(data.fall), 2)), np.zeros(len(data.fall))
    for fold in range(FOLDS):
        mine = data.fold == fold
        if mine.any() and len(np.unique(data.fall[data.known & ~mine])) > 1:
            fitted = fit(data, ~mine, early=early, rounds=rounds)
            found[mine] = fitted.both(data.seen(early=early)[mine])
            if fitted.third is not None:
                by_shapes[mine] = fitted.third.logits(data.shapes[mine])
    return found, by_shapes, data.fall


def calibrated(data: Table, both: Floats) -> Shares:
    """Return how much the trees' log odds, the sum's, and 1 count, so that the score is a probability (Platt).

    ``both`` (n, 2) as held_out gives it: fitted on events of people that were not learned from, each event of the place
    itself counting once. The two judges keep their parts of the place's mix.
    """
    rows = data.known & data.own
    mixed = both @ np.array(data.mix)
    with threadpool_limits(limits=1):
        plain = LogisticRegression(C=1e6, max_iter=1000).fit(mixed[rows, None], data.fall[rows])
    slope, always = float(plain.coef_[0, 0]), float(plain.intercept_[0])
    return slope * data.mix[0], slope * data.mix[1], always


def arrays_of(
    fitted: Fitted, place: str, shares: Shares, threshold: float, of_third: Shares = (1.0, 0.0, 0.0)
) -> dict[str, Any]:
    """Return what was fitted as the arrays that detectors.fall_model reads, each key with ``place`` in front."""
    third = {} if fitted.third is None else {f"{place}_third_shares": np.array(of_third)}
    plain = {f"{place}_shares": np.array(shares), f"{place}_threshold": np.float64(threshold)}
    return fitted.arrays(place) | plain | third


def trained(found: list[Event], place: str) -> dict[str, Any]:
    """Return the arrays of one place's models, whole and early."""
    data = table(of_place(found, place), fold_people(event.person for event in found), place)
    everybody = np.ones(len(data.fall), bool)
    arrays: dict[str, Any] = {}
    for early, front, threshold in ((False, "", THRESHOLDS[place]), (True, EARLY, EARLY_THRESHOLDS[place])):
        both, by_shapes, _ = held_out(data, early=early)
        shares = calibrated(data, both)
        fitted, of_third = fit(data, everybody, early=early), (1.0, 0.0, 0.0)
        if fitted.third is not None:
            rows = data.known & data.own
            two = both @ shares[:2] + shares[2]
            of_third = third_shares(two[rows], by_shapes[rows], data.fall[rows])
        arrays |= arrays_of(fitted, front + place, shares, threshold, of_third)
    print(f"{place}: {len(data.fall)} events, {int(data.fall.sum())} of them falls")
    return arrays


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
        if len({event.fall for event in of_place(found, place) if event.fall is not None}) < 2:
            print(f"train_falls: these recordings hold no falls, or nothing but falls, at: {place}.", file=sys.stderr)
            return 2
        arrays |= trained(found, place)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)
    print(f"{given.out}: {given.out.stat().st_size} bytes, {len(FEATURES)} features")
    return 0


if __name__ == "__main__":
    sys.exit(main())
