"""Boosted trees as plain arrays: what bench/train_falls.py writes and a detector evaluates, with no pickle anywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """A sum of binary trees on a logistic scale.

    ``feature``, ``left``, ``right`` (trees, nodes) int; ``threshold`` (trees, nodes): a value at most the threshold
    goes left; ``value`` (trees, nodes): what a leaf adds. A leaf is its own left and right child. ``base``: the start.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    depth: int
    base: float

    def logit(self, features: NDArray[np.float64]) -> float:
        """Return the log odds of one event with ``features`` (columns,)."""
        trees = np.arange(len(self.feature))
        node = np.zeros(len(trees), dtype=np.int64)
        for _ in range(self.depth):
            goes_left = features[self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        return self.base + float(self.value[trees, node].sum())

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log odds of each of ``rows`` (events, columns) at once."""
        # All arrays flat, since one index gathers much faster than two; a node's two children lie side by side.
        trees, nodes = self.feature.shape
        first = (np.arange(trees) * nodes)[:, None]
        children = np.stack([self.left + first, self.right + first], axis=-1).ravel()
        feature, threshold = self.feature.ravel().astype(np.int64), self.threshold.ravel()
        values = np.ascontiguousarray(rows).ravel()
        event = (np.arange(len(rows)) * rows.shape[1])[:, None]
        node = np.repeat(first.T, len(rows), axis=0)
        for _ in range(self.depth):
            right = values.take(event + feature.take(node)) > threshold.take(node)
            node = children.take(2 * node + right)
        found: NDArray[np.float64] = self.base + self.value.ravel().take(node).sum(axis=1)
        return found

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each of ``rows`` (events, columns)."""
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.logits(rows)))
        return found

    def probability(self, features: NDArray[np.float64]) -> float:
        """Return the probability of one event with ``features`` (columns,)."""
        return float(1.0 / (1.0 + np.exp(-self.logit(features))))
