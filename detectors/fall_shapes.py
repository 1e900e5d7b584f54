"""How often a window's course has each of 168 small shapes, before, in, and after an impact.

Random convolutions after MiniRocket (Dempster, Schmidt, Webb, KDD 2021): every kernel has nine taps, three of 2 and six
of -1, so that a level adds nothing; what counts is in which share of the time its answer passes a bias. Theirs pools
over the whole series and draws biases from the data. Here the window is aligned at its impact, so each of four PARTS is
counted by itself, and the biases are spread evenly whatever the data, so that nothing but weights is learned.

The stretches of detectors.fall_stretches tell how hard and how restless; these tell in what order.
"""

from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from detectors.fall_window import BINS, GRID_HZ, PRE, Floats, Window, Windows, windows_of

Counts = NDArray[np.uint8]

TAPS = 9
#: Where the three taps of 2 stand: MiniRocket's 84 kernels.
KERNELS: tuple[tuple[int, ...], ...] = tuple(combinations(range(TAPS), 3))
#: Bins between two taps: a kernel spans 1 s.
DILATION = 3
#: |a|, and how |a| changes from bin to bin; the square root makes small and large ones comparable.
COURSES = ("level", "change")
#: Each kernel's bias is one of many evenly spread within this of 0, in units of the square root of g: a tenth of the
#: answers around an impact lie beyond it.
SPREAD = 0.8
#: The fractional part of multiples of the golden ratio's inverse is the most even spread there is.
_GOLDEN = (sqrt(5.0) - 1.0) / 2.0
#: Seconds around the impact that are counted by themselves: before, falling, hit and settling, rest.
PARTS_S = ((-3.0, -1.0), (-1.0, -0.12), (-0.12, 1.2), (1.2, 4.04))
#: What the smallest sensor tells: 2 g for one axis (detectors.fall_features).
_RANGE_G = 2.0
_MOST_G = _RANGE_G * sqrt(3)
#: Windows taken at once: all kernels' answers to them stay in a core's cache.
_CHUNK = 8

_PARTS = tuple(slice(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ)) for start, end in PARTS_S)
#: Bins in each part, for each count of SHAPES.
LENGTHS: Floats = np.tile([float(part.stop - part.start) for part in _PARTS], len(COURSES) * len(KERNELS))
#: How many counts a window has: for each course, each kernel, each part.
SHAPES = len(LENGTHS)


def biases() -> list[float]:
    """Return the bias of each kernel, those of the first course first."""
    return [SPREAD * (2.0 * ((k * _GOLDEN) % 1.0) - 1.0) for k in range(1, len(COURSES) * len(KERNELS) + 1)]


_BIASES: Floats = np.array(biases()).reshape(len(COURSES), len(KERNELS))
_A, _B, _C = (list(taps) for taps in zip(*KERNELS, strict=True))


def shape_counts(windows: Windows) -> Counts:
    """Return in how many bins of each part each kernel's answer passes its bias: (k, SHAPES), the same in any batch."""
    counts = np.empty((len(windows), len(COURSES), len(KERNELS), len(_PARTS)), np.uint8)
    for first in range(0, len(windows), _CHUNK):
        rows = slice(first, first + _CHUNK)
        for which, course in enumerate(_courses(windows.acc[rows], windows.mag[rows])):
            taps = _taps(course)
            answers = 3.0 * (taps[_A] + taps[_B] + taps[_C]) - taps.sum(axis=0)
            passed = answers > _BIASES[which, :, None, None]
            for index, part in enumerate(_PARTS):
                counts[rows, which, :, index] = passed[..., part].sum(axis=2).T
    return counts.reshape(len(windows), SHAPES)


def _courses(acc: Floats, mag: Floats) -> tuple[Floats, Floats]:
    """Return the courses of COURSES, each (k, BINS), of a signal as a 2 g sensor tells it."""
    near = np.clip(acc, -_RANGE_G, _RANGE_G)
    steps = np.diff(near, axis=1, prepend=near[:, :1])
    change = np.sqrt(steps[..., 0] ** 2 + steps[..., 1] ** 2 + steps[..., 2] ** 2)
    return np.sqrt(np.minimum(mag, _MOST_G)), np.sqrt(change)


def _taps(course: Floats) -> Floats:
    """Return what each tap sees at each bin, (TAPS, k, BINS); a course goes on level beyond its ends."""
    reach = TAPS // 2 * DILATION
    held = np.concatenate(
        [np.repeat(course[:, :1], reach, axis=1), course, np.repeat(course[:, -1:], reach, axis=1)], axis=1
    )
    return np.stack([held[:, tap * DILATION : tap * DILATION + BINS] for tap in range(TAPS)])


@dataclass(frozen=True, slots=True, eq=False)
class Third:
    """A judge by shapes, asked where the two others (detectors.fall_model) leave an impact open.

    ``weight`` (SHAPES,) counts each share of a part's bins; ``shares``: how much the log odds of the two, those of the
    shapes, and 1 count: they calibrate. ``open_from``: the probability of the two from which on it is asked.
    """

    weight: Floats
    base: float
    shares: tuple[float, float, float]
    open_from: float

    def logits(self, counts: Counts) -> Floats:
        """Return the log odds by shapes alone of windows with these ``counts`` (k, SHAPES): shape (k,)."""
        found: Floats = self.base + (counts / LENGTHS * self.weight).sum(axis=1)
        return found

    def probability(self, two: float, window: Window) -> float:
        """Return the probability that what the two judges give the log odds ``two`` is a fall."""
        of_two, of_shapes, always = self.shares
        by_shapes = float(self.logits(shape_counts(windows_of([window])))[0])
        return float(1.0 / (1.0 + np.exp(-(of_two * two + of_shapes * by_shapes + always))))
