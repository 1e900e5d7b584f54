"""The Zigbee2MQTT bridges of one gateway: which base a topic stands below, and each bridge's state.

A base is free text and may have several levels; the longest that fits is meant. ``dirty`` says that an event or a
schema has changed what must not be forgotten: it is saved before the messages are acknowledged, so that after a crash
yesterday's state is never heard as news.
"""

from collections.abc import Iterable, Mapping

import msgspec

from ingest.decoders import zigbee2mqtt
from ingest.decoders.message import RawMessage
from ingest.decoders.zigbee2mqtt import NEW_BRIDGE, Decoded, State

#: By one of these a bridge says that it is there.
_ANNOUNCEMENTS = ("/bridge/state", "/bridge/devices")
#: Bridges that announced themselves in a simulated home, each run's own; the first learnt is forgotten first.
MOST_LEARNT = 64


class Bridges:
    """The state of each base that is listened to. With ``learn``, also of each bridge that announces itself."""

    def __init__(self, bases: Iterable[str], *, learn: bool = False) -> None:
        self.bases: tuple[str, ...] = ()
        self.dirty = False
        self._learn, self._learnt = learn, list[str]()
        for base in bases:
            self.add(base)
        self._states: dict[str, State] = {}

    def add(self, base: str) -> None:
        """Listen below one more base."""
        self.bases = tuple(sorted({*self.bases, base.strip("/")} - {""}, key=lambda each: (-len(each), each)))

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What must be subscribed to: each base that does not stand below another (else its messages come twice)."""
        apart = (base for base in self.bases if not any(base.startswith(f"{other}/") for other in self.bases))
        return tuple(f"{base}/#" for base in apart)

    def base_of(self, topic: str) -> str | None:
        """Return the base that a topic stands below, or None."""
        if self._learn and topic.endswith(_ANNOUNCEMENTS):
            self._learn_base(topic.rpartition("/bridge/")[0])
        return next((base for base in self.bases if topic.startswith(f"{base}/")), None)

    def _learn_base(self, base: str) -> None:
        if not base or base in self.bases:
            return
        self.add(base)
        self._learnt.append(base)
        if len(self._learnt) > MOST_LEARNT:
            gone = self._learnt.pop(0)
            self.bases = tuple(each for each in self.bases if each != gone)
            self._states.pop(gone, None)

    def decode(self, base: str, message: RawMessage) -> Decoded:
        """Decode one message below ``base`` and remember what it changed."""
        before = self._states.get(base, NEW_BRIDGE)
        after, decoded = zigbee2mqtt.decode(before, message, base)
        self._states[base] = after
        if decoded.meaning.events or decoded.meaning.moved or message.retain or _announced(before, after):
            self.dirty = True
        return decoded

    def snapshot(self) -> bytes:
        """Return all states as bytes."""
        return _encoder.encode(self._states)

    def restore(self, data: bytes) -> None:
        """Take over what ``snapshot`` gave. Raises msgspec.ValidationError or DecodeError on anything else."""
        states: Mapping[str, State] = _decoder.decode(data)
        if self._learn:
            for base in states:
                self._learn_base(base)
        self._states = {base: states[base] for base in self.bases if base in states}


def _announced(before: State, after: State) -> bool:
    return before.definitions is not after.definitions or before.online is not after.online


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, State])
