"""Walks through a town, with a purpose and without: one point a second, in metres from home.

Wandering has the patterns of Martino-Saltzman et al. (Gerontologist 1991 31:666): lapping, pacing, random; and
``lost``: somebody who set out for somewhere, hesitates at corners and turns back. The pace is an old person's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from device_sim.walking.paces import Floats, along, pauses, stay
from device_sim.walking.rides import bus, ferry, leads
from device_sim.walking.streets import Town

#: Metres a second on foot outdoors: an old person's, below the 1.2-1.3 that Bohannon 1997 measures in the seventies.
PACE = (0.6, 1.15)
#: Somebody who wanders randomly or is lost stays within so many metres of where it began.
REACH_M = 170.0
#: Who leaves a zone goes so much farther than it reaches, metres.
BEYOND_M = 150.0


class Way(StrEnum):
    """What somebody goes out for; the names are those of scenario files."""

    MARKET = "market"
    SHOP = "shop"
    VISIT = "visit"
    HOSPITAL = "hospital"
    PARK = "park"
    STROLL = "stroll"
    DOG = "dog"
    BUS = "bus"
    FERRY = "ferry"
    STANDING = "standing"
    BEYOND = "beyond"
    LAPPING = "lapping"
    PACING = "pacing"
    RANDOM = "random"
    LOST = "lost"


WANDERING = frozenset({Way.LAPPING, Way.PACING, Way.RANDOM, Way.LOST})
_GOALS = {
    Way.MARKET: "market", Way.SHOP: "shop", Way.VISIT: "neighbour", Way.HOSPITAL: "hospital", Way.PARK: "park",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A walk: ``xy`` (n, 2), one point a second; ``onset_s``: where wandering begins, None where there is none.

    ``roofed``: from which second to which somebody is under a roof, where a phone does not see the sky.
    """

    xy: Floats
    onset_s: float | None = None
    roofed: tuple[int, int] = (0, 0)


def walk(town: Town, way: Way, seconds: float, rng: np.random.Generator, zone_m: float = 0.0) -> Walk:
    """Return a walk that begins at home and lasts ``seconds``; with a purpose it ends at home again.

    ``zone_m``: how far the zone reaches that is left by ``BEYOND``, metres.
    Too short a time for the way is lengthened to what the way needs: nobody runs.
    """
    speed = rng.uniform(*PACE)
    if way in WANDERING:
        return _wander(town, way, seconds, speed, rng)
    if way in _RIDES:
        return Walk(_RIDES[way](town, seconds, speed, rng))
    if way is Way.STANDING:
        return _standing(town, town.places["market"], seconds, speed, rng)
    if way is Way.BEYOND:
        return Walk(_errand(town, _beyond(town, zone_m), seconds, speed, rng))
    if way in _GOALS:
        return Walk(_errand(town, town.places[_GOALS[way]], seconds, speed, rng))
    return Walk(_round(town, seconds, speed, rng, stops=way is Way.DOG))


def _beyond(town: Town, zone_m: float) -> int:
    """Return the nearest corner that lies well outside of a zone."""
    far = np.hypot(*town.corners.T)
    outside = (int(n) for n in np.argsort(far) if far[n] >= zone_m + BEYOND_M)
    return next(n for n in outside if leads(town, town.home, n))


def _standing(town: Town, goal: int, seconds: float, speed: float, rng: np.random.Generator) -> Walk:
    """There, standing under a roof for the time that is left, and back."""
    there = _crossings(along(town.corners[town.way(town.home, goal)], speed, rng), rng)
    back = _crossings(along(town.corners[town.way(goal, town.home, rng)], speed, rng), rng)
    stands = stay(rng, town.corners[goal], max(60.0, seconds - len(there) - len(back)))
    return Walk(np.vstack([there, stands, back]), roofed=(len(there), len(there) + len(stands)))


def _errand(town: Town, goal: int, seconds: float, speed: float, rng: np.random.Generator) -> Floats:
    """There, a stay, and back by nearly the same way."""
    there = _crossings(along(town.corners[town.way(town.home, goal)], speed, rng), rng)
    back = _crossings(along(town.corners[town.way(goal, town.home, rng)], speed, rng), rng)
    left = seconds - len(there) - len(back)
    parts, here = [there], town.corners[goal]
    while left > 60:  # a stall, a few steps, the next stall
        parts.append(stay(rng, here, min(left, rng.uniform(60, 400))))
        stall = town.corners[goal] + rng.normal(0, 8, 2)
        parts.append(along(np.array([here, stall]), speed, rng))
        left -= len(parts[-1]) + len(parts[-2])
        here = stall
    return np.vstack([*parts, along(np.array([here, town.corners[goal]]), speed, rng), back])


def _round(town: Town, seconds: float, speed: float, rng: np.random.Generator, *, stops: bool) -> Floats:
    """Out by one way and home by another; with a dog there are many stops."""
    reach = speed * seconds / (2.8 if stops else 2.4)
    far = np.abs(np.hypot(*town.corners.T) - reach / 1.35) + rng.uniform(0, 80, len(town.corners))
    for goal in np.argsort(far)[:20]:
        if town.streets[int(goal)] and int(goal) != town.home:  # a short time must not make it no way at all
            try:
                out = town.way(town.home, int(goal), rng)
                back = town.way(int(goal), town.home, rng)
            except KeyError:
                continue  # an island among the missing streets
            path = along(town.corners[[*out, *back[1:]]], speed, rng)
            return pauses(path, rng, 50, 3, 25) if stops else _crossings(path, rng)
    raise ValueError("The town has no street that leads so far.")


def _wander(town: Town, way: Way, seconds: float, speed: float, rng: np.random.Generator) -> Walk:
    """Set out for somewhere, and wander from there on."""
    goal = town.places[str(rng.choice(["shop", "neighbour", "bus stop"]))]
    route = town.way(town.home, goal)
    lead = _crossings(along(town.corners[route], speed, rng), rng)
    left = max(60.0, seconds - len(lead))
    corners = _PATTERNS[way](town, goal, speed * left * 1.1, rng)
    hesitates = {Way.LAPPING: 300.0, Way.PACING: 200.0, Way.RANDOM: 120.0, Way.LOST: 70.0}[way]
    path = pauses(along(corners, speed, rng), rng, hesitates, 4, 40)[: int(left)]
    return Walk(np.vstack([lead, path]), float(len(lead)))


def _lapping(town: Town, start: int, metres: float, rng: np.random.Generator) -> Floats:
    ring = town.corners[town.block(start)]
    around = float(np.hypot(*np.diff(ring, axis=0).T).sum())
    laps = [ring[:-1] + rng.normal(0, 2.0, (len(ring) - 1, 2)) for _ in range(int(metres / around) + 2)]
    return np.vstack(laps)


def _pacing(town: Town, start: int, metres: float, rng: np.random.Generator) -> Floats:
    one, other = town.corners[start], town.corners[town.streets[start][0]]
    share = rng.uniform(0.3, 0.9)
    ends = [one, one + share * (other - one)]
    length = float(np.hypot(*(ends[1] - ends[0])))
    return np.array([ends[n % 2] + rng.normal(0, 2.0, 2) for n in range(int(metres / length) + 2)])


def _random(town: Town, start: int, metres: float, rng: np.random.Generator) -> Floats:
    """Now here, now there: turns taken and legs broken off anywhere."""
    here, walked, path = town.corners[start], 0.0, [town.corners[start]]
    while walked < metres + 1:
        angle, leg = rng.uniform(0, 2 * np.pi), rng.uniform(8, 45)
        there = here + leg * np.array([np.cos(angle), np.sin(angle)])
        if np.hypot(*(there - town.corners[start])) < REACH_M / 2:
            path.append(there)
            here, walked = there, walked + leg
    return np.array(path)


def _lost(town: Town, start: int, metres: float, rng: np.random.Generator) -> Floats:
    """From corner to corner, half the times turning back where one has come from, or in the middle of a street."""
    here, before, walked = start, start, 0.0
    path = [town.corners[start]]
    while walked < metres + 1:
        ways = [n for n in town.streets[here] if np.hypot(*(town.corners[n] - town.corners[start])) < REACH_M]
        there = before if before in ways and rng.uniform() < 0.45 else int(rng.choice(ways or list(town.streets[here])))
        if rng.uniform() < 0.25:  # some way into the street, and back to the corner
            share = rng.uniform(0.3, 0.8)
            path += [path[-1] + share * (town.corners[there] - path[-1]), town.corners[here]]
            walked += 2 * share * town.length(here, there)
            continue
        path.append(town.corners[there])
        walked += town.length(here, there)
        before, here = here, there
    return np.array(path)


def _crossings(path: Floats, rng: np.random.Generator) -> Floats:
    """Wait now and then, as at a road."""
    return pauses(path, rng, 150, 5, 40)


_RIDES: dict[Way, Callable[[Town, float, float, np.random.Generator], Floats]] = {Way.BUS: bus, Way.FERRY: ferry}
_PATTERNS: dict[Way, Callable[[Town, int, float, np.random.Generator], Floats]] = {
    Way.LAPPING: _lapping,
    Way.PACING: _pacing,
    Way.RANDOM: _random,
    Way.LOST: _lost,
}
