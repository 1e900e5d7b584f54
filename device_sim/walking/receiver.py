"""How a receiver sees where somebody is: an error that drifts, and the accuracy that it claims.

Outdoors a few metres (the radius of 68 % is drawn around 5 m, drifting over tens of seconds). Indoors a phone keeps a
network's guess for a minute and jumps: median 20 m, 90 % within 466 m, 99 % within 1,414 m.
"""

from typing import Final

import numpy as np

from device_sim.walking.paces import Floats

#: GPS error drifts over tens of seconds, seconds (Gauss-Markov time).
DRIFT_S: Final = 40.0
#: Quantiles of the accuracy that phones report indoors, metres: median 20, p90 466, p99 1,414.
INDOOR_SHARE: Final = (0.0, 0.5, 0.9, 0.99, 1.0)
INDOOR_M: Final = (4.0, 20.0, 466.0, 1414.0, 3000.0)
#: A reported accuracy is the radius of 68 %; the deviation on each axis is that over 1.51 (Rayleigh).
RADIUS: Final = 1.51


def error(rng: np.random.Generator, n: int, indoors: bool) -> tuple[Floats, Floats]:
    """Return the reported accuracy (n,) and the error (n, 2) at each second, metres."""
    if indoors:  # a receiver indoors keeps a network fix for a minute or two, then jumps
        share = np.repeat(rng.uniform(size=n // 60 + 1), 60)[:n]
        accuracy = np.exp(np.interp(share, INDOOR_SHARE, np.log(INDOOR_M)))
    else:
        accuracy = np.full(n, np.exp(rng.normal(np.log(5.0), 0.4)))
    keep = np.exp(-1 / DRIFT_S)
    noise = rng.normal(size=(n, 2)) * np.sqrt(1 - keep**2)
    drift = np.empty((n, 2))
    drift[0] = rng.normal(size=2)
    for i in range(1, n):
        drift[i] = keep * drift[i - 1] + noise[i]
    reported = np.maximum(1.0, accuracy * np.exp(rng.normal(0, 0.2, n)))
    return reported, drift * accuracy[:, None] / RADIUS
