"""Which events teach the fall model of a place, how much each counts, and how its two judges are fitted.

The wrist also learns from falls at the trunk: where a wrist data set was left out wholly, at 5 false alarms a day at
work, trees found 35 % of its falls without them and 63 % with them. Of long free living, which is thousands of harmless
impacts, the trees see all that look like a fall to the weighted sum, and every tenth of the rest, counted ten times.

The trunk also learns from every impact of a trial with its beginning cut off: hand-cropped falls taught it by what is
before an impact who made the recording. Where SisFall was left out wholly, its falls found at 98 to 99.5 % silent
trials were 90 % on average without; with them, and with the weighted sum as below, 99 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench import tree_arrays
from bench.fall_events import Event
from bench.fall_third import THIRD_PLACES, fit_third, third_of
from detectors.fall_features import FEATURES
from detectors.fall_model import ANYWHERE, TRUNK, WRIST, Weighted, place_of
from detectors.fall_physics import PHYSICS
from detectors.fall_shapes import Counts, Third
from detectors.fall_stretches import DIRECTIONS
from detectors.fall_window import Floats

FOLDS = 5
#: Trees of a model: how many, leaves of each, learning rate, regularisation. At the wrist smaller ones: larger knew
#: the people they had seen better and others worse.
GROWN = {TRUNK: (120, 8, 0.08, 5.0), WRIST: (150, 4, 0.12, 20.0), ANYWHERE: (150, 4, 0.12, 20.0)}
#: Inverse strength of the weighted sum's regularisation. Ten quantities bear less of it than the whole course.
SUM_C = {TRUNK: 0.1, WRIST: 0.01, ANYWHERE: 0.01}
#: Full-range features are not used: nobody wore a wide-range sensor for days, so a model would learn that hard blows
#: are falls because the days without falls were clipped. How much was measured tells trials from free living.
NEVER = frozenset({"peak", "peak_full", "pre_s", "post_s"})
#: How much an event counts: falls are rare among events; cut ends and weakly labelled sets count less.
FALL_WEIGHT, CUT_WEIGHT, WEAK_WEIGHT = 3.0, 0.3, 0.5
#: How much a fall counts once more with its arm moving again; at the wrist alone, which is where actors get up.
STIRS_WEIGHT = 0.5
#: Data sets whose labels are weak (hand-cropped, falls without an impact).
WEAK_SETS = ("smartfallmm",)
#: A record of a fall of such a set that is shorter than this teaches the trunk nothing: what the other sensors of the
#: same trial felt of the fall most often lies before it begins. With them the model is too keen where a set is new.
WHOLE_FALL_S = 4.0
#: A sensor that was broken or not where it is said to be: file's beginning, subject, position.
BROKEN = (("smartfallmm", "S35", "left hip"),)
#: Standard deviations from the mean beyond which a feature says no more to the weighted sum. At the trunk hard sitting
#: must not look like ever more of a fall; at the wrist it is just the hard falls of other makers that it finds.
MOST_SD = {TRUNK: 2.0, WRIST: 6.0, ANYWHERE: 3.0}
#: What the trunk's weighted sum does without: people fall while they walk, but nobody did in the hip's trials.
UNSUMMED = frozenset({"steps"})
#: Of free living the trees see this many of the impacts that look most like a fall, and one in ``EASY`` of the rest.
HARDEST, EASY = 3300, 10
#: One in so many impacts of daily life at the trunk teaches the wrist.
LENT = 3
#: How much the log odds of trees and weighted sum count before they are calibrated.
MIX = {TRUNK: (0.2, 0.8), WRIST: (1 / 3, 2 / 3), ANYWHERE: (2 / 3, 1 / 3)}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Events as columns, all of one length. ``own``: of the place itself, not lent by another, begun late or made up.

    ``cut``: nothing new for an early look.
    """

    whole: Floats
    early: Floats
    fall: NDArray[np.bool_]
    known: NDArray[np.bool_]
    weight: Floats
    living: NDArray[np.bool_]
    own: NDArray[np.bool_]
    cut: NDArray[np.bool_]
    fold: NDArray[np.int64]
    place: str
    shapes: Counts

    @property
    def mix(self) -> tuple[float, float]:
        """How much trees and weighted sum count."""
        return MIX[self.place]

    def seen(self, *, early: bool) -> Floats:
        """Return the features of whole windows, or of early ones."""
        return self.early if early else self.whole


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Trees over ``columns`` of FEATURES, a weighted sum, what is ordinary of each of FEATURES, and a third judge."""

    trees: Any
    columns: list[int]
    weighted: Weighted
    ordinary: Floats
    third: Third | None

    def both(self, features: Floats) -> Floats:
        """Return the log odds of events with these FEATURES (k, F) by the trees and by the sum: shape (k, 2)."""
        by_trees = self.trees.decision_function(features[:, self.columns])
        return np.column_stack([by_trees, self.weighted.logits(features)])

    def arrays(self, place: str) -> dict[str, Any]:
        """Return all as plain arrays, each key with ``place`` in front."""
        return (
            tree_arrays.arrays_of(self.trees, place, [FEATURES[column] for column in self.columns])
            | {
                f"{place}_sum_names": np.array([FEATURES[column] for column in self.weighted.columns]),
                f"{place}_sum_mean": self.weighted.mean,
                f"{place}_sum_sd": self.weighted.sd,
                f"{place}_sum_weight": self.weighted.weight,
                f"{place}_sum_base": np.float64(self.weighted.base),
                f"{place}_sum_most_sd": np.float64(self.weighted.most_sd),
                f"{place}_ordinary": self.ordinary,
            }
            | self._third_arrays(place)
        )

    def _third_arrays(self, place: str) -> dict[str, Any]:
        if self.third is None:
            return {}
        return {
            f"{place}_third_weight": self.third.weight,
            f"{place}_third_base": np.float64(self.third.base),
            f"{place}_third_from": np.float64(self.third.open_from),
        }


def table(chosen: list[Event], folds: Mapping[str, int], place: str) -> Table:
    """Return events as columns, with each person's fold."""
    return Table(
        whole=np.array([event.features for event in chosen]),
        early=np.array([event.early for event in chosen]),
        fall=np.array([event.fall is True for event in chosen], dtype=np.bool_),
        known=np.array([event.fall is not None and not _too_short(event, place) for event in chosen], dtype=np.bool_),
        weight=np.array([_weight(event) for event in chosen]),
        living=np.array([event.record.kind == "continuous" for event in chosen], dtype=np.bool_),
        own=np.array([_own(event, place) for event in chosen], dtype=np.bool_),
        cut=np.array([event.cut or event.stirs for event in chosen], dtype=np.bool_),
        fold=np.array([folds[event.person] for event in chosen]),
        place=place,
        shapes=np.array([event.shapes for event in chosen if place in THIRD_PLACES], dtype=np.uint8),
    )


def of_place(chosen: list[Event], place: str) -> list[Event]:
    """Return the events a place's model is trained on: its own, what the trunk lends the wrist, all for ANYWHERE."""
    sound = [event for event in chosen if not _broken(event) and (place == TRUNK or _is_of_any(event))]
    sound = [event for event in sound if place == WRIST or not event.stirs]
    if place == ANYWHERE:
        return sound
    own = [event for event in sound if place_of(event.record.position) == place]
    if place != WRIST:
        return own
    lent = [event for event in sound if place_of(event.record.position) == TRUNK and event.cheap and not event.cut]
    life = [event for event in lent if event.fall is False]
    return own + [event for event in lent if event.fall] + life[::LENT]


def _broken(event: Event) -> bool:
    record = event.record
    return any(
        record.file.startswith(file) and (record.subject, record.position) == (subject, position)
        for file, subject, position in BROKEN
    )


def _is_of_any(event: Event) -> bool:
    return not event.begun and not event.trunk_only


def _own(event: Event, place: str) -> bool:
    return not (event.begun or event.stirs) and place in (ANYWHERE, place_of(event.record.position))


def _too_short(event: Event, place: str) -> bool:
    record = event.record
    weak = place == TRUNK and record.file.startswith(WEAK_SETS)
    return weak and event.fall is True and record.seconds < WHOLE_FALL_S


def _weight(event: Event) -> float:
    weight = CUT_WEIGHT if event.cut else STIRS_WEIGHT if event.stirs else 1.0
    return weight * WEAK_WEIGHT if event.record.file.startswith(WEAK_SETS) else weight


def columns_of(place: str) -> list[int]:
    """Return which FEATURES the trees look at: directions and the physicist's quantities at the trunk only."""
    never = NEVER if place == TRUNK else NEVER | set(PHYSICS) | set(DIRECTIONS)
    return [i for i, name in enumerate(FEATURES) if name not in never]


def sum_columns_of(place: str) -> list[int]:
    """Return which FEATURES the weighted sum looks at: few directed ones at the trunk, the whole course elsewhere."""
    few = [FEATURES.index(name) for name in PHYSICS if name not in UNSUMMED]
    return few if place == TRUNK else columns_of(place)


def fit(data: Table, rows: NDArray[np.bool_], *, early: bool = False, rounds: int | None = None) -> Fitted:
    """Return what is learned from ``rows`` of the table whose label is known."""
    rows = rows & data.known & ~(data.cut if early else np.zeros(len(rows), bool))
    features, fall, weight = data.seen(early=early)[rows], data.fall[rows], data.weight[rows]
    with threadpool_limits(limits=1):  # threads that wait for a busy core spin, and take a hundred times as long
        heavier = np.where(fall, FALL_WEIGHT, 1.0) if data.place != TRUNK else np.ones(len(fall))
        weighted = fit_sum(features, fall, weight * heavier, data.place)
        weight = weight * np.where(fall, FALL_WEIGHT, 1.0)
        chosen, counted = harder(weighted.logits(features), data.living[rows])
        columns = columns_of(data.place)
        trees = classifier(data.place, rounds)
        trees.fit(features[chosen][:, columns], fall[chosen], sample_weight=(weight * counted)[chosen])
    third = None
    if data.place in THIRD_PLACES and not early:
        third = third_of(*fit_third(data.shapes[rows][chosen], fall[chosen], (weight * counted)[chosen]))
    ordinary = np.full(len(FEATURES), np.nan)
    looked = sorted({*columns, *weighted.columns})
    ordinary[looked] = np.median(features[~fall][:, looked], axis=0)
    return Fitted(trees, columns, weighted, ordinary, third)


def classifier(place: str, rounds: int | None = None) -> Any:
    """Return the untrained trees. No early stopping: it would set people of one fold aside by chance."""
    usual, leaves, rate, regularisation = GROWN[place]
    return HistGradientBoostingClassifier(
        max_iter=rounds or usual, learning_rate=rate, max_leaf_nodes=leaves, l2_regularization=regularisation,
        min_samples_leaf=40, max_features=0.15, max_bins=48, early_stopping=False, random_state=0,
    )  # fmt: skip


def fit_sum(features: Floats, fall: NDArray[np.bool_], weight: Floats, place: str) -> Weighted:
    """Return the weighted sum of the place's columns of ``features`` (n, F) that tells falls best."""
    columns, most_sd = sum_columns_of(place), MOST_SD[place]
    told = features[:, columns]
    mean, sd = told.mean(axis=0), told.std(axis=0) + 1e-6
    model = LogisticRegression(C=SUM_C[place], max_iter=300)
    model.fit(np.clip((told - mean) / sd, -most_sd, most_sd), fall, sample_weight=weight)
    return Weighted(tuple(columns), mean, sd, model.coef_[0].copy(), float(model.intercept_[0]), most_sd)


def harder(logits: Floats, living: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Floats]:
    """Return which events the trees see, and how often each of them counts."""
    chosen, counted = ~living, np.ones(len(living))
    alike = np.flatnonzero(living)
    alike = alike[np.argsort(-logits[alike], kind="stable")]
    rest = np.sort(alike[HARDEST:])[::EASY]
    chosen[alike[:HARDEST]] = chosen[rest] = True
    counted[rest] = EASY
    return chosen, counted
