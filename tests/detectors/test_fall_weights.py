"""What weighed in a score: groups of features, and single ones, put back to what is ordinary."""

import numpy as np
import pytest

from detectors.fall_features import FEATURES, NAMED, fall_features
from detectors.fall_model import FallModel, fall_models
from detectors.fall_stretches import STRETCHES
from detectors.fall_weights import GROUPS, OTHER, group_of, weights
from detectors.fall_window import cut_window
from tests.detectors import signals


class Plain:
    """A model of two features: turned by 90 degrees and hit by 2 g make a fall."""

    columns = (FEATURES.index("turned"), FEATURES.index("peak_bin"))

    def __init__(self, ordinary: list[float] | None) -> None:
        self.ordinary = None if ordinary is None else np.array(ordinary)

    def probabilities(self, rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> np.ndarray:
        turned, hit = (rows[:, column] for column in self.columns)
        return 1 / (1 + np.exp(-((turned - 45) / 15 + (hit - 1.5) * 4)))


def features(turned: float, hit: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    row = np.zeros(len(FEATURES))
    row[list(Plain.columns)] = turned, hit
    return row


def told(model: Plain, row: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[str, float]:
    found = weights(model, row)  # type: ignore[arg-type]  # the interface is all that is used
    assert found is not None
    return {each.name: each.log_odds for each in (*found.groups, *found.features)}


def test_a_feature_weighs_what_the_log_odds_lose_without_it() -> None:
    said = told(Plain([10.0, 1.6]), features(90, 1.9))
    assert said["turned"] == pytest.approx(80 / 15, abs=1e-3)
    assert said["peak_bin"] == pytest.approx(0.3 * 4, abs=1e-3)
    assert said["posture"] == pytest.approx(said["turned"])
    assert said["impact"] == pytest.approx(said["peak_bin"])


def test_what_spoke_against_a_fall_has_a_negative_weight() -> None:
    assert told(Plain([10.0, 1.6]), features(0, 2.2))["posture"] < 0


def test_an_ordinary_impact_has_no_weights_and_an_old_model_cannot_say() -> None:
    row = features(10, 1.6)
    found = weights(Plain([10.0, 1.6]), row)  # type: ignore[arg-type]
    assert found is not None
    assert found.features == ()
    assert {each.log_odds for each in found.groups} == {0.0}
    assert weights(Plain(None), row) is None  # type: ignore[arg-type]


def test_every_feature_belongs_to_a_group_that_a_person_understands() -> None:
    assert {group_of(name) for name in FEATURES} <= set(GROUPS)
    assert [name for name in NAMED if group_of(name) == OTHER] == []
    assert [name for name in STRETCHES if group_of(name) == OTHER] == []
    assert group_of("something_new") == OTHER


@pytest.mark.parametrize("place", ["trunk", "wrist", "anywhere"])
def test_the_shipped_models_are_explained_the_same_twice(place: str) -> None:
    model: FallModel = fall_models()[place]
    acc = signals.fall_story()
    t_us = (np.arange(len(acc)) * 20_000).astype(np.int64)
    window = cut_window(t_us, acc, int(np.square(acc).sum(axis=1).argmax()))
    first, second = (weights(model, fall_features(window)) for _ in range(2))
    assert first == second
    if first is not None:
        assert first.groups
        assert max(each.log_odds for each in first.groups) > 0
