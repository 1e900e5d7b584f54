"""A made-up town: streets as a graph, a home in the middle, and the places that people walk to. Metres, seeded."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from device_sim.walking.paces import Floats

#: The town is so many blocks wide and high; a block has sides of so many metres.
BLOCKS, BLOCK_M = 18, (60.0, 130.0)
#: Corners are not quite square, metres; so many streets are not there.
BENT_M, MISSING = 9.0, 0.12
#: Where people go: name, and how far from home as the crow flies, metres.
PLACES = {
    "shop": 180.0,
    "bus stop": 260.0,
    "park": 350.0,
    "neighbour": 120.0,
    "market": 600.0,
    "hospital": 950.0,
    "pier": 500.0,
}


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """``corners`` (n, 2) in metres from home, ``streets`` from each corner to its neighbours, ``places`` by name."""

    corners: Floats
    streets: tuple[tuple[int, ...], ...]
    home: int
    places: dict[str, int] = field(default_factory=dict)

    def length(self, one: int, other: int) -> float:
        """Return the length of a street, metres."""
        return float(np.hypot(*(self.corners[one] - self.corners[other])))

    def way(self, start: int, goal: int, rng: np.random.Generator | None = None) -> list[int]:
        """Return the corners of the shortest way; with ``rng`` a way that is a little longer, another each time."""
        taste = None if rng is None else rng.uniform(1.0, 2.0, (len(self.corners),))
        known: dict[int, tuple[float, int]] = {start: (0.0, start)}
        heap = [(0.0, start)]
        while heap:
            far, corner = heapq.heappop(heap)
            if corner == goal:
                break
            if far > known[corner][0]:
                continue
            for other in self.streets[corner]:
                cost = far + self.length(corner, other) * (1.0 if taste is None else float(taste[other]))
                if other not in known or cost < known[other][0]:
                    known[other] = (cost, corner)
                    heapq.heappush(heap, (cost, other))
        found = [goal]
        while found[-1] != start:
            found.append(known[found[-1]][1])
        return found[::-1]

    def block(self, corner: int) -> list[int]:
        """Return a small ring of streets through a corner, its first corner again at the end."""
        for first in self.streets[corner]:
            ring = self._around(corner, first)
            if len(ring) <= 7:
                return ring
        return [corner, self.streets[corner][0], corner]

    def _around(self, corner: int, first: int) -> list[int]:
        """Return the shortest ring that begins with this street."""
        known = {first: corner}
        queue = [first]
        for here in queue:
            for other in self.streets[here]:
                if other == corner and here != first:
                    ring = [corner, here]
                    while ring[-1] != first:
                        ring.append(known[ring[-1]])
                    return [*ring, corner]
                if other not in known and other != corner:
                    known[other] = here
                    queue.append(other)
        return [corner] * 9


def town(seed: int) -> Town:
    """Return the town of a seed."""
    rng = np.random.default_rng([seed, 7411])
    wide = np.concatenate([[0], np.cumsum(rng.uniform(*BLOCK_M, BLOCKS))])
    high = np.concatenate([[0], np.cumsum(rng.uniform(*BLOCK_M, BLOCKS))])
    side = BLOCKS + 1
    corners = np.array([[x, y] for y in high for x in wide]) + rng.normal(0, BENT_M, (side * side, 2))
    home = (side // 2) * side + side // 2
    corners = corners - corners[home]
    pairs = [(n, n + 1) for n in range(side * side) if (n + 1) % side] + [
        (n, n + side) for n in range(side * (side - 1))
    ]
    there = rng.uniform(size=len(pairs)) >= MISSING
    streets: list[list[int]] = [[] for _ in range(side * side)]
    for (one, other), kept in zip(pairs, there, strict=True):
        if kept:
            streets[one].append(other)
            streets[other].append(one)
    reached = _reached(streets, home)
    made = Town(corners, tuple(tuple(sorted(each)) for each in streets), home)
    for name, far in PLACES.items():
        distance = np.abs(np.hypot(*corners.T) - far) + rng.uniform(0, 60, len(corners))
        distance[[n for n in range(len(corners)) if n not in reached]] = np.inf
        made.places[name] = int(np.argmin(distance))
    return made


def _reached(streets: list[list[int]], start: int) -> set[int]:
    seen, queue = {start}, [start]
    for here in queue:
        for other in streets[here]:
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return seen
