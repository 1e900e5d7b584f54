"""Ways through a made-up town on one side of the street, for bench.strolls. Metres, a point a second."""

import numpy as np

from device_sim.walking.paces import Floats, along, pauses
from device_sim.walking.streets import Town

Rng = np.random.Generator

#: The side of the street that one walks on, metres from its middle.
SIDEWALK_M = 4.0


def corner(place: Town, rng: Rng, near_m: float = 500.0) -> int:
    """Return a corner of the town that streets lead to."""
    fits = [n for n, ways in enumerate(place.streets) if ways and np.hypot(*place.corners[n]) < near_m]
    return int(rng.choice(fits))


def beside(corners: Floats, side_m: float) -> Floats:
    """Return the way along the corners on one side of the street: left of the walker where positive."""
    ahead = np.diff(corners, axis=0)
    ahead /= np.maximum(1e-9, np.hypot(*ahead.T))[:, None]
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]]) * side_m
    return np.repeat(corners, 2, axis=0)[1:-1] + np.repeat(left, 2, axis=0)


def between(place: Town, rng: Rng, far_m: float) -> Floats:
    """Return the corners of a way to somewhere about ``far_m`` from where it begins."""
    for _ in range(30):
        start, goal = corner(place, rng), corner(place, rng, 900.0)
        distance = float(np.hypot(*(place.corners[start] - place.corners[goal])))
        if start != goal and 0.5 * far_m < distance < 1.5 * far_m:
            try:
                return place.corners[place.way(start, goal, rng)]
            except KeyError:
                continue
    return np.array([[0.0, 0.0], [far_m, rng.normal(0, far_m / 5)]])


def route(place: Town, speed: float, rng: Rng, seconds: float) -> Floats:
    """Return a walk of so many seconds at most, with waits as at crossings."""
    corners = between(place, rng, min(900.0, speed * seconds / 1.3))
    path = along(beside(corners, rng.choice([-1, 1]) * SIDEWALK_M), speed, rng)[: max(2, int(seconds))]
    return pauses(path, rng, 180, 4, 45)
