"""Intervals of 95 %: of shares (Wilson 1927) and, exactly, of counts (Garwood 1936)."""

from collections.abc import Callable
from math import exp, inf, sqrt

#: Standard normal quantile of 97.5 %.
Z = 1.959964
#: What is left outside on either side.
TAIL = 0.025
#: Halvings until the limits of a count are known to more digits than anybody reads.
_HALVINGS = 60


def share(hits: int, of: int) -> tuple[float, float]:
    """Return the interval of a share, 0 to 1, of ``hits`` among ``of``; all of it when nothing was tried."""
    if of == 0:
        return 0.0, 1.0
    found = hits / of
    middle = found + Z * Z / (2 * of)
    spread = Z * sqrt(found * (1 - found) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rate(count: int, exposure: float) -> tuple[float, float]:
    """Return the interval of ``count`` events in ``exposure``, for each unit of it."""
    if exposure <= 0:
        return 0.0, inf
    low = 0.0 if count == 0 else _mean(lambda mean: 1 - _at_most(count - 1, mean) > TAIL, count)
    return low / exposure, _mean(lambda mean: _at_most(count, mean) < TAIL, count) / exposure


def _mean(beyond: Callable[[float], bool], count: int) -> float:
    low, high = 0.0, 2.0 * count + 20.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high


def _at_most(count: int, mean: float) -> float:
    """Return the chance of ``count`` or fewer events where ``mean`` are usual."""
    term = total = exp(-mean)
    for n in range(1, count + 1):
        term *= mean / n
        total += term
    return min(1.0, total)
