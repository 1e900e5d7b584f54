"""A batch of wearables' frames in columns: those of one length and rate together, straight from the bytes of the wire.

Making an object of each frame costs more than looking at its samples; here a frame becomes one only where somebody must
look at it alone. What is not quite as expected (another header, a value out of its range) is left to schemas.frame,
which says what is wrong with it.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.fleet_table import Floats, Ints, Shape
from detectors.wearable import WornFrame, worn_frame
from schemas import frame as wire
from schemas.errors import BadPayload
from schemas.reading import Reading, ReadingKind

Flags = wire.FrameFlag
#: The header of schemas.frame, field by field: offset, format, name.
_HEADER = (
    (0, "S4", "magic"), (4, "<u2", "header_length"), (6, "<u2", "flags"), (8, "<u4", "boot"), (12, "<u4", "seq"),
    (16, "<u8", "t0_us"), (32, "<u4", "period_ns"), (36, "<u2", "n"), (38, "u1", "channels"), (39, "u1", "battery"),
    (40, "<f4", "accel_scale"), (44, "<f4", "gyro_scale"), (48, "<u2", "lost"),
)  # fmt: skip
_CRC_LENGTH = 4
#: Fewer frames of one kind than this are not worth a block of their own.
FEW = 8


@dataclass(frozen=True, slots=True, eq=False)
class FrameBlock:
    """Frames of one shape. ``place`` (k,): where in the batch each stands; all other columns are (k,) too.

    ``acc`` (k, n, 3) int16. ``plain``: worn as far as the device knows, not charging, with nothing lost, and with the
    key that its device, boot and sequence make.
    """

    shape: Shape
    place: Ints
    unit: list[str]
    resident: list[str]
    device: list[str]
    position: NDArray[np.object_]
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
    single: list[int] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def batch_of_frames(frames: Sequence[WornFrame], few: int = FEW) -> FrameBatch:
    """Return frames as a batch; ``few``: fewer of one kind are left to be taken one by one."""
    batch = FrameBatch(len(frames), frames.__getitem__)
    by_shape: dict[tuple[int, int], list[int]] = {}
    for place, frame in enumerate(frames):
        by_shape.setdefault((len(frame.acc), frame.period_ns), []).append(place)
    for (n, period_ns), places in by_shape.items():
        shape = Shape(n, period_ns)
        if len(places) < few or not shape.fits:
            batch.single += places
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
        if len(places) < few or size <= wire.HEADER_LENGTH + _CRC_LENGTH:
            left += places
        else:
            batch.blocks += _blocks_of_size(size, places, readings, few, left)
    _leave(batch, readings, sorted(left))
    return batch


def _leave(batch: FrameBatch, readings: Sequence[Reading], places: Sequence[int]) -> None:
    """Leave frames to be taken one by one, and refuse what is none."""
    for place in places:
        try:
            worn_frame(readings[place])
        except BadPayload as error:
            batch.refused.append((readings[place].key, f"{error.reason}: {error}"))
        else:
            batch.single.append(place)


def _blocks_of_size(
    size: int, places: Sequence[int], readings: Sequence[Reading], few: int, left: list[int]
) -> Iterator[FrameBlock]:
    """Yield the blocks in payloads of ``size`` bytes; the places of others are added to ``left``."""
    payloads = [readings[place].payload for place in places]
    whole = b"".join(payloads)
    heads = np.ndarray(len(places), _header_of(size), buffer=whole)
    crc = np.ndarray(len(places), "<u4", buffer=whole, offset=size - _CRC_LENGTH, strides=(size,))
    body = size - _CRC_LENGTH
    good = np.fromiter((zlib.crc32(memoryview(each)[:body]) for each in payloads), np.uint32, len(places)) == crc
    good &= _sound(heads, size)
    at = np.flatnonzero(good)
    kinds = heads["period_ns"].astype(np.int64) << 8 | heads["channels"]
    for kind in np.unique(kinds[at]):
        of_kind = at[kinds[at] == kind]
        channels = int(kind) & 0xFF
        shape = Shape((size - wire.HEADER_LENGTH - _CRC_LENGTH) // (2 * channels), int(kind) >> 8)
        if shape.fits and len(of_kind) >= few:
            samples: NDArray[np.int16] = np.ndarray(
                (len(places), shape.n, 3), "<i2", whole, wire.HEADER_LENGTH, (size, 2 * channels, 2)
            )
            yield _block_of_readings(shape, places, of_kind, readings, heads, samples)
        else:
            good[of_kind] = False
    left += [places[i] for i in np.flatnonzero(~good).tolist()]


def _header_of(size: int) -> "np.dtype[Any]":
    offsets, formats, names = (list(column) for column in zip(*_HEADER, strict=True))
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def _sound(heads: NDArray[Any], size: int) -> NDArray[np.bool_]:
    """Return which headers schemas.frame takes, of those this module reads itself."""
    gyro = (heads["flags"] & Flags.GYRO) != 0
    channels, scale, turn = heads["channels"], heads["accel_scale"], heads["gyro_scale"]
    period_ns, battery = heads["period_ns"].astype(np.float64), heads["battery"]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_hz = 1e9 / period_ns
        told = (scale.astype(np.float64) >= wire.MIN_ACCEL_SCALE) & (scale.astype(np.float64) <= wire.MAX_ACCEL_SCALE)
        told &= (turn >= 0) & (turn <= wire.MAX_GYRO_SCALE)
    told &= (rate_hz >= wire.MIN_RATE_HZ) & (rate_hz <= wire.MAX_RATE_HZ)
    told &= (heads["magic"] == wire.MAGIC) & (heads["header_length"] == wire.HEADER_LENGTH)
    told &= np.where(gyro, channels == 6, channels == 3) & (heads["n"] >= 1) & (heads["n"] <= wire.MAX_SAMPLES)
    told &= wire.HEADER_LENGTH + 2 * heads["n"].astype(np.int64) * channels + _CRC_LENGTH == size
    told &= (battery <= 100) | (battery == wire.BATTERY_UNKNOWN)
    found: NDArray[np.bool_] = told & (heads["t0_us"] <= wire.MAX_UPTIME_US)
    return found


def _block_of_readings(
    shape: Shape,
    places: Sequence[int],
    at: Ints,
    readings: Sequence[Reading],
    heads: NDArray[Any],
    samples: NDArray[np.int16],
) -> FrameBlock:
    chosen = [readings[places[i]] for i in at.tolist()]
    if len(at) < len(places):
        heads, samples = heads[at], samples[at]
    flags, boot, seq = heads["flags"], heads["boot"].astype(np.int64), heads["seq"].astype(np.int64)
    off_wrist = (flags & (Flags.WEAR_KNOWN | Flags.NOT_WORN)) == (Flags.WEAR_KNOWN | Flags.NOT_WORN)
    plain = ~off_wrist & ((flags & Flags.CHARGING) == 0) & (heads["lost"] == 0)
    plain &= (_column(each.boot for each in chosen) == boot) & (_column(each.seq for each in chosen) == seq)
    plain &= np.fromiter((each.kind is ReadingKind.FRAME for each in chosen), bool, len(chosen))
    position = np.empty(len(chosen), object)
    position[:] = [each.position for each in chosen]
    return FrameBlock(
        shape=shape,
        place=np.asarray(places, np.int64)[at],
        unit=[each.unit or "" for each in chosen],
        resident=[each.resident or "" for each in chosen],
        device=[each.device for each in chosen],
        position=position,
        boot=boot,
        seq=seq,
        t0_us=heads["t0_us"].astype(np.int64),
        event_us=_column(each.event_us for each in chosen),
        scale=heads["accel_scale"].astype(np.float64),
        plain=plain,
        acc=samples,
    )


def _block_of_frames(shape: Shape, places: list[int], frames: list[WornFrame]) -> FrameBlock:
    position = np.empty(len(frames), object)
    position[:] = [each.position for each in frames]
    return FrameBlock(
        shape=shape,
        place=np.array(places, np.int64),
        unit=[each.unit for each in frames],
        resident=[each.resident for each in frames],
        device=[each.device for each in frames],
        position=position,
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
    return f"{device}:{boot}:{seq}:{ReadingKind.FRAME}"


def _column(values: Iterator[int]) -> Ints:
    return np.fromiter(values, np.int64)
