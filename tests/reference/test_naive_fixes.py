"""The kernel that takes a fix and its slow twin agree to the last bit, whatever receivers tell."""

import random
import sys
from math import hypot, inf, nan

import numpy as np
import pytest

from detectors.kernels import exact
from detectors.tracks import Fix, Kept, Track, TrackConfig
from tests.reference import naive_fixes

SECOND = 1_000_000
START_US = 1_700_000_000 * SECOND
#: Python's own hypot is another one from 3.12 on, in the last bit.
SAME_HYPOT = sys.version_info[:2] == (3, 11)


def walked(seed: int, count: int) -> list[Fix]:
    """Fixes of somebody who stands, walks to and fro, rides, is silent; told well, badly, or not at all."""
    rng = random.Random(seed)
    degrees, told, each_s = rng.random() < 0.5, rng.random() < 0.6, rng.choice([0.5, 1.0, 5.0, 30.0])
    scale = 1 / 111_195.0 if degrees else 1.0
    at_us, x, y, speed, found = START_US, rng.uniform(-2, 2), rng.uniform(-2, 2), 1.0, list[Fix]()
    for n in range(count):
        if n % 40 == 0:
            speed = rng.choice([0.0, 1.0, -1.0, 1.2, 12.0])
        x, y = x + scale * speed * each_s * rng.random(), y + scale * speed * each_s * rng.uniform(-0.3, 0.6)
        at_us += round(each_s * SECOND) if rng.random() > 0.004 else 3600 * SECOND * rng.choice([0, 1, 20])
        jump = scale * 900.0 if rng.random() < 0.01 else 0.0
        accuracy = rng.choice([3.0, 8.0, 8.0, 40.0, 150.0, -1.0, 0.4]) if told else None
        found.append(Fix(at_us, x + jump + scale * rng.gauss(0, 3), y + scale * rng.gauss(0, 3), accuracy, degrees))
    return found


@pytest.mark.parametrize("seed", range(24))
def test_a_fix_is_taken_as_by_the_slow_twin_and_through_snapshots(seed: int) -> None:
    config = TrackConfig(points=(180, 20)[seed % 2])
    track, slow = Track(), Kept()
    grew = 0
    for n, fix in enumerate(walked(seed, 1_200)):
        new = track.take(fix, config)
        assert new == naive_fixes.take(slow, fix, config)
        grew += new
        if n % 97 == 0:
            track = Track.of(track.kept())
        if n % 400 == 399:
            track.forget()
            slow.kept = b""
        if SAME_HYPOT:
            assert track.kept() == slow
    assert grew > 20
    ours, theirs = track.kept(), slow
    assert (ours.x, ours.y, ours.variance) == pytest.approx((theirs.x, theirs.y, theirs.variance), rel=1e-9)
    assert len(ours.kept) == len(theirs.kept)


def test_lengths_are_those_of_python() -> None:
    rng = np.random.default_rng(4)
    pairs = rng.normal(0, 1, (20_000, 2)) * np.exp(rng.normal(0, 8, (20_000, 2)))
    for x, y in [*pairs.tolist(), (0.0, 0.0), (-3.0, 0.0), (5e-324, 0.0), (1e308, 1e308)]:
        ours = exact.length(x, y)
        assert ours == hypot(x, y) if SAME_HYPOT else ours == pytest.approx(hypot(x, y), rel=1e-15)
    assert exact.length(inf, nan) == inf
    assert exact.length(nan, 1.0) != exact.length(nan, 1.0)
