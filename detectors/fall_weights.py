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
#: Groups in the order of a fall.
GROUPS = (BEFORE, DESCENT, IMPACT, POSTURE, REST, OTHER)
#: Features by the beginning of their name; the first that fits counts.
_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    (POSTURE, ("turn", "settling", "upright", "as_end", "as_start")),
    (DESCENT, ("low", "free_fall", "light", "drop", "busy_descent")),
    (IMPACT, ("peak", "hit", "jolt_peak", "next")),
    (BEFORE, ("busy_before", "before", "walking", "pre_s")),
    (REST, ("after", "busy_after", "busy_next", "quiet", "rest", "rhythm_on", "post_s", "still")),
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
    ordinary: Floats | None = getattr(model, "ordinary", None)
    if ordinary is None:
        return None
    columns = list(model.columns)
    names = [FEATURES[column] for column in columns]
    row = features[columns]
    groups = [group for group in GROUPS if group in {group_of(name) for name in names}]
    members = [np.array([group_of(name) == group for name in names]) for group in groups]
    changed = np.stack([row, *(np.where(member, ordinary, row) for member in members), *_each(row, ordinary)])
    scores = model.trees.logits(changed)
    lost = scores[0] - scores[1:]
    of_groups = tuple(Weight(group, group, float(lost[index])) for index, group in enumerate(groups))
    single = lost[len(groups) :]
    heaviest = sorted(range(len(names)), key=lambda index: (-abs(single[index]), index))[:most]
    return Weights(
        of_groups,
        tuple(
            Weight(
                names[index], group_of(names[index]), float(single[index]), float(row[index]), float(ordinary[index])
            )
            for index in heaviest
            if single[index] != 0.0
        ),
    )


def _each(row: Floats, ordinary: Floats) -> Floats:
    """Return one row a feature, in which it alone is ordinary."""
    rows = np.repeat(row[None, :], len(row), axis=0)
    np.fill_diagonal(rows, ordinary)
    return rows
