"""The kernels of the fleet's detector agree with the plain ones to the bit, and with the slow twins."""

import numpy as np
import pytest

from detectors import fall_window, impacts
from detectors.fall_model import PLACES, fall_models
from detectors.fall_stages import EARLY_S, EARLY_US, POST_US
from detectors.fall_window import BINS
from detectors.fleet_search import LATER_US, hits
from detectors.fleet_table import Shape, Table
from detectors.kernels.cutting import cut_of_rings
from detectors.kernels.rows import FRAME, STATE
from tests.reference import naive_falls as naive

RATES_NS = [2_000_000, 5_000_000, 9_700_000, 20_000_000, 31_250_000, 62_500_000]


@pytest.mark.parametrize("period_ns", RATES_NS)
@pytest.mark.parametrize("until_us", [EARLY_US, LATER_US])
def test_windows_out_of_rings_are_to_the_bit_those_of_each(period_ns: int, until_us: int) -> None:
    rng = np.random.default_rng(period_ns)
    period_us, rows, ring = period_ns // 1000, 12, 8
    n = round(1_600_000 / period_us)
    counts = rng.integers(-32768, 32768, (rows, ring, n, 3)).astype(np.int16)
    state, frames = np.zeros(rows, STATE), np.zeros((rows, ring), FRAME)
    scale, head = rng.uniform(1e-4, 1e-3, rows), rng.integers(0, ring, rows)
    state["scale"], state["head"] = scale, head
    # from frame to frame up to two periods more or half a one less
    steps_us = n * period_us + rng.integers(-period_us // 2 + 2, 2 * period_us, (rows, ring))
    begins_us = np.cumsum(steps_us, axis=1)
    for row in range(rows):
        frames["t0_us"][row, (head[row] + np.arange(ring)) % ring] = begins_us[row]
    places = rng.integers(0, ring * n, rows)
    acc, mag, told = np.empty((rows, BINS, 3)), np.empty((rows, BINS)), np.empty((rows, 3))
    cut_of_rings(counts, state, frames, period_ns, np.arange(rows), places, until_us, acc, mag, told)
    for row, place in enumerate(places.tolist()):
        order = (head[row] + np.arange(ring)) % ring
        t_us = (begins_us[row][:, None] + np.arange(n) * period_ns // 1000).ravel()
        acc_g = counts[row, order].reshape(-1, 3).astype(np.float64) * scale[row]
        stop = int(np.searchsorted(t_us, t_us[place] + until_us, side="right"))
        one = fall_window.cut_window(t_us[:stop], acc_g[:stop], place)
        assert np.array_equal(acc[row], one.acc)
        assert np.array_equal(mag[row], one.mag)
        assert told[row].tolist() == [one.peak, one.pre_s, one.post_s]


def test_the_impacts_of_rings_are_those_of_each() -> None:
    rng = np.random.default_rng(5)
    table = Table(Shape(50, 20_000_000))
    shape, rows = table.shape, 40
    for _ in range(rows):
        table.new_row()
    mine = np.arange(rows)
    table.state["head"][:rows] = rng.integers(0, table.ring, rows)
    table.state["scale"][:rows] = 1e-3
    table.state["trunk"][:rows] = np.arange(rows) % 2
    backs_us = np.where(table.trunk[:rows], int(impacts.TRUNK_BACK_S * 1e6), int(impacts.APART_S * 1e6)).tolist()
    order = table.order(mine)
    at = (mine[:, None], order)
    begins_us = np.cumsum(shape.duration_us + rng.integers(-9_000, 30_000, (rows, table.ring)), axis=1)
    acc = np.clip(rng.normal(0, 600, (rows, table.ring, shape.n, 3)), -1500, 1500).astype(np.int16)
    table.acc[at], table.t0_us[at] = acc, begins_us
    mag = impacts.magnitude(acc.astype(np.float64) * 1e-3).reshape(rows, -1)
    table.peak[at] = mag.reshape(rows, table.ring, -1).max(axis=2)
    t_us = (begins_us[..., None] + np.arange(shape.n) * 20_000).reshape(rows, -1)
    last_us, newest_us = begins_us + shape.span_us, begins_us[:, -1:] + shape.span_us
    # all is judged that can be but for what a frame makes ripe, and in some rows for what one before it did
    behind_us = np.where(rng.random((rows, 1)) < 0.2, 2, 1) * shape.duration_us
    for column, wait_us in ((table.early_us, EARLY_US), (table.done_us, POST_US)):
        column[at] = np.clip(newest_us - behind_us - wait_us, begins_us - 1, last_us)
    quiet = np.ones(rows, bool)
    found = dict(zip((True, False), hits(table, mine, quiet, 1.6), strict=True))
    assert 0 < quiet.sum() < rows or quiet.all()
    total = 0
    for early, wait_us, ahead_s in ((True, EARLY_US, EARLY_S), (False, POST_US, impacts.APART_S)):
        judged_us = (table.early_us if early else table.done_us)[at]
        for row in np.flatnonzero(quiet).tolist():
            expected = []
            for frame in range(table.ring):
                after_us, until_us = judged_us[row, frame], min(last_us[row, frame], newest_us[row, 0] - wait_us)
                inside = (t_us[row] > after_us) & (t_us[row] <= until_us)
                inside &= (t_us[row] >= begins_us[row, frame]) & (t_us[row] <= last_us[row, frame])
                expected += [
                    i
                    for i in np.flatnonzero(inside & (mag[row] >= 1.6)).tolist()
                    if _largest(t_us[row].tolist(), mag[row].tolist(), i, int(ahead_s * 1e6), backs_us[row])
                ]
            assert found[early].place[found[early].at == row].tolist() == expected, f"row {row}, early {early}"
            total += len(expected)
    assert total > 10


def _largest(t_us: list[int], mag: list[float], i: int, ahead_us: int, back_us: int) -> bool:
    near = [j for j in range(len(mag)) if -back_us <= t_us[j] - t_us[i] <= ahead_us]
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
