"""Which way is down before and after an impact, for methods whose sensor sat in a known way and stood still before.

The published methods take "upright" from a calibration while the wearer stands. Nothing of that kind is in these
recordings, and none can be asked of a person with dementia: here upright is the mean direction of the seconds before.
"""

import numpy as np

from bench.falls.method import Floats, Signal

#: Seconds before the event whose mean direction is taken for upright.
UPRIGHT_FROM_S, UPRIGHT_TO_S = 4.0, 1.0
#: Shortest stretch that tells a direction; where the record has less, it is what there is.
SHORTEST_S = 0.4
_TINY = 1e-9


def upright(signal: Signal, at_s: float) -> Floats:
    """Return the unit direction of gravity before ``at_s``, shape (3,); zeros where nothing was measured."""
    first = max(0, round((at_s - UPRIGHT_FROM_S) * signal.fs))
    last = max(round((at_s - UPRIGHT_TO_S) * signal.fs), first + max(1, round(SHORTEST_S * signal.fs)))
    mean = signal.acc[first : min(last, len(signal.acc))].mean(axis=0)
    return np.asarray(mean / (np.sqrt(np.dot(mean, mean)) + _TINY))


def smoothed(acc: Floats, samples: int) -> Floats:
    """Return the moving mean of ``acc`` (n, 3) over the last ``samples``, shape (n, 3); shorter at the start."""
    total = np.vstack([np.zeros((1, acc.shape[1])), np.cumsum(acc, axis=0)])
    low = np.maximum(0, np.arange(len(acc)) + 1 - samples)
    return np.asarray((total[1:] - total[low]) / (np.arange(1, len(acc) + 1) - low)[:, None])


def angles(acc: Floats, to: Floats) -> Floats:
    """Return the angle between each of ``acc`` (n, 3) and the unit vector ``to``, degrees, shape (n,)."""
    cosine = acc @ to / (np.sqrt(np.einsum("ij,ij->i", acc, acc)) + _TINY)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def between(signal: Signal, from_s: float, to_s: float) -> slice:
    """Return the samples between two times; the last SHORTEST_S of the record where it ends before them."""
    n, shortest = len(signal.acc), max(1, round(SHORTEST_S * signal.fs))
    first = max(0, min(round(from_s * signal.fs), n - shortest))
    return slice(first, max(first + 1, min(n, round(to_s * signal.fs))))
