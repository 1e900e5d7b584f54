"""One home's day in the eyes of the everyday watches over many messages and ticks at once, until something is rare.

As kernels.rhythms: it stops, with the state as it was, before an item that begins another day, ends what was said, is
due, or may show that a sensor has gone quiet; detectors.everyday takes that one.
"""

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, written
from detectors.kernels.grid import Ints
from detectors.kernels.hours import (
    BATHROOM,
    BEDROOM,
    CLASSES,
    DAY_US,
    HOUR_US,
    ITEMS,
    KITCHEN,
    LIVING,
    MINUTE_US,
    MOMENTS,
    NEVER_US,
    OTHER,
    OUTER_DOOR,
    TICK,
    Row,
    Rows,
)  # fmt: skip
from detectors.kernels.rhythms import BLIND_US, DEVICES_KEPT, EXACT_US, FORGOTTEN_US, PAUSE_MEMORY_US, fades

#: Of detectors.everyday_watches.Watch.
NOT_UP, BATH, NOT_BACK, NO_MEAL, RESTLESS, WATCHES = 0, 1, 2, 3, 4, 5
#: Of detectors.everyday_day and everyday_home.
DAWN_US, GAP_US, UP_MINUTES = 5 * HOUR_US, 12 * HOUR_US, 3
BATH_FROM_US, BATH_TO_US = HOUR_US, 15 * HOUR_US + 30 * MINUTE_US
IN_BED_US, BED_FROM_US, NIGHT_FROM_US = HOUR_US, 17 * HOUR_US, 18 * HOUR_US
AWAKE_FROM_US, AWAKE_TO_US, AWAKE_GAP_US = HOUR_US, 17 * HOUR_US, 30 * MINUTE_US
WAKING_US, MORNING_US = HOUR_US, 12 * HOUR_US
#: Of detectors.everyday_quiet.
SLOT_US, LEAST_SLOTS, TIMES, MEMORY_US = 10 * MINUTE_US, 90, 2.0, 56 * DAY_US
KNOWN_SLOTS, KNOWN_US, NEAR, GONE_US = 20, 10 * DAY_US, 0.5, 28 * DAY_US
#: Stands for an anchor that is as it was when the kernel was called; -1: there is none.
KEPT = -2

#: Of detectors.everyday_home.Home and its Day. Of each anchor: its time (-1: there is none) and its item.
HOME = np.dtype(
    [
        ("now_us", np.int64),
        ("due_us", np.int64),
        ("heard_us", np.int64),
        ("last_us", np.int64),
        ("last_item", np.int64),
        ("room", np.int64),
        ("fed_us", np.int64),
        ("elsewhere_us", np.int64),
        ("number", np.int64),
        ("whole", np.bool_),
        ("up", np.int64),
        ("up_count", np.int64),
        ("minute", np.int64),
        ("seen_us", np.int64),
        ("seen_item", np.int64),
        ("bath_us", np.int64),
        ("bath_item", np.int64),
        ("out_us", np.int64),
        ("out_item", np.int64),
        ("hungry_us", np.int64),
        ("night", np.int64),
        ("night_minute", np.int64),
        ("night_whole", np.bool_),
        ("longest_bath_us", np.int64),
        ("longest_out_us", np.int64),
        ("longest_hungry_us", np.int64),
        ("tell_us", np.int64),  # of the night that waits to be told of, -1: none
        ("said", np.int64, (WATCHES,)),  # 0: not
        ("said_day", np.int64, (WATCHES,)),  # in which it was said
        ("waits", np.int64, (WATCHES,)),  # what may speak on this day: neither said, nor skipped, nor left off
        ("limit", np.float64, (WATCHES,)),  # minutes, NaN: not known
        ("lived", np.int64),
        ("slot", np.int64),
        ("known", np.int64),  # sensors, and those that saw life
        ("alive", np.int64),
        ("turns", np.int64),  # how often one was heard; the latest stands last
    ],
    align=True,
)
#: A device: as everyday_sensors.Sensor and everyday_quiet.Heard have it; ``order``, ``life`` -1: not there.
SENSOR = np.dtype(
    [
        ("order", np.int64),
        ("room", np.int64),
        ("first_us", np.int64),
        ("heard_us", np.int64),
        ("pause_us", np.int64),
        ("says", np.int64),
        ("quiet", np.bool_),
        ("life", np.int64),
        ("sees", np.int64),
        ("began_us", np.int64),
        ("last_us", np.int64),
        ("item", np.int64),
        ("mark", np.int64),
        ("longest", np.float64),
        ("slots", np.int64),
    ],
    align=True,
)


@part
def hear(home: Row, own: Row, its: Row, at_us: int) -> None:
    """As everyday_sensors.hear."""
    if own.order < 0:
        own.room, own.first_us, own.heard_us, own.pause_us, own.says = -1, at_us, -1, 0, -1
        home.known += 1
    own.order = home.turns
    home.turns += 1
    if 0 <= own.heard_us < at_us:
        passed = at_us - own.heard_us
        own.pause_us = max(own.pause_us - fades(own.pause_us, min(passed, PAUSE_MEMORY_US)), passed)
    own.heard_us = max(own.heard_us, at_us)
    home.heard_us = max(home.heard_us, own.heard_us)
    if its.moved:
        own.room = its.room
    if its.alive >= 0:
        own.says = its.alive
    elif its.moved and own.says >= 0:
        own.says = 1


@part
def lives(home: Row, own: Row, its: Row, item: int, at_us: int) -> None:
    """As everyday_quiet.take."""
    slot = at_us // SLOT_US
    if slot > home.slot:
        home.lived += 1
        home.slot = slot
    if own.life >= 0 and own.mark == home.lived:
        own.sees, own.last_us, own.item = its.room, at_us, item
        return
    if own.life < 0:
        own.began_us, own.last_us, own.mark, own.longest, own.slots = at_us, at_us, home.lived - 1, 0.0, 0
        home.alive += 1
    passed_us = max(0, at_us - own.last_us)
    faded = own.longest - own.longest * min(passed_us, MEMORY_US) / MEMORY_US
    own.longest = max(faded, float(home.lived - 1 - own.mark))
    own.slots += 1
    own.sees, own.last_us, own.item = its.room, at_us, item
    own.mark = home.lived
    own.life = home.turns
    home.turns += 1


@part
def may_be_quiet(home: Row, sensors: Rows, its: Row, at_us: int) -> bool:
    """Whether with this sign of life one sensor alone may have gone quiet, or one is forgotten."""
    own, another = sensors[its.device], at_us // SLOT_US > home.slot
    if its.room == OUTER_DOOR or (not another and own.life >= 0 and own.mark == home.lived):
        return False
    near, far = 0, False
    for k in range(sensors.shape[0]):
        each = sensors[k]
        if k == its.device or each.life < 0:
            continue
        if each.last_us < at_us - GONE_US:
            return True
        if each.quiet or each.slots < KNOWN_SLOTS or each.last_us - each.began_us < KNOWN_US:
            continue
        slots, limit = home.lived + 1 - each.mark, max(float(LEAST_SLOTS), TIMES * each.longest)
        if slots > NEAR * limit:
            near += 1
            far = far or slots > limit
    return another and near == 1 and far


@part
def over(home: Row, room: int, up: bool) -> bool:
    """Whether something that was said is over with a sign in ``room``."""
    said = home.said
    another = home.said_day[NOT_BACK] < home.number
    return (
        (said[NOT_UP] != 0 and up)
        or (said[BATH] != 0 and room != BATHROOM)
        or (said[NOT_BACK] != 0 and (room in (BEDROOM, OUTER_DOOR) or (another and up)))
        or (said[NO_MEAL] != 0 and room == KITCHEN)
        or (said[RESTLESS] != 0 and home.said_day[RESTLESS] < home.number)
    )


@part
def see(home: Row, room: int, item: int, at_us: int, since_dawn: int) -> None:
    """As everyday_day.see."""
    known = home.last_us >= 0 and at_us - home.last_us < GAP_US
    if not known:
        home.hungry_us = 0
    elif home.room != OUTER_DOOR and AWAKE_FROM_US <= since_dawn < AWAKE_TO_US:
        home.hungry_us += min(at_us - home.last_us, AWAKE_GAP_US, since_dawn - AWAKE_FROM_US)
    if home.hungry_us > 0:
        home.longest_hungry_us = max(home.longest_hungry_us, home.hungry_us)
    if room == KITCHEN:
        home.hungry_us = 0
    bathe(home, room, item, at_us, since_dawn, known)
    in_bed = known and home.room == BEDROOM and at_us - home.elsewhere_us >= IN_BED_US
    if room == BEDROOM:
        if home.out_us >= 0:
            home.longest_out_us = max(home.longest_out_us, at_us - home.out_us)
        home.out_us = -1
    elif room == OUTER_DOOR:
        home.out_us = -1
    elif in_bed and home.out_us < 0 and since_dawn >= BED_FROM_US:
        home.out_us, home.out_item = at_us, item
    if room != OUTER_DOOR and home.seen_us < 0:
        home.seen_us, home.seen_item = at_us, item


@part
def bathe(home: Row, room: int, item: int, at_us: int, since_dawn: int, known: bool) -> None:
    """As everyday_day._bathe."""
    if home.bath_us >= 0 and not known:
        home.bath_us = -1
    if room != BATHROOM:
        if home.bath_us >= 0:
            home.longest_bath_us = max(home.longest_bath_us, at_us - home.bath_us)
        home.bath_us = -1
    elif home.bath_us < 0 and BATH_FROM_US <= since_dawn < BATH_TO_US:
        home.bath_us, home.bath_item = at_us, item


@part
def rises(home: Row, room: int, minute: int) -> bool:
    """Whether somebody is up with this sign, as everyday_day._rise has it."""
    if home.up >= 0:
        return True
    if room not in (OTHER, LIVING, KITCHEN):
        return room == OUTER_DOOR
    return bool(home.up_count + (1 if minute != home.minute else 0) >= UP_MINUTES)


@part
def rise(home: Row, room: int, minute: int, since_dawn: int) -> None:
    """As everyday_day._rise, and the minutes of the night."""
    if home.up < 0 and room in (OTHER, LIVING, KITCHEN, OUTER_DOOR):
        up = rises(home, room, minute)
        home.up_count += 1 if minute != home.minute else 0
        home.minute = minute
        if up:
            home.up = since_dawn // MINUTE_US
    if since_dawn >= NIGHT_FROM_US and room not in (BEDROOM, OUTER_DOOR):
        home.night += 1 if minute != home.night_minute else 0
        home.night_minute = minute


@part
def waits_until(home: Row) -> int:
    """As Home.times and EverydayDetector._wait: return when to look at the home next, local; NEVER_US: at no time."""
    waits, limit, dawn_us = home.waits, home.limit, home.number * DAY_US + DAWN_US
    due_us = home.tell_us if home.tell_us >= 0 else NEVER_US
    if home.whole and home.up < 0 and home.seen_us >= 0 and waits[NOT_UP] != 0 and not np.isnan(limit[NOT_UP]):
        late_us = max(dawn_us + round(limit[NOT_UP] * MINUTE_US), home.seen_us + WAKING_US)
        if late_us <= dawn_us + MORNING_US:
            due_us = min(due_us, late_us)
    if home.bath_us >= 0 and waits[BATH] != 0 and not np.isnan(limit[BATH]):
        due_us = min(due_us, home.bath_us + round(limit[BATH] * MINUTE_US))
    if home.out_us >= 0 and waits[NOT_BACK] != 0 and not np.isnan(limit[NOT_BACK]):
        back_us = home.out_us + round(limit[NOT_BACK] * MINUTE_US)
        if back_us <= dawn_us + DAY_US:
            due_us = min(due_us, back_us)
    if waits[NO_MEAL] != 0 and home.up >= 0 and home.hungry_us > limit[NO_MEAL] * MINUTE_US:
        due_us = min(due_us, home.last_us)
    return due_us


@part
def rare(home: Row, sensors: Rows, its: Row, at_us: int, local_us: int) -> bool:
    """Whether a sign of life asks for more than to be noted; nothing is changed."""
    since_dawn, minute = local_us - home.number * DAY_US - DAWN_US, local_us // MINUTE_US
    own = sensors[its.device]
    if not 0 <= since_dawn < DAY_US or own.quiet or (own.life < 0 and home.alive >= DEVICES_KEPT):
        return True
    night_us = home.number * DAY_US + DAWN_US + NIGHT_FROM_US
    whole = home.night_whole or home.last_us < night_us <= local_us
    if whole and home.night + 1 > home.limit[RESTLESS]:
        return True
    return over(home, its.room, rises(home, its.room, minute)) or may_be_quiet(home, sensors, its, at_us)


@part
def take(home: Row, own: Row, its: Row, item: int, at_us: int, local_us: int, set_us: int) -> None:
    """As EverydayDetector._take for a sign of life that is not rare."""
    ahead_us, since_dawn = local_us - at_us, local_us - home.number * DAY_US - DAWN_US
    night_us = home.number * DAY_US + DAWN_US + NIGHT_FROM_US
    if home.last_us < night_us <= local_us:
        known = home.last_us >= 0 and local_us - home.last_us < GAP_US
        home.night_whole = known and home.room != OUTER_DOOR
    see(home, its.room, item, local_us, since_dawn)
    rise(home, its.room, local_us // MINUTE_US, since_dawn)
    home.last_us, home.last_item, home.room = local_us, item, its.room
    if its.room != BEDROOM:
        home.elsewhere_us = local_us
    if its.room == KITCHEN or home.fed_us < 0:
        home.fed_us = local_us
    if its.room != OUTER_DOOR:
        lives(home, own, its, item, at_us)
    due_us = waits_until(home)
    home.due_us = -1 if due_us == NEVER_US else min(due_us - ahead_us, set_us)


@kernel(
    written(numba.from_dtype(HOME), 1), written(numba.from_dtype(SENSOR), 1), CLASSES, ITEMS, MOMENTS,
    types.int64, types.int64, types.int64, types.int64,
)  # fmt: skip
def walk(
    homes: Rows, sensors: Rows, classes: Rows, items: NDArray[np.int32], at: Ints, first: int, end: int,
    ahead_us: int, set_us: int,
) -> int:  # fmt: skip
    """Take the items ``first..end``, changing ``homes`` (1,) and ``sensors``; return which the plain code is to take.

    ``items``: each one's class, or TICK; ``at``: its event time. ``ahead_us``: of the home's clock, until ``set_us``.
    """
    home = homes[0]
    for item in range(first, end):
        at_us = at[item]
        if items[item] == TICK:
            now_us = max(home.now_us, at_us)
            still = home.now_us != 0 and now_us - home.now_us > BLIND_US
            old = now_us // DAY_US > home.now_us // DAY_US and 0 <= home.heard_us < now_us - FORGOTTEN_US
            if still or old or 0 <= home.due_us <= now_us:
                return item
            home.now_us = now_us
            continue
        its = classes[items[item]]
        if not its.sign:
            continue
        own = sensors[its.device]
        if its.odd or at_us >= set_us or (own.order >= 0 and own.pause_us >= EXACT_US):
            return item
        if own.order < 0 and home.known >= DEVICES_KEPT:
            return item
        local_us = at_us + ahead_us
        taken = its.moved and local_us >= home.last_us
        if taken and rare(home, sensors, its, at_us, local_us):
            return item
        hear(home, own, its, at_us)
        if taken:
            take(home, own, its, item, at_us, local_us, set_us)
    return end
