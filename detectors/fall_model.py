"""The trained fall model: for the trunk, the wrist, and a sensor that is anywhere, each for a window whole or early.

Two judges make one: boosted trees, which know the daily life they were shown, and a plain sum of weighted features,
which goes on in the same direction where the trees never were. Their log odds are added and calibrated. Where these two
leave it open at the wrist, a third looks at the shapes of the course (detectors.fall_shapes). Trained by
``python -m bench.train_falls`` and read here from the package's own arrays; the card is docs/detectors/falls.md.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from detectors.fall_features import FEATURES
from detectors.fall_shapes import Third
from detectors.fall_window import Floats, Window
from detectors.kernels.judges import weighted
from detectors.trees import BoostedTrees

#: Name and version; a snapshot of another one is refused.
MODEL = "fall-3"

TRUNK, WRIST, ANYWHERE = "trunk", "wrist", "anywhere"
PLACES = (TRUNK, WRIST, ANYWHERE)
#: In front of a place's arrays: those of the model for a window that ends 1.0 s after the impact.
EARLY = "early_"
_TRUNK_WORDS = ("waist", "hip", "chest", "pocket", "back", "trunk", "belt", "thigh", "torso", "sternum", "neck")
_WRIST_WORDS = ("wrist", "hand", "forearm")


@lru_cache(maxsize=256)
def place_of(position: str | None) -> str:
    """Return which of the three models judges a sensor worn at ``position``; unknown words count as anywhere."""
    words = (position or "").lower()
    if any(word in words for word in _WRIST_WORDS):
        return WRIST
    if any(word in words for word in _TRUNK_WORDS):
        return TRUNK
    return ANYWHERE


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """A sum of weighted features on a logistic scale: ``columns`` of FEATURES, in standard deviations from a mean.

    Beyond ``most_sd`` of them a feature says no more.
    """

    columns: tuple[int, ...]
    mean: Floats
    sd: Floats
    weight: Floats
    base: float
    most_sd: float
    _laid: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        many = len(self.columns)
        if {self.mean.shape, self.sd.shape, self.weight.shape} != {(many,)}:
            raise ValueError(f"Each of {many} columns has a mean, a deviation and a weight.")
        arrays = (np.ascontiguousarray(each, np.float64) for each in (self.mean, self.sd, self.weight))
        object.__setattr__(self, "_laid", (np.array(self.columns, np.int64), *arrays))

    def logits(self, features: Floats) -> Floats:
        """Return the log odds of events with these FEATURES (k, F): shape (k,)."""
        found = np.empty(len(features))
        columns, mean, sd, weight = self._laid
        weighted(np.ascontiguousarray(features, np.float64), columns, mean, sd, weight, self.most_sd, found)
        return self.base + found


@dataclass(frozen=True, slots=True, eq=False)
class FallModel:
    """Trees over ``columns`` of FEATURES and a weighted sum, and the probability from which on an event is a fall.

    ``shares``: how much the trees' log odds, the sum's, and 1 count; they calibrate. ``early``: the model for windows
    that end 1.0 s after the impact. ``ordinary`` (F,): each feature's median among impacts that are none, NaN where
    the model does not look at it. ``third``: who is asked where the two leave it open.
    """

    trees: BoostedTrees
    columns: tuple[int, ...]
    threshold: float
    weighted: Weighted | None = None
    shares: tuple[float, float, float] = (1.0, 0.0, 0.0)
    early: Self | None = None
    ordinary: Floats | None = None
    third: Third | None = None
    _at: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", np.array(self.columns, np.int64))

    def probability(self, features: Floats) -> float:
        """Return the probability, by trees and sum alone, that the event with these FEATURES (F,) is a fall."""
        return float(self.probabilities(features[None])[0])

    def judge(self, features: Floats, window: Window) -> float:
        """Return the probability that the event with these FEATURES (F,) and ``window`` is a fall, by all judges."""
        told = self.probability(features)
        if self.third is None or told < self.third.open_from:
            return told
        return self.third.probability(float(self.logits(features[None])[0]), window)

    def heard_from(self, threshold: float) -> float:
        """Return the probability of the two judges below which nothing can reach ``threshold``."""
        return threshold if self.third is None else min(threshold, self.third.open_from)

    def probabilities(self, features: Floats) -> Floats:
        """Return the probabilities, by trees and sum alone, that events with FEATURES (k, F) are falls: (k,)."""
        found: Floats = 1.0 / (1.0 + np.exp(-self.logits(features)))
        return found

    def logits(self, features: Floats) -> Floats:
        """Return the calibrated log odds of events with these FEATURES (k, F): shape (k,)."""
        of_trees, of_sum, always = self.shares
        found: Floats = of_trees * self.trees.logits(features, self._at) + always
        if self.weighted is not None:
            found = found + of_sum * self.weighted.logits(features)
        return found


@cache
def fall_models() -> dict[str, FallModel]:
    """Return the three models of MODEL by place. Raises ValueError when the file does not fit this code's features."""
    data = resources.files("detectors").joinpath(f"{MODEL}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {place: model_from(arrays, place) for place in PLACES}


def model_from(arrays: Mapping[str, Any], place: str) -> FallModel:
    """Return the model of ``place`` from the arrays of a file. Raises ValueError when they need other features."""
    trees = BoostedTrees(
        feature=arrays[f"{place}_feature"],
        threshold=arrays[f"{place}_split"],
        left=arrays[f"{place}_left"],
        right=arrays[f"{place}_right"],
        value=arrays[f"{place}_value"],
        depth=int(arrays[f"{place}_depth"]),
        base=float(arrays[f"{place}_base"]),
    )
    of_trees, of_sum, always = arrays[f"{place}_shares"].tolist()
    return FallModel(
        trees,
        _columns(arrays[f"{place}_names"]),
        float(arrays[f"{place}_threshold"]),
        _weighted(arrays, place),
        (of_trees, of_sum, always),
        model_from(arrays, EARLY + place) if f"{EARLY}{place}_names" in arrays else None,
        arrays[f"{place}_ordinary"],
        _third(arrays, place),
    )


def _third(arrays: Mapping[str, Any], place: str) -> Third | None:
    if f"{place}_third_weight" not in arrays:
        return None
    of_two, of_shapes, always = arrays[f"{place}_third_shares"].tolist()
    return Third(
        weight=arrays[f"{place}_third_weight"],
        base=float(arrays[f"{place}_third_base"]),
        shares=(of_two, of_shapes, always),
        open_from=float(arrays[f"{place}_third_from"]),
    )


def _weighted(arrays: Mapping[str, Any], place: str) -> Weighted:
    return Weighted(
        columns=_columns(arrays[f"{place}_sum_names"]),
        mean=arrays[f"{place}_sum_mean"],
        sd=arrays[f"{place}_sum_sd"],
        weight=arrays[f"{place}_sum_weight"],
        base=float(arrays[f"{place}_sum_base"]),
        most_sd=float(arrays[f"{place}_sum_most_sd"]),
    )


def _columns(names: Any) -> tuple[int, ...]:
    known = {name: column for column, name in enumerate(FEATURES)}
    unknown = sorted({str(name) for name in names} - set(known))
    if unknown:
        raise ValueError(f"{MODEL} was trained on features that this version does not have: {', '.join(unknown)}.")
    return tuple(known[str(name)] for name in names)
