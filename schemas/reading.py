"""A reading: one message as it came, with what was decoded and whose it is; and the batch in which readings travel."""

from enum import StrEnum
from typing import Any

import msgspec

from schemas.decoding import decoded


class ReadingKind(StrEnum):
    """What a record in READINGS is."""

    FRAME = "frame"  # the payload is a wearable frame (schemas.frame)
    STATE = "state"
    EVENT = "event"
    STATUS = "status"
    TICK = "tick"  # the platform's clock; no device
    CONFIG = "config"  # binding or setting that a detector depends on; no device


class Clock(StrEnum):
    """Where a reading's event time comes from, best first."""

    DEVICE = "device"  # the device's own UTC, believable
    BOOT = "boot"  # the device's monotonic clock, mapped by the boot's fastest arrivals
    ARRIVAL = "arrival"  # the device told nothing usable
    CLAMPED = "clamped"  # the device claimed an unbelievable UTC; its boot's mapping was used instead


class Observation(msgspec.Struct, frozen=True, array_like=True):
    """One measured value in the vocabulary of the platform (battery %, heart_rate 1/min, worn, ...)."""

    type: str
    value: float | bool | str
    unit: str = ""


class Reading(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One record of READINGS.

    ``event_us`` is when it happened (a frame: its first sample), ``end_us`` the end of what it covers, ``arrival_us``
    when we heard. ``unit`` is None while the device is not bound. ``boot`` and ``seq`` are -1 where a device has none.
    """

    kind: ReadingKind
    arrival_us: int
    event_us: int
    end_us: int
    device: str = ""
    unit: str | None = None
    resident: str | None = None
    place: str | None = None
    boot: int = -1
    seq: int = -1
    clock: Clock = Clock.ARRIVAL
    topic: str = ""
    payload: bytes = b""
    retain: bool = False
    position: str | None = None  # where a wearable is worn: wrist, waist, hip, pocket, chest
    observations: tuple[Observation, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The stable key of the message: the same for each repetition of it, whatever the batch or the arrival."""
        return f"{self.device}:{self.boot}:{self.seq}:{self.kind}"


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Reading])


def encode_batch(readings: list[Reading]) -> bytes:
    """Return a batch of readings of one partition as the bytes of one JetStream message."""
    return _encoder.encode(readings)


def decode_batch(data: bytes) -> list[Reading]:
    """Return the readings of one JetStream message. Raises msgspec.DecodeError on what is not a batch."""
    return decoded(_decoder, data)


def to_json(value: Any) -> bytes:
    """Return any record of this package as JSON (evidence in tests and logs, the database's jsonb)."""
    return msgspec.json.encode(value)
