"""The two judges of a fall: trees walked from root to leaf, and a weighted sum (detectors.trees, fall_model)."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels import sums
from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints

Shorts = NDArray[np.int16]


@part
def said_by(
    row: Floats, columns: Ints, feature: Shorts, threshold: Floats, left: Shorts, right: Shorts, value: Floats,
    depth: int, said: Floats,
) -> Any:  # fmt: skip
    """Return the sum of what each tree says of one ``row`` (features,); ``said`` (trees,) is written over."""
    many = feature.shape[0]
    for tree in range(many):
        node = 0
        for _ in range(depth):
            over = row[columns[feature[tree, node]]] > threshold[tree, node]
            node = right[tree, node] if over else left[tree, node]
        said[tree] = value[tree, node]
    return sums.long_total(said, 0, many)


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
    said = np.empty(feature.shape[0])
    for column in columns:
        if not 0 <= column < rows.shape[1]:
            raise IndexError
    for k in range(rows.shape[0]):
        found[k] = said_by(rows[k], columns, feature, threshold, left, right, value, depth, said)


@kernel(
    read(types.float64, 2), read(types.int16, 2), read(types.float64, 2), read(types.int16, 2),
    read(types.int16, 2), read(types.float64, 2), types.int64, written(types.float64, 1),
)  # fmt: skip
def trees_over_steps(
    rows: Floats, feature: Shorts, threshold: Floats, left: Shorts, right: Shorts, value: Floats, alike: int,
    found: Floats,
) -> None:  # fmt: skip
    """As ``trees``, for many rows of the trees' own columns at once, of which the first ``alike`` are the same in all.

    Node after node, not row after row: no way hangs on the one before. Each node must stand before its children, and
    every way end at a leaf.
    """
    many, nodes, count = feature.shape[0], feature.shape[1], rows.shape[0]
    turned, said = np.empty((rows.shape[1], count)), np.empty((count, many))
    at, reached = np.empty(count, np.int64), np.empty(nodes, np.bool_)
    for i in range(rows.shape[1]):
        for k in range(count):
            turned[i, k] = rows[k, i]
    for tree in range(many):
        begin = 0
        while feature[tree, begin] < alike and left[tree, begin] != begin:
            over = rows[0, feature[tree, begin]] > threshold[tree, begin]
            begin = right[tree, begin] if over else left[tree, begin]
        at[:] = begin
        reached[:] = False
        reached[begin] = True
        for node in range(begin, nodes):
            if not reached[node] or left[tree, node] == node:
                continue
            over, under = np.int64(right[tree, node]), np.int64(left[tree, node])
            reached[over] = reached[under] = True
            limit, column = threshold[tree, node], turned[feature[tree, node]]
            for k in range(count):
                step = over if column[k] > limit else under
                at[k] = step if at[k] == node else at[k]
        for k in range(count):
            said[k, tree] = value[tree, at[k]]
    for k in range(count):
        found[k] = sums.long_total(said[k], 0, many)


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
