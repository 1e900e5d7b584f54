"""The soak's report calls what grows by its name, and calls nothing flat that lagged, restarted or lost something."""

import numpy as np
import pytest

from bench.soak_report import Sample, render, slope_per_hour

LOAD = {"due": 1000, "acknowledged": 1000}
STORED = {"load_frames": 1000, "fall_alerts": 3, "platform_alerts": 0}
FACTS = {"machine": "2 cores", "wearables": 10, "full_load": 20, "minutes": 60, "load": LOAD, "stored": STORED}


def samples(*, leak_mb_h: float = 0.0, broker_fills_mb: float = 0.0, lag_grows: int = 0) -> list[Sample]:
    """An hour, a look each 10 s, with noise of some MB that no leak explains."""
    rng = np.random.default_rng(3)
    found = []
    for at_s in range(0, 3600, 10):
        watcher = 60 + leak_mb_h * at_s / 3600 + rng.normal(0, 2)
        broker = 20 + min(broker_fills_mb, broker_fills_mb * at_s / 2400) + rng.normal(0, 1)
        lag = {"watcher": int(rng.integers(5)) + lag_grows * at_s // 3600}
        cpu = {"watcher": at_s * 0.1, "broker": at_s * 0.05}
        memory = {"watcher": watcher, "broker": broker}
        found.append(Sample(float(at_s), memory, cpu, {"watcher": 7, "broker": 8}, lag, [], 100.0))
    return found


def test_the_slope_is_that_of_most_points_and_not_of_the_odd_ones() -> None:
    at = [float(i * 10) for i in range(100)]
    values = [5 + i / 360 for i in range(100)]  # 1 MB an hour
    values[50] = 900.0
    assert slope_per_hour(at, values) == pytest.approx(1.0, abs=0.01)


def test_an_hour_with_nothing_but_noise_is_flat() -> None:
    text, flat = render(FACTS, samples())
    assert flat
    assert "GROWS" not in text
    assert "lost 0" in text


def test_a_leak_is_seen_under_the_noise() -> None:
    text, flat = render(FACTS, samples(leak_mb_h=20))
    assert not flat
    assert next(line for line in text.splitlines() if line.startswith("| watcher")).endswith("GROWS |")


def test_the_brokers_log_may_fill_and_must_then_stay() -> None:
    assert render(FACTS, samples(broker_fills_mb=280))[1]
    growing = [s for s in samples(broker_fills_mb=280) if s.at_s < 2400]
    assert not render(FACTS, growing)[1]


def test_lag_that_grows_is_not_flat() -> None:
    assert not render(FACTS, samples(lag_grows=400))[1]


def test_a_restart_and_a_loss_are_not_flat() -> None:
    restarted = samples()
    restarted[200].pids["watcher"] = 9
    text, flat = render(FACTS, restarted)
    assert not flat
    assert "Restarts 2" in text  # from 7 to 9 and back
    lossy = {**FACTS, "stored": {**STORED, "load_frames": 999}}
    text, flat = render(lossy, samples())
    assert not flat
    assert "lost 1" in text
