"""Nobody lives on in yesterday's night once today has begun."""

from itertools import pairwise

import pytest

from device_sim.living.deeds import What
from device_sim.living.household import Habits, Household, Person
from device_sim.living.life import live

#: 2 March 2026, midnight in Shanghai. In the draw of seed 77 somebody is up late towards morning.
START_US, DAYS = 1_772_380_800_000_000, 14
THINGS = {What.DOOR, What.FRIDGE, What.APPLIANCE, What.BUTTON}


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 77])
def test_a_person_does_one_thing_at_a_time_in_order(seed: int) -> None:
    home = Household((Person("wang", Habits(wakes_h=6.33, sleeps_h=21.67, awake_a_night=3.0 if seed < 3 else 0.3)),))
    deeds = list(live(home, START_US, START_US + DAYS * 86_400_000_000, "Asia/Shanghai", seed))
    assert [each.from_us for each in deeds] == sorted(each.from_us for each in deeds)
    done = [each for each in deeds if each.what not in THINGS]
    assert all(one.to_us <= next_one.from_us for one, next_one in pairwise(done))
