"""A batch of frames into the rings of a fleet, and the impacts that come to light by them (detectors.fleet)."""

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from detectors.kernels.compiled import kernel, part, read, written
from detectors.kernels.grid import Floats, Ints
from detectors.kernels.peaks import is_largest
from detectors.kernels.rows import COUNTS, FRAMES, LATER_US, STATES

Bools = NDArray[np.bool_]
Counts = NDArray[np.int16]


@part
def _keep(counts: Counts, ring: Counts) -> Any:
    """Copy a frame's counts; return the largest square of a length."""
    most = np.int64(0)
    for i in range(counts.shape[0]):
        a, b, c = counts[i, 0], counts[i, 1], counts[i, 2]
        ring[i, 0], ring[i, 1], ring[i, 2] = a, b, c
        x, y, z = np.int64(a), np.int64(b), np.int64(c)
        square = x * x + y * y + z * z
        most = square if square > most else most
    return most


@kernel(
    read(types.int64, 1), read(types.int64, 1), read(types.boolean, 1), read(types.int64, 1), read(types.int64, 1),
    read(types.int64, 1), read(types.int64, 1), read(types.float64, 1), read(types.int16, 3, "A"),
    STATES, FRAMES, COUNTS, types.int64, types.int64, types.int64, types.int64, types.int64, types.int64, types.float64,
    written(types.boolean, 1), written(types.boolean, 1),
)  # fmt: skip
def take(
    now: Ints, row: Ints, plain: Bools, boot: Ints, seq: Ints, t0_us: Ints, event_us: Ints, scale: Floats,
    counts: Counts, state: Any, frames: Any, rings: Counts, span_us: int, duration_us: int, least_us: int, most_us: int,
    hot_for_us: int, now_us: int, gate: float, taken: Bools, busy: Bools,
) -> None:  # fmt: skip
    """Write the regular ones of frames ``now`` (k,) of a block, each of another ``row`` (k,), into the free places.

    ``plain`` (k,): of whom nothing else is to be asked. A regular one goes on where the one before it ended: its first
    sample ``least_us`` to ``most_us`` behind that one's. Told are ``taken`` (k,), and ``busy`` (k,): with a peak worth
    judging in it or in the ``hot_for_us`` before.
    """
    ring, n = rings.shape[1], rings.shape[2]
    for k in range(len(now)):
        at, mine = now[k], row[k]
        step_us = t0_us[at] - state[mine].last_t0_us
        taken[k] = (
            plain[k]
            and boot[at] == state[mine].boot
            and scale[at] == state[mine].scale
            and seq[at] == state[mine].last_seq + 1
            and least_us <= step_us <= most_us
        )
        busy[k] = False
        if not taken[k]:
            continue
        free = (state[mine].head + ring - 1) % ring
        frame = frames[mine, free]
        frame.t0_us, frame.event_us, frame.seq = t0_us[at], event_us[at], seq[at]
        frame.heard_us = now_us if now_us else event_us[at] + duration_us
        frame.done_us = frame.early_us = t0_us[at] - 1
        frame.peak = np.sqrt(np.float64(_keep(counts[at], rings[mine, free]))) * scale[at]
        if state[mine].trunk:
            for axis in range(3):
                added = 0
                for i in range(n):
                    added += rings[mine, free, i, axis]
                frame.sums[axis] = added
        newest_us = state[mine].last_t0_us + span_us
        busy[k] = frame.peak >= gate or state[mine].hot_us > newest_us - hot_for_us


@kernel(
    read(types.int64, 1), read(types.boolean, 1), STATES, FRAMES, types.int64, types.float64,
)  # fmt: skip
def settle(row: Ints, keep: Bools, state: Any, frames: Any, span_us: int, gate: float) -> None:
    """Let the frames in the free places be the newest of the rows (k,) that ``keep`` (k,) them."""
    ring = frames.shape[1]
    for k in range(len(row)):
        if keep[k]:
            mine = row[k]
            frame = frames[mine, (state[mine].head + ring - 1) % ring]
            state[mine].head = (state[mine].head + 1) % ring
            state[mine].last_seq, state[mine].last_t0_us = frame.seq, frame.t0_us
            if frame.peak >= gate:
                state[mine].hot_us = frame.t0_us + span_us


@part
def _until_us(frame: Any, newest_us: int, wait_us: int, judged_us: int, span_us: int, gate: float) -> int:
    """Return up to where a frame can be judged that is up to ``judged_us``, with ``wait_us`` after each impact."""
    until_us = min(frame.t0_us + span_us, newest_us - wait_us)
    return until_us if frame.peak >= gate and until_us > judged_us else judged_us


@kernel(
    read(types.int64, 1), STATES, FRAMES, COUNTS, types.int64, types.int64, types.int64, types.int64, types.int64,
    types.int64, types.int64, types.int64, types.float64, written(types.int64, 2), written(types.boolean, 1),
)  # fmt: skip
def search(
    row: Ints, state: Any, frames: Any, rings: Counts, period_ns: int, searched: int, apart_us: int,
    trunk_back_us: int, early_us: int, ahead_us: int, post_us: int, span_us: int, gate: float, found: Ints,
    quiet: Bools,
) -> int:  # fmt: skip
    """Find the impacts that the frames in the free places make ripe in rows (k,); return how many there are.

    Into ``found`` (m, 3) are written, as far as it goes: which of the k, the sample counted from the row's oldest, and
    1 for one that is judged early. ``quiet`` (k,) is cleared for rows in which something older than the ``searched``
    newest frames is not judged, or the oldest will not be.
    """
    ring, n, count = rings.shape[1], rings.shape[2], 0
    first = ring - searched
    t_us, mag = np.empty(searched * n, np.int64), np.empty(searched * n)
    for k in range(len(row)):
        mine = row[k]
        head, scale = state[mine].head, state[mine].scale
        back_us = trunk_back_us if state[mine].trunk else apart_us
        newest_us = frames[mine, (head + ring - 1) % ring].t0_us + span_us
        asked = False
        for each in range(ring):
            frame = frames[mine, (head + each) % ring]
            ripe = _until_us(frame, newest_us, early_us, frame.early_us, span_us, gate) > frame.early_us
            done_us = _until_us(frame, newest_us, post_us, frame.done_us, span_us, gate)
            ripe = ripe or done_us > frame.done_us
            asked = asked or (ripe and each >= first)
            pending = frame.peak >= gate and done_us < frame.t0_us + span_us
            if (ripe and each < first) or (pending and each == 0):
                quiet[k] = False
        if not asked or not quiet[k]:
            continue
        for each in range(searched):
            slot = (head + first + each) % ring
            for i in range(n):
                t_us[each * n + i] = frames[mine, slot].t0_us + i * period_ns // 1000
                x, y, z = (
                    rings[mine, slot, i, 0] * scale,
                    rings[mine, slot, i, 1] * scale,
                    rings[mine, slot, i, 2] * scale,
                )
                mag[each * n + i] = np.sqrt(x * x + y * y + z * z)
        for each in range(searched):
            frame = frames[mine, (head + first + each) % ring]
            if frame.peak < gate:
                continue
            for early in range(2):
                judged_us = frame.early_us if early else frame.done_us
                wait_us = early_us if early else post_us
                until_us = _until_us(frame, newest_us, wait_us, judged_us, span_us, gate)
                for i in range(each * n, (each + 1) * n):
                    if not (mag[i] >= gate and judged_us < t_us[i] <= until_us):
                        continue
                    if is_largest(t_us, mag, i, back_us, ahead_us if early else apart_us):
                        if count < len(found):
                            found[count, 0], found[count, 1], found[count, 2] = k, first * n + i, early
                        count += 1
    return count


@kernel(
    read(types.int64, 1), read(types.boolean, 1), STATES, FRAMES, types.int64, types.int64, types.int64, types.int64,
    types.float64,
)  # fmt: skip
def judged(
    row: Ints, quiet: Bools, state: Any, frames: Any, early_us: int, post_us: int, span_us: int, patience_us: int,
    gate: float,
) -> None:  # fmt: skip
    """Write down up to where the ``quiet`` (k,) of rows (k,) are judged now, and until when they wait for the rest."""
    ring = frames.shape[1]
    for k in range(len(row)):
        if not quiet[k]:
            continue
        mine = row[k]
        newest_us = frames[mine, (state[mine].head + ring - 1) % ring].t0_us + span_us
        heard_us = LATER_US
        for slot in range(ring):
            frame = frames[mine, slot]
            frame.early_us = _until_us(frame, newest_us, early_us, frame.early_us, span_us, gate)
            frame.done_us = _until_us(frame, newest_us, post_us, frame.done_us, span_us, gate)
            if frame.peak >= gate and frame.done_us < frame.t0_us + span_us:
                heard_us = min(heard_us, frame.heard_us)
        state[mine].due_us = heard_us + patience_us if heard_us < LATER_US else LATER_US
