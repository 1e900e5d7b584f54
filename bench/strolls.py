"""A second generator of walks, built otherwise than bench.walks: on streets of a made-up town, in parks and gardens.

Tuning on one generator and looking at the other says more than a second seed of the same one. The patterns are those of
Martino-Saltzman et al. (Gerontologist 1991 31:666), each made in several ways; beside them what people do for hours
with a purpose, or at rest: errands by the same way, delivery, shopping, dogs, buses, ferries, jams, playgrounds.
What a receiver makes of it stands in bench.strolls_seen.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np

from bench.strolls_purpose import PURPOSE
from bench.strolls_rooms import in_rooms
from bench.strolls_seen import RECEIVERS, ROOM_RECEIVER, seen
from bench.strolls_streets import Rng, route
from bench.strolls_wander import WANDERS
from bench.walks import WANDERING, Walk
from device_sim.walking.paces import Floats
from device_sim.walking.streets import Town, town

PURPOSEFUL: Final = tuple(PURPOSE)
#: In a building with a positioning system: wandering, and what people do there.
ROOMS: Final = (*WANDERING, "housework", "cleaning", "cooking", "sitting")
#: Towns that walks are drawn from.
TOWNS: Final = 12
#: An old person's pace, metres a second, and the time that wandering lasts here, seconds.
PACE, LASTS_S = (0.45, 1.25), (1200.0, 2700.0)


def strolls(pattern: str, count: int, seed: int, receiver: str | None = None) -> Iterator[Walk]:
    """Yield ``count`` walks of a pattern, each seen by ``receiver`` (one of RECEIVERS, or any in turn)."""
    names = [*WANDERING, *PURPOSEFUL, *ROOMS]
    rng = np.random.default_rng([seed, 77, names.index(pattern), 0 if receiver is None else 1])
    for number in range(count):
        by = receiver or RECEIVERS[number % len(RECEIVERS)]
        inside = by == ROOM_RECEIVER
        path, onset = in_rooms(pattern, rng) if inside else _outdoors(pattern, rng)
        yield seen(pattern, path, onset, by, rng)


def _outdoors(pattern: str, rng: Rng) -> tuple[Floats, float | None]:
    speed = rng.uniform(*PACE)
    place = _town(int(rng.integers(TOWNS)))
    if pattern not in WANDERING:
        return PURPOSE[pattern](place, speed, rng), None
    lead = np.zeros((1, 2)) if rng.uniform() < 0.4 else route(place, speed, rng, rng.uniform(120, 1200))
    ways = WANDERS[pattern]
    path = ways[int(rng.integers(len(ways)))](place, speed, rng.uniform(*LASTS_S), rng)
    return np.vstack([lead, path - path[0] + lead[-1]]), float(len(lead))


@cache
def _town(seed: int) -> Town:
    return town(seed + 900)
