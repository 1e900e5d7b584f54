"""The fall detector's state as bytes, so that a watcher that restarts goes on in the middle of a fall."""

import msgspec
import numpy as np

from detectors.fall_followed import Fallen
from detectors.household import Left
from detectors.other_snapshot import OtherSnapshot as OtherSnapshot  # noqa: PLC0414  # asked for by this name too
from detectors.trace import Event, Held, Trace, Wearer, WearerKey
from detectors.wearable import WornFrame
from schemas.mobility import Mobility

#: Rises with every change of what is written below.
SCHEMA = 3


class _Head(msgspec.Struct, frozen=True):
    """What every version begins with."""

    schema: int
    model: str


class _Frame(msgspec.Struct, frozen=True, array_like=True):
    key: str
    boot: int
    seq: int
    t0_us: int
    event_us: int
    period_ns: int
    acc: bytes
    accel_scale: float
    position: str | None
    lost: int
    peak: float
    heard_us: int
    done_us: int
    early_us: int
    forced: bool
    arrived: int  # place in the order of arrival


class _Trace(msgspec.Struct, frozen=True, array_like=True):
    device: str
    frames: list[_Frame]
    seen: list[tuple[int, int, bytes]]


class _Wearer(msgspec.Struct, frozen=True, array_like=True):
    unit: str
    resident: str
    traces: list[_Trace]
    falls: list[Event]
    fallen: list[Fallen]


class Walker(msgspec.Struct, frozen=True, array_like=True):
    """How somebody gets about; ``version`` is of the config that said so."""

    version: int
    mobility: Mobility


#: Who gets about in a way that is known.
Walkers = dict[WearerKey, Walker]


class _Snapshot(msgspec.Struct, frozen=True):
    schema: int
    model: str
    now_us: int
    wearers: list[_Wearer]
    walkers: list[tuple[str, str, Walker]] = []
    left: dict[str, Left] = {}


_encoder = msgspec.msgpack.Encoder()
_head_decoder = msgspec.msgpack.Decoder(_Head)
_decoder = msgspec.msgpack.Decoder(_Snapshot)


def pack(
    model: str,
    now_us: int,
    wearers: dict[WearerKey, Wearer],
    fallen: dict[WearerKey, list[Fallen]],
    walkers: Walkers,
    left: dict[str, Left],
) -> bytes:
    """Return the state as bytes that name SCHEMA and ``model``."""
    packed = [
        _Wearer(*key, [_pack_trace(d, t) for d, t in wearer.traces.items()], wearer.falls, fallen.get(key, []))
        for key, wearer in sorted(wearers.items())
    ]
    known = [(*key, walker) for key, walker in sorted(walkers.items())]
    return _encoder.encode(_Snapshot(SCHEMA, model, now_us, packed, known, dict(sorted(left.items()))))


def unpack(
    model: str, data: bytes
) -> tuple[int, dict[WearerKey, Wearer], dict[WearerKey, list[Fallen]], Walkers, dict[str, Left]]:
    """Return the platform's clock, the wearers, the falls that are followed, how people get about, and who left.

    Raises OtherSnapshot when the bytes are none, or of another schema or model.
    """
    try:
        head = _head_decoder.decode(data)
    except msgspec.DecodeError as error:
        raise OtherSnapshot(f"This is no snapshot of a fall detector: {error}.") from None
    if (head.schema, head.model) != (SCHEMA, model):
        raise OtherSnapshot(
            f"The snapshot is of schema {head.schema} and model {head.model}; this detector has {SCHEMA} and {model}."
        )
    try:
        snapshot = _decoder.decode(data)
        wearers = {(w.unit, w.resident): _unpack_wearer(w) for w in snapshot.wearers}
    except (msgspec.DecodeError, ValueError, IndexError) as error:
        raise OtherSnapshot(f"The snapshot is damaged: {error}.") from None
    fallen = {(w.unit, w.resident): w.fallen for w in snapshot.wearers if w.fallen}
    walkers = {(unit, resident): walker for unit, resident, walker in snapshot.walkers}
    return snapshot.now_us, wearers, fallen, walkers, snapshot.left


def _pack_trace(device: str, trace: Trace) -> _Trace:
    place = {id(held): index for index, held in enumerate(trace.arrived)}
    frames = [
        _Frame(
            f.key, f.boot, f.seq, f.t0_us, f.event_us, f.period_ns, f.acc.astype("<i2").tobytes(), f.accel_scale,
            f.position, f.lost, held.peak, held.heard_us, held.done_us, held.early_us, held.forced, place[id(held)],
        )
        for held in trace.held
        for f in (held.frame,)
    ]  # fmt: skip
    seen = [(boot, highest, bits.to_bytes(_length(bits), "little")) for boot, (highest, bits) in trace.seen.items()]
    return _Trace(device, frames, seen)


def _length(bits: int) -> int:
    return (bits.bit_length() + 7) // 8


def _unpack_wearer(packed: _Wearer) -> Wearer:
    traces = {trace.device: _unpack_trace(packed, trace) for trace in packed.traces}
    return Wearer(traces, list(packed.falls))


def _unpack_trace(wearer: _Wearer, packed: _Trace) -> Trace:
    held = [_unpack_frame(wearer, packed.device, frame) for frame in packed.frames]
    order = sorted(range(len(held)), key=lambda index: packed.frames[index].arrived)
    seen = {boot: (highest, int.from_bytes(bits, "little")) for boot, highest, bits in packed.seen}
    return Trace(held, [held[index] for index in order], seen)


def _unpack_frame(wearer: _Wearer, device: str, packed: _Frame) -> Held:
    frame = WornFrame(
        unit=wearer.unit,
        resident=wearer.resident,
        device=device,
        key=packed.key,
        boot=packed.boot,
        seq=packed.seq,
        t0_us=packed.t0_us,
        event_us=packed.event_us,
        period_ns=packed.period_ns,
        acc=np.frombuffer(packed.acc, dtype="<i2").reshape(-1, 3).astype(np.int16),
        accel_scale=packed.accel_scale,
        position=packed.position,
        lost=packed.lost,
    )
    return Held(frame, packed.peak, packed.heard_us, packed.done_us, packed.early_us, packed.forced)
