"""Day models of the published kinds, beside our daily deviation: how unlike the days before it a home's day is.

Each is fitted anew for a day (the forest: every seven days) on all known days before it, seven at least, and says how
unlike these the day is. What they see: square roots of the signs of life by kind of room and quarter of the day, in
units of their spread over those days.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.svm import OneClassSVM

from detectors.routine import Room
from detectors.routine_days import PART_MINUTES, PARTS
from detectors.routine_deviation import DEFAULT

Floats = NDArray[np.float64]

_MINUTE_US = 60_000_000
#: Added to every spread: a room that was never used has none.
_LEAST_SPREAD = 0.5
#: Share of the days before that may lie outside of the boundary (Schoelkopf 2001); 0.1 is what papers on homes take.
_OUTSIDE = 0.1
#: Components that are kept of a day.
_COMPONENTS = 5
#: Days between two fits of the forest, which takes a hundred times as long as the others.
_FOREST_EVERY = 7
_SEED = 0


def day_counts(at_us: NDArray[np.int64], room: NDArray[np.int64], first: int, count: int) -> Floats:
    """Return the signs of each day by part and kind of room, (count, PARTS x kinds)."""
    part = at_us // (_MINUTE_US * PART_MINUTES) - first * PARTS
    inside = (part >= 0) & (part < count * PARTS)
    kinds = len(Room)
    cells = np.bincount(part[inside] * kinds + room[inside], minlength=count * PARTS * kinds)
    return cells.reshape(count, PARTS * kinds).astype(np.float64)


def _total(before: Floats, now: Floats) -> float:
    """By how many spreads the day's signs of life are more than usual."""
    usual = np.sqrt(before.sum(axis=1))
    return float((np.sqrt(now.sum()) - usual.mean()) / (usual.std() + _LEAST_SPREAD))


def _either_way(before: Floats, now: Floats) -> float:
    """The same, more or less than usual."""
    return abs(_total(before, now))


def _scaled(before: Floats, now: Floats) -> tuple[Floats, Floats]:
    roots = np.sqrt(before)
    centre, spread = roots.mean(axis=0), roots.std(axis=0) + _LEAST_SPREAD
    return (roots - centre) / spread, ((np.sqrt(now) - centre) / spread)[None, :]


def _svdd(before: Floats, now: Floats) -> float:
    """Support vector data description (Tax and Duin 2004); with a radial kernel it is the one-class SVM."""
    known, new = _scaled(before, now)
    return -float(OneClassSVM(nu=_OUTSIDE, gamma="scale").fit(known).decision_function(new)[0])


def _pca(before: Floats, now: Floats) -> float:
    """What the day's main components leave unexplained."""
    known, new = _scaled(before, now)
    model = PCA(min(_COMPONENTS, len(known) - 1), random_state=_SEED).fit(known)
    return float(((model.inverse_transform(model.transform(new)) - new) ** 2).sum())


class _Forest:
    """Isolation forest (Liu 2008), fitted anew every _FOREST_EVERY days."""

    def __init__(self) -> None:
        self._model: Any = None
        self._fitted = 0

    def __call__(self, before: Floats, now: Floats) -> float:
        if self._model is None or not 0 <= len(before) - self._fitted < _FOREST_EVERY:
            self._model = IsolationForest(random_state=_SEED, n_jobs=1).fit(np.sqrt(before))
            self._fitted = len(before)
        return -float(self._model.score_samples(np.sqrt(now)[None, :])[0])


#: Name -> makes what judges a day by the days before, for one home.
RULES: dict[str, Callable[[], Callable[[Floats, Floats], float]]] = {
    "activity of the day, z": lambda: _total,
    "the same, either way": lambda: _either_way,
    "SVDD (one-class SVM)": lambda: _svdd,
    "isolation forest": _Forest,
    "PCA, what is left": lambda: _pca,
}


def judged(rule: Callable[[Floats, Floats], float], counts: Floats, known: Sequence[bool]) -> list[float | None]:
    """Return what a rule says of each day; None where the day or too many before it are not known."""
    fits = np.array(known, dtype=np.bool_)
    told: list[float | None] = []
    for index in range(len(counts)):
        before = counts[:index][fits[:index]]
        told.append(rule(before, counts[index]) if fits[index] and len(before) >= DEFAULT.least_days else None)
    return told
