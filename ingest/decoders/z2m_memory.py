"""A Zigbee2MQTT device's draft: the common one, and what its bridge announced of it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from ingest.decoders import z2m_names, z2m_values
from ingest.decoders.draft import Draft as CommonDraft
from ingest.decoders.values import truth
from ingest.decoders.z2m_schema import Definition, Property


@dataclass(slots=True)
class Draft(CommonDraft):
    """``body`` is the message, ``definition`` what the bridge announced, None: nothing yet."""

    definition: Definition | None = None
    body: dict[str, Any] = field(default_factory=dict)

    def expose(self, key: str) -> Property | None:
        """Return what the bridge announced of a property, None when nothing."""
        return None if self.definition is None else self.definition.properties.get(key)

    def companions(self, names: frozenset[str]) -> bool:
        """Whether the device has one of these properties: in this message, or by what was announced."""
        exposed = self.definition.properties if self.definition is not None else {}
        return any(name in self.body or name in exposed for name in names)

    def binary(self, key: str, value: Any) -> bool | None:
        """Whether it is "on": by the schema's value and JSON type, or by any usual spelling; None: neither."""
        words = z2m_names.WORDS.get(key)
        if words is not None:
            return words.get(value) if isinstance(value, str) else None
        expose = self.expose(key)
        if key in z2m_names.FALSE_IS_OPEN:
            told = truth(value)
            return None if told is None else not told
        if expose is not None and expose.form == "binary" and expose.on is not None:
            if _same(value, expose.on):
                return True
            return False if _same(value, expose.off) else None
        if key in z2m_values.INVERTED:
            told = {"open": False, "closed": True, "close": True}.get(value) if isinstance(value, str) else None
            told = truth(value) if told is None else told
            return None if told is None else not told
        return truth(value)

    def elsewhere(self, key: str) -> bool:
        """Whether another property of the same kind is true as far as we know (a second door, another wire)."""
        expose = self.expose(key)
        return expose is not None and any(self._stands(other) for other in expose.siblings)

    def _stands(self, key: str) -> bool:
        """Whether a property is true: by this message, and where it does not say so, by the last that did."""
        told = self.binary(key, self.body[key]) if key in self.body else None
        return self.values.get(key) is True if told is None else told


def _same(value: Any, other: Any) -> bool:
    return isinstance(value, bool) == isinstance(other, bool) and value == other
