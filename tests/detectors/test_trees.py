"""Many events at once through the trees give what each gives alone."""

import numpy as np
import pytest

from detectors.inactivity_model import inactivity_model
from detectors.routine_features import LASTING
from detectors.trees import BoostedTrees


def test_the_log_odds_of_many_events_are_those_of_each() -> None:
    trees = inactivity_model().lasting
    rows = np.random.default_rng(3).uniform(-1, 30, (40, len(LASTING)))
    each = [trees.logit(row) for row in rows]
    assert np.ptp(each) > 1
    assert np.allclose(trees.logits(rows), each, rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_over_the_steps_of_a_silence_trees_say_to_the_bit_what_they_say_row_by_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for trees in (inactivity_model().lasting, inactivity_model().hourly, _grown(rng)):
        rows = rng.normal(size=(58, len(LASTING))) * rng.choice([0.1, 10.0, 500.0], len(LASTING))
        rows[:, :20] = rows[0, :20]
        rows[rng.random(rows.shape) < 0.01] = np.nan
        rows[:, :20] = rows[0, :20]
        assert np.array_equal(trees.over_steps(rows, 20), trees.logits(rows))
        assert np.array_equal(trees.over_steps(rows[:1], 20), trees.logits(rows[:1]))


def test_trees_whose_children_come_first_are_read_as_well() -> None:
    feature, threshold = np.array([[0, 1, 0]], np.int16), np.array([[0.0, 0.0, 0.0]])
    children, value = np.array([[2, 1, 1]], np.int16), np.array([[0.0, 7.0, 0.0]])
    trees = BoostedTrees(feature, threshold, children, children, value, depth=2, base=1.0)
    assert trees.over_steps(np.zeros((3, 2)), 1).tolist() == [8.0] * 3


def _grown(rng: np.random.Generator) -> BoostedTrees:
    """Trees of three levels, of which some ways end early."""
    nodes, count = 7, 140
    left = np.tile(np.array([1, 3, 5, 3, 4, 5, 6], np.int16), (count, 1))
    right = np.tile(np.array([2, 4, 6, 3, 4, 5, 6], np.int16), (count, 1))
    early = rng.random(count) < 0.3
    left[early, 2] = right[early, 2] = 2
    return BoostedTrees(
        rng.integers(0, len(LASTING), (count, nodes)).astype(np.int16), rng.normal(size=(count, nodes)), left, right,
        rng.normal(size=(count, nodes)), depth=2, base=-0.5,
    )  # fmt: skip
