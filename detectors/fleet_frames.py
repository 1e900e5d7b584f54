"""A batch of wearables' frames in columns: those of one length and rate together, straight from the bytes of the wire.

Making an object of each frame costs more than looking at its samples; here a frame becomes one only where somebody must
look at it alone. What is not quite as expected (another header, a value out of its range) is left to schemas.frame,
which says what is wrong with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.fleet_heads import heads_and_crc, kinds_of, off_body
from detectors.fleet_table import Floats, Ints, Shape
from detectors.wearable import WornFrame, worn_frame
from schemas import frame as wire
from schemas.errors import BadPayload
from schemas.reading import Reading, ReadingKind

#: What is taken over from a reading as it is, all of it in one go.
_TOLD = attrgetter("unit", "resident", "device", "position", "kind", "boot", "seq", "event_us")
_KIND = str(ReadingKind.FRAME)
#: Fewer frames of one kind are taken one by one: below some forty, numpy's calls cost more than they save (flat).
FEW = 32


Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class FrameBlock:
    """Frames of one shape. ``place`` (k,): where in the batch each stands; all other columns are (k,) too.

    ``acc`` (k, n, 3) int16. ``plain``: worn as far as the device knows, not charging, with nothing lost, and with the
    key that its device, boot and sequence make.
    """

    shape: Shape
    place: Ints
    unit: Objects
    resident: Objects
    device: Objects
    position: Objects
    boot: Ints
    seq: Ints
    t0_us: Ints
    event_us: Ints
    scale: Floats
    plain: NDArray[np.bool_]
    acc: NDArray[np.int16]


@dataclass(slots=True, eq=False)
class FrameBatch:
    """Frames in the order in which they came: ``blocks``, and ``single`` ones by their place.

    ``refused`` holds key and reason of payloads that are no frames. ``frame_at`` makes the frame at a place.
    """

    count: int
    frame_at: Callable[[int], WornFrame]
    blocks: list[FrameBlock] = field(default_factory=list)
    single: dict[int, WornFrame] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def frame(self, place: int) -> WornFrame:
        """Return the frame at a place."""
        return self.single.get(place) or self.frame_at(place)

    def frames(self) -> Iterator[WornFrame]:
        """Yield all frames in their order."""
        places = [place for block in self.blocks for place in block.place.tolist()]
        for place in sorted([*places, *self.single]):
            yield self.frame(place)


def batch_of_frames(frames: Sequence[WornFrame], few: int = FEW) -> FrameBatch:
    """Return frames as a batch; ``few``: fewer of one kind are left to be taken one by one."""
    batch = FrameBatch(len(frames), frames.__getitem__)
    by_shape: dict[tuple[int, int], list[int]] = {}
    for place, frame in enumerate(frames):
        by_shape.setdefault((len(frame.acc), frame.period_ns), []).append(place)
    for (n, period_ns), places in by_shape.items():
        shape = Shape(n, period_ns)
        if len(places) < few or not shape.fits:
            batch.single |= {place: frames[place] for place in places}
        else:
            batch.blocks.append(_block_of_frames(shape, places, [frames[place] for place in places]))
    return batch


def batch_of_readings(readings: Sequence[Reading], few: int = FEW) -> FrameBatch:
    """Return FRAME readings of residents as a batch; ``few``: fewer of one kind are left to be taken one by one."""
    batch = FrameBatch(len(readings), lambda place: worn_frame(readings[place]))
    by_size: dict[int, list[int]] = {}
    for place, reading in enumerate(readings):
        by_size.setdefault(len(reading.payload), []).append(place)
    left: list[int] = []
    for size, places in by_size.items():
        if len(places) < few or size <= wire.HEADER_LENGTH + wire.CRC_LENGTH:
            left += places
        else:
            batch.blocks += _blocks_of_size(size, places, readings, few, left)
    _leave(batch, readings, sorted(left))
    return batch


def _leave(batch: FrameBatch, readings: Sequence[Reading], places: Sequence[int]) -> None:
    """Leave frames to be taken one by one, and refuse what is none."""
    for place in places:
        try:
            batch.single[place] = worn_frame(readings[place])
        except BadPayload as error:
            batch.refused.append((readings[place].key, f"{error.reason}: {error}"))


def _blocks_of_size(
    size: int, places: Sequence[int], readings: Sequence[Reading], few: int, left: list[int]
) -> Iterator[FrameBlock]:
    """Yield the blocks in payloads of ``size`` bytes; the places of others are added to ``left``."""
    whole, heads, good = heads_and_crc(size, [readings[place].payload for place in places])
    for shape, at, own, samples in kinds_of(size, whole, heads, good, few):
        yield _block_of_readings(shape, places, at, readings, own, samples)
    left += [places[i] for i in np.flatnonzero(~good).tolist()]


def _block_of_readings(
    shape: Shape,
    places: Sequence[int],
    at: Ints,
    readings: Sequence[Reading],
    heads: NDArray[Any],
    samples: NDArray[np.int16],
) -> FrameBlock:
    chosen = [readings[places[i]] for i in at.tolist()]
    unit, resident, device, positions, kind, own_boot, own_seq, event_us = zip(*map(_TOLD, chosen), strict=True)
    boot, seq = heads["boot"].astype(np.int64), heads["seq"].astype(np.int64)
    plain = ~off_body(heads) & (heads["lost"] == 0)
    plain &= (np.array(own_boot, np.int64) == boot) & (np.array(own_seq, np.int64) == seq)
    if kind.count(ReadingKind.FRAME) < len(kind):
        plain &= np.array([each is ReadingKind.FRAME for each in kind])
    return FrameBlock(
        shape=shape,
        place=np.asarray(places, np.int64)[at],
        unit=_objects(unit),
        resident=_objects(resident),
        device=_objects(device),
        position=_objects(positions),
        boot=boot,
        seq=seq,
        t0_us=heads["t0_us"].astype(np.int64),
        event_us=np.array(event_us, np.int64),
        scale=heads["accel_scale"].astype(np.float64),
        plain=plain,
        acc=samples,
    )


def _block_of_frames(shape: Shape, places: list[int], frames: list[WornFrame]) -> FrameBlock:
    return FrameBlock(
        shape=shape,
        place=np.array(places, np.int64),
        unit=_objects([each.unit for each in frames]),
        resident=_objects([each.resident for each in frames]),
        device=_objects([each.device for each in frames]),
        position=_objects([each.position for each in frames]),
        boot=_column(each.boot for each in frames),
        seq=_column(each.seq for each in frames),
        t0_us=_column(each.t0_us for each in frames),
        event_us=_column(each.event_us for each in frames),
        scale=np.fromiter((each.accel_scale for each in frames), np.float64, len(frames)),
        plain=np.fromiter((_is_plain(each) for each in frames), bool, len(frames)),
        acc=np.stack([each.acc for each in frames]).astype(np.int16, copy=False),
    )


def _is_plain(frame: WornFrame) -> bool:
    worn = frame.worn is not False and not frame.charging and not frame.lost
    return worn and frame.key == key_of(frame.device, frame.boot, frame.seq)


def key_of(device: str, boot: int, seq: int) -> str:
    """Return the key of a reading that carries this frame (schemas.reading)."""
    return f"{device}:{boot}:{seq}:{_KIND}"


def _objects(values: Sequence[str | None]) -> Objects:
    """Return names as objects: as text numpy would copy each of them, and again to compare it."""
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _column(values: Iterator[int]) -> Ints:
    return np.fromiter(values, np.int64)
