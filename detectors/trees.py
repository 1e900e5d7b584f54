"""Boosted trees as plain arrays: what bench/train_falls.py writes and a detector evaluates, with no pickle anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@cache
def kernels() -> tuple[Callable[..., None], Callable[..., None]]:
    """Return the kernels that walk the trees (of many events, and over the steps of one); the first to ask loads numba.

    Whoever finds falls has them from the start (detectors.host_falls); the desk, which now and then reads the months
    of a home again, only then.
    """
    from detectors.kernels.judges import trees, trees_over_steps  # noqa: PLC0415  # numba

    return trees, trees_over_steps


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """A sum of binary trees on a logistic scale.

    ``feature``, ``left``, ``right`` (trees, nodes) int; ``threshold`` (trees, nodes): a value over the threshold goes
    right; ``value`` (trees, nodes): what a leaf adds. A leaf is its own left and right child. ``base``: the start.
    Raises ValueError when they do not fit each other.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    depth: int
    base: float

    _laid: Any = field(init=False, repr=False)
    _columns: int = field(init=False, repr=False)
    _in_order: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        nodes = self.feature.shape[1]
        if len({each.shape for each in (self.feature, self.threshold, self.left, self.right, self.value)}) > 1:
            raise ValueError("The arrays of these trees differ in shape.")
        for children in (self.left, self.right):
            if children.size and not 0 <= children.min() <= children.max() < nodes:
                raise ValueError("A child in these trees is no node.")
        if self.feature.size and self.feature.min() < 0:
            raise ValueError("A feature in these trees is no column.")
        laid = (
            np.ascontiguousarray(self.feature, np.int16),
            np.ascontiguousarray(self.threshold, np.float64),
            np.ascontiguousarray(self.left, np.int16),
            np.ascontiguousarray(self.right, np.int16),
            np.ascontiguousarray(self.value, np.float64),
        )
        object.__setattr__(self, "_laid", laid)
        object.__setattr__(self, "_columns", int(self.feature.max(initial=-1)) + 1)
        own = np.arange(nodes)
        leaf = (self.left == own) & (self.right == own)
        object.__setattr__(self, "_in_order", bool((leaf | ((self.left > own) & (self.right > own))).all()))

    @property
    def laid(self) -> tuple[NDArray[Any], ...]:
        """What a kernel reads: feature, threshold, left, right, value."""
        laid: tuple[NDArray[Any], ...] = self._laid
        return laid

    @property
    def columns(self) -> int:
        """How many columns the trees ask for."""
        return self._columns

    def logit(self, features: NDArray[np.float64]) -> float:
        """Return the log odds of one event with ``features`` (columns,)."""
        return float(self.logits(features[None])[0])

    def logits(self, rows: NDArray[np.float64], at: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return the log odds of each of ``rows`` (events, columns) at once.

        ``at`` (columns,): where in a row the trees' columns stand, if not one after the other. Raises IndexError when
        there are too few.
        """
        rows = np.ascontiguousarray(rows, np.float64)
        at = np.arange(rows.shape[1]) if at is None else at
        if len(at) < self._columns:
            raise IndexError(f"These trees ask for {self._columns} columns, not {len(at)}.")
        said = np.empty(len(rows))
        feature, threshold, left, right, value = self._laid
        kernels()[0](rows, at, feature, threshold, left, right, value, self.depth, said)
        return self.base + said

    def over_steps(self, rows: NDArray[np.float64], alike: int) -> NDArray[np.float64]:
        """Return ``logits`` of many ``rows`` (steps, columns); the first ``alike`` columns are the same in all."""
        if not self._in_order or rows.shape[1] < self._columns or not len(rows):
            return self.logits(rows)
        said = np.empty(len(rows))
        feature, threshold, left, right, value = self._laid
        rows = np.ascontiguousarray(rows, np.float64)
        kernels()[1](rows, feature, threshold, left, right, value, alike, said)
        return self.base + said

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each of ``rows`` (events, columns)."""
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.logits(rows)))
        return found

    def probability(self, features: NDArray[np.float64]) -> float:
        """Return the probability of one event with ``features`` (columns,)."""
        return float(1.0 / (1.0 + np.exp(-self.logit(features))))
