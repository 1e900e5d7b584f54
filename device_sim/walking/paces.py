"""From corners to steps: a way walked at a person's pace, one point a second, with its stops. Metres and seconds."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def along(corners: Floats, speed: float, rng: np.random.Generator) -> Floats:
    """Return the way through ``corners`` (k, 2) in metres, one point a second, at a swaying pace of ``speed`` m/s."""
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    marks = np.concatenate([[0.0], np.cumsum(lengths)])
    seconds = int(marks[-1] / speed) + 1
    way = np.cumsum(np.clip(speed * (1 + 0.2 * rng.normal(size=seconds)), 0.1, None))
    way = way[way <= marks[-1]]
    return np.column_stack([np.interp(way, marks, corners[:, 0]), np.interp(way, marks, corners[:, 1])])


def pauses(path: Floats, rng: np.random.Generator, each_s: float, least_s: float, most_s: float) -> Floats:
    """Return the path with stops: on average one each ``each_s``, of uniform length."""
    stays = np.ones(len(path), dtype=np.int64)
    stops = rng.uniform(size=len(path)) < 1 / each_s
    stays[stops] += rng.uniform(least_s, most_s, int(stops.sum())).astype(np.int64)
    return np.repeat(path, stays, axis=0)


def stay(rng: np.random.Generator, here: Floats, seconds: float) -> Floats:
    """Return ``seconds`` points at one place: a person stands, and shifts a little."""
    return np.asarray(here + rng.normal(0, 0.3, (int(seconds), 2)))
