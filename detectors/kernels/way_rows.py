"""How the points of a way lie in rows of numbers, and what is told of a way over each time; no numba to know that.

The two kernels (detectors.kernels.ways) are loaded when the first position comes: the desk and a home without positions
need neither them nor the memory that numba takes.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

#: Columns of a point.
T, X, Y, ERROR, AGO, COSINE = 0, 1, 2, 3, 4, 8
#: Earlier passes of a place that are kept, columns of a point, and what stands for no pass.
PASSES, WIDE, NEVER = 4, 9, 1e9
#: What is told of the way over each time; detectors.walk_model says what each is.
RATIO, PASSED, SAME, OPPOSITE, STRAIGHT, SPEED, MOVING, EXTENT, WRONG, TURNED, AHEAD, COVERED, THIRD, VARIES = range(14)
TOLD = 14


@cache
def look_back() -> Callable[[Rows, Rows], None]:
    """Return the kernel that fills in when the place of a new point was passed before."""
    from detectors.kernels.ways import look_back as kernel  # noqa: PLC0415  # numba

    return kernel


@cache
def looks() -> Callable[[Rows, NDArray[np.float64], NDArray[np.float64]], None]:
    """Return the kernel that tells what a way looks like over several times."""
    from detectors.kernels.ways import looks as kernel  # noqa: PLC0415  # numba

    return kernel
