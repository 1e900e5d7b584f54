"""Slow and plain twins of the fall detector's kernels: what they must compute, written as one would say it."""

from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.trees import BoostedTrees

Floats = NDArray[np.float64]


def magnitude(acc_g: Floats) -> list[float]:
    return [sqrt(x * x + y * y + z * z) for x, y, z in acc_g.tolist()]


def find_impacts(
    t_us: list[int], mag: list[float], after_us: int, until_us: int, gate: float, ahead_us: int, back_us: int
) -> list[int]:
    found = []
    for i, (t, m) in enumerate(zip(t_us, mag, strict=True)):
        near = [j for j in range(len(mag)) if -back_us <= t_us[j] - t <= ahead_us]
        largest = all(mag[j] < m or (mag[j] == m and j >= i) for j in near)
        if after_us < t <= until_us and m >= gate and largest:
            found.append(i)
    return found


def bin_means(t: Floats, values: Floats, edges: Floats, steps: int = 4000) -> Floats:
    """Mean over each bin of the signal that is, between two samples, their mean; held beyond the ends."""
    means = []
    for low, high in pairwise(edges.tolist()):
        at = low + (np.arange(steps) + 0.5) * (high - low) / steps
        total = 0.0
        for moment in at:
            after = int(np.searchsorted(t, moment))
            if after == 0:
                total += values[0]
            elif after == len(t):
                total += values[-1]
            else:
                total += (values[after - 1] + values[after]) / 2
        means.append(total / steps)
    return np.array(means)


def logit(trees: BoostedTrees, features: Floats) -> float:
    total = trees.base
    for tree in range(len(trees.feature)):
        node = 0
        while trees.left[tree, node] != node:
            column = trees.feature[tree, node]
            side: Any = trees.left if features[column] <= trees.threshold[tree, node] else trees.right
            node = int(side[tree, node])
        total += float(trees.value[tree, node])
    return total


def longest(mask: list[bool]) -> int:
    runs = [0]
    for hit in mask:
        runs = [*runs, runs[-1] + 1] if hit else [*runs, 0]
    return max(runs)


def stretches(acc: Floats, mag: Floats, jolt: Floats, length: int, ways: int = 27) -> list[float]:
    parts = [range(i * length, (i + 1) * length) for i in range(len(mag) // length)]
    told = [sum(mag[i] for i in part) / length for part in parts]
    told += [max(mag[i] for i in part) for part in parts]
    told += [min(mag[i] for i in part) for part in parts]
    told += [sum(jolt[i] for i in part) / length for part in parts]
    directions = []
    for part in parts[:ways]:
        way = sum((acc[i] for i in part), np.zeros(3)) / length
        directions.append(way / (np.linalg.norm(way) + 1e-9))
    for ends in (directions[-4:], directions[:5]):
        toward = sum(ends, np.zeros(3)) / len(ends)
        told += [float(np.dot(way, toward)) / (float(np.linalg.norm(toward)) + 1e-9) for way in directions]
    return told
