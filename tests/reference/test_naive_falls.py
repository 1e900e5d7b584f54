"""Each kernel of the fall detector agrees with its slow twin on seeded random input."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import fall_features, fall_shapes, fall_stretches, fall_window, impacts
from detectors.fall_model import ANYWHERE, TRUNK, WRIST, fall_models
from detectors.kernels import grid
from detectors.kernels.features import LENGTH
from tests.detectors import signals
from tests.reference import naive_fall_features, naive_fall_shapes
from tests.reference import naive_falls as naive


@pytest.mark.parametrize("back_s", [impacts.APART_S, impacts.TRUNK_BACK_S])
def test_impacts_are_those_of_the_naive_search(back_s: float) -> None:
    total = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        n = 400
        t_us = np.cumsum(rng.integers(15_000, 26_000, n)).astype(np.int64)
        clip = 2.0 + rng.integers(0, 4)  # a sensor that clips makes many equal values
        mag = np.minimum(1 + rng.exponential(0.5, n), clip)
        after, until = int(t_us[20]), int(t_us[-60])
        found = impacts.find_impacts(t_us, mag, after, until, 1.6, back_s=back_s)
        around_us = (1_250_000, int(back_s * 1e6))
        assert found == naive.find_impacts(t_us.tolist(), mag.tolist(), after, until, 1.6, *around_us), f"seed {seed}"
        total += len(found)
    assert total > 10


@pytest.mark.parametrize("rate", [20.0, 32.0, 50.0, 200.0])
def test_bins_hold_the_mean_of_the_signal(rate: float) -> None:
    rng = np.random.default_rng(int(rate))
    n = round(4 * rate)
    t_us = (np.arange(n) * 1e6 / rate).astype(np.int64)
    acc = rng.normal(0, 1, (n, 3))
    impact = n // 2
    window = fall_window.cut_window(t_us, acc, impact)
    t = (t_us - t_us[impact]) / 1e6
    expected = naive.bin_means(t, acc[:, 0], grid.EDGES_S, steps=400)
    assert np.allclose(window.acc[:, 0], expected, atol=0.02)
    assert window.peak == pytest.approx(naive.magnitude(acc)[impact])
    assert window.post_s == pytest.approx(min(fall_window.POST_S, t[-1]))
    assert window.pre_s == pytest.approx(min(3.0, -t[0]))


@pytest.mark.parametrize("place", [TRUNK, WRIST, ANYWHERE])
def test_trees_walk_as_the_naive_ones(place: str) -> None:
    model = fall_models()[place]
    rng = np.random.default_rng(7)
    for _ in range(20):
        features = rng.normal(0.5, 1.0, len(model.columns))
        assert model.trees.logit(features) == pytest.approx(naive.logit(model.trees, features), abs=1e-9)


@pytest.mark.parametrize("place", [TRUNK, WRIST, ANYWHERE])
def test_the_weighted_sum_and_the_calibration_are_the_naive_ones(place: str) -> None:
    model = fall_models()[place]
    assert model.weighted is not None
    assert model.early is not None
    of_trees, of_sum, always = model.shares
    for features in np.random.default_rng(8).normal(0.5, 2.0, (20, len(fall_features.FEATURES))):
        total = model.weighted.base
        for column, mean, sd, weight in zip(
            model.weighted.columns, model.weighted.mean, model.weighted.sd, model.weighted.weight, strict=True
        ):
            total += max(-model.weighted.most_sd, min(model.weighted.most_sd, (features[column] - mean) / sd)) * weight
        by_trees = naive.logit(model.trees, features[list(model.columns)])
        expected = 1 / (1 + np.exp(-(of_trees * by_trees + of_sum * total + always)))
        assert model.probability(features) == pytest.approx(expected, abs=1e-9)


def test_peaks_of_a_mixed_batch_are_those_of_each_frame() -> None:
    rng = np.random.default_rng(11)
    base = signals.worn(signals.standing(2))[0]
    frames = [
        replace(base, acc=rng.integers(-32768, 32768, (n, 3)).astype(np.int16), accel_scale=scale)
        for n, scale in [(1, 0.001), (100, 0.0005), (100, 0.001), (64, 0.01), (1, 0.0005)]
    ]
    expected = [max(naive.magnitude(frame.acc.astype(float))) * frame.accel_scale for frame in frames]
    assert impacts.peaks(frames) == pytest.approx(expected, rel=1e-12)
    assert impacts.peaks(frames) == [peak for frame in frames for peak in impacts.peaks([frame])]
    assert impacts.peaks([]) == []


def test_the_course_in_stretches_is_the_naive_one() -> None:
    rng = np.random.default_rng(13)
    acc = rng.uniform(-2, 2, (fall_window.BINS, 3))
    mag = np.abs(rng.normal(1, 0.4, fall_window.BINS))
    jolt = np.sqrt(np.square(np.diff(acc, axis=0, prepend=acc[:1])).sum(axis=1))
    told = fall_features.fall_features(fall_window.Window(acc, mag, 1.0, 3.0, 4.0))[len(fall_features.NAMED) :]
    assert told.tolist() == pytest.approx(naive.stretches(acc, mag, jolt, 5))
    assert len(told) == len(fall_stretches.STRETCHES)
    assert "mean@+0.0" in fall_stretches.STRETCHES
    assert fall_window.PRE % LENGTH == 0


def windows(count: int) -> list[fall_window.Window]:
    """Windows of walks, knocks and stillness at several rates, some with their end or start cut off."""
    rng = np.random.default_rng(17)
    cut = []
    for _ in range(count):
        rate, n = float(rng.choice([20.0, 32.0, 50.0, 100.0])), 700
        t_us = (np.arange(n) * 1e6 / rate).astype(np.int64)
        acc = np.array([0.1, -0.9, 0.3]) + rng.exponential(0.3) * rng.normal(0, 1, (n, 3)) * (rng.random((n, 1)) < 0.5)
        impact, end = int(rng.integers(5, 400)), int(rng.integers(20, 300))
        acc[impact] *= 4
        cut.append(fall_window.cut_window(t_us[: impact + end], acc[: impact + end], impact))
    return cut


def test_the_features_are_the_naive_ones() -> None:
    for window in windows(40):
        expected = naive_fall_features.features(window)
        assert fall_features.fall_features(window).tolist() == pytest.approx(expected, rel=1e-9, abs=1e-6)
        assert fall_features.named_features(window) == pytest.approx(
            naive_fall_features.named_features(window), rel=1e-9, abs=1e-6
        )


def test_the_features_of_an_impact_are_the_same_bits_in_any_batch() -> None:
    each = windows(40)
    together = fall_features.fall_features_of(fall_window.windows_of(each))
    for size in (1, 3, 16):
        parts = [fall_window.windows_of(each[i : i + size]) for i in range(0, len(each), size)]
        assert np.concatenate([fall_features.fall_features_of(part) for part in parts]).tobytes() == together.tobytes()
    for model in fall_models().values():
        scores = model.probabilities(together)
        assert [model.probability(row) for row in together] == scores.tolist()
    assert fall_features.fall_features_of(fall_window.windows_of([])).shape == (0, len(fall_features.FEATURES))


def test_every_feature_has_a_name_of_its_own_and_a_number() -> None:
    t_us = np.arange(400, dtype=np.int64) * 20_000
    for acc in (np.zeros((400, 3)), np.full((400, 3), 16.0), np.tile([0.0, 1.0, 0.0], (400, 1))):
        features = fall_features.fall_features(fall_window.cut_window(t_us, acc, 200))
        assert features.shape == (len(fall_features.FEATURES),)
        assert np.isfinite(features).all()
    assert len(set(fall_features.FEATURES)) == len(fall_features.FEATURES)


def test_the_shapes_are_the_naive_ones() -> None:
    each = windows(20)
    counted = fall_shapes.shape_counts(fall_window.windows_of(each))
    assert counted.shape == (20, fall_shapes.SHAPES)
    for window, row in zip(each, counted, strict=True):
        off = row.astype(int) - naive_fall_shapes.counts(window)
        assert np.abs(off).max() <= 1  # an answer that only rounding puts on the bias
        assert (off != 0).mean() < 0.001
    assert (counted <= fall_shapes.LENGTHS).all()
    assert fall_shapes.shape_counts(fall_window.windows_of([])).shape == (0, fall_shapes.SHAPES)


def test_the_shapes_of_a_window_are_the_same_in_any_batch() -> None:
    each = windows(70)  # more than are taken at once
    together = fall_shapes.shape_counts(fall_window.windows_of(each))
    for size in (1, 3, 16):
        parts = [fall_window.windows_of(each[i : i + size]) for i in range(0, len(each), size)]
        assert np.concatenate([fall_shapes.shape_counts(part) for part in parts]).tobytes() == together.tobytes()


def test_the_third_judge_is_asked_where_two_leave_it_open_and_adds_up_as_the_naive_one() -> None:
    rng = np.random.default_rng(19)
    each = windows(40)
    usual = fall_models()[WRIST].probabilities(fall_features.fall_features_of(fall_window.windows_of(each)))
    opens = float(np.median(usual))
    third = fall_shapes.Third(rng.normal(0, 0.1, fall_shapes.SHAPES), -0.3, (0.7, 0.4, 0.2), opens)
    asked = 0
    for window in each:
        model = replace(fall_models()[WRIST], third=third)
        features = fall_features.fall_features(window)
        two = model.probability(features)
        expected = two
        if two >= opens:
            asked += 1
            by_shapes = -0.3
            for count, length, weight in zip(
                fall_shapes.shape_counts(fall_window.windows_of([window]))[0].tolist(),
                fall_shapes.LENGTHS.tolist(),
                third.weight.tolist(),
                strict=True,
            ):
                by_shapes += count / length * weight
            logit = 0.7 * np.log(two / (1 - two)) + 0.4 * by_shapes + 0.2
            expected = 1 / (1 + np.exp(-logit))
        assert model.judge(features, window) == pytest.approx(expected, abs=1e-9)
        assert two >= model.heard_from(0.5) or model.judge(features, window) < 0.5
    assert 0 < asked < 40
    assert replace(fall_models()[WRIST], third=None).heard_from(0.5) == 0.5
