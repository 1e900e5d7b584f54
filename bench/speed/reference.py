"""What the speed of falls is measured against, in the same run: River's HalfSpaceTrees, and the plain detector."""

import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.people import SCALE

#: Observations given to River; it is slow, and its speed does not depend on how many.
OBSERVATIONS = 20_000


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
