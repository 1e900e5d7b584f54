"""The judge of a way: what it looks like over several times, and what the trees say of that (detectors.walk_model)."""

from math import inf
from typing import Any

import numpy as np
from numba import types

from detectors.kernels.compiled import kernel, read
from detectors.kernels.grid import Floats, Ints
from detectors.kernels.judges import Shorts, said_by
from detectors.kernels.way_rows import PASSED, RATIO, TOLD, Rows
from detectors.kernels.ways import looked


@kernel(
    read(types.float32, 2), types.float64, read(types.float64, 1), read(types.int64, 1), read(types.int16, 2),
    read(types.float64, 2), read(types.int16, 2), read(types.int16, 2), read(types.float64, 2), types.int64,
)  # fmt: skip
def said_of(
    rows: Rows, floor: float, scales_s: Floats, columns: Ints, feature: Shorts, threshold: Floats, left: Shorts,
    right: Shorts, value: Floats, depth: int,
) -> Any:  # fmt: skip
    """Return the sum of what the trees say of the way of ``rows`` (n, WIDE), n at least 1.

    -inf where at no time looked back over the logarithm of way over extent, and of passes, come to ``floor`` together.
    ``columns``: below scales times TOLD.
    """
    told = np.empty(scales_s.shape[0] * TOLD)
    looked(rows, scales_s, told)
    most = -inf
    for at in range(0, told.shape[0], TOLD):
        both = told[at + RATIO] + told[at + PASSED]
        if not both <= most:  # what is no number is not below the floor
            most = both
        if both != both:
            break
    if most < floor:
        return -inf
    return said_by(told, columns, feature, threshold, left, right, value, depth, np.empty(feature.shape[0]))
