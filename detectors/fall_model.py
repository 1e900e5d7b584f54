"""The trained fall model: one set of trees for the trunk, one for the wrist, one for a sensor that is anywhere.

Trained by ``python -m bench.train_falls`` and read here from the package's own arrays; the card is
docs/detectors/falls.md.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from detectors.fall_features import FEATURES
from detectors.fall_window import Floats
from detectors.trees import BoostedTrees

#: Name and version; a snapshot of another one is refused.
MODEL = "fall-1"

TRUNK, WRIST, ANYWHERE = "trunk", "wrist", "anywhere"
PLACES = (TRUNK, WRIST, ANYWHERE)
_TRUNK_WORDS = ("waist", "hip", "chest", "pocket", "back", "trunk", "belt", "thigh", "torso", "sternum", "neck")
_WRIST_WORDS = ("wrist", "hand", "forearm")


def place_of(position: str | None) -> str:
    """Return which of the three models judges a sensor worn at ``position``; unknown words count as anywhere."""
    words = (position or "").lower()
    if any(word in words for word in _WRIST_WORDS):
        return WRIST
    if any(word in words for word in _TRUNK_WORDS):
        return TRUNK
    return ANYWHERE


@dataclass(frozen=True, slots=True, eq=False)
class FallModel:
    """Trees over some of FEATURES, and the probability from which on an event is a fall."""

    trees: BoostedTrees
    columns: tuple[int, ...]
    threshold: float

    def probability(self, features: Floats) -> float:
        """Return the probability that the event with these FEATURES is a fall."""
        return float(self.probabilities(features[None])[0])

    def probabilities(self, features: Floats) -> Floats:
        """Return the probabilities that events with these FEATURES (k, F) are falls: shape (k,)."""
        return self.trees.probabilities(features[:, list(self.columns)])


@cache
def fall_models() -> dict[str, FallModel]:
    """Return the three models of MODEL by place. Raises ValueError when the file does not fit this code's features."""
    data = resources.files("detectors").joinpath(f"{MODEL}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {place: model_from(arrays, place) for place in PLACES}


def model_from(arrays: Mapping[str, Any], place: str) -> FallModel:
    """Return the model of ``place`` from the arrays of a file. Raises ValueError when they need other features."""
    names = [str(name) for name in arrays[f"{place}_names"]]
    unknown = sorted(set(names) - set(FEATURES))
    if unknown:
        raise ValueError(f"{MODEL} was trained on features that this version does not have: {', '.join(unknown)}.")
    trees = BoostedTrees(
        feature=arrays[f"{place}_feature"],
        threshold=arrays[f"{place}_split"],
        left=arrays[f"{place}_left"],
        right=arrays[f"{place}_right"],
        value=arrays[f"{place}_value"],
        depth=int(arrays[f"{place}_depth"]),
        base=float(arrays[f"{place}_base"]),
    )
    columns = tuple(FEATURES.index(name) for name in names)
    return FallModel(trees, columns, float(arrays[f"{place}_threshold"]))
