"""The seconds around an impact on one grid, whatever the sensor: 25 bins a second, averaged, aligned at the impact.

Data sets differ in rate, and a model is quick to learn falls by their rate (WEDA-FALL's falls came at 40 Hz, its daily
life at 50). Averaging the signal over bins of 40 ms brings all of them to what a 25 Hz sensor would tell. The grid
itself stands in detectors.kernels.grid, and windows are cut in detectors.kernels.cutting.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.kernels import grid
from detectors.kernels.cutting import cut_one

GRID_HZ, BINS = grid.GRID_HZ, grid.BINS
PRE_S, POST_S, PRE, POST = grid.PRE_S, grid.POST_S, grid.PRE, grid.POST

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The seconds around one impact.

    ``acc`` (BINS, 3) and ``mag`` (BINS,), in g: the mean of the vector, and the mean of |a|, of each bin. ``peak``
    is |a| at the impact at the sensor's own rate. ``pre_s`` and ``post_s`` say how many seconds on each side were
    really measured; bins beyond them repeat the last one measured.
    """

    acc: Floats
    mag: Floats
    peak: float
    pre_s: float
    post_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of many impacts: ``acc`` (k, BINS, 3), ``mag`` (k, BINS), ``peak``, ``pre_s`` and ``post_s`` (k,)."""

    acc: Floats
    mag: Floats
    peak: Floats
    pre_s: Floats
    post_s: Floats

    def __len__(self) -> int:
        """Return how many windows there are."""
        return len(self.peak)


def windows_of(each: Sequence[Window]) -> Windows:
    """Return single windows as a batch, in their order; an empty one for none."""
    return Windows(
        acc=np.array([window.acc for window in each], dtype=np.float64).reshape(len(each), BINS, 3),
        mag=np.array([window.mag for window in each], dtype=np.float64).reshape(len(each), BINS),
        peak=np.array([window.peak for window in each], dtype=np.float64),
        pre_s=np.array([window.pre_s for window in each], dtype=np.float64),
        post_s=np.array([window.post_s for window in each], dtype=np.float64),
    )


def cut_window(t_us: NDArray[np.int64], acc_g: Floats, impact: int) -> Window:
    """Return the window around sample ``impact`` of ``acc_g`` (n, 3) in g, at times ``t_us`` (n,) without a gap.

    Raises IndexError when there is no such sample.
    """
    t_us, acc_g = np.ascontiguousarray(t_us, np.int64), np.ascontiguousarray(acc_g, np.float64)
    if not 0 <= impact < len(t_us) or acc_g.shape != (len(t_us), 3):
        raise IndexError(f"There is no sample {impact} in {acc_g.shape} at {t_us.shape}.")
    acc, mag, told = np.empty((BINS, 3)), np.empty(BINS), np.empty(3)
    cut_one(t_us, acc_g, impact, acc, mag, told)
    peak, pre_s, post_s = told.tolist()
    return Window(acc, mag, peak, pre_s, post_s)
