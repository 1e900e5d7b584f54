"""A random forest on fixed windows, as most published learned detectors are built: 3 s windows, half overlapping.

25 Hz (a common rate, or the forest learns falls by theirs), 100 trees, features of x, y, z and |a|: mean, standard
deviation, least, most, root mean square, skewness, kurtosis, crossings of the mean, mean absolute change, and the three
correlations between axes (for instance Fula and Moreno 2024; windows of 1 to 3 s are usual: Liu et al., IEEE Sensors J
2020 20:3303). A window that holds the impact of a fall record is a fall, other windows of fall records are left out; a
window of probability 0.5 is an alarm.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.falls.method import Floats, Published, Signal, Suspect, signal_of
from bench.falls.published import resampled
from bench.recordings import Record
from detectors.fall_model import ANYWHERE, place_of

HZ, WINDOW, STEP = 25.0, 75, 37
TREES, LIKELY = 100, 0.5
#: The impact is at least so far from a window's ends where the window counts as a fall, samples.
MARGIN = 12
#: Share of the windows without a fall that is trained on, by kind of record: memory and time, and there are plenty.
KEPT = {"adl": 0.5, "continuous": 0.05}
#: Windows judged at once.
_AT_ONCE = 20_000
_TINY = 1e-9


def windows(signal: Signal) -> tuple[NDArray[np.int64], Floats]:
    """Return where windows start (k,), samples at HZ, and their features (k, F); a short record is one window."""
    acc = resampled(signal, HZ).acc
    if len(acc) < WINDOW:
        acc = np.vstack([acc, np.repeat(acc[-1:], WINDOW - len(acc), axis=0)])
    columns = np.column_stack([acc, np.sqrt(np.einsum("ij,ij->i", acc, acc))])
    starts = np.arange(0, len(columns) - WINDOW + 1, STEP)
    view = np.lib.stride_tricks.sliding_window_view(columns, WINDOW, axis=0)[starts]
    parts = [_features(view[first : first + _AT_ONCE]) for first in range(0, len(view), _AT_ONCE)]
    return starts, np.concatenate(parts)


def _features(view: Floats) -> Floats:
    """Return the features of windows (k, 4, WINDOW), shape (k, F)."""
    mean = view.mean(axis=2, keepdims=True)
    off = view - mean
    power = np.square(off).mean(axis=2)
    std = np.sqrt(power)
    crossings = (np.diff(np.signbit(off), axis=2)).mean(axis=2)
    pairs = [
        (off[:, a] * off[:, b]).mean(axis=1) / (std[:, a] * std[:, b] + _TINY) for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    columns = [
        mean[:, :, 0], std, view.min(axis=2), view.max(axis=2), np.sqrt(np.square(view).mean(axis=2)),
        (off**3).mean(axis=2) / (std**3 + _TINY), (off**4).mean(axis=2) / (power**2 + _TINY), crossings,
        np.abs(np.diff(view, axis=2)).mean(axis=2), np.column_stack(pairs),
    ]  # fmt: skip
    return np.concatenate(columns, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Windows of one record to train on: features (k, F) and whether they are falls."""

    record: Record
    features: Floats
    fall: bool


def examples(record: Record) -> Examples:
    """Return a record's windows to train on; which are kept depends on its name alone."""
    starts, features = windows(signal_of(record))
    if record.kind == "fall":
        impact = (
            record.impact
            if record.impact >= 0
            else int(np.einsum("ij,ij->i", *[record.acc.astype(float)] * 2).argmax())
        )
        at = impact / record.fs * HZ
        return Examples(record, features[(starts + MARGIN <= at) & (at < starts + WINDOW - MARGIN)], fall=True)
    rng = np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}".encode()))
    return Examples(record, features[rng.random(len(starts)) < KEPT[record.kind]], fall=False)


class Forest(Published):
    """A forest for each place; a place without one takes that of all."""

    name = "forest"

    def __init__(self, forests: Mapping[str, Any]) -> None:
        """``forests`` by place (detectors.fall_model.place_of), trained."""
        self.forests = dict(forests)

    def suspects(self, signal: Signal) -> Iterator[Suspect]:
        """Yield the windows that look like a fall."""
        forest = self.forests.get(place_of(signal.position), self.forests.get(ANYWHERE))
        if forest is None:
            forest = next(iter(self.forests.values()))
        starts, features = windows(signal)
        with threadpool_limits(limits=1):
            likely = forest.predict_proba(features)[:, 1] >= LIKELY
        for start in starts[likely].tolist():
            yield Suspect((start + WINDOW / 2) / HZ, (start + WINDOW) / HZ)


def trained(all_examples: Iterable[Examples], places: Iterable[str]) -> Forest:
    """Return a forest for each of ``places`` that has falls. Raises ValueError when none has."""
    given = list(all_examples)
    forests: dict[str, Any] = {}
    for place in places:
        mine = [one for one in given if place in (ANYWHERE, place_of(one.record.position)) and len(one.features)]
        fall = np.concatenate([np.full(len(one.features), one.fall) for one in mine]) if mine else np.zeros(0, bool)
        if len(np.unique(fall)) < 2:
            continue
        forest = RandomForestClassifier(
            TREES, class_weight="balanced_subsample", max_samples=0.5, n_jobs=1, random_state=0
        )
        forests[place] = forest.fit(np.concatenate([one.features for one in mine]), fall)
    if not forests:
        raise ValueError("no falls to train a forest on.")
    return Forest(forests)
