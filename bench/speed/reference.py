"""What speed is measured against in the same run: River's HalfSpaceTrees, and a plain loop of Python."""

import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.people import SCALE

#: Observations given to River; it is slow, and its speed does not depend on how many.
OBSERVATIONS = 20_000


#: Turns of the plain loop, and how often it runs, of which the fastest counts.
TURNS, ROUNDS = 200_000, 3


def plain_loop() -> float:
    """Return microseconds of CPU that a thousand turns of a plain loop of additions take."""
    took = list[float]()
    for _ in range(ROUNDS):
        began, total = time.process_time(), 0
        for i in range(TURNS):
            total += i
        took.append(time.process_time() - began)
    return min(took) / TURNS * 1e9


@dataclass(frozen=True, slots=True)
class Reference:
    """``rate``: samples a second of one core; None where it is not installed."""

    name: str
    rate: float | None
    note: str


def half_space_trees(acc: NDArray[np.int16]) -> Reference:
    """Measure River's HalfSpaceTrees on acceleration ``acc`` (n, 3): each sample scored, then learnt."""
    name = "river.anomaly.HalfSpaceTrees()"
    try:
        anomaly = import_module("river.anomaly")  # an extra of the bench, not of the house
    except ImportError:
        return Reference(name, None, "not installed: pip install river")
    model: Any = anomaly.HalfSpaceTrees(seed=1)
    limit = 4 / SCALE
    rows = np.clip(acc[:OBSERVATIONS] / limit / 2 + 0.5, 0, 1).tolist()  # it takes what lies between 0 and 1
    observations = [dict(zip("xyz", row, strict=True)) for row in rows]
    began = time.process_time()
    for observation in observations:
        model.score_one(observation)
        model.learn_one(observation)
    return Reference(name, len(rows) / (time.process_time() - began), "each x, y, z scored, then learnt")
