"""What a simulated body feels like."""

from itertools import pairwise

import numpy as np
import pytest

from device_sim.body import CADENCE_PER_MINUTE, Body
from device_sim.falling import IMPACT_G, LIGHTEST_G, SOFT_IMPACT_G, fall
from device_sim.postures import Array, Posture, direction, turn

POSITIONS = ("wrist", "waist")
RATES = (25.0, 50.0, 100.0)
SEEDS = range(8)


def size(samples: Array) -> Array:
    return np.asarray(np.linalg.norm(samples, axis=1), dtype=np.float64)


def body(seed: int, rate_hz: float = 50.0, position: str = "waist", posture: Posture = Posture.STANDING) -> Body:
    return Body(np.random.default_rng(seed), rate_hz, position, posture)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("posture", list(Posture))
def test_at_rest_the_sensor_reads_one_g(position: str, posture: Posture) -> None:
    felt = body(3, position=position, posture=posture).rest(20, restless=0)
    assert np.mean(size(felt)) == pytest.approx(1.0, abs=0.01)
    assert np.std(size(felt)) < 0.01


def test_the_same_seed_lives_the_same_life_and_another_seed_another() -> None:
    def life(seed: int) -> Array:
        one = body(seed)
        return np.concatenate([one.walk(5), one.sit_down(hard=True), one.rest(3), fall(one).samples])

    assert np.array_equal(life(1), life(1))
    assert not np.array_equal(life(1)[:50], life(2)[:50])


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_fall_is_light_first_then_hits_then_lies_turned(seed: int, rate_hz: float, position: str) -> None:
    one = body(seed, rate_hz, position)
    before = one.stand(2.0)
    fallen = fall(one)
    after = one.rest(3.0, restless=0)
    felt = size(fallen.samples)
    around = round(0.1 * rate_hz)
    assert abs(int(np.argmax(felt)) - fallen.impact) <= around
    assert IMPACT_G[0] - 0.5 <= np.max(felt) <= IMPACT_G[1] + 1.5
    # Arms reach about and are knocked on the way down: of the falls of WEDA-FALL every tenth wrist stays above 0.77 g.
    assert np.min(felt[: fallen.impact - 1]) < LIGHTEST_G[1] + (0.35 if position == "wrist" else 0.1)
    upright, lying = np.mean(before, axis=0), np.mean(after, axis=0)
    angle = np.degrees(np.arccos(upright @ lying / np.linalg.norm(upright) / np.linalg.norm(lying)))
    assert angle > 45
    assert np.std(size(after)) < 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_look_alikes_hit_less_hard_than_any_fall_and_leave_nobody_lying(seed: int) -> None:
    one = body(seed)
    for felt in (one.sit_down(hard=True), one.move_to(Posture.STANDING), one.stumble(), one.pick_up()):
        assert np.max(size(felt)) < IMPACT_G[0]
    assert one.posture is Posture.STANDING


def test_a_soft_fall_hardly_hits() -> None:
    peaks = [float(np.max(size(fall(body(seed), soft=True).samples))) for seed in SEEDS]
    assert max(peaks) < SOFT_IMPACT_G[1] + 0.4


@pytest.mark.parametrize("position", POSITIONS)
def test_stretches_join_without_a_jump(position: str) -> None:
    one = body(5, position=position, posture=Posture.SITTING)
    parts = [
        one.rest(4),
        one.move_to(Posture.STANDING),
        one.walk(6),
        one.stand(3),
        one.sit_down(),
        one.rest(4),
        one.move_to(Posture.BACK),
        one.sleep(4),
    ]
    for left, right in pairwise(parts):
        assert np.linalg.norm(np.mean(right[:3], axis=0) - np.mean(left[-3:], axis=0)) < 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_walking_has_the_cadence_of_older_people(seed: int) -> None:
    felt = size(body(seed).walk(40))
    spectrum = np.abs(np.fft.rfft(felt - np.mean(felt)))
    hz = np.fft.rfftfreq(len(felt), 1 / 50)
    band = (hz > 1.0) & (hz < 2.6)
    cadence = 60 * hz[band][np.argmax(spectrum[band])]
    assert CADENCE_PER_MINUTE[0] * 0.93 < cadence < CADENCE_PER_MINUTE[1] * 1.07


def test_a_device_on_the_table_does_not_breathe() -> None:
    one = body(2, posture=Posture.TABLE)
    felt = one.idle(30)
    slow = np.mean(felt[:1500].reshape(-1, 50, 3), axis=1)
    assert np.max(np.ptp(slow, axis=0)) < 0.004


def test_breathing_shows_while_somebody_lies() -> None:
    felt = body(2, posture=Posture.BACK).rest(30, restless=0)
    slow = np.mean(felt[:1500].reshape(-1, 25, 3), axis=1)
    assert np.max(np.ptp(slow, axis=0)) > 0.012


@pytest.mark.parametrize("progress", [0.0, 0.3, 1.0])
def test_turning_keeps_gravity_one_g_even_upside_down(progress: float) -> None:
    up = np.array([0.0, 1.0, 0.0])
    for end in (up, -up, direction(Posture.LEFT, "waist")):
        turned = turn(up, end, np.array([progress]))[0]
        assert np.linalg.norm(turned) == pytest.approx(1.0)
        if progress == 1.0:
            assert turned == pytest.approx(end, abs=1e-9)
