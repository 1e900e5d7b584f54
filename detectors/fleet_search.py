"""Impacts of many wearables at once, and the windows around them, as detectors.impacts and fall_window find them.

Only for rows of a detectors.fleet_table.Table: frames that follow each other without a gap and without overlap. The
newest frame of each stands in the free place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.fall_stages import EARLY_S, EARLY_US, POST_US
from detectors.fall_window import BINS, Windows
from detectors.fleet_table import Ints, Table
from detectors.impacts import APART_S, TRUNK_BACK_S
from detectors.kernels.cutting import cut_of_rings
from detectors.kernels.rings import search

_SECOND = 1_000_000
#: Past all that a window looks at: nothing after the impact is left out.
LATER_US = 60 * _SECOND
#: Impacts for which there is room at first, for each row.
_ROOM = 4


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Impacts: ``at`` (m,) which of the rows asked for, ``place`` (m,) the sample counted from the row's oldest."""

    at: Ints
    place: Ints


def hits(table: Table, rows: Ints, quiet: NDArray[np.bool_], gate_g: float) -> tuple[Hits, Hits]:
    """Return the impacts in ``rows`` (k,) to be judged early, and those to be judged with all their seconds.

    ``quiet`` (k,) is cleared where the columns do not hold all that must be looked at.
    """
    shape = table.shape
    found = np.empty((_ROOM * len(rows), 3), np.int64)
    while True:
        count = search(
            rows,
            table.state,
            table.frames,
            table.acc,
            shape.period_ns,
            shape.searched,
            int(APART_S * _SECOND),
            int(TRUNK_BACK_S * _SECOND),
            EARLY_US,
            int(EARLY_S * _SECOND),
            POST_US,
            shape.span_us,
            gate_g,
            found,
            quiet,
        )
        if count <= len(found):
            break
        found = np.empty((count, 3), np.int64)
    early = found[:count, 2] == 1
    told = found[:count]
    return Hits(*_columns(told[early])), Hits(*_columns(told[~early]))


def windows(table: Table, rows: Ints, which: Hits, *, early: bool) -> Windows:
    """Return the windows around impacts in ``rows``; an early one sees EARLY_S after it and no more."""
    count = len(which.at)
    acc, mag, told = np.empty((count, BINS, 3)), np.empty((count, BINS)), np.empty((count, 3))
    cut_of_rings(
        table.acc,
        table.state,
        table.frames,
        table.shape.period_ns,
        rows[which.at],
        which.place,
        EARLY_US if early else LATER_US,
        acc,
        mag,
        told,
    )
    return Windows(acc, mag, told[:, 0], told[:, 1], told[:, 2])


def _columns(found: Ints) -> tuple[Ints, Ints]:
    return np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])
