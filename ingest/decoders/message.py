"""An MQTT message as it came: what every decoder is given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One MQTT message. ``arrival_us`` is platform time when we heard it."""

    topic: str
    payload: bytes
    retain: bool
    arrival_us: int
