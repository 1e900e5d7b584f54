"""Between the two forms in which a wearable's last seconds are kept: a row of a table, and detectors.trace."""

from dataclasses import dataclass

import numpy as np

from detectors.fall_stages import EARLY_US, POST_US
from detectors.fleet_frames import key_of
from detectors.fleet_table import Shape, Table
from detectors.trace import SEEN_SEQS, Event, Held, Trace, Wearer, WearerKey
from detectors.wearable import WornFrame


@dataclass(slots=True, eq=False)
class Kept:
    """What a row of a table does not hold. ``seen`` is as it was when the row began; all frames since came in order."""

    table: Table
    row: int
    seen: dict[int, tuple[int, int]]
    falls: list[Event]


def wearer_of(key: WearerKey, kept: Kept) -> Wearer:
    """Return what is kept of a wearer in the columns as detectors.trace has it."""
    table, row = kept.table, kept.row
    places = table.order(np.array([row]))[0, :-1]
    device, boot, last_seq = table.device[row], int(table.boot[row]), int(table.last_seq[row])
    scale, position, period_ns = float(table.scale[row]), table.position[row], table.shape.period_ns
    held = [
        Held(
            WornFrame(
                unit=key[0],
                resident=key[1],
                device=device,
                key=key_of(device, boot, seq),
                boot=boot,
                seq=seq,
                t0_us=t0_us,
                event_us=event_us,
                period_ns=period_ns,
                acc=acc.copy(),
                accel_scale=scale,
                position=position,
            ),
            peak,
            heard_us,
            done_us,
            early_us,
        )
        for acc, (t0_us, event_us, seq, heard_us, done_us, early_us, peak, _) in zip(
            table.acc[row, places], table.frames[row, places].tolist(), strict=True
        )
    ]
    trace = Trace(held, list(held), _seen_since(kept.seen, boot, last_seq))
    return Wearer({device: trace}, kept.falls)


def is_regular(trace: Trace, shape: Shape, gate_g: float) -> bool:
    """Whether the frames kept of a device are one stream as a table holds it, all judged that can be."""
    oldest, newest = trace.held[0].frame, trace.held[-1].frame
    whole = newest.seq - oldest.seq == len(trace.held) - 1  # most that were irregular say so here
    if not whole or any(a is not b for a, b in zip(trace.held, trace.arrived, strict=True)):
        return False
    if next(reversed(trace.seen)) != newest.boot or trace.seen[newest.boot][0] != newest.seq:
        return False
    last_us = trace.held[-1].last_us
    before: WornFrame | None = None
    for held in trace.held:
        frame = held.frame
        if held.forced or frame.lost or not _alike(frame, newest, shape):
            return False
        if before is not None and not _goes_on(before, frame, shape):
            return False
        if held.peak >= gate_g and (
            held.done_us < min(held.last_us, last_us - POST_US) or held.early_us < min(held.last_us, last_us - EARLY_US)
        ):
            return False
        before = frame
    return True


def _alike(frame: WornFrame, other: WornFrame, shape: Shape) -> bool:
    same = (frame.boot, frame.accel_scale, frame.position) == (other.boot, other.accel_scale, other.position)
    same = same and (frame.n, frame.period_ns) == (shape.n, shape.period_ns)
    return same and frame.key == key_of(frame.device, frame.boot, frame.seq)


def _goes_on(before: WornFrame, frame: WornFrame, shape: Shape) -> bool:
    step_us = frame.t0_us - before.t0_us
    return frame.seq == before.seq + 1 and shape.least_us <= step_us <= shape.most_us


def _seen_since(seen: dict[int, tuple[int, int]], boot: int, seq: int) -> dict[int, tuple[int, int]]:
    """Return what was seen of a device when all frames of ``boot`` up to ``seq`` came since."""
    highest, bits = seen[boot]
    more = seq - highest
    every = (1 << SEEN_SEQS) - 1
    return {**seen, boot: (seq, (bits << more | (1 << more) - 1) & every if more < SEEN_SEQS else every)}
