"""One home's silences over many messages and ticks at once, as long as nothing happens that is rare.

``walk`` goes as far as detectors.inactivity would only note what it hears: signs of life within the hour, reports,
ticks with nothing due. At the first item that asks for more (a rest ends, a silence is due, somebody is away, the clock
is set) it stops before it, with the state as it was, and the plain code takes that one.
"""

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints
from detectors.kernels.hours import (
    CLASSES,
    DAY_US,
    HOUR_US,
    INTS,
    ITEMS,
    MINUTE_US,
    MOMENTS,
    OUTER_DOOR,
    ROOMS,
    TICK,
    Row,
    Rows,
)  # fmt: skip

#: Of detectors.routine: half hours, parts of the day, lengths of pauses, what is remembered of the last ones.
SLOTS, SLOT_US, PARTS_OF_DAY, LENGTHS, CELL_FULL, TRAIL, PAUSES = 48, DAY_US // 48, 6, 5, 120, 3, 5
PAUSE_MINUTES = np.array([10, 30, 60, 120, 240])
SLOT_GAIN, HOURLY_GAIN = 1 / 14, 1 / 20
DOORWAY_US, TOGETHER_US, REST_US = 30 * MINUTE_US, 4_000_000, HOUR_US + MINUTE_US
#: Of the detector: when a silence is judged, how long the clock may stand still, when a home is forgotten.
FIRST_US, BLIND_US, FORGOTTEN_US = 30 * MINUTE_US, 10 * MINUTE_US, 35 * DAY_US
#: Of its sensors: how many, how long one counts, over what time the longest pause is forgotten.
DEVICES_KEPT, DEVICE_COUNTS_US, PAUSE_MEMORY_US = 64, 14 * DAY_US, 14 * DAY_US
#: Columns of the table of decay: busy from 0, changes from 4, signs from 6, the door 9, the doorway 10.
CHANGES, SIGNS, DOORS, DOORWAY, DECAYS = 4, 6, 9, 10, 11
#: Products of times that are divided again stay exact where both are below this.
EXACT_US = 2 * PAUSE_MEMORY_US

#: Of detectors.inactivity_home.Home and its Routine; ``anchor`` is the item of the last sign, -1: as it was.
RHYTHM = np.dtype(
    [
        ("now_us", np.int64),
        ("clock_us", np.int64),  # of a replay that makes its ticks itself, and the tick that the plain code is to take
        ("tick_us", np.int64),
        ("wakes", np.int64),  # 1: it stopped before a sign that ends a rest, and asks for nothing else
        ("home_last_us", np.int64),
        ("heard_us", np.int64),
        ("pause_us", np.int64),
        ("cut_us", np.int64),
        ("blind_us", np.int64),
        ("due_us", np.int64),
        ("ring_us", np.int64),
        ("score", np.float64),
        ("anchor", np.int64),
        ("last_us", np.int64),
        ("room", np.int64),
        ("before", np.int64),
        ("counted", np.int64),
        ("indoors", np.int64),
        ("days", np.float64),
        ("daily", np.float64),
        ("doors", np.float64),
        ("together", np.float64),
        ("hourly", np.float64),
        ("left", np.float64),
        ("stayed", np.float64),
        ("busy", np.float64, (4,)),
        ("changes", np.float64, (2,)),
        ("signs", np.float64, (3,)),
        ("slots", np.float64, (SLOTS,)),
        ("seen", np.int64, (ROOMS,)),
        ("trailed", np.int64),
        ("trail", np.int64, (TRAIL, 2)),
        ("paused", np.int64),
        ("pauses", np.int64, (PAUSES,)),
        ("cells", np.int64, (ROOMS * PARTS_OF_DAY, LENGTHS)),
        ("cell_order", np.int64, (ROOMS * PARTS_OF_DAY,)),  # in which they came; -1: not yet
        ("known", np.int64),  # devices
        ("turns", np.int64),  # how often one was heard; the latest stands last
    ],
    align=True,
)
#: A device: when it was heard (-1 in ``order``: never), in which order, and whether it says that it can be (-1: none).
DEVICE = np.dtype([("heard_us", np.int64), ("order", np.int64), ("alive", np.int64)], align=True)


@part
def fades(pause_us: int, passed_us: int) -> int:
    """Return what of a pause is forgotten after ``passed_us``: their product by PAUSE_MEMORY_US, exact in 64 bits."""
    high, low = passed_us >> 20, passed_us & 0xFFFFF
    whole, rest = pause_us * high // PAUSE_MEMORY_US, pause_us * high % PAUSE_MEMORY_US
    return int((whole << 20) + ((rest << 20) + pause_us * low) // PAUSE_MEMORY_US)


@part
def hear(home: Row, devices: Rows, device: int, event_us: int, moved: bool, said: int) -> None:
    """As Home._hear."""
    passed = event_us - home.heard_us
    if home.heard_us >= 0 and 0 < passed < DAY_US:
        home.pause_us = max(home.pause_us - fades(home.pause_us, passed), passed)
    home.heard_us = max(home.heard_us, event_us)
    own = devices[device]
    if own.order < 0:
        home.known += 1
        own.heard_us = 0
    own.order = home.turns
    home.turns += 1
    own.heard_us = max(own.heard_us, event_us)
    if moved and own.alive >= 0:
        own.alive = 1
    elif said >= 0:
        own.alive = said
    cut = own.alive == 0
    if cut:
        for k in range(devices.shape[0]):
            other = devices[k]
            cut = cut and (other.order < 0 or other.alive == 0 or other.heard_us <= event_us - DEVICE_COUNTS_US)
    if cut and home.cut_us < 0:
        home.cut_us = event_us
    elif not cut and home.cut_us >= 0:
        home.blind_us += max(0, event_us - max(home.cut_us, home.home_last_us))
        home.cut_us = -1


@part
def pass_time(home: Row, at_us: int, gap_us: int, decay: Floats) -> None:
    """As Routine._pass, but for what a rest leaves behind; ``decay``: of so many minutes, or a row of just these."""
    was = home.last_us
    passed = at_us // MINUTE_US - was // MINUTE_US
    if passed > 0:
        count_pause(home, was, passed)
        fades_by = decay[min(passed, decay.shape[0] - 1)]
        for k in range(4):
            home.busy[k] = home.busy[k] * fades_by[k] + 1.0
        for k in range(2):
            home.changes[k] = home.changes[k] * fades_by[CHANGES + k]
        for k in range(3):
            home.signs[k] = home.signs[k] * fades_by[SIGNS + k]
        home.doors *= fades_by[DOORS]
        home.left *= fades_by[DOORWAY]
        home.stayed *= fades_by[DOORWAY]
        home.together *= fades_by[SIGNS + 2]
        home.hourly += HOURLY_GAIN * ((1.0 if gap_us % HOUR_US == 0 else 0.0) - home.hourly)
        for k in range(PAUSES - 1, 0, -1):
            home.pauses[k] = home.pauses[k - 1]
        home.pauses[0] = passed
        home.paused = min(home.paused + 1, PAUSES)
        slot, now_slot = was // SLOT_US, at_us // SLOT_US
        if now_slot > slot:
            share(home, slot, now_slot)
            share_of_day = (now_slot - slot) / SLOTS
            home.days += share_of_day
            gain = min(1.0, max(SLOT_GAIN, 1.0 / max(home.days, 0.5)) * share_of_day)
            home.daily += gain * (home.busy[3] - home.daily)
    home.last_us = at_us


@part
def share(home: Row, slot: int, now_slot: int) -> None:
    """As Routine._share."""
    if slot >= home.counted:
        home.slots[slot % SLOTS] += SLOT_GAIN * (1.0 - home.slots[slot % SLOTS])
    for silent in range(max(slot + 1, home.counted), now_slot):
        home.slots[silent % SLOTS] -= SLOT_GAIN * home.slots[silent % SLOTS]


@part
def count_pause(home: Row, start_us: int, minutes: int) -> None:
    """As Routine._pause."""
    if minutes < PAUSE_MINUTES[0]:
        return
    cell = home.room * PARTS_OF_DAY + start_us % DAY_US * PARTS_OF_DAY // DAY_US
    if home.cell_order[cell] < 0:
        home.cell_order[cell] = home.cell_order.max() + 1
    counts = home.cells[cell]
    for k in range(LENGTHS):
        counts[k] += 1 if minutes >= PAUSE_MINUTES[k] else 0
    if counts[0] >= CELL_FULL:
        for k in range(LENGTHS):
            counts[k] //= 2


@part
def take(home: Row, at_us: int, room: int, times: int, decay: Floats) -> None:
    """As Routine.take, for a gap of up to a day, but for what a rest leaves behind."""
    gap_us = at_us - home.last_us
    if gap_us > 0:
        pass_time(home, at_us, gap_us, decay)
    for k in range(3):
        home.signs[k] += times
    home.indoors = 0 if room == OUTER_DOOR else home.indoors + times
    if home.room == OUTER_DOOR and gap_us >= DOORWAY_US:
        if room == OUTER_DOOR:
            home.left += 1.0
        else:
            home.stayed += 1.0
    if room != home.room:
        enter(home, at_us, gap_us, room)
    home.seen[room] = max(home.seen[room], at_us)


@part
def enter(home: Row, at_us: int, gap_us: int, room: int) -> None:
    """As Routine._enter."""
    home.before, home.room = home.room, room
    for k in range(2):
        home.changes[k] += 1.0
    for k in range(TRAIL - 1, 0, -1):
        home.trail[k, 0], home.trail[k, 1] = home.trail[k - 1, 0], home.trail[k - 1, 1]
    home.trail[0, 0], home.trail[0, 1] = room, at_us
    home.trailed = min(home.trailed + 1, TRAIL)
    if 0 < gap_us <= TOGETHER_US:
        home.together += 1.0
    if room == OUTER_DOOR:
        home.doors += 1.0


@part
def lets(home: Row, at_us: int) -> bool:
    """Whether a tick is of no concern."""
    now_us = max(home.now_us, at_us)
    still = home.now_us != 0 and now_us - home.now_us > BLIND_US
    old = now_us // DAY_US > home.now_us // DAY_US and 0 <= home.home_last_us < now_us - FORGOTTEN_US
    return not (still or old or 0 <= home.due_us <= now_us)


@part
def clock(home: Row, until_us: int, step_us: int, ticked: Ints) -> bool:
    """Let the clock go on to ``until_us`` as detectors.inactivity_replay does; return whether it came there.

    ``ticked``: how many ticks there were, and each.
    """
    while True:
        next_us = home.clock_us + step_us
        if home.clock_us < home.due_us < next_us:
            next_us = home.due_us
        if next_us > until_us:
            return True
        home.clock_us = next_us
        ticked[0] += 1
        ticked[ticked[0]] = next_us
        if not lets(home, next_us):
            home.tick_us = next_us
            return False
        home.now_us = max(home.now_us, next_us)


@part
def hears(home: Row, devices: Rows, its: Row, item: int, at_us: int, ahead_us: int, decay: Floats) -> None:
    """As InactivityDetector._take, where nothing was said and nobody is away."""
    taken, later = its.moved and at_us >= home.home_last_us, at_us > home.home_last_us
    hear(home, devices, its.device, at_us, its.moved, its.alive)
    if not taken:
        return
    take(home, at_us + ahead_us, its.room, its.times, decay)
    if later:
        home.home_last_us, home.anchor = at_us, item
        home.blind_us, home.ring_us, home.score = 0, -1, 0.0
        home.due_us = at_us + FIRST_US


@kernel(
    written(numba.from_dtype(RHYTHM), 1), written(numba.from_dtype(DEVICE), 1), CLASSES, ITEMS, MOMENTS, MOMENTS,
    types.int64, types.int64, types.int64, types.int64, types.int64, types.int64, read(types.float64, 2), INTS,
)  # fmt: skip
def walk(
    homes: Rows, devices: Rows, classes: Rows, items: NDArray[np.int32], at: Ints, arrived: Ints, first: int, end: int,
    ahead_us: int, set_us: int, back_us: int, step_us: int, decay: Floats, ticked: Ints,
) -> int:  # fmt: skip
    """Take the items ``first..end``, changing ``homes`` (1,) and ``devices``; return which the plain code is to take.

    ``items``: each one's class, or TICK; ``at``, ``arrived``: its times. ``ahead_us``: of the home's clock, until
    ``set_us``; ``back_us``: when all of its people are away, until when. ``step_us``: 0, or ticks are made on the way,
    noted in ``ticked``; then the plain code is to take ``tick_us`` first, if it is not 0. ``decay`` (minutes, DECAYS).
    """
    home = homes[0]
    home.tick_us = home.wakes = 0
    for item in range(first, end):
        at_us = at[item]
        if step_us != 0 and not clock(home, arrived[item], step_us, ticked):
            return item
        if items[item] == TICK:
            if not lets(home, at_us):
                return item
            home.now_us = max(home.now_us, at_us)
            continue
        its = classes[items[item]]
        if not its.sign:
            continue
        if its.odd or at_us >= set_us or home.pause_us >= EXACT_US:
            return item
        if devices[its.device].order < 0 and home.known >= DEVICES_KEPT:
            return item
        taken = its.moved and at_us >= home.home_last_us
        if taken and at_us < back_us:
            return item
        if taken and at_us + ahead_us - home.last_us >= REST_US:
            home.wakes = 1 if at_us + ahead_us - home.last_us <= DAY_US else 0
            return item
        hears(home, devices, its, item, at_us, ahead_us, decay)
    return end


@kernel(
    written(numba.from_dtype(RHYTHM), 1), written(numba.from_dtype(DEVICE), 1), CLASSES, types.int64, types.int64,
    types.int64, types.int64, read(types.float64, 2),
)  # fmt: skip
def wake(
    homes: Rows, devices: Rows, classes: Rows, of: int, item: int, at_us: int, ahead_us: int, decay: Floats
) -> None:  # fmt: skip
    """Take the item of class ``of`` before which ``walk`` stopped because it ends a rest (``wakes``).

    But for what the rest leaves behind, which the kernel does not have. ``decay`` (1, DECAYS): over the rest's minutes.
    """
    hears(homes[0], devices, classes[of], item, at_us, ahead_us, decay)
