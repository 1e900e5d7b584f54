"""The two judges of a fall: trees walked from root to leaf, and a weighted sum (detectors.trees, fall_model)."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels import sums
from detectors.kernels.compiled import kernel, read, written
from detectors.kernels.grid import Floats, Ints

Shorts = NDArray[np.int16]


@kernel(
    read(types.float64, 2), read(types.int64, 1), read(types.int16, 2), read(types.float64, 2), read(types.int16, 2),
    read(types.int16, 2), read(types.float64, 2), types.int64, written(types.float64, 1),
)  # fmt: skip
def trees(
    rows: Floats, columns: Ints, feature: Shorts, threshold: Floats, left: Shorts, right: Shorts, value: Floats,
    depth: int, found: Floats,
) -> None:  # fmt: skip
    """Write the sum of what each tree says of each of ``rows`` (k, features) into ``found`` (k,).

    ``columns``: where in a row that stands which the trees know by its number. Children must be nodes of their tree,
    and features columns. Raises IndexError when a row is too short.
    """
    many = feature.shape[0]
    said = np.empty(many)
    for column in columns:
        if not 0 <= column < rows.shape[1]:
            raise IndexError
    for k in range(rows.shape[0]):
        for tree in range(many):
            node = 0
            for _ in range(depth):
                over = rows[k, columns[feature[tree, node]]] > threshold[tree, node]
                node = right[tree, node] if over else left[tree, node]
            said[tree] = value[tree, node]
        found[k] = sums.long_total(said, 0, many)


@kernel(
    read(types.float64, 2), read(types.int64, 1), read(types.float64, 1), read(types.float64, 1),
    read(types.float64, 1), types.float64, written(types.float64, 1),
)  # fmt: skip
def weighted(
    rows: Floats, columns: Ints, mean: Floats, sd: Floats, weight: Floats, most_sd: float, found: Floats
) -> None:  # fmt: skip
    """Write the weighted sum of the ``columns`` of each of ``rows`` (k, features) into ``found`` (k,).

    Each counts in standard deviations from its mean, at most ``most_sd``. Raises IndexError when a row is too short.
    """
    many = len(columns)
    off = np.empty(many)
    for column in columns:
        if not 0 <= column < rows.shape[1]:
            raise IndexError
    for k in range(rows.shape[0]):
        for i in range(many):
            far = (rows[k, columns[i]] - mean[i]) / sd[i]
            off[i] = sums.smaller(sums.larger(far, -most_sd), most_sd) * weight[i]
        found[k] = sums.long_total(off, 0, many)
