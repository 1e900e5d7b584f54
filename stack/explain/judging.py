"""An impact judged once more, by the model as it is installed now: its probability, and what weighed in it."""

from dataclasses import dataclass

import numpy as np

from detectors.fall_features import fall_features, fall_features_of
from detectors.fall_model import MODEL, FallModel, fall_models, place_of
from detectors.fall_weights import Weights, weights
from detectors.fall_window import cut_window, windows_of
from detectors.impacts import find_impacts, magnitude
from stack.explain.signal import Floats, Segment
from stack.explain.told import Judged

_SECOND = 1_000_000
#: The impact's own sample lies at most this far from the time told: times are told in whole milliseconds, and a trace
#: that was thinned keeps one sample of several.
_NEAR_S = 0.03
#: Windows judged at once; a few thousand fit any memory.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ``model`` makes of one impact, worn at this ``place`` (trunk, wrist, anywhere)."""

    model: str
    place: str
    threshold: float
    probability: float
    weights: Weights | None


def model_for(position: str | None) -> tuple[str, FallModel]:
    """Return the name of the place where a sensor is worn, and the model that judges it."""
    place = place_of(position)
    return place, fall_models()[place]


def judge(segments: list[Segment], position: str | None) -> Verdict | None:
    """Judge the impact at 0 s. None where there is no signal around it."""
    holding = next((each for each in segments if each.t_s[0] - _NEAR_S <= 0 <= each.end_s + _NEAR_S), None)
    if holding is None:
        return None
    near = np.flatnonzero(np.abs(holding.t_s) <= max(_NEAR_S, float(np.abs(holding.t_s).min())))
    impact = int(near[holding.magnitude[near].argmax()])
    features = fall_features(cut_window(_microseconds(holding.t_s), holding.acc_g, impact))
    place, model = model_for(position)
    return Verdict(MODEL, place, model.threshold, model.probability(features), weights(model, features))


def judge_all(record: Segment, position: str | None) -> list[Judged]:
    """Return all impacts of a record in order, each with its probability."""
    t_us = _microseconds(record.t_s)
    found = find_impacts(t_us, magnitude(record.acc_g), int(t_us[0]) - 1, int(t_us[-1]))
    _, model = model_for(position)
    judged: list[Judged] = []
    for first in range(0, len(found), _AT_ONCE):
        windows = [cut_window(t_us, record.acc_g, index) for index in found[first : first + _AT_ONCE]]
        rows = fall_features_of(windows_of(windows))
        for index, window, row in zip(found[first:], windows, rows, strict=False):
            told = round(float(model.probability(row)), 4)
            judged.append(Judged(round(float(record.t_s[index]), 3), round(window.peak, 2), told))
    return judged


def _microseconds(t_s: Floats) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.rint(t_s * _SECOND).astype(np.int64)
