"""The largest |a| of a frame, and the impacts of a run of samples."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints

Counts = NDArray[np.int16]


@part
def _most_square(counts: Counts) -> Any:
    most = np.int64(0)
    for i in range(counts.shape[0]):
        x, y, z = np.int64(counts[i, 0]), np.int64(counts[i, 1]), np.int64(counts[i, 2])
        square = x * x + y * y + z * z
        most = square if square > most else most
    return most


@kernel(read(types.int16, 2, "A"))
def peak(counts: Counts) -> float:
    """Return the largest length of ``counts`` (n, 3)."""
    found: float = np.sqrt(np.float64(_most_square(counts)))
    return found


@kernel(read(types.int16, 3, "A"), written(types.float64, 1))
def peaks(counts: Counts, found: Floats) -> None:
    """Write the largest length of each of ``counts`` (k, n, 3) into ``found`` (k,)."""
    for k in range(counts.shape[0]):
        found[k] = np.sqrt(np.float64(_most_square(counts[k])))


@part
def is_largest(t_us: Ints, mag: Floats, i: int, back_us: int, ahead_us: int) -> bool:
    """Whether a sample is the largest from ``back_us`` before to ``ahead_us`` after it; of equal ones the first is."""
    j = i - 1
    while j >= 0 and t_us[i] - t_us[j] <= back_us:
        if not mag[j] < mag[i]:
            return False
        j -= 1
    j = i + 1
    while j < len(mag) and t_us[j] - t_us[i] <= ahead_us:
        if not mag[j] <= mag[i]:
            return False
        j += 1
    return True


@part
def _impacts(
    t_us: Ints, mag: Floats, after_us: int, until_us: int, gate: float, back_us: int, ahead_us: int, found: Ints
) -> int:
    count = 0
    for i in range(len(mag)):
        if mag[i] >= gate and after_us < t_us[i] <= until_us and is_largest(t_us, mag, i, back_us, ahead_us):
            if count < len(found):
                found[count] = i
            count += 1
    return count


@kernel(
    read(types.int64, 1), read(types.float64, 1), types.int64, types.int64, types.float64, types.int64, types.int64,
    written(types.int64, 1),
)  # fmt: skip
def impacts(
    t_us: Ints, mag: Floats, after_us: int, until_us: int, gate: float, back_us: int, ahead_us: int, found: Ints
) -> int:
    """Write the impacts into ``found``, as many as it holds, and return how many there are (detectors.impacts)."""
    return _impacts(t_us, mag, after_us, until_us, gate, back_us, ahead_us, found)


@kernel(
    read(types.int16, 2, "A"), types.float64, types.int64, types.int64, types.int64, types.int64, types.float64,
)  # fmt: skip
def is_hard_between(
    counts: Counts, scale: float, first_us: int, period_ns: int, after_us: int, until_us: int, gate: float
) -> bool:
    """Whether a sample of a frame after the first and up to the second time reaches the gate."""
    for i in range(counts.shape[0]):
        at_us = first_us + i * period_ns // 1000
        if after_us < at_us <= until_us:
            x, y, z = counts[i, 0] * scale, counts[i, 1] * scale, counts[i, 2] * scale
            if np.sqrt(x * x + y * y + z * z) >= gate:
                return True
    return False
