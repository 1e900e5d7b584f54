"""Slow twins of detectors.kernels.ways: points as tuples of seconds, x, y and error, everything looked at anew."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot, log, sqrt

Place = tuple[float, float, float, float]
Pass = tuple[list[float], float]


def passes_before(points: Sequence[Place], i: int) -> Pass:
    """How many seconds ago the place of point ``i`` was passed, at most four times, and the cosine with the last."""
    t, x, y, error = points[i]
    late = [p for p in points[:i] if t - p[0] <= 240.0] + [points[i]]
    extent = hypot(max(p[1] for p in late) - min(p[1] for p in late), max(p[2] for p in late) - min(p[2] for p in late))
    away = [hypot(p[1] - x, p[2] - y) for p in points[:i]]
    reach = [3.0 * max(error, p[3]) + 0.03 * extent for p in points[:i]]
    found: list[int] = []
    left = False
    for j in reversed(range(i)):
        if left and away[j] <= reach[j]:
            found.append(j)
            left = False
        elif not left and away[j] > 1.2 * reach[j]:
            left = True
    cosine = _cosine(points, away, found[0], i) if found and found[0] > 0 else 0.0
    return [t - points[j][0] for j in found[:4]], cosine


def _cosine(points: Sequence[Place], away: list[float], j: int, i: int) -> float:
    while j > 1 and away[j - 1] < away[j]:
        j -= 1
    then = points[j][1] - points[j - 1][1], points[j][2] - points[j - 1][2]
    ahead = points[i][1] - points[i - 1][1], points[i][2] - points[i - 1][2]
    return (then[0] * ahead[0] + then[1] * ahead[1]) / (hypot(*then) * hypot(*ahead) + 1e-9)


def looks(points: Sequence[Place], passed: Sequence[Pass], scale_s: float) -> dict[str, float]:
    """What the way looks like over the last ``scale_s``, by the names of detectors.walk_model.LOOKS."""
    first = next(i for i, p in enumerate(points) if points[-1][0] - p[0] <= scale_s)
    part, known = points[first:], passed[first:]
    steps = [(b[1] - a[1], b[2] - a[2], b[0] - a[0]) for a, b in pairwise(part)]
    lengths, took = [hypot(x, y) for x, y, _ in steps], sum(s for _, _, s in steps)
    way = sum(lengths)
    extent = hypot(max(p[1] for p in part) - min(p[1] for p in part), max(p[2] for p in part) - min(p[2] for p in part))
    wrong, seconds, many = max(p[3] for p in part), max(took, 1.0), max(1, len(steps))
    speeds = [length / s for length, (_, _, s) in zip(lengths, steps, strict=True)]
    turns = [(a[0] * b[0] + a[1] * b[1]) / (hypot(a[0], a[1]) * hypot(b[0], b[1]) + 1e-9) for a, b in pairwise(steps)]
    squares = sum(min(speed, 3.0) ** 2 * s for speed, (_, _, s) in zip(speeds, steps, strict=True))
    mean = way / (took + 1e-9)
    often = [1 + sum(ago <= p[0] - part[0][0] for ago in agos) for p, (agos, _) in zip(part, known, strict=True)]
    cosines = [cosine for _, cosine in known]

    def share(chosen: Sequence[bool]) -> float:
        return sum(length for length, is_it in zip(lengths, chosen, strict=True) if is_it) / (way + 1e-9)

    return {
        "ratio": log(way / (extent + 2 * wrong) + 0.1),
        "passed": log(sum(often) / len(often)),
        "same": share([n > 1 and cosine > 0.5 for n, cosine in zip(often[1:], cosines[1:], strict=True)]),
        "opposite": share([n > 1 and cosine < -0.5 for n, cosine in zip(often[1:], cosines[1:], strict=True)]),
        "straight": hypot(part[-1][1] - part[0][1], part[-1][2] - part[0][2]) / (way + 2 * wrong),
        "speed": log(way / seconds + 0.02),
        "moving": sum(s for speed, (_, _, s) in zip(speeds, steps, strict=True) if speed > 0.3) / seconds,
        "extent": log(extent + 1),
        "wrong": log(wrong),
        "turned": sum(turn < -0.5 for turn in turns) / many,
        "ahead": sum(turns) / many,
        "covered": seconds / scale_s,
        "third": share([n > 2 for n in often[1:]]),
        "varies": sqrt(max(0.0, squares / (took + 1e-9) - mean * mean)) / (mean + 0.05),
    }
