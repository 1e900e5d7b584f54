"""What is remembered of one Zigbee2MQTT device, and a message's meaning while it is put together. Pure."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from ingest.decoders import z2m_values
from ingest.decoders.meaning import Happened, Seen
from ingest.decoders.z2m_schema import Definition, Property, Scalar
from ingest.decoders.z2m_values import truth


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """What must be remembered of one device: last values by property, the last press, when it was last heard."""

    values: dict[str, Scalar] = {}
    action: str = ""
    action_us: int = 0
    last_seen_us: int | None = None
    seq: int = -1
    available: bool | None = None


NEW = Memory()


@dataclass(slots=True)
class Draft:
    """The meaning while it is put together."""

    memory: Memory
    definition: Definition | None
    body: dict[str, Any]
    retain: bool
    arrival_us: int
    claimed_us: int | None
    values: dict[str, Scalar]
    seen: list[Seen] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    implausible: list[str] = field(default_factory=list)
    technical: str | None = None
    dedupe_key: str | None = None
    action: tuple[str, int] | None = None

    def expose(self, key: str) -> Property | None:
        """Return what the bridge announced of a property, None when nothing."""
        return None if self.definition is None else self.definition.properties.get(key)

    def companions(self, names: frozenset[str]) -> bool:
        """Whether the device has one of these properties: in this message, or by what was announced."""
        exposed = self.definition.properties if self.definition is not None else {}
        return any(name in self.body or name in exposed for name in names)

    def happen(self, kind: str, value: float | bool | str) -> None:
        """Note an event, once for each type."""
        if not any(event.type == kind for event in self.events):
            self.events.append(Happened(kind, value))

    def change(self, key: str, value: bool | str) -> bool:
        """Remember a value; whether it differs from the last one, in a live message."""
        changed = self.values.get(key) != value
        self.values[key] = value
        return changed and not self.retain

    def binary(self, key: str, value: Any) -> bool | None:
        """Whether it is "on": by the schema's value and JSON type, or by any usual spelling; None: neither."""
        expose = self.expose(key)
        if expose is not None and expose.form == "binary" and expose.on is not None:
            if _same(value, expose.on):
                return True
            return False if _same(value, expose.off) else None
        if key in z2m_values.INVERTED:
            told = {"open": False, "closed": True, "close": True}.get(value) if isinstance(value, str) else None
            told = truth(value) if told is None else told
            return None if told is None else not told
        return truth(value)


def _same(value: Any, other: Any) -> bool:
    return isinstance(value, bool) == isinstance(other, bool) and value == other
