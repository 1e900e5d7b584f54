"""A way of any length is a way: who is out for a minute only is out."""

import pytest

from device_sim.walking.phone import Trip, walked
from device_sim.walking.streets import town
from device_sim.walking.ways import Way


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("seconds", [1, 60, 300])
def test_even_the_shortest_way_has_a_place_at_each_second(way: Way, seconds: int) -> None:
    for number in range(8):
        begun_us = number * 1_000_000_000
        assert len(walked(Trip(begun_us, begun_us + seconds * 1_000_000, way), town(3), number).xy) > 0
