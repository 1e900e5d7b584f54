"""From fixes to a way: what a receiver errs by, what is left out, and what is kept of it."""

from math import cos, sin

import msgspec
import numpy as np
import pytest

from detectors.kernels import way_rows as ways
from detectors.tracks import Fix, Kept, Track, TrackConfig, indoors, take

SECOND = 1_000_000
START_US = 1_700_000_000 * SECOND


def walked(xy: np.ndarray, *, each_s: float = 5.0, accuracy: float | None = None, **settings: float) -> Track:
    track, config = Track(), TrackConfig(**settings)  # type: ignore[arg-type]
    for n, (x, y) in enumerate(xy.tolist()):
        take(track, Fix(START_US + round(n * each_s * SECOND), x, y, accuracy, degrees=False), config)
    return track


def straight(count: int, step_m: float) -> np.ndarray:
    return np.column_stack([np.arange(count) * step_m, np.zeros(count)])


def test_what_a_receiver_does_not_tell_is_learnt_from_how_its_fixes_lie_off_the_line() -> None:
    rng = np.random.default_rng(3)
    calm = walked(straight(200, 5.0))
    wild = walked(straight(200, 5.0) + rng.normal(0, 20, (200, 2)))
    assert calm.accuracy_m == TrackConfig().default_accuracy_m
    assert wild.accuracy_m > 20
    assert walked(straight(200, 5.0) + rng.normal(0, 20, (200, 2)), scatter_times=0.0).accuracy_m == 5.0


def test_riding_and_a_jump_teach_no_error() -> None:
    assert walked(straight(200, 60.0)).scatter_m == 0
    jumped = straight(200, 5.0)
    jumped[::40] += 900.0
    assert walked(jumped).scatter_m < 2


def test_turning_back_teaches_no_error() -> None:
    assert walked(np.abs(straight(200, 5.0) % 40 - 20)).scatter_m == 0


def test_metres_that_come_often_and_lie_close_are_of_a_building_and_others_are_not() -> None:
    round_and_round = np.array([(3 * cos(n / 20), 3 * sin(n / 20)) for n in range(400)])
    inside, config = walked(round_and_round, each_s=0.5), TrackConfig()
    assert indoors(inside, config)
    assert not indoors(walked(straight(200, 1.0), each_s=1.0), config)  # 200 m on: no room is so long
    assert not indoors(walked(round_and_round, each_s=5.0), config)
    assert len(inside.points) > 40


def test_a_point_is_looked_at_once_and_kept_in_few_bytes() -> None:
    rng = np.random.default_rng(1)
    track = walked(np.cumsum(rng.normal(0, 12, (3000, 2)), axis=0), accuracy=5.0, each_s=10.0)
    assert track.rows.shape == (TrackConfig().points, ways.WIDE)
    data = msgspec.msgpack.encode(track.kept())
    assert len(data) < 7_000
    assert Track.of(msgspec.msgpack.decode(data, type=Kept)).kept() == track.kept()


@pytest.mark.parametrize("days", [0, 9])
def test_times_stay_exact_however_long_a_way_lasts(days: int) -> None:
    track, config = Track(), TrackConfig()
    taken_us = [START_US + n * 300_030_000 for n in range(days * 288 + 50)]
    for n, at_us in enumerate(taken_us):
        take(track, Fix(at_us, 50.0 * (n % 7), 0.0, 5.0, degrees=False), config)
    kept = [point.at_us for point in track.points]
    assert len(kept) > 20
    assert kept[-1] > taken_us[-10]
    assert all(min(abs(ours - at_us) for at_us in taken_us) < SECOND // 100 for ours in kept)
