"""The phone of somebody who lives elsewhere and comes to walk along: a ride there, the walk together, a ride back."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from zlib import crc32

import numpy as np

from device_sim.play import Emission
from device_sim.walking.paces import Floats, along
from device_sim.walking.phone import Fixes, Phone, Trip, walked
from device_sim.walking.rides import BUS
from device_sim.walking.streets import Town
from device_sim.walking.ways import Walk

_SECOND_US = 1_000_000
#: How far from the home they live, metres (chosen: the other side of a town).
LIVES_M = (2000.0, 4000.0)
#: They come so long before a walk and stay so long after it; who comes again within so long does not leave between.
AROUND_US, AGAIN_US = 600 * _SECOND_US, 7200 * _SECOND_US


def comes_along(
    trips: Sequence[Trip], phone: Phone, town: Town, start_us: int, end_us: int, seed: int, later_us: int = 0
) -> Iterator[Emission]:
    """Yield what the phone of whoever walks along on these trips publishes, in order of time.

    The trips are led by others (``Trip.led``); ``seed`` is of where the phone's owner lives, and of its errors.
    """
    rng = np.random.default_rng([seed, crc32(b"lives"), 0])
    fixes, lives = Fixes(phone, start_us, seed, later_us), _lives(rng)
    at_us = start_us
    for visit in _visits(trips):
        there, back = (_ride(way, rng) for way in ([lives, np.zeros(2)], [np.zeros(2), lives]))
        comes_us = visit[0].from_us - AROUND_US
        sets_out_us = comes_us - len(there.xy) * _SECOND_US
        if sets_out_us >= at_us:  # else they are there already when the play begins
            yield from fixes.at_home(at_us, min(sets_out_us, end_us), lives)
            yield from fixes.on_the_way(sets_out_us, there, end_us)
            at_us = comes_us
        for trip in visit:
            yield from fixes.at_home(at_us, min(trip.from_us, end_us))
            yield from fixes.on_the_way(trip.from_us, walked(trip, town, seed, later_us), end_us)
            at_us = trip.until_us
        yield from fixes.at_home(at_us, min(at_us + AROUND_US, end_us))
        yield from fixes.on_the_way(at_us + AROUND_US, back, end_us)
        at_us += AROUND_US + len(back.xy) * _SECOND_US
    yield from fixes.at_home(at_us, end_us, lives)


def _visits(trips: Sequence[Trip]) -> list[list[Trip]]:
    """Return the trips by visit."""
    found: list[list[Trip]] = []
    for trip in sorted(trips, key=attrgetter("from_us")):
        if found and trip.from_us < found[-1][-1].until_us + AGAIN_US:
            found[-1].append(trip)
        else:
            found.append([trip])
    return found


def _lives(rng: np.random.Generator) -> Floats:
    far, angle = rng.uniform(*LIVES_M), rng.uniform(0, 2 * np.pi)
    return far * np.array([np.cos(angle), np.sin(angle)])


def _ride(ends: Sequence[Floats], rng: np.random.Generator) -> Walk:
    return Walk(along(np.array(ends), rng.uniform(*BUS), rng))
