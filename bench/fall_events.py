"""Impacts out of recordings, as the detector itself would find and see them: what the fall model is trained on.

Every record of a trial also comes as a cheaper sensor would have recorded it (32 Hz, clipped to 2 g), because the long
free living that teaches what is *not* a fall was recorded so; otherwise a model tells falls by their sensor. Some
impacts come once more with their end cut off, as when a device falls silent.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.fall_stirring import stirred
from bench.recordings import Record
from detectors.fall_features import fall_features_of
from detectors.fall_moments import back_of
from detectors.fall_shapes import SHAPES, Counts, shape_counts
from detectors.fall_stages import EARLY_S
from detectors.fall_window import POST_S, PRE_S, Floats, Window, cut_window, windows_of
from detectors.impacts import find_impacts, magnitude

#: The cheaper sensor: the Empatica E4 of the free-living recordings.
CHEAP_HZ, CHEAP_G = 32.0, 2.0
#: Shares of the impacts of trials and of free living that come with their end cut off as well.
CUT_TRIALS, CUT_LIVING = 0.5, 0.1
#: Shortest end that is left.
CUT_MIN_S = 0.3
#: Shortest beginning that is left where a record begins shortly before the impact.
BEGUN_MIN_S = 0.5
#: A given impact is the one found within this time of it.
NEAR_S = 1.5
#: Windows taken at once: their arrays stay small.
_BATCH = 500
#: Beyond a window's ends, so that its last bins are measured; days are not looked through for every impact in them.
_MARGIN_S = 0.5
_LONG_AGO_S = PRE_S + _MARGIN_S
NO_SHAPES = np.zeros(SHAPES, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One impact: its record, features, time in the record, and whether it is the fall of a fall record.

    ``early``: its features EARLY_S after it. ``fall`` None: another impact of a fall record, of which nobody said what
    it is. ``cheap``: seen by the cheaper sensor. ``cut``: with its end cut off; then ``early`` is as ``features``.
    ``begun``: with its beginning cut off. ``trunk_only``: an impact because the sensor is known to be at the trunk.
    ``shapes``: its shape_counts, none where it has begun late. ``stirs``: a fall after which the arm soon moves again.
    """

    record: Record
    features: Floats
    early: Floats
    at_s: float
    fall: bool | None
    cheap: bool
    cut: bool
    begun: bool = False
    trunk_only: bool = False
    shapes: Counts = field(default_factory=lambda: NO_SHAPES)
    stirs: bool = False

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
    mag, last_us = magnitude(acc_g), int(t_us[-1])
    found = find_impacts(t_us, mag, -1, last_us, back_s=back_of(record.position))
    anywhere = find_impacts(t_us, mag, -1, last_us)
    general = set(anywhere)
    which = _fall_among(record, t_us, mag, found)

    def event(index: int, whole: Floats, early: Floats, shapes: Counts = NO_SHAPES, **how: bool) -> Event:
        fall = False if record.kind != "fall" else (True if index == which else None)
        at_s, trunk_only = float(t_us[index]) / 1e6, index not in general
        return Event(record, whole, early, at_s, fall, cheap, how.get("cut", False), how.get("begun", False),
                     trunk_only, shapes, how.get("stirs", False))  # fmt: skip

    begins = [_LONG_AGO_S] * len(found)
    for begun_s in (begins, _beginnings(record, len(found), cheap=cheap)):
        near = list(zip(found, begun_s, strict=True))
        seen = [_cut_off(t_us, acc_g, index, POST_S + _MARGIN_S, before_s) for index, before_s in near]
        early = _features([_cut_off(t_us, acc_g, index, EARLY_S, before_s) for index, before_s in near])
        shapes = shape_counts(windows_of(seen)) if begun_s is begins else [NO_SHAPES] * len(seen)
        for index, *told in zip(found, _features(seen), early, shapes, strict=True):
            yield event(index, *told, begun=begun_s is not begins)
        if record.kind == "continuous":
            break
    ends = [(index, end) for index, end in _ends(record, anywhere, cheap=cheap) if t_us[index] + end * 1e6 < last_us]
    cut = [_cut_off(t_us, acc_g, index, end) for index, end in ends]
    for (index, _), features, shapes_of in zip(ends, _features(cut), shape_counts(windows_of(cut)), strict=True):
        yield event(index, features, features, shapes_of, cut=True)
    if cheap and which is not None:
        window = stirred(_cut_off(t_us, acc_g, which, POST_S + _MARGIN_S), _random(record, "stirs"))
        if window is not None:
            features = _features([window])[0]
            yield event(which, features, features, shape_counts(windows_of([window]))[0], stirs=True)


def _random(record: Record, what: str) -> np.random.Generator:
    """Return chance that depends on the record's name, and on what for, alone."""
    return np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}/{what}".encode()))


def _beginnings(record: Record, count: int, *, cheap: bool) -> list[float]:
    """Return how long before each of its impacts the record begins; it depends on the record's name alone."""
    rng = np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}/{cheap}/begun".encode()))
    drawn: list[float] = rng.uniform(BEGUN_MIN_S, PRE_S, count).tolist()
    return drawn


def _ends(record: Record, found: list[int], *, cheap: bool) -> Iterator[tuple[int, float]]:
    """Yield some of the impacts, each with when its end is cut off; it depends on the record's name alone."""
    rng = np.random.default_rng(zlib.crc32(f"{record.file}/{record.index}/{cheap}".encode()))
    share = CUT_LIVING if record.kind == "continuous" else CUT_TRIALS
    for index in found:
        if rng.random() < share:
            yield index, float(rng.uniform(CUT_MIN_S, POST_S))


def _cut_off(t_us: NDArray[np.int64], acc_g: Floats, index: int, end_s: float, before_s: float = _LONG_AGO_S) -> Window:
    """Return the window around sample ``index`` of which nothing is known ``before_s`` before and ``end_s`` after."""
    low = int(np.searchsorted(t_us, int(t_us[index]) - int(before_s * 1e6)))
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
