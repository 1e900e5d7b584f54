"""The everyday watches' homes, and what is learnt of one, as bytes that name their schema and model."""

import msgspec

from detectors.everyday_home import Home
from detectors.everyday_quiet import Life
from detectors.everyday_sensors import Sensor
from detectors.everyday_watches import Watch
from detectors.home_clocks import HomeClock
from detectors.other_snapshot import OtherSnapshot

#: Name and version of the detector: a snapshot or habits of another one are refused.
MODEL = "everyday-1"
#: Rises with every change of what is written in a snapshot.
SCHEMA = 1
#: Names what is learnt of a home: it can be taken over by a detector of the same name, and by no other.
HABITS = f"{MODEL}.{SCHEMA}"


class _Snapshot(msgspec.Struct, frozen=True, omit_defaults=True):
    schema: int
    model: str
    now_us: int
    homes: dict[str, Home]
    clocks: dict[str, HomeClock] = {}  # only of homes with a clock of their own


class _Head(msgspec.Struct, frozen=True):
    schema: int
    model: str


class Learnt(msgspec.Struct, array_like=True, frozen=True):
    """A home's habits (by watch: days with their numbers), sensors and life, as read from the database."""

    habits: list[list[tuple[int, int]]] = []
    sensors: dict[str, Sensor] = {}
    life: Life = msgspec.field(default_factory=Life)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Learnt)


def pack(now_us: int, homes: dict[str, Home], clocks: dict[str, HomeClock]) -> bytes:
    """Return the state as bytes that name SCHEMA and MODEL; of ``clocks`` those of ``homes``."""
    own = {unit: clocks[unit] for unit in sorted(homes) if unit in clocks}
    return _encoder.encode(_Snapshot(SCHEMA, MODEL, now_us, dict(sorted(homes.items())), own))


def unpack(data: bytes) -> tuple[int, dict[str, Home], dict[str, HomeClock]]:
    """Return the platform's clock, the homes and their clocks of a snapshot.

    Raises OtherSnapshot when the bytes are none, or of another schema or model.
    """
    try:
        head = msgspec.msgpack.decode(data, type=_Head)
        if (head.schema, head.model) != (SCHEMA, MODEL):
            raise OtherSnapshot(
                f"The snapshot is of schema {head.schema} and model {head.model}; "
                f"this detector has {SCHEMA} and {MODEL}."
            )
        snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
    except msgspec.DecodeError as error:
        raise OtherSnapshot(f"This is no snapshot of everyday watches: {error}.") from None
    return snapshot.now_us, snapshot.homes, snapshot.clocks


def pack_learnt(learnt: Learnt) -> bytes:
    """Return what was learnt as bytes: at most four kilobytes, with all its sensors."""
    return _encoder.encode(learnt)


def unpack_learnt(data: bytes) -> Learnt:
    """Return what was learnt. Raises OtherSnapshot when the bytes are no such thing."""
    try:
        learnt = _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise OtherSnapshot(f"These are no habits of a home: {error}.") from None
    if len(learnt.habits) != len(Watch):
        raise OtherSnapshot(f"These are {len(learnt.habits)} habits of a home; this version has {len(Watch)}.")
    return learnt
