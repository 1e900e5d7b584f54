"""Impacts out of recordings, as the detector itself would find and see them: what the fall model is trained on.

Every record of a trial also comes as a cheaper sensor would have recorded it (32 Hz, clipped to 2 g), because the long
free living that teaches what is *not* a fall was recorded so; otherwise a model tells falls by their sensor. Some
impacts come once more with their end cut off, as when a device falls silent.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.recordings import Record
from detectors.fall_features import fall_features_of
from detectors.fall_stages import EARLY_S
from detectors.fall_window import POST_S, PRE_S, Floats, Window, cut_window, windows_of
from detectors.impacts import find_impacts, magnitude

#: The cheaper sensor: the Empatica E4 of the free-living recordings.
CHEAP_HZ, CHEAP_G = 32.0, 2.0
#: Shares of the impacts of trials and of free living that come with their end cut off as well.
CUT_TRIALS, CUT_LIVING = 0.5, 0.1
#: Shortest end that is left.
CUT_MIN_S = 0.3
#: A given impact is the one found within this time of it.
NEAR_S = 1.5
#: Windows taken at once: their arrays stay small.
_BATCH = 500
#: Beyond a window's ends, so that its last bins are measured; days are not looked through for every impact in them.
_MARGIN_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One impact: its record, features, time in the record, and whether it is the fall of a fall record.

    ``early``: its features EARLY_S after it. ``fall`` None: another impact of a fall record, of which nobody said what
    it is. ``cheap``: seen by the cheaper sensor. ``cut``: with its end cut off; then ``early`` is as ``features``.
    """

    record: Record
    features: Floats
    early: Floats
    at_s: float
    fall: bool | None
    cheap: bool
    cut: bool

    @property
    def person(self) -> str:
        """Name of the person, the same in no other data set."""
        return f"{self.record.file}/{self.record.subject}"


def events(records: Iterable[Record]) -> Iterator[Event]:
    """Yield all events of the records; the random ends cut off depend on the record's name alone."""
    for record in records:
        acc_g = record.acc.astype(np.float64) * record.scale
        yield from _of_signal(record, acc_g, record.fs, cheap=False)
        if record.kind != "continuous":
            cheap_g, fs = cheaper(acc_g, record.fs)
            yield from _of_signal(record, cheap_g, fs, cheap=True)


def cheaper(acc_g: Floats, fs: float) -> tuple[Floats, float]:
    """Return the signal as the cheaper sensor gives it, and its rate."""
    if fs > CHEAP_HZ:
        t = np.arange(len(acc_g)) / fs
        at = np.arange(0.0, t[-1] + 1e-9, 1 / CHEAP_HZ)
        acc_g = np.column_stack([np.interp(at, t, acc_g[:, axis]) for axis in range(3)])
        fs = CHEAP_HZ
    return np.clip(acc_g, -CHEAP_G, CHEAP_G), fs


def _of_signal(record: Record, acc_g: Floats, fs: float, *, cheap: bool) -> Iterator[Event]:
    t_us = (np.arange(len(acc_g)) * (1e6 / fs)).astype(np.int64)
    mag = magnitude(acc_g)
    found = find_impacts(t_us, mag, -1, int(t_us[-1]))
    which = _fall_among(record, t_us, mag, found)
    rng = np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}/{cheap}".encode()))
    share = CUT_LIVING if record.kind == "continuous" else CUT_TRIALS
    falls = [False if record.kind != "fall" else (True if index == which else None) for index in found]
    at_s = [float(t_us[index]) / 1e6 for index in found]
    whole = _features([_cut_off(t_us, acc_g, index, POST_S + _MARGIN_S) for index in found])
    early = _features([_cut_off(t_us, acc_g, index, EARLY_S) for index in found])
    for row, fall in enumerate(falls):
        yield Event(record, whole[row], early[row], at_s[row], fall, cheap, cut=False)
    ends = [rng.uniform(CUT_MIN_S, POST_S) if rng.random() < share else None for _ in found]
    some = [row for row, end in enumerate(ends) if end is not None and at_s[row] + end < t_us[-1] / 1e6]
    cut = _features([_cut_off(t_us, acc_g, found[row], ends[row] or 0.0) for row in some])
    for features, row in zip(cut, some, strict=True):
        yield Event(record, features, features, at_s[row], falls[row], cheap, cut=True)


def _cut_off(t_us: NDArray[np.int64], acc_g: Floats, index: int, end_s: float) -> Window:
    """Return the window around sample ``index`` of which nothing is known ``end_s`` after it."""
    low = int(np.searchsorted(t_us, int(t_us[index]) - int((PRE_S + _MARGIN_S) * 1e6)))
    high = int(np.searchsorted(t_us, int(t_us[index]) + int(end_s * 1e6), side="right"))
    return cut_window(t_us[low:high], acc_g[low:high], index - low)


def _features(windows: list[Window]) -> Floats:
    parts = [fall_features_of(windows_of(windows[a : a + _BATCH])) for a in range(0, len(windows), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, 0))


def _fall_among(record: Record, t_us: NDArray[np.int64], mag: Floats, found: list[int]) -> int | None:
    """Return which impact is the fall: the one nearest to where the data set says, else the hardest."""
    if record.kind != "fall" or not found:
        return None
    if record.impact >= 0:
        given = record.impact / record.fs * 1e6
        nearest = min(found, key=lambda index: abs(float(t_us[index]) - given))
        return nearest if abs(float(t_us[nearest]) - given) <= NEAR_S * 1e6 else None
    return max(found, key=lambda index: float(mag[index]))
