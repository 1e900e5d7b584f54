"""Homes as others would have recorded them: what is left of a recording with fewer or coarser sensors."""

import numpy as np
import pytest

from bench.home_copies import COPIES, FEW, by_the_hour, by_the_hour_and_room, with_few_sensors
from bench.homes import HomeRecord
from bench.play_homes import default_stops, play_home, rings
from detectors.inactivity_model import HOURLY_WORTH
from detectors.routine import DAY_US, HOUR_US, Room
from tests.detectors.homes import days

LIVED = days(17)


@pytest.fixture(scope="module")
def record() -> HomeRecord:
    t_us = np.array([sign.event_us for sign in LIVED], dtype=np.int64)
    room = np.array([int(sign.room) for sign in LIVED])
    return HomeRecord("h", t_us, room, [sign.device for sign in LIVED], np.ones(len(LIVED), dtype=np.int64))


def test_four_sensors_see_a_part_of_the_signs(record: HomeRecord) -> None:
    few = with_few_sensors(record)
    assert 0 < len(few.t_us) < len(record.t_us)
    assert set(few.room.tolist()) <= {int(room) for room in FEW}
    assert len(few.sensor) == len(few.t_us) == len(few.times)


def test_counters_lose_no_sign_and_tell_on_the_hour(record: HomeRecord) -> None:
    for copy in (by_the_hour, by_the_hour_and_room):
        counted = copy(record)
        assert counted.times.sum() == len(record.t_us)
        assert not np.any(counted.t_us % HOUR_US)
        assert np.all(np.diff(counted.t_us) >= 0)
    assert set(by_the_hour(record).room.tolist()) == {int(Room.OTHER)}
    assert set(by_the_hour_and_room(record).room.tolist()) == set(record.room.tolist())


@pytest.mark.parametrize("name", COPIES)
def test_every_copy_can_be_played(name: str, record: HomeRecord) -> None:
    copy = COPIES[name](record)
    played = play_home(copy, default_stops(copy, 3))
    assert all(delay is not None and delay < DAY_US / 1e6 for _, delay in played.injected)
    assert rings(played.outlooks, 900.0).tolist() == [outlook.ring_minutes(900.0) for outlook in played.outlooks]
    assert {outlook.worth for outlook in played.outlooks} == {HOURLY_WORTH if "hour" in name else 1.0}
