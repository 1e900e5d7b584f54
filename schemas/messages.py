"""The JSON messages of our own devices: state, event, status, acknowledgement (docs/wire.md has an example of each).

And one of no device: the clock of a simulated home.
"""

from typing import Annotated, TypeVar

import msgspec

from schemas.errors import BadPayload

#: A JSON message of ours is a few hundred bytes; beyond this it is not one, and is not parsed.
MAX_BYTES = 16_384

#: Simulated time lies between 2001 and 2100 UTC: a home whose clock never was driven stands at the first, before
#: whatever anybody simulates; and a mistake of a factor must not drive it to where no later play can go.
DRIVEN_FROM_US, DRIVEN_UNTIL_US = 978_307_200_000_000, 4_102_444_800_000_000

U32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
#: Below 2**63, so that it fits the database's and JetStream's signed integers.
U63 = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern="^[a-z][a-z0-9_]*$")]


class StateMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``.../state``: what the device measures besides acceleration. Absent means unchanged or not measured.

    ``t_us`` is the device's monotonic clock, ``utc_us`` the same moment in UTC when its clock is set.
    """

    boot: U32
    seq: U32
    t_us: U63
    utc_us: U63 | None = None
    battery: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None  # %
    worn: bool | None = None
    charging: bool | None = None
    heart_rate: Annotated[float, msgspec.Meta(ge=20, le=300)] | None = None  # 1/min
    skin_temperature: Annotated[float, msgspec.Meta(ge=0, le=60)] | None = None  # degrees Celsius
    steps: U32 | None = None  # since boot
    rssi: Annotated[float, msgspec.Meta(ge=-150, le=20)] | None = None  # dBm


class EventMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``.../event``: something happened at the device: ``sos`` pressed, ``fall`` found by itself, ``button``.

    ``certainty`` is the device's own word for how sure it is of what it found.
    """

    boot: U32
    seq: U32
    t_us: U63
    type: Word
    utc_us: U63 | None = None
    certainty: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


class StatusMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``.../status``: retained; ``online: false`` is the last will."""

    online: bool
    boot: U32 | None = None
    firmware: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class AckMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``.../ack``, to the device: of this boot all from ``first`` to ``seq`` is on disk; of frames if no leaf is said.

    What is before ``first`` this gateway has not heard of: a device that still has such messages sends them again.
    """

    boot: U32
    seq: U32
    leaf: Word = "imu"
    first: U32 = 0


class ClockMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """``sw/sim/clock``, only in a simulated home: it is ``at_us`` now. With ``tick`` the detectors hear of it.

    The same form says on ``sw/sim/reached`` how far all is stored.
    """

    at_us: Annotated[int, msgspec.Meta(ge=DRIVEN_FROM_US, lt=DRIVEN_UNTIL_US)]
    tick: bool = False


M = TypeVar("M", StateMessage, EventMessage, StatusMessage, AckMessage, ClockMessage)


def parse(payload: bytes, kind: type[M]) -> M:
    """Return the message in ``payload``; raises BadPayload with a sentence that names the field at fault."""
    if len(payload) > MAX_BYTES:
        raise BadPayload("too-large", f"A JSON message has at most {MAX_BYTES} bytes, this has {len(payload)}.")
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as error:
        raise BadPayload("bad-field", f"{error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadPayload("not-json", f"Not JSON: {error}.") from None
