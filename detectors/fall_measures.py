"""Lengths, angles and rhythm of many windows at once, each row added up by itself alone.

A matrix product would add up in an order that depends on the batch; what a fall's features are must not, to the last
bit.
"""

import numpy as np

from detectors.fall_window import Floats

#: Step and stride of a walk: 0.32 to 1.2 s, in bins; below this power (g^2) there is nothing to repeat.
_LAGS = range(8, 31)
_STILL_POWER = 1e-3
_TINY = 1e-9


def lengths(vectors: Floats) -> Floats:
    """Return the length of vectors (..., 3): shape (...)."""
    return np.sqrt(dots(vectors, vectors))


def dots(a: Floats, b: Floats) -> Floats:
    """Return the scalar products of vectors (..., 3): shape (...)."""
    told: Floats = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return told


def angles_deg(a: Floats, b: Floats) -> Floats:
    """Return the angles between vectors (k, 3) in degrees; 0 where one of them has no length."""
    both = np.sqrt(dots(a, a) * dots(b, b))
    cosine = np.clip(dots(a, b) / np.maximum(both, _TINY), -1.0, 1.0)
    return np.where(both < _TINY, 0.0, np.degrees(np.arccos(cosine)))


def periodicity(mag: Floats) -> Floats:
    """Return how much |a| repeats itself at the step and stride of a walk: 0 no, 1 wholly."""
    x = mag - mag.mean(axis=1, keepdims=True)
    power = np.square(x).sum(axis=1)
    count = x.shape[1]
    padded = np.zeros((len(x), count + _LAGS[-1]))
    padded[:, :count] = x
    later = np.lib.stride_tricks.sliding_window_view(padded, count, axis=1)[:, _LAGS[0] :]  # x from each lag on
    best = np.maximum((later * x[:, None, :]).sum(axis=2).max(axis=1), 0.0)
    found: Floats = np.where(power < _STILL_POWER, 0.0, best / np.maximum(power, _STILL_POWER))
    return found


def running_mean(signal: Floats, width: int) -> Floats:
    """Return the centred mean of ``width`` (odd) bins of each row of ``signal`` (k, n); ends are held."""
    half = width // 2
    held = np.concatenate([np.repeat(signal[:, :1], half + 1, 1), signal, np.repeat(signal[:, -1:], half, 1)], axis=1)
    sums = np.cumsum(held, axis=1)
    found: Floats = (sums[:, width:] - sums[:, :-width]) / width
    return found
