"""A second generator of walks, built otherwise than bench.walks: on the streets of a made-up town, in parks and gardens.

Tuning on one generator and looking at the other says more than a second seed of the same one. The patterns are those of
Martino-Saltzman et al. (Gerontologist 1991 31:666), each made in several ways; beside them what people do for hours
with a purpose, or at rest: errands by the same way, delivery, shopping, dogs, buses, ferries, jams, playgrounds.
What a receiver makes of it stands in bench.strolls_seen.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import pi
from typing import Final

import numpy as np

from bench.strolls_seen import RECEIVERS, ROOM_RECEIVER, seen
from bench.walks import WANDERING, Walk
from device_sim.walking.paces import Floats, along, pauses, stay
from device_sim.walking.streets import Town, town

Rng = np.random.Generator

PURPOSEFUL: Final = (
    "straight", "return", "delivery", "shopping", "stroll", "dog", "bus_stop", "bus", "ferry", "jam", "home", "mall",
    "playground", "gardening",
)  # fmt: skip
#: In a building with a positioning system: wandering, and what people do there.
ROOMS: Final = (*WANDERING, "housework", "cleaning", "cooking", "sitting")
#: Towns that walks are drawn from; the side of the street that one walks on, metres from its middle.
TOWNS, SIDEWALK_M = 12, 4.0
#: An old person's pace, and the time that wandering lasts here, seconds.
PACE, LASTS_S = (0.45, 1.25), (1200.0, 2700.0)


def strolls(pattern: str, count: int, seed: int, receiver: str | None = None) -> Iterator[Walk]:
    """Yield ``count`` walks of a pattern, each seen by ``receiver`` (one of RECEIVERS, or any in turn)."""
    names = [*WANDERING, *PURPOSEFUL, *ROOMS]
    rng = np.random.default_rng([seed, 77, names.index(pattern), 0 if receiver is None else 1])
    for number in range(count):
        by = receiver or RECEIVERS[number % len(RECEIVERS)]
        inside = by == ROOM_RECEIVER
        path, onset = _indoors(pattern, rng) if inside else _outdoors(pattern, rng)
        yield seen(pattern, path, onset, by, rng)


def _outdoors(pattern: str, rng: Rng) -> tuple[Floats, float | None]:
    speed = rng.uniform(*PACE)
    place = _town(int(rng.integers(TOWNS)))
    if pattern not in WANDERING:
        return _PURPOSE[pattern](place, speed, rng), None
    lead = np.zeros((1, 2)) if rng.uniform() < 0.4 else _route(place, speed, rng, rng.uniform(120, 1200))
    ways = _WANDERS[pattern]
    path = ways[int(rng.integers(len(ways)))](place, speed, rng.uniform(*LASTS_S), rng)
    return np.vstack([lead, path - path[0] + lead[-1]]), float(len(lead))


@cache
def _town(seed: int) -> Town:
    return town(seed + 900)


# -- streets ---------------------------------------------------------------------------------------------------------


def _corner(place: Town, rng: Rng, near_m: float = 500.0) -> int:
    fits = [n for n, ways in enumerate(place.streets) if ways and np.hypot(*place.corners[n]) < near_m]
    return int(rng.choice(fits))


def _beside(corners: Floats, side_m: float) -> Floats:
    """Return the way along the corners on one side of the street: left of the walker where positive."""
    ahead = np.diff(corners, axis=0)
    ahead /= np.maximum(1e-9, np.hypot(*ahead.T))[:, None]
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]]) * side_m
    return np.repeat(corners, 2, axis=0)[1:-1] + np.repeat(left, 2, axis=0)


def _between(place: Town, rng: Rng, far_m: float) -> Floats:
    """Return the corners of a way to somewhere about ``far_m`` from where it begins."""
    for _ in range(30):
        start, goal = _corner(place, rng), _corner(place, rng, 900.0)
        distance = float(np.hypot(*(place.corners[start] - place.corners[goal])))
        if start != goal and 0.5 * far_m < distance < 1.5 * far_m:
            try:
                return place.corners[place.way(start, goal, rng)]
            except KeyError:
                continue
    return np.array([[0.0, 0.0], [far_m, rng.normal(0, far_m / 5)]])


def _route(place: Town, speed: float, rng: Rng, seconds: float) -> Floats:
    corners = _between(place, rng, min(900.0, speed * seconds / 1.3))
    path = along(_beside(corners, rng.choice([-1, 1]) * SIDEWALK_M), speed, rng)[: max(2, int(seconds))]
    return pauses(path, rng, 180, 4, 45)


# -- wandering -------------------------------------------------------------------------------------------------------


def _laps_of_a_block(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    ring = place.corners[place.block(_corner(place, rng))]
    side = rng.choice([-1, 1]) * rng.uniform(3, 8)
    around = float(np.hypot(*np.diff(ring, axis=0).T).sum())
    laps = int(speed * seconds / around) + 2
    ways = [_beside(ring, side + rng.normal(0, 1)) for _ in range(laps)]
    return pauses(along(np.vstack(ways), speed, rng)[: int(seconds)], rng, 250, 4, 60)


def _laps_of_a_yard(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """Around a car park, a lawn, a pond: four to eight corners, and now and then one is cut."""
    around = float(np.exp(rng.uniform(np.log(40), np.log(450))))
    corners = int(rng.integers(4, 9))
    angle = np.sort(rng.uniform(0, 2 * pi, corners) * 0.3 + np.arange(corners) * 2 * pi / corners)
    ring = np.column_stack([np.cos(angle), rng.uniform(0.4, 1.0) * np.sin(angle)])
    ring *= around / float(np.hypot(*np.diff(np.vstack([ring, ring[:1]]), axis=0).T).sum())
    laps = int(speed * seconds / around * 1.3) + 2
    way = np.vstack([ring[rng.uniform(size=corners) > 0.06] + rng.normal(0, 0.03 * around / pi, 2) for _ in range(laps)])
    return pauses(along(way, speed, rng)[: int(seconds)], rng, 250, 4, 60)


def _eights(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """Around two flower beds in turn."""
    size = rng.uniform(8, 40)
    turns = np.arange(0, speed * seconds / (6 * size) * 2 * pi + 2 * pi, pi / 10)
    way = np.column_stack([2 * size * np.sin(turns), size * np.sin(2 * turns)]) / 2
    return along(way + rng.normal(0, size * 0.05, way.shape), speed, rng)[: int(seconds)]


def _pace_a_street(place: Town, speed: float, seconds: float, rng: Rng) -> Floats:
    """To and fro along a street, turning now here, now there."""
    start = _corner(place, rng)
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
    start = here = before = _corner(place, rng)
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


_Wander = Callable[[Town, float, float, Rng], Floats]
_WANDERS: dict[str, tuple[_Wander, ...]] = {
    "lapping": (_laps_of_a_block, _laps_of_a_yard, _laps_of_a_yard, _eights),
    "pacing": (_pace_a_street, _pace_a_path),
    "random": (_random_corners, _random_drifting, _random_legs, _random_garden),
}


# -- with a purpose, or at rest --------------------------------------------------------------------------------------


def _straight(place: Town, speed: float, rng: Rng) -> Floats:
    parts = [_route(place, speed, rng, rng.uniform(900, 3000))]
    while sum(map(len, parts)) < 1200:
        leg = _route(place, speed, rng, 1500)
        parts.append(leg - leg[0] + parts[-1][-1])
    return np.vstack(parts)


def _return(place: Town, speed: float, rng: Rng) -> Floats:
    """There and back by the same streets, on one side or the other, with a stay; at times something was forgotten."""
    corners = _between(place, rng, rng.uniform(100, 700))
    out, back = (_beside(each, SIDEWALK_M * rng.choice([-1, 1])) for each in (corners, corners[::-1]))
    parts = [along(out, speed, rng), stay(rng, out[-1], rng.uniform(30, 1500)), along(back, speed, rng)]
    if rng.uniform() < 0.15:
        half = along(out, speed, rng)
        half = half[: len(half) // 3]
        parts = [half, half[::-1], stay(rng, out[0], 60), *parts]
    return pauses(np.vstack(parts), rng, 200, 4, 45)


def _delivery(place: Town, speed: float, rng: Rng) -> Floats:
    """Along the streets, to each door and back to the cart; some streets up one side and down the other."""
    way, corners = [np.zeros(2)], _between(place, rng, rng.uniform(200, 600))
    doors = rng.uniform(6, 25)
    for one, other in zip(corners, corners[1:], strict=False):
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
    out = _route(place, speed, rng, rng.uniform(200, 700))
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
    out = _route(place, speed, rng, rng.uniform(100, 500))
    around, times = rng.uniform(500, 1500), 1 + int(rng.uniform() < 0.25)
    angle = np.linspace(0, 2 * pi, 24)
    ring = np.column_stack([np.cos(angle) - 1, rng.uniform(0.4, 1) * np.sin(angle)]) * around / (2 * pi)
    laps = [along(ring + rng.normal(0, 3, ring.shape) + out[-1], speed, rng) for _ in range(times)]
    bench = stay(rng, laps[0][-1], rng.uniform(0, 900))
    return pauses(np.vstack([out, laps[0], bench, *laps[1:], out[::-1]]), rng, 200, 4, 60)


def _dog(place: Town, speed: float, rng: Rng) -> Floats:
    """Around some streets or out and back, stopping at trees, a few steps back now and then."""
    corners = _between(place, rng, rng.uniform(150, 500))
    way = np.vstack([corners, corners[::-1] if rng.uniform() < 0.5 else _between(place, rng, 300)[::-1]])
    path = along(_beside(way, SIDEWALK_M), speed, rng)
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
    out = _route(place, speed, rng, 300)
    return np.vstack([out, _waits(out[-1], rng.uniform(300, 1500), 3.0, (10, 90), rng)])


def _ride(here: Floats, seconds: float, speeds: tuple[float, float], stops: tuple[float, float, float], rng: Rng) -> Floats:
    heading, way = rng.uniform(0, 2 * pi), [here]
    for _ in range(int(seconds * speeds[1] / 300) + 2):
        heading += rng.normal(0, 0.4)
        way.append(way[-1] + 300 * np.array([np.cos(heading), np.sin(heading)]))
    return pauses(along(np.array(way), rng.uniform(*speeds), rng)[: int(seconds)], rng, *stops)


def _bus(place: Town, speed: float, rng: Rng) -> Floats:
    wait = _bus_stop(place, speed, rng)
    ride = _ride(wait[-1], rng.uniform(500, 1500), (4, 11), (70, 10, 60), rng)
    parts = [wait, ride] + ([ride[::-1]] if rng.uniform() < 0.4 else [])
    walk = _route(place, speed, rng, 500)
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
    parts = [_route(place, speed, rng, 400)]
    spots += parts[0][-1]
    while sum(map(len, parts)) < 2400:
        there = spots[int(rng.integers(4))]
        walk = along(np.array([parts[-1][-1], there]), speed, rng)
        parts += [walk if len(walk) else there[None], stay(rng, there, rng.uniform(15, 200))]
    return np.vstack(parts)


def _gardening(place: Town, speed: float, rng: Rng) -> Floats:
    return _waits(np.zeros(2), rng.uniform(1800, 5400), rng.uniform(3, 10), (15, 240), rng)


_PURPOSE: dict[str, Callable[[Town, float, Rng], Floats]] = {
    "straight": _straight, "return": _return, "delivery": _delivery, "shopping": _shopping, "stroll": _stroll,
    "dog": _dog, "bus_stop": _bus_stop, "bus": _bus, "ferry": _ferry, "jam": _jam, "home": _home, "mall": _mall,
    "playground": _playground, "gardening": _gardening,
}  # fmt: skip


# -- in a building ---------------------------------------------------------------------------------------------------


def _indoors(pattern: str, rng: Rng) -> tuple[Floats, float | None]:
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
