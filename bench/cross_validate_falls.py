"""Falls on people the model never saw: ``python -m bench.cross_validate_falls PATH... [--position unknown]``.

Trains as bench.train_falls does, five times, each time without a fifth of the people of every data set, and plays
those people's records through the detector with that model, as ``bench quality falls`` plays them with the shipped one.
Trials are played a second time as a cheap watch would have recorded them (32 Hz, clipped to 2 g), which is how the free
living was recorded: only those sensitivities and these false alarms belong together.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.fall_events import Event, cheaper, events
from bench.fall_fitting import FOLDS, fit, of_place, table
from bench.fall_report import fall_report
from bench.play_falls import Played, play_record
from bench.recordings import NotARecording, Record, read_records, recording_files
from bench.train_falls import EARLY_THRESHOLDS, THRESHOLDS, arrays_of, fold_people
from detectors.fall_model import ANYWHERE, EARLY, TRUNK, WRIST, FallModel, fall_models, model_from

#: Added to the name of a file whose records are played as the cheap watch's.
AS_CHEAP = " as 2 g, 32 Hz"


def as_cheap(record: Record) -> Record:
    """Return the record as the cheap watch would have made it."""
    acc_g, fs = cheaper(record.acc.astype(np.float64) * record.scale, record.fs)
    counts = np.round(acc_g / record.scale).astype(np.int16)
    return replace(record, acc=counts, fs=fs, file=record.file + AS_CHEAP)


def fold_models(found: list[Event], folds: dict[str, int], fold: int, places: Sequence[str]) -> dict[str, FallModel]:
    """Return the models of the places, trained without the people of ``fold``.

    How much their judges count is the shipped model's: three numbers, calibrated on people held out one by one.
    """
    models: dict[str, FallModel] = {}
    for place in places:
        data, shipped = table(of_place(found, place), folds, place), fall_models()[place]
        rows = data.fold != fold
        of_third = shipped.third.shares if shipped.third is not None else (1.0, 0.0, 0.0)
        arrays = arrays_of(fit(data, rows), place, shipped.shares, THRESHOLDS[place], of_third)
        if shipped.early is not None:
            fitted = fit(data, rows, early=True)
            arrays |= arrays_of(fitted, EARLY + place, shipped.early.shares, EARLY_THRESHOLDS[place])
        models[place] = model_from(arrays, place)
    return models


def cross_validated(records: list[Record], *, tell_position: bool) -> Iterator[Played]:
    """Yield every record played with the models that never saw its person."""
    found = list(events(records))
    folds = fold_people({f"{record.file}/{record.subject}" for record in records})
    places = (TRUNK, WRIST) if tell_position else (ANYWHERE,)
    for fold in range(FOLDS):
        models = fold_models(found, folds, fold, places)
        for record in records:
            if folds[f"{record.file}/{record.subject}"] != fold:
                continue
            yield play_record(record, tell_position=tell_position, models=models)
            if record.kind != "continuous":
                yield play_record(as_cheap(record), tell_position=tell_position, models=models)


def main(argv: list[str] | None = None) -> int:
    """Cross-validate and print the report; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.cross_validate_falls", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--position", choices=["given", "unknown"], default="given")
    given = parser.parse_args(argv)
    try:
        records = [record for file in recording_files(given.paths) for record in read_records(file)]
    except NotARecording as error:
        print(f"cross_validate_falls: {error}", file=sys.stderr)
        return 2
    print(fall_report(list(cross_validated(records, tell_position=given.position == "given"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
