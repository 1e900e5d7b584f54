"""Boosted trees as plain arrays: what bench/train_falls.py writes and a detector evaluates, with no pickle anywhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.kernels.trees import leaves


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """A sum of binary trees on a logistic scale.

    ``feature``, ``left``, ``right`` (trees, nodes) int; ``threshold`` (trees, nodes): a value over the threshold goes
    right; ``value`` (trees, nodes): what a leaf adds. A leaf is its own left and right child. ``base``: the start.
    Raises ValueError when a child is no node, or a feature no column.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    depth: int
    base: float

    def __post_init__(self) -> None:
        nodes = self.feature.shape[1]
        for children in (self.left, self.right):
            if children.size and not 0 <= children.min() <= children.max() < nodes:
                raise ValueError("A child in these trees is no node.")
        if self.feature.size and self.feature.min() < 0:
            raise ValueError("A feature in these trees is no column.")
        shapes = {each.shape for each in (self.feature, self.threshold, self.left, self.right, self.value)}
        if len(shapes) > 1:
            raise ValueError("The arrays of these trees differ in shape.")

    def logit(self, features: NDArray[np.float64]) -> float:
        """Return the log odds of one event with ``features`` (columns,)."""
        return float(self.logits(features[None])[0])

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log odds of each of ``rows`` (events, columns) at once."""
        said = np.empty((len(rows), len(self.feature)))
        leaves(
            np.ascontiguousarray(rows, np.float64),
            np.ascontiguousarray(self.feature, np.int16),
            np.ascontiguousarray(self.threshold, np.float64),
            np.ascontiguousarray(self.left, np.int16),
            np.ascontiguousarray(self.right, np.int16),
            np.ascontiguousarray(self.value, np.float64),
            self.depth,
            said,
        )
        found: NDArray[np.float64] = self.base + said.sum(axis=1)
        return found

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each of ``rows`` (events, columns)."""
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.logits(rows)))
        return found

    def probability(self, features: NDArray[np.float64]) -> float:
        """Return the probability of one event with ``features`` (columns,)."""
        return float(1.0 / (1.0 + np.exp(-self.logit(features))))
