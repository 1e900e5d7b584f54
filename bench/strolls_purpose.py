"""Walks with a purpose, rides, and hours at rest, for bench.strolls."""

from collections.abc import Callable
from itertools import pairwise
from math import pi
from typing import Final

import numpy as np

from bench.strolls_streets import SIDEWALK_M, Rng, beside, between, route
from device_sim.walking.paces import Floats, along, pauses, stay
from device_sim.walking.streets import Town


def _straight(place: Town, speed: float, rng: Rng) -> Floats:
    parts = [route(place, speed, rng, rng.uniform(900, 3000))]
    while sum(map(len, parts)) < 1200:
        leg = route(place, speed, rng, 1500)
        parts.append(leg - leg[0] + parts[-1][-1])
    return np.vstack(parts)


def _return(place: Town, speed: float, rng: Rng) -> Floats:
    """There and back by the same streets, on one side or the other, with a stay; at times something was forgotten."""
    corners = between(place, rng, rng.uniform(100, 700))
    out, back = (beside(each, SIDEWALK_M * rng.choice([-1, 1])) for each in (corners, corners[::-1]))
    parts = [along(out, speed, rng), stay(rng, out[-1], rng.uniform(30, 1500)), along(back, speed, rng)]
    if rng.uniform() < 0.15:
        half = along(out, speed, rng)
        half = half[: len(half) // 3]
        parts = [half, half[::-1], stay(rng, out[0], 60), *parts]
    return pauses(np.vstack(parts), rng, 200, 4, 45)


def _delivery(place: Town, speed: float, rng: Rng) -> Floats:
    """Along the streets, to each door and back to the cart; some streets up one side and down the other."""
    way, corners = [np.zeros(2)], between(place, rng, rng.uniform(200, 600))
    doors = rng.uniform(6, 25)
    for one, other in pairwise(corners):
        ahead = other - one
        long = float(np.hypot(*ahead))
        left = np.array([-ahead[1], ahead[0]]) / long
        sides = (1.0, -1.0) if rng.uniform() < 0.4 else (rng.choice([-1.0, 1.0]),)
        for side in sides:
            for at in np.arange(rng.uniform(5, 20), long, rng.uniform(20, 50)):
                share = at / long if side > 0 or len(sides) == 1 else 1 - at / long
                here = one + share * ahead + side * SIDEWALK_M * left
                way += [here, here + side * doors * left, here]
        way.append(other if len(sides) == 1 else one)
        if len(sides) == 2:
            way.append(other)
    return pauses(along(np.array(way[1:]), max(speed, 0.7), rng), rng, 40, 5, 60)[:5400]


def _shopping(place: Town, speed: float, rng: Rng) -> Floats:
    """To the shop, along its aisles from shelf to shelf, and home."""
    out = route(place, speed, rng, rng.uniform(200, 700))
    wide, long = rng.uniform(10, 50), rng.uniform(10, 35)
    spots = out[-1] + rng.uniform(0, 1, (int(rng.integers(6, 25)), 2)) * np.array([wide, long])
    if rng.uniform() < 0.6:
        spots = spots[np.argsort(spots[:, 0] // 4 * 100 + spots[:, 1])]
    parts = [out]
    for spot in spots:
        walk = along(np.array([parts[-1][-1], spot]), 0.7 * speed, rng)
        parts += [walk if len(walk) else spot[None], stay(rng, spot, 3 + rng.exponential(40))]
    return np.vstack([*parts, out[::-1]])


def _stroll(place: Town, speed: float, rng: Rng) -> Floats:
    """Out to a park, once or twice around it, sitting down in between, and home."""
    out = route(place, speed, rng, rng.uniform(100, 500))
    around, times = rng.uniform(500, 1500), 1 + int(rng.uniform() < 0.25)
    angle = np.linspace(0, 2 * pi, 24)
    ring = np.column_stack([np.cos(angle) - 1, rng.uniform(0.4, 1) * np.sin(angle)]) * around / (2 * pi)
    laps = [along(ring + rng.normal(0, 3, ring.shape) + out[-1], speed, rng) for _ in range(times)]
    bench = stay(rng, laps[0][-1], rng.uniform(0, 900))
    return pauses(np.vstack([out, laps[0], bench, *laps[1:], out[::-1]]), rng, 200, 4, 60)


def _dog(place: Town, speed: float, rng: Rng) -> Floats:
    """Around some streets or out and back, stopping at trees, a few steps back now and then."""
    corners = between(place, rng, rng.uniform(150, 500))
    way = np.vstack([corners, corners[::-1] if rng.uniform() < 0.5 else between(place, rng, 300)[::-1]])
    path = along(beside(way, SIDEWALK_M), speed, rng)
    parts, at = [], 0
    while at < len(path):
        ahead = int(rng.exponential(70)) + 5
        parts.append(path[at : at + ahead])
        at += ahead
        if at < len(path):
            parts.append(stay(rng, path[at], rng.uniform(3, 40)))
            if rng.uniform() < 0.2:
                back = path[max(0, at - int(rng.uniform(5, 15))) : at]
                parts += [back[::-1], back]
    return np.vstack([part for part in parts if len(part)])


def _waits(here: Floats, seconds: float, reach_m: float, still_s: tuple[float, float], rng: Rng) -> Floats:
    """Stay around a place, with a few slow steps between stays."""
    parts = [stay(rng, here, 5)]
    at = here
    while sum(map(len, parts)) < seconds:
        there = here + rng.normal(0, reach_m, 2)
        walk = along(np.array([at, there]), rng.uniform(0.3, 0.8), rng)
        parts += [walk if len(walk) else there[None], stay(rng, there, rng.uniform(*still_s))]
        at = there
    return np.vstack([part for part in parts if len(part)])


def _bus_stop(place: Town, speed: float, rng: Rng) -> Floats:
    out = route(place, speed, rng, 300)
    return np.vstack([out, _waits(out[-1], rng.uniform(300, 1500), 3.0, (10, 90), rng)])


def _ride(
    here: Floats, seconds: float, speeds: tuple[float, float], stops: tuple[float, float, float], rng: Rng
) -> Floats:
    heading, way = rng.uniform(0, 2 * pi), [here]
    for _ in range(int(seconds * speeds[1] / 300) + 2):
        heading += rng.normal(0, 0.4)
        way.append(way[-1] + 300 * np.array([np.cos(heading), np.sin(heading)]))
    return pauses(along(np.array(way), rng.uniform(*speeds), rng)[: int(seconds)], rng, *stops)


def _bus(place: Town, speed: float, rng: Rng) -> Floats:
    wait = _bus_stop(place, speed, rng)
    ride = _ride(wait[-1], rng.uniform(500, 1500), (4, 11), (70, 10, 60), rng)
    parts = [wait, ride] + ([ride[::-1]] if rng.uniform() < 0.4 else [])
    walk = route(place, speed, rng, 500)
    return np.vstack([*parts, walk - walk[0] + parts[-1][-1]])


def _ferry(place: Town, speed: float, rng: Rng) -> Floats:
    """A wait at the pier, slowly out, across, slowly in, with a swing before the berth; on deck a few steps."""
    wait = _bus_stop(place, speed, rng)
    across = _ride(wait[-1], rng.uniform(600, 1800), (5, 9), (9_999, 1, 2), rng)
    slow = _ride(across[-1], 200, (0.8, 2), (9_999, 1, 2), rng)
    deck = np.cumsum(rng.normal(0, 0.15, (len(across), 2)), axis=0)
    return np.vstack([wait, across + deck, slow + deck[-1], _waits(slow[-1] + deck[-1], 300, 3, (10, 60), rng)])


def _jam(place: Town, speed: float, rng: Rng) -> Floats:
    """A car that creeps, stands, creeps."""
    return _ride(np.zeros(2), rng.uniform(1200, 3000), (0.8, 3.5), (25, 5, 60), rng)


def _home(place: Town, speed: float, rng: Rng) -> Floats:
    return _waits(np.zeros(2), rng.uniform(3600, 14_400), 3.0, (60, 1200), rng)


def _mall(place: Town, speed: float, rng: Rng) -> Floats:
    return _waits(np.zeros(2), rng.uniform(1800, 5400), 35.0, (60, 500), rng)


def _playground(place: Town, speed: float, rng: Rng) -> Floats:
    """With a child: from the slide to the swing to the sand."""
    spots = rng.normal(0, rng.uniform(6, 15), (4, 2))
    parts = [route(place, speed, rng, 400)]
    spots += parts[0][-1]
    while sum(map(len, parts)) < 2400:
        there = spots[int(rng.integers(4))]
        walk = along(np.array([parts[-1][-1], there]), speed, rng)
        parts += [walk if len(walk) else there[None], stay(rng, there, rng.uniform(15, 200))]
    return np.vstack(parts)


def _gardening(place: Town, speed: float, rng: Rng) -> Floats:
    return _waits(np.zeros(2), rng.uniform(1800, 5400), rng.uniform(3, 10), (15, 240), rng)


#: What is done -> how it is made.
PURPOSE: Final[dict[str, Callable[[Town, float, Rng], Floats]]] = {
    "straight": _straight, "return": _return, "delivery": _delivery, "shopping": _shopping, "stroll": _stroll,
    "dog": _dog, "bus_stop": _bus_stop, "bus": _bus, "ferry": _ferry, "jam": _jam, "home": _home, "mall": _mall,
    "playground": _playground, "gardening": _gardening,
}  # fmt: skip
