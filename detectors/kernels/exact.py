"""The length of a vector as Python's own ``math.hypot`` has it (3.11), to the last bit.

What the C library gives may differ there, by processor; the way of a person, once taken, must be the same everywhere.
"""

from math import frexp, inf, isinf, isnan, ldexp, sqrt
from typing import Any

from detectors.kernels.compiled import part

#: Splits a number into two halves whose products are exact (Veltkamp).
_HALVES = 134217729.0


@part
def length(x: float, y: float) -> Any:
    """Return the length of (x, y): squares added in halves, and the root corrected by what it is off."""
    x, y = abs(x), abs(y)
    most = x if x > y else y
    if isinf(x) or isinf(y):
        return inf
    if isnan(x) or isnan(y):
        return x + y
    exponent = frexp(most)[1]
    if most == 0.0 or exponent < -1023:
        return most
    scale = ldexp(1.0, -exponent)
    total, first, second, third = 1.0, 0.0, 0.0, 0.0
    for each in (x, y):
        part_of = each * scale
        split = part_of * _HALVES
        high = split - (split - part_of)
        low = part_of - high
        square, before = high * high, total
        total += square
        first += (before - total) + square
        square, before = 2.0 * high * low, total
        total += square
        second += (before - total) + square
        third += low * low
    root = sqrt(total - 1.0 + (first + second + third))
    split = root * _HALVES
    high = split - (split - root)
    low = root - high
    square, before = -high * high, total
    total += square
    first += (before - total) + square
    square, before = -2.0 * high * low, total
    total += square
    second += (before - total) + square
    square, before = -low * low, total
    total += square
    third += (before - total) + square
    off = total - 1.0 + (first + second + third)
    return (root + off / (2.0 * root)) / scale
