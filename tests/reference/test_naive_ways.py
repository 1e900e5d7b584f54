"""The kernels of what a way looks like and their slow twins agree."""

import numpy as np
import pytest

from detectors.kernels import way_rows as ways
from detectors.walk_model import LOOKS, OUTSIDE, SCALES_S, looks_of
from tests.reference import naive_ways


@pytest.mark.parametrize("seed", range(20))
def test_passes_and_looks_agree_with_their_slow_twins(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 180))
    turning = np.cumsum(rng.normal(0, 0.8, count))
    steps = np.column_stack([np.cos(turning), np.sin(turning)]) * rng.uniform(5, 30, (count, 1))
    places = np.cumsum(steps, axis=0) % 150  # the way comes back again and again
    times = np.cumsum(rng.uniform(1, 30, count))
    rows = np.zeros((count, ways.WIDE), np.float32)
    rows[:, :4] = np.column_stack([times, places, rng.uniform(0.5, 5, count)])
    for i in range(count):
        ways.look_back()(rows[:i], rows[i])
    points = [(float(t), float(x), float(y), float(e)) for t, x, y, e in rows[:, :4]]
    passed = [naive_ways.passes_before(points, i) for i in range(count)]
    for row, (ago, cosine) in zip(rows, passed, strict=True):
        kept = row[ways.AGO : ways.COSINE]
        assert kept[kept < ways.NEVER / 2].tolist() == pytest.approx(ago, abs=1e-3)
        assert float(row[ways.COSINE]) == pytest.approx(cosine, abs=1e-4)
    told = looks_of(rows, np.array(SCALES_S[OUTSIDE]))
    for scale_s, ours in zip(SCALES_S[OUTSIDE], told, strict=True):
        slow = naive_ways.looks(points, passed, scale_s)
        assert list(slow) == list(LOOKS)
        assert ours.tolist() == pytest.approx(list(slow.values()), abs=2e-3)
    assert seed or any(ago for ago, _ in passed)
