"""What a scenario lets happen to a body: each act at its moment, and only falls end on the floor."""

import numpy as np
import pytest

from device_sim.acts import FALLS, OFF, Act, act, ready
from device_sim.body import Body
from device_sim.falling import FAINT_IMPACT_G, SOFT_IMPACT_G
from device_sim.postures import LYING, Array, Posture

RATE = 50.0
SEEDS = range(6)


def body(seed: int, position: str = "waist", posture: Posture = Posture.SITTING) -> Body:
    return Body(np.random.default_rng(seed), RATE, position, posture)


def size(samples: Array) -> Array:
    return np.asarray(np.linalg.norm(samples, axis=1), dtype=np.float64)


@pytest.mark.parametrize("position", ["waist", "wrist"])
@pytest.mark.parametrize("what", list(Act))
def test_every_act_is_felt_without_a_jump_and_is_made_again_by_its_seed(what: Act, position: str) -> None:
    for seed in SEEDS:
        acted, again = act(body(seed, position), what), act(body(seed, position), what)
        assert np.array_equal(acted.samples, again.samples) and acted.moment == again.moment
        assert 0 < acted.moment < len(acted.samples)
        assert np.isfinite(acted.samples).all()
        assert size(acted.samples)[:50].max() < 1.6, "it begins as what one does before it"


@pytest.mark.parametrize("what", sorted(FALLS - {Act.FALL_FROM_CHAIR}))
def test_the_moment_of_a_fall_is_its_impact(what: Act) -> None:
    for seed in SEEDS:
        acted = act(body(seed), what)
        assert abs(int(np.argmax(size(acted.samples))) - acted.moment) <= 2


def test_whoever_falls_lies_where_the_kind_of_fall_says_and_nobody_else_does() -> None:
    onto = {Act.FALL_FORWARD: {Posture.FRONT}, Act.FALL_BACKWARD: {Posture.BACK}}
    onto[Act.FALL_SIDEWAYS] = {Posture.LEFT, Posture.RIGHT}
    for what in Act:
        for seed in SEEDS:
            one = body(seed)
            act(one, what)
            if what in FALLS:
                assert one.posture in onto.get(what, set(LYING)), what
            elif what in OFF:
                assert one.posture is Posture.TABLE
            elif what is not Act.LIE_QUICKLY:
                assert one.posture not in LYING, what


def test_a_faint_hits_less_hard_than_a_fall_and_a_slide_hardly_at_all() -> None:
    def peaks(what: Act) -> float:
        return float(np.median([size(act(body(seed), what).samples).max() for seed in SEEDS]))

    assert peaks(Act.FALL_FROM_CHAIR) < SOFT_IMPACT_G[1] + 0.4
    assert SOFT_IMPACT_G[1] < peaks(Act.FAINT) < FAINT_IMPACT_G[1] + 0.5 < peaks(Act.FALL_FORWARD) + 1.5


def test_a_dropped_watch_is_weightless_and_then_hits_harder_than_people_do() -> None:
    for seed in SEEDS:
        acted = act(body(seed, "wrist"), Act.DROP)
        felt = size(acted.samples)
        falling = felt[acted.moment - 12 : acted.moment - 1]
        assert falling.max() < 0.2
        assert felt.max() > 5


def test_clapping_is_felt_at_the_wrist_alone() -> None:
    for seed in SEEDS:
        assert size(act(body(seed, "wrist"), Act.CLAP).samples).max() > 2.0
        assert size(act(body(seed, "waist"), Act.CLAP).samples).max() < 1.5


@pytest.mark.parametrize("start", list(Posture))
@pytest.mark.parametrize("goal", [Posture.SITTING, Posture.STANDING, Posture.BACK])
def test_one_gets_from_any_posture_into_another(start: Posture, goal: Posture) -> None:
    one = body(1, posture=start)
    felt = ready(one, goal)
    assert one.posture is goal or (start in LYING and goal in LYING)
    assert not len(felt) or size(felt).max() < 1.5
