"""What goes wrong between a sensor and the broker, in plain records."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What breaks. Of a sensor (the first four) or of the whole bridge."""

    DIES = "dies"  # says nothing more
    BATTERY = "battery"  # runs empty until ``from_us``, then says nothing more
    REPEATS = "repeats"  # each message comes two or three times
    STUCK = "stuck"  # says motion again and again though nobody moves
    BRIDGE_DOWN = "bridge_down"  # the bridge is gone: what happens meanwhile is never heard of
    NETWORK = "network"  # the bridge cannot reach the broker, and hands all in when it can again


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault from ``from_us`` to ``until_us``; ``sensor`` by its name, None: all of the home's."""

    kind: FaultKind
    from_us: int
    until_us: int
    sensor: str | None = None

    def hits(self, sensor: str, at_us: int) -> bool:
        """Whether this sensor is struck at this time."""
        return self.from_us <= at_us < self.until_us and self.sensor in (None, sensor)
