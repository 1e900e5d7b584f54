"""The cheap looks before a soft fall is looked for let none go that there is, and are the naive ones."""

from math import sqrt

import numpy as np
import pytest

from detectors import fleet_soft
from detectors.fall_soft import TURNED_COSINE, may_have_turned
from detectors.fleet import FleetFalls
from detectors.kernels.slides import cosine_of_means, turn
from tests.detectors import fleets, signals


def test_how_far_means_turned_is_the_naive_answer() -> None:
    rng = np.random.default_rng(31)
    for _ in range(30):
        acc = rng.normal(0, 1, (60, 3)) + rng.normal(0, 1, 3)
        start, down, rest, end = sorted(rng.choice(61, 4, replace=False).tolist())
        one, other = acc[start:down].mean(axis=0), acc[rest:end].mean(axis=0)
        expected = float(one @ other) / sqrt(float(one @ one) * float(other @ other))
        assert cosine_of_means(acc, start, down, rest, end) == pytest.approx(expected, abs=1e-6)


def test_two_frames_turned_against_each_other_are_told_by_exact_sums() -> None:
    rng = np.random.default_rng(32)
    for _ in range(30):
        before, after = (rng.integers(-32768, 32768, (n, 3)).astype(np.int16) for n in (1000, 40))
        one, other = before.sum(axis=0, dtype=np.int64), after.sum(axis=0, dtype=np.int64)
        assert turn(before, after) == (int(one @ other), int(one @ one), int(other @ other))
    flat = np.tile(np.array([[0, 0, 1000]], np.int16), (50, 1))
    assert not may_have_turned(flat, flat)
    assert may_have_turned(flat, -flat)


def test_no_slide_is_let_go_before_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {True: 0, False: 0}

    def both(table, rows):  # type: ignore[no-untyped-def]
        maybe = fleet_soft.may_be_soft(table, rows)
        for row, may in zip(rows.tolist(), maybe.tolist(), strict=True):
            soft = fleet_soft.is_soft(table, row)
            seen[soft] += 1
            assert may or not soft
        return maybe

    monkeypatch.setattr("detectors.fleet.may_be_soft", both)
    for seed in range(6):
        story = np.vstack([signals.standing(22), signals.slide(), signals.lying(30)])
        frames = [
            frame
            for number in range(3)
            for frame in signals.worn(story, f"r{seed}-{number}", position="waist", t0_us=seed * 310_000 + number)
        ]
        fleet = FleetFalls(few=1)
        for batch in np.array_split(np.array(sorted(frames, key=lambda each: each.event_us), object), 40):
            fleet.update(batch.tolist())
    fleet = FleetFalls(few=1)
    for batch in np.array_split(np.array(fleets.fleet(77, wearers=12), object), 60):
        fleet.update(batch.tolist())
    assert seen[True] > 3
    assert seen[False] > 100
    assert TURNED_COSINE > 0.5
