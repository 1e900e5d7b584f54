"""The demo's people and story, in given time."""

import numpy as np
import pytest

from device_sim.life import Life
from device_sim.story import FOUND_AFTER_S, HELPED_AFTER_S, Story
from device_sim.world import FLOORS, people
from schemas import topics

FRAME_S, SAMPLES = 2, 100


class Watched:
    """A demo in given time: every life is asked for its frames, and what is told is kept with its time."""

    def __init__(self, seed: int) -> None:
        self.lives = {
            person.device: Life(person, np.random.default_rng([seed, number]), lambda: 10)
            for number, person in enumerate(people())
        }
        self.story = Story(self.lives, np.random.default_rng(seed))
        self.told: list[tuple[float, str, str]] = []
        self.now_s = 0.0
        self.unworn_frames = 0

    def play(self, until_s: float) -> None:
        while self.now_s < until_s:
            self.story.go_on(self.now_s)
            for device, life in self.lives.items():
                block = life.source(SAMPLES)
                assert 1 <= len(block.samples) <= SAMPLES
                self.unworn_frames += block.worn is False
                self.told += [(self.now_s, device, tale) for tale in life.told]
                life.told.clear()
            self.now_s += FRAME_S

    def falls(self) -> list[tuple[float, str]]:
        return [(at_s, device) for at_s, device, tale in self.told if "FALLS" in tale]


def test_a_dozen_people_live_on_two_floors_with_a_device_each() -> None:
    everybody = people()
    assert len(everybody) == 12
    assert {person.floor for person in everybody} == set(range(len(FLOORS)))
    assert len({person.device for person in everybody}) == 12
    assert all(topics.is_device_id(person.device) for person in everybody)
    assert everybody == people()
    assert {person.position for person in everybody} == {"waist", "wrist"}


@pytest.mark.parametrize("seed", range(6))
def test_the_first_fall_comes_within_a_minute(seed: int) -> None:
    watched = Watched(seed)
    watched.play(70)
    assert len(watched.falls()) == 1
    assert 36 <= watched.falls()[0][0] <= 58


def test_in_half_an_hour_there_are_falls_look_alikes_and_a_device_off_and_on() -> None:
    watched = Watched(1)
    watched.play(1800)
    tales = " ".join(tale for _, _, tale in watched.told)
    assert 6 <= len(watched.falls()) <= 12
    assert len({device for _, device in watched.falls()}) == len(watched.falls())
    for happening in ("drops hard", "trips", "takes the device off", "puts the device on"):
        assert happening in tales
    assert watched.unworn_frames > 50


def test_who_fell_is_found_after_minutes_when_nobody_comes() -> None:
    watched = Watched(2)
    watched.play(60 + FOUND_AFTER_S)
    _, device = watched.falls()[0]
    helped = [at_s for at_s, who, tale in watched.told if who == device and "helped up" in tale]
    assert len(helped) == 1
    assert not watched.lives[device].fallen


def test_who_fell_gets_up_soon_after_staff_resolved_the_alarm() -> None:
    watched = Watched(2)
    watched.play(80)
    _, device = watched.falls()[0]
    watched.story.resolved(device, watched.now_s)
    watched.play(80 + HELPED_AFTER_S + 12)
    assert any(who == device and "helped up" in tale for _, who, tale in watched.told)
    watched.play(80 + FOUND_AFTER_S + 60)
    assert sum(who == device and "helped up" in tale for _, who, tale in watched.told) == 1


def test_somebody_on_the_floor_moves_little_and_an_unworn_device_tells_no_pulse() -> None:
    watched = Watched(3)
    watched.play(80)
    life = watched.lives[watched.falls()[0][1]]
    counts = np.concatenate([life.source(SAMPLES).samples for _ in range(5)])
    size = np.linalg.norm(counts * life.sensor.accel_scale, axis=1)
    assert np.std(size) < 0.05
    life.worn = False
    assert life.vitals().heart_rate is None
    assert life.vitals().worn is False
