"""Intervals of 95 % for shares and rates."""

from math import inf, sqrt

#: Standard normal quantile of 97.5 %.
Z = 1.959964


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the Wilson interval of a share (0 to 1) of ``hits`` among ``of`` > 0."""
    share = hits / of
    middle = share + Z * Z / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rate_interval(count: int, exposure: float) -> tuple[float, float]:
    """Return the interval of ``count`` events per unit of ``exposure`` (Byar's approximation to the Poisson limits)."""
    if exposure <= 0:
        return 0.0, inf
    low = 0.0 if count == 0 else count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3
    return low / exposure, high / exposure
