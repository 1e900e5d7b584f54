"""The single-feature threshold of the SisFall paper: Sucerquia et al., Sensors 2017 17:198, feature C9.

|a| of the signal below 5 Hz (Butterworth, 4th order) is not used, but the length of the three axes' standard deviations
over 1 s: sqrt(var x + var y + var z). The paper sets its threshold on training folds; so does ``fitted``, one for the
wrist and one elsewhere. C8, the same in the horizontal plane, needs to know how the sensor sits and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from bench.falls.method import Floats, Published, Signal, Suspect, signal_of
from bench.falls.posture import smoothed
from bench.falls.published import filtered, rises
from bench.recordings import Record
from detectors.fall_model import place_of

CUTOFF_HZ, ORDER, WINDOW_S = 5.0, 4, 1.0


def spread(signal: Signal) -> Floats:
    """Return C9 of the last second at each sample, shape (n,), g."""
    acc = filtered(signal.acc, CUTOFF_HZ, signal.fs, "low", ORDER)
    acc = acc - acc.mean(axis=0)  # small numbers: the difference of two means of squares below loses digits
    width = max(2, round(WINDOW_S * signal.fs))
    variance = smoothed(acc * acc, width) - np.square(smoothed(acc, width))
    return np.asarray(np.sqrt(np.maximum(variance, 0.0).sum(axis=1)))


class SisFall(Published):
    """C9 over the threshold of the place; at once."""

    name = "sisfall"

    def __init__(self, levels: Mapping[str, float]) -> None:
        """``levels`` g, by place (detectors.fall_model.place_of); a place without one takes the lowest."""
        self.levels = dict(levels)

    def suspects(self, signal: Signal) -> Iterator[Suspect]:
        """Yield each rise over the level."""
        level = self.levels.get(place_of(signal.position), min(self.levels.values()))
        for index in rises(spread(signal), level):
            yield Suspect(index / signal.fs, index / signal.fs)


def highest(record: Record) -> float:
    """Return the largest C9 of a record, all that fitting needs of it."""
    return float(spread(signal_of(record)).max())


def fitted(highs: Iterable[tuple[Record, float]]) -> SisFall:
    """Return the method with the level of each place that tells these trials best (sensitivity plus specificity)."""
    by_place: dict[str, tuple[list[float], list[float]]] = {}
    for record, high in highs:
        if record.kind != "continuous":
            by_place.setdefault(place_of(record.position), ([], []))[record.kind == "fall"].append(high)
    levels = {place: _best(np.sort(daily), np.sort(falls)) for place, (daily, falls) in by_place.items() if falls}
    if not levels:
        raise ValueError("no falls to set a threshold on.")
    return SisFall(levels)


def _best(daily: Floats, falls: Floats) -> float:
    found = 1.0 - np.searchsorted(falls, falls) / len(falls)
    quiet = np.searchsorted(daily, falls) / max(1, len(daily))
    return float(falls[int(np.argmax(found + quiet))])
