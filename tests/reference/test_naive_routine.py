"""The days of a home and their slow twin agree."""

import numpy as np
import pytest

from detectors.routine import DAY_US, Room
from detectors.routine_days import days_of
from tests.reference import naive_routine

DAYS = 4


@pytest.mark.parametrize("seed", range(12))
def test_a_day_agrees_with_its_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(300, 900))
    # bursts of some seconds between rooms, and pauses of minutes to an hour
    gaps = rng.choice([1, 4, 11, 29, 31, 300, 900, 1300, 4200], count) * 1_000_000 + rng.integers(0, 900_000, count)
    at_us = 100 * DAY_US + np.cumsum(gaps)
    at_us = at_us[at_us < (100 + DAYS) * DAY_US]
    room = rng.integers(0, len(Room), len(at_us))
    signs = list(zip(at_us.tolist(), room.tolist(), strict=True))
    last = int(at_us[-1] // DAY_US)
    for day in days_of(at_us, room, 101, last):
        assert day.known
        assert day.parts == naive_routine.parts(signs, day.day)
        assert day.night_ups == naive_routine.night_ups(signs, day.day)
        assert day.night_minutes == naive_routine.night_minutes(signs, day.day)
        visits = naive_routine.toilet(signs, day.day)
        assert visits == (None if day.toilet_night is None else (day.toilet_night, day.toilet_day))
        assert day.kitchen == naive_routine.kitchen(signs, day.day)
        assert day.out == naive_routine.out(signs, day.day)
        assert day.up_minute == naive_routine.up_minute(signs, day.day)
        assert day.step_s == pytest.approx(naive_routine.step_s(signs, day.day))
        assert day.dusk_share == pytest.approx(naive_routine.dusk_share(signs, day.day))
        assert day.dusk_doors == naive_routine.dusk_doors(signs, day.day)
