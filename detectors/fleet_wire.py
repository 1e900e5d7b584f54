"""A fleet's frames straight from the bytes of the wire, when who wears what is known by number.

The shortest way there is: no object is made of a message, and names are never compared, since each is one object.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.fleet_frames import FEW, FrameBatch, FrameBlock, key_of
from detectors.fleet_heads import Flags, heads_and_crc, kinds_of, off_body
from detectors.fleet_table import Ints, Shape
from detectors.wearable import WornFrame
from schemas import frame as wire
from schemas.errors import BadPayload

#: Places in the batch, boot, first and last sample on the device's clock, UTC (0: not set), live -> event time of each.
Clock = Callable[[Ints, Ints, Ints, Ints, Ints, NDArray[np.bool_]], Ints]


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Who wears what: a device's number -> names, and where it is worn."""

    unit: NDArray[np.object_]
    resident: NDArray[np.object_]
    device: NDArray[np.object_]
    position: NDArray[np.object_]


class _Single:
    """Frames that are taken one by one, made when asked for."""

    def __init__(self, roster: Roster, number: Ints, payloads: Sequence[bytes], count: int) -> None:
        self.roster, self.number, self.payloads = roster, number, payloads
        self.event_us = np.zeros(count, np.int64)

    def __call__(self, place: int) -> WornFrame:
        frame, who = wire.decode(self.payloads[place]), int(self.number[place])
        device = self.roster.device[who]
        return WornFrame(
            unit=self.roster.unit[who],
            resident=self.roster.resident[who],
            device=device,
            key=key_of(device, frame.boot, frame.seq),
            boot=frame.boot,
            seq=frame.seq,
            t0_us=frame.t0_us,
            event_us=int(self.event_us[place]),
            period_ns=frame.period_ns,
            acc=frame.samples[:, :3],
            accel_scale=frame.accel_scale,
            worn=frame.worn,
            charging=bool(frame.flags & Flags.CHARGING),
            position=self.roster.position[who],
            lost=frame.lost,
        )


def batch_of_payloads(
    roster: Roster, number: Ints, payloads: Sequence[bytes], clock: Clock, few: int = FEW
) -> FrameBatch:
    """Return the frames in ``payloads`` (k,), of the devices ``number`` (k,), as a batch."""
    single = _Single(roster, number, payloads, len(payloads))
    batch = FrameBatch(len(payloads), single)
    sizes = np.fromiter(map(len, payloads), np.int64, len(payloads))
    left: list[int] = []
    for size in np.unique(sizes).tolist():
        places = np.flatnonzero(sizes == size)
        if len(places) < few or size <= wire.HEADER_LENGTH + wire.CRC_LENGTH:
            left += places.tolist()
            continue
        chosen = payloads if len(places) == len(payloads) else [payloads[place] for place in places.tolist()]
        whole, heads, good = heads_and_crc(size, chosen)
        for shape, of_kind, own, samples in kinds_of(size, whole, heads, good, few):
            event_us = _told(clock, places[of_kind], own, shape)
            single.event_us[places[of_kind]] = event_us
            batch.blocks.append(_block(shape, places[of_kind], roster, number, own, event_us, samples))
        left += places[~good].tolist()
    _leave(batch, single, sorted(left), clock)
    return batch


def _told(clock: Clock, places: Ints, heads: NDArray[Any], shape: Shape) -> Ints:
    flags, t0_us = heads["flags"], heads["t0_us"].astype(np.int64)
    utc_us = np.where(flags & Flags.CLOCK_SYNCED, heads["utc_us"].astype(np.int64), 0)
    live = (flags & Flags.BUFFERED) == 0
    return clock(places, heads["boot"].astype(np.int64), t0_us, t0_us + shape.span_us, utc_us, live)


def _block(
    shape: Shape,
    places: Ints,
    roster: Roster,
    number: Ints,
    heads: NDArray[Any],
    event_us: Ints,
    samples: NDArray[np.int16],
) -> FrameBlock:
    who = number[places]
    return FrameBlock(
        shape=shape,
        place=places,
        unit=roster.unit[who],
        resident=roster.resident[who],
        device=roster.device[who],
        position=roster.position[who],
        boot=heads["boot"].astype(np.int64),
        seq=heads["seq"].astype(np.int64),
        t0_us=heads["t0_us"].astype(np.int64),
        event_us=event_us,
        scale=heads["accel_scale"].astype(np.float64),
        plain=~off_body(heads) & (heads["lost"] == 0),
        acc=samples,
    )


def _leave(batch: FrameBatch, single: _Single, left: list[int], clock: Clock) -> None:
    """Leave frames to be taken one by one, and refuse what is none."""
    for place in left:
        try:
            frame = wire.decode(single.payloads[place])
        except BadPayload as error:
            who = int(single.number[place])
            batch.refused.append((str(single.roster.device[who]), f"{error.reason}: {error}"))
            continue
        synced, buffered = frame.flags & Flags.CLOCK_SYNCED, frame.flags & Flags.BUFFERED
        told = (frame.boot, frame.t0_us, frame.last_us, frame.utc_us if synced else 0)
        columns = [np.array([value], np.int64) for value in (place, *told)]
        single.event_us[place] = clock(*columns, np.array([not buffered]))[0]  # type: ignore[call-arg, arg-type]
        batch.single[place] = single(place)
