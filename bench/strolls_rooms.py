"""What people do in a building with a positioning system, wandering or not, for bench.strolls. Metres."""

import numpy as np

from bench.strolls_streets import Rng
from bench.walks import WANDERING
from device_sim.walking.paces import Floats, along, pauses, stay


def in_rooms(pattern: str, rng: Rng) -> tuple[Floats, float | None]:
    """Return a path, one point a second, and where wandering begins."""
    speed, seconds = rng.uniform(0.35, 1.1), rng.uniform(600, 900)
    if pattern not in WANDERING:
        return _work(pattern, speed, seconds, rng), None
    lead = _work(str(rng.choice(["housework", "sitting"])), speed, rng.uniform(5, 240), rng)
    small = {"lapping": _room_laps, "pacing": _corridor, "random": _rooms}[pattern]
    path = small(speed, seconds, rng)
    return np.vstack([lead, path - path[0] + lead[-1]]), float(len(lead))


def _room_laps(speed: float, seconds: float, rng: Rng) -> Floats:
    wide, high = rng.uniform(1.5, 9), rng.uniform(1.5, 6)
    ring = np.array([[0, 0], [wide, 0], [wide, high], [0, high]])
    laps = int(speed * seconds / (2 * (wide + high))) + 2
    return along(np.vstack([ring + rng.normal(0, 0.2, (4, 2)) for _ in range(laps)]), speed, rng)[: int(seconds)]


def _corridor(speed: float, seconds: float, rng: Rng) -> Floats:
    long = rng.uniform(2.5, 16)
    legs = int(speed * seconds / long) * 2 + 4
    ends = np.arange(legs) % 2 * long * rng.uniform(0.75, 1, legs)
    way = np.column_stack([ends, rng.normal(0, 0.25, legs)])
    return pauses(along(way, speed, rng)[: int(seconds)], rng, 60, 1, 8)


def _rooms(speed: float, seconds: float, rng: Rng) -> Floats:
    """Out of one of five rooms along a corridor into another, on and on."""
    doors = np.cumsum(rng.uniform(2.5, 5, 5))
    way, walked = [np.zeros(2)], 0.0
    while walked < speed * seconds + 1:
        door, deep = rng.choice(doors), rng.uniform(0.5, 4) * rng.choice([-1, 1])
        way += [np.array([door, 0.0]), np.array([door + rng.normal(0, 0.8), deep]), np.array([door, 0.0])]
        walked += 2 * abs(deep) + 4
    return pauses(along(np.array(way), speed, rng)[: int(seconds)], rng, 60, 1, 10)


def _work(pattern: str, speed: float, seconds: float, rng: Rng) -> Floats:
    """Housework from spot to spot, cleaning a floor strip by strip, cooking between three spots, or sitting."""
    still = {"housework": 15.0, "cleaning": 2.0, "cooking": 12.0, "sitting": 200.0}[pattern]
    room = rng.uniform([2.5, 2.5], [7, 5])
    spots = rng.uniform(0, 1, (3 if pattern == "cooking" else 7, 2)) * (room / (2 if pattern == "cooking" else 1))
    parts, strip = [spots[:1]], 0
    while sum(map(len, parts)) < seconds:
        if pattern == "cleaning":
            strip += 1
            there = room * np.array([(strip // 2 * 0.12) % 1, strip % 2]) + rng.normal(0, 0.2, 2)
        else:
            there = spots[int(rng.integers(len(spots)))] + rng.normal(0, 0.2, 2)
        walk = along(np.array([parts[-1][-1], there]), 0.4 if pattern == "cleaning" else speed, rng)
        parts += [part for part in (walk, stay(rng, there, 1 + rng.exponential(still))) if len(part)]
    return np.vstack(parts)[: int(seconds) + 1]
