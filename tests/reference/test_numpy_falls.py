"""The compiled kernels agree with what numpy makes of the same windows, where samples are missing or no numbers too."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import fall_features, fall_window
from detectors.fall_model import PLACES, fall_models
from detectors.kernels import sums
from tests.reference import numpy_falls as twin

#: Seen: the same bits, on one processor. Another one's arithmetic may round a root or a product otherwise.
NEAR = 1e-9


def signal(rng: np.random.Generator, spoilt: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Times, samples and an impact: any rate, seams that are off, and an end or a beginning that may be near."""
    rate = float(rng.choice([16.0, 20.0, 32.0, 50.0, 100.0, 200.0, 500.0]))
    n, period_us = round(rate * 11), 1e6 / rate
    late_us = (rng.random(n) < 0.02) * rng.integers(round(-period_us / 2) + 2, round(2 * period_us), n)
    t_us = np.cumsum(period_us + late_us).astype(np.int64)
    busy = rng.exponential(0.5) * rng.normal(0, 1, (n, 3)) * (rng.random((n, 1)) < 0.5)
    acc_g = np.array([0.1, -0.9, 0.3]) + busy
    impact = int(rng.integers(0, n))
    acc_g[impact] *= 4
    if spoilt:
        acc_g[rng.integers(n)] = np.nan
    end = impact + int(rng.integers(1, n))
    return t_us[:end], acc_g[:end], impact


@pytest.mark.parametrize("spoilt", [False, True])
def test_windows_and_features_are_those_of_numpy(spoilt: bool) -> None:
    rng = np.random.default_rng(29 + spoilt)
    cut = []
    for _ in range(80):
        t_us, acc_g, impact = signal(rng, spoilt)
        one, other = fall_window.cut_window(t_us, acc_g, impact), twin.cut_window(t_us, acc_g, impact)
        np.testing.assert_allclose(one.acc, other.acc, rtol=NEAR, atol=NEAR)
        np.testing.assert_allclose(one.mag, other.mag, rtol=NEAR, atol=NEAR)
        assert (one.pre_s, one.post_s) == (other.pre_s, other.post_s)
        np.testing.assert_allclose(one.peak, other.peak, rtol=NEAR, atol=NEAR)
        cut.append(one)
    together = fall_window.windows_of(cut)
    found, expected = fall_features.fall_features_of(together), twin.fall_features_of(together)
    assert found.shape == (80, len(fall_features.FEATURES))
    np.testing.assert_allclose(found, expected, rtol=NEAR, atol=NEAR)
    assert np.isnan(expected).any() == spoilt


@pytest.mark.parametrize("place", PLACES)
def test_scores_are_those_of_numpy_alone_and_in_any_batch(place: str) -> None:
    features = np.random.default_rng(30).normal(0.5, 2.0, (60, len(fall_features.FEATURES)))
    for model in (fall_models()[place], fall_models()[place].early):
        assert model is not None
        told = model.logits(features)
        np.testing.assert_allclose(told, twin.logits(model, features), rtol=NEAR, atol=NEAR)
        assert [float(model.logits(row[None])[0]) for row in features] == told.tolist()


@pytest.mark.parametrize("count", [1, 7, 8, 128, 129, 150, 255, 257, 481, 1000, 3001])
def test_sums_are_added_up_as_numpy_adds_them_up(count: int) -> None:
    values = np.random.default_rng(count).normal(0, 1, count)
    assert sums.long_total(values, 0, count) == values.sum()


def test_what_is_no_window_is_refused_before_it_reaches_a_kernel() -> None:
    t_us, acc_g = np.arange(5, dtype=np.int64) * 20_000, np.zeros((5, 3))
    for impact in (-1, 5):
        with pytest.raises(IndexError):
            fall_window.cut_window(t_us, acc_g, impact)
    with pytest.raises(IndexError):
        fall_window.cut_window(t_us, acc_g[:4], 2)
    window = fall_window.cut_window(t_us, acc_g, 2)
    with pytest.raises(ValueError, match="windows"):
        fall_features.fall_features(fall_window.Window(window.acc[:-1], window.mag, 1.0, 1.0, 1.0))


def test_trees_that_do_not_fit_are_refused_before_they_reach_a_kernel() -> None:
    trees = fall_models()[PLACES[0]].trees
    with pytest.raises(ValueError, match="node"):
        replace(trees, left=trees.left + 1000)
    with pytest.raises(ValueError, match="shape"):
        replace(trees, value=trees.value[:-1])
    with pytest.raises(IndexError):
        trees.logits(np.zeros((1, 2)))
    with pytest.raises(IndexError):
        trees.logits(np.zeros((1, 400)), np.full(400, 400))
