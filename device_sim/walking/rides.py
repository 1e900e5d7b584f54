"""Rides with a stay where they lead: by bus across the town, by ferry over the water. Metres and seconds, from home."""

import numpy as np

from device_sim.walking.paces import Floats, along, pauses, stay
from device_sim.walking.streets import Town

#: A bus between its stops, metres a second; how often it stops, seconds, and for how long.
BUS, BUS_STOPS_S, BUS_STANDS_S = (6.0, 11.0), 60.0, (10.0, 35.0)
#: A harbour ferry under way, metres a second (chosen, around 14 knots); so far from its piers it is this slow.
FERRY, SLOW_M, SLOW = (5.0, 9.0), 150.0, 1.5
#: It goes about the town by water: so far off the straight line, against the length of that.
ABOUT = 0.5
#: How long one waits at a stop or a pier, seconds.
WAITS_S = (60.0, 400.0)


def bus(town: Town, seconds: float, speed: float, rng: np.random.Generator) -> Floats:
    """To the stop, a wait, a ride across the town, an hour there, and the same back."""
    stop = town.places["bus stop"]
    out = along(town.corners[town.way(town.home, stop)], speed, rng)
    goal = far_side(town)
    line = town.corners[town.way(stop, goal)]
    ride = pauses(along(line, rng.uniform(*BUS), rng), rng, BUS_STOPS_S, *BUS_STANDS_S)
    back = pauses(along(line[::-1], rng.uniform(*BUS), rng), rng, BUS_STOPS_S, *BUS_STANDS_S)
    return _there_and_back(seconds, (town.corners[stop], town.corners[goal]), (out, ride, back), rng)


def ferry(town: Town, seconds: float, speed: float, rng: np.random.Generator) -> Floats:
    """To the pier, a wait, over the water to where the bus goes, a stay there, and the same back."""
    out = along(town.corners[town.way(town.home, town.places["pier"])], speed, rng)
    ends = town.corners[town.places["pier"]], town.corners[far_side(town)]
    line = _about(*ends)
    there, back = _sailed(line, rng), _sailed(line[::-1], rng)
    return _there_and_back(seconds, ends, (out, there, back), rng)


def far_side(town: Town) -> int:
    """Return the corner where rides lead: of those that streets lead to, the farthest from the bus stop."""
    stop = town.places["bus stop"]
    far = [n for n in np.argsort(-np.hypot(*(town.corners - town.corners[stop]).T)) if town.streets[int(n)]]
    return next(int(n) for n in far if leads(town, stop, int(n)))


def leads(town: Town, start: int, goal: int) -> bool:
    """Whether there is a way at all."""
    try:
        town.way(start, goal)
    except KeyError:
        return False
    return True


def _there_and_back(
    seconds: float, ends: tuple[Floats, Floats], ways: tuple[Floats, Floats, Floats], rng: np.random.Generator
) -> Floats:
    """Return the whole: on foot, a wait, the ride, a stay for the time that is left, a wait, the ride back, on foot."""
    out, ride, back = ways
    waits = [stay(rng, here, rng.uniform(*WAITS_S)) for here in ends]
    left = max(120.0, seconds - 2 * len(out) - len(ride) - len(back) - sum(map(len, waits)))
    return np.vstack([out, waits[0], ride, stay(rng, ends[1], left), waits[1], back, out[::-1]])


def _about(pier: Floats, goal: Floats) -> Floats:
    """Return the line over the water, a bow on the side away from home."""
    across = goal - pier
    aside = np.array([-across[1], across[0]]) * ABOUT
    if np.dot(aside, (pier + goal) / 2) < 0:
        aside = -aside
    part = np.linspace(0.0, 1.0, 17)[:, None]
    return np.asarray(pier + part * across + np.sin(np.pi * part) * aside)


def _sailed(line: Floats, rng: np.random.Generator) -> Floats:
    """Return the crossing: slowly out, across, slowly in."""
    marks = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])

    def cut(from_m: float, to_m: float) -> Floats:
        within = (marks > from_m) & (marks < to_m)
        at = np.concatenate([[from_m], marks[within], [to_m]])
        return np.column_stack([np.interp(at, marks, line[:, axis]) for axis in (0, 1)])

    pieces = (
        (0.0, SLOW_M, SLOW),
        (SLOW_M, marks[-1] - SLOW_M, rng.uniform(*FERRY)),
        (marks[-1] - SLOW_M, marks[-1], SLOW),
    )
    return np.vstack([along(cut(one, other), speed, rng) for one, other, speed in pieces])
