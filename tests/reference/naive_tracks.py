"""Slow twins of the kernels in detectors.tracks, point by point."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from detectors.tracks import Point


def extent(part: Sequence[Point]) -> float:
    return hypot(max(p.x for p in part) - min(p.x for p in part), max(p.y for p in part) - min(p.y for p in part))


def walked(part: Sequence[Point]) -> float:
    return sum(hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(part))


def passes(part: Sequence[Point]) -> float:
    """For each point: how often the way comes within reach of it, having been out of reach."""
    reach = max(0.1 * extent(part), 3 * max(p.error_m for p in part))
    total = 0
    for here in part:
        was_near = False
        for there in part:
            near = hypot(there.x - here.x, there.y - here.y) <= reach
            total += near and not was_near
            was_near = near
    return total / len(part)
