"""What a silence is judged by, of a home as kernels.rhythms has it: the twin of detectors.routine_features.begun."""

import numba
from numba import types

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats
from detectors.kernels.hours import (
    BATHROOM,
    BEDROOM,
    DAY_US,
    HALL,
    HOUR_US,
    KITCHEN,
    LIVING,
    MINUTE_US,
    OUTER_DOOR,
    ROOMS,
    Row,
    Rows,
)
from detectors.kernels.rhythms import LENGTHS, PARTS_OF_DAY, RHYTHM, SLOT_US, SLOTS
from detectors.kernels.silences import DAY_MINUTES, MINUTES, NEAR_MINUTES, START

#: Of detectors.routine_features: a long rest, doubt of a cell, most signs indoors, and what counts as long ago.
LONG_REST_MINUTES, CELL_DOUBT, MANY, LONG_AGO_H = 120, 0.5, 100, 30.0
#: Of detectors.routine_rests.
KNOWN_DAYS = 28.0
#: How many columns there are, and where how somebody settled begins in them.
COLUMNS, OF_LATE = 49, 27


@part
def since_h(now_us: int, then_us: int) -> float:
    """Return the hours since a moment, as they are told."""
    return LONG_AGO_H if then_us < 0 else min((now_us - then_us) / HOUR_US, LONG_AGO_H)


@part
def mean_slots(home: Row, slot: int, step: int, first: int, end: int) -> float:
    """Return the mean share of the half hours ``first..end`` after (``step`` 1) or before (-1) one."""
    total = 0.0
    for k in range(first, end):
        total += home.slots[(slot + step * k) % SLOTS]
    return total / (end - first)


@part
def long_near(rests: Floats, began: float) -> int:
    """As routine_rests.long_near."""
    found = 0
    for k in range(rests.shape[0]):
        apart = abs((rests[k, START] - began) % DAY_MINUTES)
        near = min(apart, DAY_MINUTES - apart) <= NEAR_MINUTES
        found += 1 if near and rests[k, MINUTES] >= LONG_REST_MINUTES else 0
    return found


@part
def of_late(home: Row, row: Floats) -> None:
    """As routine_features._of_late."""
    last = home.last_us
    row[0], row[1], row[2] = home.signs[1], home.signs[2], 24 * home.signs[1] / max(home.signs[2], 1.0)
    row[3] = home.changes[1] / max(home.busy[1], 1.0)
    row[4] = float(home.trail[2, 0]) if home.trailed > 2 else -1.0
    row[5] = (last - home.trail[0, 1]) / MINUTE_US if home.trailed > 0 else -1.0
    row[6], row[7] = (float(home.pauses[0]) if home.paused > 0 else -1.0), -1.0
    for k in range(home.paused):
        row[7] = max(row[7], float(home.pauses[k]))
    row[8], row[9], row[10], row[11] = home.doors, float(min(home.indoors, MANY)), home.together, home.hourly
    rooms = 0
    for k in range(ROOMS):
        rooms += 1 if home.seen[k] >= 0 and 0 <= last - home.seen[k] <= HOUR_US else 0
    row[12], row[13], row[14] = rooms, since_h(last, home.seen[LIVING]), since_h(last, home.seen[HALL])
    before = mean_slots(home, last % DAY_US // SLOT_US, -1, 0, 8)
    row[15], row[16] = before, 6 * home.busy[2] / max(home.daily, 1.0) / max(before, 0.05)
    cell = home.room * PARTS_OF_DAY + last % DAY_US * PARTS_OF_DAY // DAY_US
    known = home.cell_order[cell] >= 0
    least = home.cells[cell, 0] if known else 0
    row[17] = least
    for k in range(1, LENGTHS):
        row[17 + k] = ((home.cells[cell, k] if known else 0) + CELL_DOUBT) / (least + 4 * CELL_DOUBT)


@kernel(
    written(numba.from_dtype(RHYTHM), 1), read(types.float64, 2), types.int64, types.float64, written(types.float64, 1)
)
def begun(homes: Rows, rests: Floats, woke_us: int, slept_h: float, row: Floats) -> None:
    """Write routine_features.BEGUN of the last sign of ``homes`` (1,) into ``row`` (COLUMNS,).

    ``rests`` (k, 4); ``woke_us``, ``slept_h``: of the last long silence. Raises IndexError when the row is too short.
    """
    home, many = homes[0], rests.shape[0]
    if len(row) < COLUMNS or rests.shape[1] < 4:
        raise IndexError
    last, slot = home.last_us, home.last_us % DAY_US // SLOT_US
    days = max(min(home.days, KNOWN_DAYS), 1.0)
    row[0], row[1] = last % DAY_US / HOUR_US, float(last // DAY_US % 7)
    row[2], row[3] = float(home.room), float(home.before)
    for k in range(4):
        row[4 + k] = home.busy[k]
    row[8], row[9], row[10] = home.signs[0], home.changes[0], home.changes[1]
    row[11], row[12] = since_h(last, home.seen[BEDROOM]), since_h(last, home.seen[OUTER_DOOR])
    row[13], row[14] = since_h(last, home.seen[KITCHEN]), since_h(last, home.seen[BATHROOM])
    row[15], row[16], row[17] = since_h(last, woke_us), slept_h, home.slots[slot]
    row[18], row[19], row[20] = mean_slots(home, slot, 1, 1, 5), min(home.days, KNOWN_DAYS), home.daily
    row[21] = home.busy[1] / max(home.daily / 24, 0.1)
    row[22] = home.busy[3] / max(home.daily, 1.0)
    row[23], row[24] = many / days, long_near(rests, last / MINUTE_US) / days
    row[25] = rests[many - 1, MINUTES] / 60 if many else 0.0
    since = last / MINUTE_US - rests[many - 1, START] - rests[many - 1, MINUTES] if many else 0.0
    row[26] = since / 60 if many else LONG_AGO_H
    of_late(home, row[OF_LATE:COLUMNS])
