"""Sums, extremes, angles and rhythm along one stretch of a window: x[low:high].

Sums are added up as numpy adds up a row (in eights, and those in pairs), so that what was computed with numpy stays the
same to the bit: models that were trained, scores that were told. NaN is passed on wherever numpy passes it on.
"""

from math import sqrt

import numpy as np

from detectors.kernels.compiled import part
from detectors.kernels.grid import Floats

_BLOCK, _DEEP = 128, 32
#: Step and stride of a walk: 0.32 to 1.2 s, in bins; below this power (g^2) there is nothing to repeat.
FIRST_LAG, LAST_LAG = 8, 30
STILL_POWER = 1e-3
TINY = 1e-9


@part
def total(x: Floats, low: int, high: int) -> float:
    """Return the sum of at most 128 values; ``long_total`` takes more."""
    n = high - low
    found = 0.0
    whole = low
    if n >= 8:
        a, b, c, d = x[low], x[low + 1], x[low + 2], x[low + 3]
        e, f, g, h = x[low + 4], x[low + 5], x[low + 6], x[low + 7]
        whole = low + n - n % 8
        for i in range(low + 8, whole, 8):
            a += x[i]
            b += x[i + 1]
            c += x[i + 2]
            d += x[i + 3]
            e += x[i + 4]
            f += x[i + 5]
            g += x[i + 6]
            h += x[i + 7]
        found = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, high):
        found += x[i]
    return found


@part
def long_total(x: Floats, low: int, high: int) -> float:
    """Return the sum of any number of values: beyond 128 numpy halves them, and each half again."""
    # no call to itself: what is still to be added stands in these, the whole first; of each where it begins and ends,
    # how many of its halves are summed, and the sum of the first
    begins, ends, halves, first = np.empty(_DEEP, np.int64), np.empty(_DEEP, np.int64), np.zeros(_DEEP), np.empty(_DEEP)
    begins[0], ends[0], at, found = low, high, 0, 0.0
    while at >= 0:
        n = ends[at] - begins[at]
        if n <= _BLOCK:
            found = total(x, begins[at], ends[at])
        elif halves[at] == 2:
            found = first[at] + found
        else:
            if halves[at] == 1:
                first[at] = found
            middle = begins[at] + n // 2 - n // 2 % 8
            begins[at + 1], ends[at + 1] = (middle, ends[at]) if halves[at] == 1 else (begins[at], middle)
            halves[at], halves[at + 1] = halves[at] + 1, 0
            at += 1
            continue
        at -= 1
    return found


@part
def mean(x: Floats, low: int, high: int) -> float:
    """Return the mean."""
    return total(x, low, high) / (high - low)


@part
def most(x: Floats, low: int, high: int) -> float:
    """Return the largest; NaN where there is one."""
    found: float = x[low]
    for i in range(low + 1, high):
        if x[i] > found or x[i] != x[i]:
            found = x[i]
    return found


@part
def least(x: Floats, low: int, high: int) -> float:
    """Return the smallest; NaN where there is one."""
    found: float = x[low]
    for i in range(low + 1, high):
        if x[i] < found or x[i] != x[i]:
            found = x[i]
    return found


@part
def least_at(x: Floats, low: int, high: int) -> int:
    """Return where the smallest is; the first NaN where there is one."""
    found = low
    for i in range(low + 1, high):
        if x[i] < x[found] or (x[i] != x[i] and x[found] == x[found]):
            found = i
    return found


@part
def larger(a: float, b: float) -> float:
    """Return the larger of two; NaN where one is."""
    return a if a > b or a != a else b


@part
def smaller(a: float, b: float) -> float:
    """Return the smaller of two; NaN where one is."""
    return a if a < b or a != a else b


@part
def count_over(x: Floats, low: int, high: int, level: float) -> int:
    """Return how many lie over ``level``."""
    found = 0
    for i in range(low, high):
        found += x[i] > level
    return found


@part
def count_under(x: Floats, low: int, high: int, level: float) -> int:
    """Return how many lie under ``level``."""
    found = 0
    for i in range(low, high):
        found += x[i] < level
    return found


@part
def longest_under(x: Floats, low: int, high: int, level: float) -> int:
    """Return the length of the longest run under ``level``."""
    found = run = 0
    for i in range(low, high):
        run = run + 1 if x[i] < level else 0
        found = max(found, run)
    return found


@part
def mean_way(acc: Floats, low: int, high: int) -> tuple[float, float, float]:
    """Return the mean of the vectors acc[low:high]."""
    x = y = z = 0.0
    for i in range(low, high):
        x += acc[i, 0]
        y += acc[i, 1]
        z += acc[i, 2]
    n = high - low
    return x / n, y / n, z / n


@part
def dot(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Return the scalar product of two vectors."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@part
def length(a: tuple[float, float, float]) -> float:
    """Return the length of a vector."""
    return sqrt(dot(a, a))


@part
def cosine(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Return the cosine of the angle between two vectors; 1 where one of them has no length."""
    both = sqrt(dot(a, a) * dot(b, b))
    if both < TINY:
        return 1.0
    return smaller(larger(dot(a, b) / larger(both, TINY), -1.0), 1.0)


@part
def periodicity(x: Floats, low: int, high: int) -> float:
    """Return how much a signal repeats itself at the step and stride of a walk: 0 no, 1 wholly."""
    n = high - low
    level = mean(x, low, high)
    off = np.zeros(n + LAST_LAG)
    for i in range(n):
        off[i] = x[low + i] - level
    like = np.empty(n)
    for i in range(n):
        like[i] = off[i] * off[i]
    power = total(like, 0, n)
    if power < STILL_POWER:
        return 0.0
    best = 0.0
    for lag in range(FIRST_LAG, LAST_LAG + 1):
        for i in range(n):
            like[i] = off[i] * off[i + lag]
        best = larger(total(like, 0, n), best)
    return best / larger(power, STILL_POWER)


@part
def running_mean(x: Floats, width: int, found: Floats) -> None:
    """Write the centred mean of ``width`` (odd) values of ``x`` into ``found``; ends are held."""
    n, half = len(x), width // 2
    sums = np.empty(n + 2 * half + 1)
    level = 0.0
    for i in range(len(sums)):
        level = x[0] if i == 0 else level + x[min(max(i - half - 1, 0), n - 1)]
        sums[i] = level
    for i in range(n):
        found[i] = (sums[i + width] - sums[i]) / width
