"""What weighed in a fall's score: how the score changes when something of it is put back to what is ordinary.

A feature's weight is the change of the model's log odds when it alone is set to its median among impacts of ordinary
life; a group's, when all of its features are. Features of one group tell much the same, so that one alone may hardly
weigh while the group decides: read the groups first. Weights do not add up to the score: trees ask for several things
at once. They say what the model looked at, not what caused the fall.
"""

from dataclasses import dataclass

import numpy as np

from detectors.fall_features import FEATURES
from detectors.fall_model import FallModel
from detectors.fall_window import Floats

BEFORE, DESCENT, IMPACT, POSTURE, REST, OTHER = "before", "descent", "impact", "posture", "rest", "other"
#: No model is surer than one in so many: beyond it nothing of the log odds means anything.
_TINY = 1e-6
#: Groups in the order of a fall.
GROUPS = (BEFORE, DESCENT, IMPACT, POSTURE, REST, OTHER)
#: Features by the beginning of their name; the first that fits counts.
_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    (POSTURE, ("turn", "tilt", "settling", "upright", "as_end", "as_start")),
    (DESCENT, ("low", "free_fall", "fall_speed", "light", "drop", "busy_descent")),
    (IMPACT, ("peak", "hit", "jolt_peak", "next", "swing", "alone")),
    (BEFORE, ("busy_before", "before", "walking", "pre_s", "steps", "cut_in_step")),
    (REST, ("after", "busy_after", "busy_next", "quiet", "rest", "rhythm_on", "post_s", "still", "stir")),
)
#: Stretches of the course by their beginning, seconds from the impact: until when each belongs to which group.
_BY_TIME: tuple[tuple[float, str], ...] = ((-1.2, BEFORE), (0.0, DESCENT), (0.6, IMPACT), (np.inf, REST))


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of the log odds hangs on one group or feature; ``value`` and ``ordinary`` only for a feature."""

    name: str
    group: str
    log_odds: float
    value: float | None = None
    ordinary: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Groups in order of GROUPS, and the features that weigh most, the heaviest first."""

    groups: tuple[Weight, ...]
    features: tuple[Weight, ...]


def group_of(name: str) -> str:
    """Return the group of a feature; one that this module does not know belongs to ``other``."""
    for group, beginnings in _BY_NAME:
        if name.startswith(beginnings):
            return group
    _, told, at = name.rpartition("@")
    if told:
        at_s = float(at)
        return next(group for until, group in _BY_TIME if at_s < until)
    return OTHER


def weights(model: FallModel, features: Floats, most: int = 8) -> Weights | None:
    """Return what weighed for an event with these FEATURES; None for a model that does not know what is ordinary."""
    ordinary = _ordinary(model)
    if ordinary is None:
        return None
    known = [column for column in range(len(FEATURES)) if np.isfinite(ordinary[column])]
    groups = [group for group in GROUPS if any(group_of(FEATURES[column]) == group for column in known)]
    members = [[column for column in known if group_of(FEATURES[column]) == group] for group in groups]
    rows = [features, *(_with(features, ordinary, columns) for columns in members)]
    rows += [_with(features, ordinary, [column]) for column in known]
    scores = _log_odds(model.probabilities(np.stack(rows)))
    lost = scores[0] - scores[1:]
    single = dict(zip(known, lost[len(groups) :].tolist(), strict=True))
    heaviest = [column for column in sorted(known, key=lambda column: (-abs(single[column]), column)) if single[column]]
    return Weights(
        tuple(Weight(group, group, float(lost[index])) for index, group in enumerate(groups)),
        tuple(
            Weight(
                FEATURES[column],
                group_of(FEATURES[column]),
                single[column],
                float(features[column]),
                float(ordinary[column]),
            )
            for column in heaviest[:most]
        ),
    )


def _ordinary(model: FallModel) -> Floats | None:
    """Return what is ordinary of each of FEATURES, NaN where the model does not say."""
    told: Floats | None = getattr(model, "ordinary", None)
    if told is None or len(told) == len(FEATURES):
        return told
    whole = np.full(len(FEATURES), np.nan)
    whole[list(model.columns)] = told
    return whole


def _with(features: Floats, ordinary: Floats, columns: list[int]) -> Floats:
    changed = features.copy()
    changed[columns] = ordinary[columns]
    return changed


def _log_odds(probability: Floats) -> Floats:
    inside = np.clip(probability, _TINY, 1 - _TINY)
    told: Floats = np.log(inside / (1 - inside))
    return told
