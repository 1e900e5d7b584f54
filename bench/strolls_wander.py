"""Wandering in a town, a park, a yard or a garden, each pattern in several ways, for bench.strolls."""

from collections.abc import Callable
from math import pi
from typing import Final

import numpy as np

from bench.strolls_streets import Rng, beside, corner
from device_sim.walking.paces import Floats, along, pauses
from device_sim.walking.streets import Town


def _laps_of_a_block(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    ring = place.corners[place.block(corner(place, rng))]
    side = rng.choice([-1, 1]) * rng.uniform(3, 8)
    around = float(np.hypot(*np.diff(ring, axis=0).T).sum())
    laps = int(speed * seconds / around) + 2
    ways = [beside(ring, side + rng.normal(0, 1)) for _ in range(laps)]
    return pauses(along(np.vstack(ways), speed, rng)[: int(seconds)], rng, 250, 4, 60)


def _laps_of_a_yard(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """Around a car park, a lawn, a pond: four to eight corners, and now and then one is cut."""
    around = float(np.exp(rng.uniform(np.log(40), np.log(450))))
    corners = int(rng.integers(4, 9))
    angle = np.sort(rng.uniform(0, 2 * pi, corners) * 0.3 + np.arange(corners) * 2 * pi / corners)
    ring = np.column_stack([np.cos(angle), rng.uniform(0.4, 1.0) * np.sin(angle)])
    ring *= around / float(np.hypot(*np.diff(np.vstack([ring, ring[:1]]), axis=0).T).sum())
    laps = int(speed * seconds / around * 1.3) + 2
    way = np.vstack(
        [ring[rng.uniform(size=corners) > 0.06] + rng.normal(0, 0.03 * around / pi, 2) for _ in range(laps)]
    )
    return pauses(along(way, speed, rng)[: int(seconds)], rng, 250, 4, 60)


def _eights(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """Around two flower beds in turn."""
    size = rng.uniform(8, 40)
    turns = np.arange(0, speed * seconds / (6 * size) * 2 * pi + 2 * pi, pi / 10)
    way = np.column_stack([2 * size * np.sin(turns), size * np.sin(2 * turns)]) / 2
    return along(way + rng.normal(0, size * 0.05, way.shape), speed, rng)[: int(seconds)]


def _pace_a_street(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """To and fro along a street, turning now here, now there."""
    start = corner(place, rng)
    one, other = place.corners[start], place.corners[int(rng.choice(place.streets[start]))]
    low, high = rng.uniform(0, 0.4), rng.uniform(0.5, 1.0)
    ends, walked = [one + low * (other - one)], 0.0
    long = float(np.hypot(*(other - one)))
    while walked < speed * seconds + 1:
        far = high - abs(rng.normal(0, 0.1)) if len(ends) % 2 else low + abs(rng.normal(0, 0.1))
        ends.append(one + far * (other - one) + rng.normal(0, 1.0, 2))
        walked += max(1.0, abs(high - low) * long)
    return pauses(along(np.array(ends), speed, rng)[: int(seconds)], rng, 150, 3, 40)


def _pace_a_path(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """To and fro on a path with a bend, 10 to 150 m long; now and then only half of it."""
    long = float(np.exp(rng.uniform(np.log(10), np.log(150))))
    bend = rng.uniform(0.3, 0.7)
    knee = long * np.array([bend, 0.0])
    angle = rng.normal(0, 0.6)
    end = knee + long * (1 - bend) * np.array([np.cos(angle), np.sin(angle)])
    way, walked = [np.zeros(2)], 0.0
    while walked < speed * seconds + 1:
        half = rng.uniform() < 0.15
        way += [knee, knee * 0.1] if half else [knee, end, knee, np.zeros(2)]
        walked += long * (1.0 if half else 2.0)
    way_m = np.array(way) + rng.normal(0, 0.8, (len(way), 2))
    return pauses(along(way_m, speed, rng)[: int(seconds)], rng, 150, 3, 40)


def _random_corners(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """From corner to corner wherever it goes, often back, never far."""
    start = here = before = corner(place, rng)
    reach, way, walked = rng.uniform(120, 220), [place.corners[here]], 0.0
    while walked < speed * seconds + 1:
        ways = [n for n in place.streets[here] if np.hypot(*(place.corners[n] - place.corners[start])) < reach]
        there = before if before in ways and rng.uniform() < 0.3 else int(rng.choice(ways or place.streets[here]))
        way.append(place.corners[there] + rng.normal(0, 3.0, 2))
        walked += place.length(here, there)
        before, here = here, there
    return pauses(along(np.array(way), speed, rng)[: int(seconds)], rng, 100, 3, 45)


def _random_drifting(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """A correlated random walk: the heading wanders, and turns back where it has come too far."""
    reach, keep = rng.uniform(20, 110), rng.uniform(0.05, 0.35)
    here, heading, way = np.zeros(2), rng.uniform(0, 2 * pi), []
    for _ in range(int(seconds)):
        heading += rng.normal(0, keep)
        if np.hypot(*here) > reach:
            home = np.arctan2(-here[1], -here[0])
            heading += 0.3 * np.sin(home - heading)
        here = here + speed * np.array([np.cos(heading), np.sin(heading)])
        way.append(here)
    return pauses(np.array(way), rng, 120, 3, 40)[: int(seconds)]


def _random_legs(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """Legs of very different lengths (a truncated power law) in any direction, in a park."""
    reach, here, way, walked = rng.uniform(30, 120), np.zeros(2), [np.zeros(2)], 0.0
    while walked < speed * seconds + 1:
        leg = min(1.6 * reach, 4.0 * (1 - rng.uniform()) ** (-1 / 1.1))
        angle = rng.uniform(0, 2 * pi)
        there = here + leg * np.array([np.cos(angle), np.sin(angle)])
        if np.hypot(*there) <= reach:
            way.append(there)
            here, walked = there, walked + leg
    return pauses(along(np.array(way), speed, rng)[: int(seconds)], rng, 100, 3, 40)


def _random_garden(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """On the paths of a care home's garden, 3 by 4 junctions, any way at each."""
    apart = rng.uniform(8, 30)
    here, before, way, walked = (1, 1), (1, 1), [np.array([1.0, 1.0])], 0.0
    while walked < speed * seconds + 1:
        ways = [(here[0] + x, here[1] + y) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        ways = [n for n in ways if 0 <= n[0] < 3 and 0 <= n[1] < 4 and (n != before or rng.uniform() < 0.4)]
        there = ways[int(rng.integers(len(ways)))] if ways else before
        way.append(np.array(there) + rng.normal(0, 0.08, 2))
        walked += apart
        before, here = here, there
    return pauses(along(np.array(way) * apart, speed, rng)[: int(seconds)], rng, 120, 3, 40)


Wander = Callable[[Town, float, float, Rng], Floats]
#: Pattern -> the ways in which it is made.
WANDERS: Final[dict[str, tuple[Wander, ...]]] = {
    "lapping": (_laps_of_a_block, _laps_of_a_yard, _laps_of_a_yard, _eights),
    "pacing": (_pace_a_street, _pace_a_path),
    "random": (_random_corners, _random_drifting, _random_legs, _random_garden),
}
