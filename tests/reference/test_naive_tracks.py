"""The kernels of ways and their slow twins agree."""

import numpy as np
import pytest

from detectors.tracks import Point, passes, shape, way_of
from tests.reference import naive_tracks


@pytest.mark.parametrize("seed", range(20))
def test_shape_and_passes_agree_with_their_slow_twins(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 180))
    places = np.cumsum(rng.normal(0, 8, (count, 2)), axis=0)
    times = np.cumsum(rng.integers(1, 30_000_000, count)).tolist()
    points = [
        Point(at_us, float(x), float(y), float(rng.uniform(0.2, 5)))
        for at_us, (x, y) in zip(times, places, strict=True)
    ]
    way = way_of(points)
    seconds = float(rng.uniform(1, 1900))
    first = way.first(seconds)
    part = [p for p in points if p.at_us >= points[-1].at_us - int(seconds * 1_000_000)]
    assert part == points[first:]
    form = shape(way, first)
    assert form.way_m == pytest.approx(naive_tracks.walked(part), abs=1e-6)
    assert form.extent_m == pytest.approx(naive_tracks.extent(part))
    assert passes(way, first) == pytest.approx(naive_tracks.passes(part))
