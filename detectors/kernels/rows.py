"""What a fleet's columns hold of one frame and of one wearable: each lies together, since it is asked for together."""

import numba
import numpy as np
from numba import types

from detectors.kernels.compiled import written

#: Of a frame, as detectors.trace has it. ``sums``: of its samples' counts, at the trunk.
FRAME = np.dtype(
    [
        ("t0_us", np.int64),
        ("event_us", np.int64),
        ("seq", np.int64),
        ("heard_us", np.int64),
        ("done_us", np.int64),
        ("early_us", np.int64),
        ("peak", np.float64),
        ("sums", np.int32, (3,)),
    ],
    align=True,
)
#: Of a wearable, as detectors.fleet_table explains it: one line of a processor's cache.
STATE = np.dtype(
    [
        ("boot", np.int64),
        ("head", np.int64),
        ("hot_us", np.int64),
        ("due_us", np.int64),
        ("last_seq", np.int64),
        ("last_t0_us", np.int64),
        ("scale", np.float64),
        ("trunk", np.bool_),
    ],
    align=True,
)
#: What to wait for where nothing waits.
LATER_US = 2**62

#: For signatures: (rows,), (rows, ring), and the counts (rows, ring, n, 3).
STATES, FRAMES = written(numba.from_dtype(STATE), 1), written(numba.from_dtype(FRAME), 2)
COUNTS = written(types.int16, 4)
