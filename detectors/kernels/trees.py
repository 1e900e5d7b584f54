"""Boosted trees walked from root to leaf: detectors.trees has the form of the arrays."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, read, written
from detectors.kernels.grid import Floats

Shorts = NDArray[np.int16]


@kernel(
    read(types.float64, 2), read(types.int16, 2), read(types.float64, 2), read(types.int16, 2), read(types.int16, 2),
    read(types.float64, 2), types.int64, written(types.float64, 2),
)  # fmt: skip
def leaves(
    rows: Floats, feature: Shorts, threshold: Floats, left: Shorts, right: Shorts, value: Floats, depth: int,
    found: Floats,
) -> None:  # fmt: skip
    """Write what each tree says of each of ``rows`` (k, columns) into ``found`` (k, trees).

    Raises IndexError when a tree asks for a column that the rows do not have; its children must be nodes of its own.
    """
    columns = rows.shape[1]
    for k in range(rows.shape[0]):
        for tree in range(feature.shape[0]):
            node = 0
            for _ in range(depth):
                column = feature[tree, node]
                if column >= columns:
                    raise IndexError
                over = rows[k, column] > threshold[tree, node]
                node = right[tree, node] if over else left[tree, node]
            found[k, tree] = value[tree, node]
