"""The inactivity detector's homes as bytes that name their schema and model."""

import msgspec

from detectors.home_clocks import HomeClock
from detectors.inactivity_home import Home
from detectors.inactivity_model import MODEL
from detectors.other_snapshot import OtherSnapshot

#: Rises with every change of what is written in a snapshot, but for what is added last with a default: such bytes read
#: as before it was there.
SCHEMA = 4
#: Names what is learnt of a home: it can be taken over by a detector of the same name, and by no other.
RHYTHM = f"{MODEL}.{SCHEMA}"


class _Snapshot(msgspec.Struct, frozen=True, omit_defaults=True):
    schema: int
    model: str
    now_us: int
    homes: dict[str, Home]
    clocks: dict[str, HomeClock] = {}  # only of homes with a clock of their own


class _Head(msgspec.Struct, frozen=True):
    schema: int
    model: str


def pack(model: str, now_us: int, homes: dict[str, Home], clocks: dict[str, HomeClock]) -> bytes:
    """Return the state as bytes that name SCHEMA and ``model``; of ``clocks`` those of ``homes``."""
    own = {unit: clocks[unit] for unit in sorted(homes) if unit in clocks}
    return msgspec.msgpack.encode(_Snapshot(SCHEMA, model, now_us, dict(sorted(homes.items())), own))


def unpack(model: str, data: bytes) -> tuple[int, dict[str, Home], dict[str, HomeClock]]:
    """Return the platform's clock, the homes and their clocks of a snapshot.

    Raises OtherSnapshot when the bytes are none, or of another schema or model.
    """
    try:
        head = msgspec.msgpack.decode(data, type=_Head)
        if (head.schema, head.model) != (SCHEMA, model):
            raise OtherSnapshot(
                f"The snapshot is of schema {head.schema} and model {head.model}; "
                f"this detector has {SCHEMA} and {model}."
            )
        snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
    except msgspec.DecodeError as error:
        raise OtherSnapshot(f"This is no snapshot of an inactivity detector: {error}.") from None
    return snapshot.now_us, snapshot.homes, snapshot.clocks
