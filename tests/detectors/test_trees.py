"""Many events at once through the trees give what each gives alone."""

import numpy as np

from detectors.inactivity_model import inactivity_model
from detectors.routine_features import LASTING


def test_the_log_odds_of_many_events_are_those_of_each() -> None:
    trees = inactivity_model().lasting
    rows = np.random.default_rng(3).uniform(-1, 30, (40, len(LASTING)))
    each = [trees.logit(row) for row in rows]
    assert np.ptp(each) > 1
    assert np.allclose(trees.logits(rows), each, rtol=0, atol=1e-9)
