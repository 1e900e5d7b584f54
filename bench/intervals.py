"""Intervals of 95 % for rates; those of shares are device_sim.report.intervals.share."""

from math import inf, sqrt

from device_sim.report.intervals import Z


def rate_interval(count: int, exposure: float) -> tuple[float, float]:
    """Return the interval of ``count`` events per unit of ``exposure`` (Byar's approximation to the Poisson limits)."""
    if exposure <= 0:
        return 0.0, inf
    low = 0.0 if count == 0 else count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3
    return low / exposure, high / exposure
