"""Boosted trees trained with scikit-learn as the plain arrays that detectors.trees reads: no pickle is shipped."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def arrays_of(trees: Any, name: str, features: Sequence[str]) -> dict[str, Any]:
    """Return a trained HistGradientBoostingClassifier as arrays, each key with ``name`` in front.

    ``feature``, ``split``, ``left``, ``right`` and ``value`` have shape (trees, nodes of the largest); a leaf points
    to itself, and a node that a tree does not have is never reached.
    """
    grown = [stage[0].nodes for stage in trees._predictors]
    shape = (len(grown), max(len(nodes) for nodes in grown))
    feature, left, right = (np.zeros(shape, np.int16) for _ in range(3))
    split, value = np.zeros(shape), np.zeros(shape)
    for row, nodes in enumerate(grown):
        own = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[row, own] = np.where(leaf, 0, nodes["feature_idx"])
        split[row, own] = np.where(leaf, 0.0, nodes["num_threshold"])
        left[row, own] = np.where(leaf, own, nodes["left"])
        right[row, own] = np.where(leaf, own, nodes["right"])
        value[row, own] = np.where(leaf, nodes["value"], 0.0)
    return {
        f"{name}_names": np.array(list(features)),
        f"{name}_feature": feature,
        f"{name}_split": split,
        f"{name}_left": left,
        f"{name}_right": right,
        f"{name}_value": value,
        f"{name}_depth": np.int64(max(int(nodes["depth"].max()) for nodes in grown)),
        f"{name}_base": np.float64(trees._baseline_prediction.item()),
    }
