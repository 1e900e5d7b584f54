"""A home's messages through the router of all families, one after the other, as the gateway would hear them."""

import json
from dataclasses import dataclass, field
from typing import Any

from ingest.decoders.families import Families
from ingest.decoders.meaning import NOTHING, Happened, Meaning
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Told

SECOND = 1_000_000
NOW = 1_790_000_000 * SECOND


@dataclass
class Ear:
    """Hears a message each minute unless said otherwise. ``tree``: the levels before the home's topics, if any."""

    tree: str = ""
    now_us: int = NOW
    said: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.families = Families(trees=(self.tree,))

    def hear(self, topic: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> list[Told]:
        """Return what a message came to, and what had waited for it. Bytes and texts are sent as they are."""
        self.now_us += round(after_s * SECOND)
        data = payload if isinstance(payload, bytes) else _bytes(payload)
        whole = f"{self.tree}/{topic}" if self.tree else topic
        told = self.families.decode(RawMessage(whole, data, retain, self.now_us))
        self.said += told
        return told

    def meaning(self, topic: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> Meaning:
        """Return what a message means; ``NOTHING`` where it is nobody's."""
        told = self.hear(topic, payload, retain=retain, after_s=after_s)
        return told[0].meaning if told else NOTHING

    def events(self, topic: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> list[Happened]:
        """Return what happened."""
        return list(self.meaning(topic, payload, retain=retain, after_s=after_s).events)

    def values(self, topic: str, payload: Any, *, retain: bool = False, after_s: float = 60.0) -> dict[str, Any]:
        """Return what was observed, by type."""
        seen = self.meaning(topic, payload, retain=retain, after_s=after_s).observations
        return {each.type: each.value for each in seen}


def _bytes(payload: Any) -> bytes:
    return payload.encode() if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False).encode()
