"""The kernels of the fleet's detector agree with the plain ones to the bit, and with the slow twins."""

import numpy as np
import pytest

from detectors import fall_window, impacts
from detectors.fall_model import PLACES, fall_models
from detectors.fall_stages import EARLY_S, EARLY_US
from detectors.fall_window import BINS
from detectors.fleet_search import LATER_US, largest_around
from detectors.fleet_table import Shape
from detectors.kernels.cutting import cut_of_rings
from tests.reference import naive_falls as naive

RATES_NS = [2_000_000, 5_000_000, 9_700_000, 20_000_000, 31_250_000, 62_500_000]


def uneven(rng: np.random.Generator, rows: int, samples: int, period_us: int, seams: float = 0.02) -> np.ndarray:
    """Times that rise by the period, at some places by up to two more or half a one less."""
    off = rng.integers(-period_us // 2 + 2, 2 * period_us, (rows, samples))
    return np.cumsum(period_us + (rng.random((rows, samples)) < seams) * off, axis=1)


@pytest.mark.parametrize("period_ns", RATES_NS)
@pytest.mark.parametrize("until_us", [EARLY_US, LATER_US])
def test_windows_out_of_rings_are_to_the_bit_those_of_each(period_ns: int, until_us: int) -> None:
    rng = np.random.default_rng(period_ns)
    period_us, rows, ring = period_ns // 1000, 12, 8
    n = round(1_600_000 / period_us)
    counts = rng.integers(-32768, 32768, (rows, ring, n, 3)).astype(np.int16)
    scale, head = rng.uniform(1e-4, 1e-3, rows), rng.integers(0, ring, rows)
    # from frame to frame up to two periods more or half a one less
    steps_us = n * period_us + rng.integers(-period_us // 2 + 2, 2 * period_us, (rows, ring))
    begins_us = np.cumsum(steps_us, axis=1)
    t0_us = np.empty_like(begins_us)
    for row in range(rows):
        t0_us[row, (head[row] + np.arange(ring)) % ring] = begins_us[row]
    places = rng.integers(0, ring * n, rows)
    acc, mag, told = np.empty((rows, BINS, 3)), np.empty((rows, BINS)), np.empty((rows, 3))
    cut_of_rings(counts, scale, t0_us, head, period_ns, np.arange(rows), places, until_us, acc, mag, told)
    for row, place in enumerate(places.tolist()):
        order = (head[row] + np.arange(ring)) % ring
        t_us = (begins_us[row][:, None] + np.arange(n) * period_ns // 1000).ravel()
        acc_g = counts[row, order].reshape(-1, 3).astype(np.float64) * scale[row]
        stop = int(np.searchsorted(t_us, t_us[place] + until_us, side="right"))
        one = fall_window.cut_window(t_us[:stop], acc_g[:stop], place)
        assert np.array_equal(acc[row], one.acc)
        assert np.array_equal(mag[row], one.mag)
        assert told[row].tolist() == [one.peak, one.pre_s, one.post_s]


@pytest.mark.parametrize("ahead_s", [EARLY_S, impacts.APART_S])
def test_impacts_of_many_are_those_of_the_naive_search(ahead_s: float) -> None:
    rng = np.random.default_rng(5)
    shape, rows, frames = Shape(50, 20_000_000), 20, 8
    t_us = np.concatenate(
        [uneven(rng, rows, shape.n, 20_000, 0.0) + each * 1_004_000 for each in range(frames)], axis=1
    )
    mag = np.minimum(1 + rng.exponential(0.5, t_us.shape), 2.0 + rng.integers(0, 4, (rows, 1)))
    asked = (mag >= 1.6) & (t_us > 2_500_000) & (t_us <= 5_000_000)
    row, column = np.nonzero(asked)
    largest = largest_around(t_us, mag, row, column, shape, int(ahead_s * 1e6))
    row, column = row[largest], column[largest]
    total = 0
    for each in range(rows):
        expected = [
            i
            for i in np.flatnonzero(asked[each]).tolist()
            if _largest(t_us[each].tolist(), mag[each].tolist(), i, int(ahead_s * 1e6))
        ]
        assert column[row == each].tolist() == expected, f"row {each}"
        total += len(expected)
    assert total > 10


def _largest(t_us: list[int], mag: list[float], i: int, ahead_us: int) -> bool:
    near = [j for j in range(len(mag)) if -1_250_000 <= t_us[j] - t_us[i] <= ahead_us]
    return all(mag[j] < mag[i] or (mag[j] == mag[i] and j >= i) for j in near)


def test_peaks_of_many_are_the_naive_ones() -> None:
    rng = np.random.default_rng(6)
    acc = rng.integers(-32768, 32768, (300, 20, 3)).astype(np.int16)
    acc[7] = -32768  # the largest there can be
    assert impacts.peak_counts(acc).tolist() == [max(naive.magnitude(frame.astype(float))) for frame in acc]


@pytest.mark.parametrize("place", PLACES)
def test_trees_of_many_are_the_naive_ones(place: str) -> None:
    model = fall_models()[place]
    rows = np.random.default_rng(8).normal(0.5, 1.0, (40, len(model.columns)))
    expected = [naive.logit(model.trees, row) for row in rows]
    assert model.trees.logits(rows).tolist() == pytest.approx(expected, abs=1e-9)
