"""Whether somebody walks: steps in |a| that repeat regularly at a walking cadence, the body held as it was before.

Careful in one direction: nobody who lies may be taken for walking. A seizure or a tremor is rhythmic too, and who is
carried moves; so the sensor must also hang as it hung before the fall, and the caller asks for several windows. Who
walks very slowly or unevenly is not recognised, and counts as fallen.

Seen in recordings (SisFall, waist, 19 people): 91 and 99 % of windows of slow and quick walking, 1 to 3 % of sitting or
lying down, none of 2,586 windows from a second after a fall on. Wrist: 0.4 % of mostly seated hours (Stress-Predict).
"""

import numpy as np
from numpy.typing import NDArray

from detectors.fall_window import GRID_HZ, Floats

#: Seconds of one window: some eight steps.
WINDOW_S = 5.0
#: Time from step to step, seconds: 75 to 150 steps a minute; adults walk at 90 to 130 (Tudor-Locke 2011).
STEP_S = (0.4, 0.8)
#: Autocorrelation of |a| at the time of a step or of two, from which on steps are regular (Moe-Nilssen 2004: 0.7 to 0.9
#: in the healthy at the trunk; an arm has less).
REGULAR = 0.5
#: How far the peak stands out of the dip before it: a slow turn is like itself a moment later too, without steps. It
#: lets no walking go (SisFall: 91 and 99 % of windows with and without it); rolling over in bed counts as walking in 3
#: instead of 11 % of windows.
OUT_OF_DIP = 0.3
#: Standard deviation of |a|, g: below is trembling or a vehicle, above running or struggling.
MOVES_G = (0.05, 0.6)
#: The mean direction of the sensor may differ so much from that before the fall, degrees.
UPRIGHT_DEG = 45.0
_BINS = int(WINDOW_S * GRID_HZ)
_TINY = 1e-9


def walks(t_us: NDArray[np.int64], acc_g: Floats, upright: Floats) -> bool:
    """Return whether ``acc_g`` (n, 3) in g at times ``t_us`` (n,), WINDOW_S seconds without a gap, is walking.

    ``upright`` (3,) is the sensor's mean acceleration while the person was last upright.
    """
    if angle_deg(acc_g.mean(axis=0), upright) > UPRIGHT_DEG:
        return False
    mag = _binned(t_us, np.sqrt(np.einsum("ij,ij->i", acc_g, acc_g)))
    level = mag - mag.mean()
    if not MOVES_G[0] <= float(level.std()) <= MOVES_G[1]:
        return False
    first, last = (round(step * GRID_HZ) for step in STEP_S)
    like = [_correlation(level, lag) for lag in range(2 * last + 1)]
    if any(like[lag] >= REGULAR and like[lag - 1] < like[lag] > like[lag + 1] for lag in range(2, first - 1)):
        return False  # a faster rhythm: a tremor, an engine
    of_step, of_stride = _peak(like, first - 1, last + 1), _peak(like, 2 * first, 2 * last)
    return of_step >= REGULAR or (of_stride >= REGULAR and max(like[first : last + 1]) > 0)


def _peak(like: list[float], first: int, last: int) -> float:
    """Return the highest peak of ``like`` at the lags ``first`` to ``last`` that stands out of a dip; -1: none does."""
    peaks = [
        like[lag]
        for lag in range(first, min(last, len(like) - 2) + 1)
        if like[lag - 1] <= like[lag] >= like[lag + 1] and like[lag] - min(like[1:lag]) >= OUT_OF_DIP
    ]
    return max(peaks, default=-1.0)


def _binned(t_us: NDArray[np.int64], mag: Floats) -> Floats:
    """Return |a| on the grid of the fall window, so that sensors of any rate are judged alike."""
    at = np.minimum(((t_us - t_us[0]) * GRID_HZ) // 1_000_000, _BINS - 1)
    counts = np.bincount(at, minlength=_BINS)
    sums = np.bincount(at, weights=mag, minlength=_BINS)
    there = np.flatnonzero(counts)
    filled: Floats = np.interp(np.arange(_BINS), there, sums[there] / counts[there])
    return filled


def _correlation(level: Floats, lag: int) -> float:
    one, other = level[: len(level) - lag], level[lag:]
    return float(np.dot(one, other) / (np.sqrt(np.dot(one, one) * np.dot(other, other)) + _TINY))


def angle_deg(one: Floats, other: Floats) -> float:
    """Return the angle between two directions, degrees."""
    cosine = np.dot(one, other) / (np.sqrt(np.dot(one, one) * np.dot(other, other)) + _TINY)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
