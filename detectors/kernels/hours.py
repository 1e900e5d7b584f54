"""Lengths of time and kinds of rooms as kernels know them; a test holds them to what detectors.routine has."""

from typing import Any, TypeAlias

import numba
import numpy as np
from numba import types

from detectors.kernels.compiled import read, written

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
#: Of detectors.routine.Room.
ROOMS, OTHER, BEDROOM, BATHROOM, LIVING, HALL, KITCHEN, OUTER_DOOR = 7, 0, 1, 2, 3, 4, 5, 6
#: Stands for a moment that never comes.
NEVER_US = 2**62
#: In the column of items: the platform's clock. Everything from 0 on is a class of messages.
TICK = -1

#: What all messages of one class have in common (detectors.home_columns). ``alive``: -1 says nothing, else 0 or 1.
CLASS = np.dtype(
    [
        ("sign", np.bool_),
        ("moved", np.bool_),
        ("odd", np.bool_),
        ("room", np.int64),
        ("alive", np.int64),
        ("times", np.int64),
        ("device", np.int64),
    ],
    align=True,
)
#: For signatures: the classes, the items' classes and their moments.
CLASSES, ITEMS, MOMENTS = read(numba.from_dtype(CLASS), 1), read(types.int32, 1), read(types.int64, 1)
INTS = written(types.int64, 1)
#: One of an array of records, and such an array: what their fields are only the kernel's compiler checks.
Row: TypeAlias = Any
Rows: TypeAlias = Any
