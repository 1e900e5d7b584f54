"""Zigbee2MQTT: ``(root, memories, message) -> told`` for all topics below one base. Pure.

The root is one bridge's: whether it is up, and the devices it announced; the memories are what each one said last. A
device is known by its Zigbee address, whatever it is called today; before the bridge has announced it, by its name.
Messages that come before their schema are decoded by the property names that all schemas share. A bridge that goes down
says once that nothing of its devices can be known (``available`` false), so that silence is not taken for stillness.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from ingest.decoders import z2m_bridge, z2m_device, z2m_names, z2m_schema, z2m_values
from ingest.decoders.meaning import Meaning, Seen
from ingest.decoders.memory import NEW, Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, MAX_BYTES, Told, entry, reading_of, refused
from ingest.decoders.values import json_of
from ingest.decoders.z2m_schema import Definition, is_ieee
from schemas.reading import Reading, ReadingKind

NAME = "zigbee2mqtt"
DEFAULT_BASE = "zigbee2mqtt"
#: All topics below a base that is known are this family's, whatever they look like.
OWNS_BASE = True
#: A bridge with 300 devices announces one to two megabytes, mostly options and endpoints, which are not kept.
INVENTORY_BYTES = 4_000_000
#: By one of these a bridge says that it is there.
_ANNOUNCEMENTS = ("/bridge/state", "/bridge/devices", "/bridge/info", "/bridge/groups")
_COMMAND = re.compile(r".+/(set|get)(/.+)?")
_SLUG = re.compile(r"[^a-z0-9]+")


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one bridge. ``online`` None: it has not said."""

    online: bool | None = None
    definitions: dict[str, Definition] = {}
    groups: tuple[str, ...] = ()


NEW_ROOT = Root()


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return the base of a bridge that announces itself."""
    return topic.rpartition("/bridge/")[0] or None if topic.endswith(_ANNOUNCEMENTS) else None


def device_id(base: str, name: str, definition: Definition | None = None) -> str:
    """Return a device's id: ``z2m-<address>`` where the address is known, else one made of base and name."""
    if definition is not None:
        return f"z2m-{definition.ieee}"
    if is_ieee(name.lower()):
        return f"z2m-{name.lower()}"
    return f"z2m-{_named(base, name)}"


def bridge_id(base: str) -> str:
    """Return the id under which the bridge itself is shown."""
    return f"z2m-bridge-{_named(base, base)}"


def _named(base: str, name: str) -> str:
    mark = hashlib.blake2b(f"{base}\0{name}".encode("utf-8", "replace"), digest_size=4).hexdigest()
    slug = _SLUG.sub("-", name.lower()).strip("-")[:32].strip("-")
    return f"{slug}-{mark}" if slug else mark


def _too_large(message: RawMessage, most: int) -> str:
    return f"A message has at most {most} bytes, this has {len(message.payload)}."


def _is_data(leaf: str, definition: Definition | None) -> bool:
    announced = definition is not None and leaf in definition.properties
    return announced or leaf in z2m_values.KNOWN or leaf in z2m_names.SAME


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str = DEFAULT_BASE) -> Told:
    """Return what the message came to. Never raises on what a sender wrote."""
    return _Bridge(root, memories, message, base).told()


class _Bridge:
    """One message below one base."""

    def __init__(self, root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> None:
        self._root, self._memories, self._message = root, memories, message
        self._base = f"{message.tree}/{base}" if message.tree else base
        self._rest = message.local[len(base) + 1 :]

    def told(self) -> Told:
        message, rest = self._message, self._rest
        if _COMMAND.fullmatch(rest):
            return IGNORED
        most = INVENTORY_BYTES if rest == "bridge/devices" else MAX_BYTES
        if len(message.payload) > most:
            return refused(message, "too-large", _too_large(message, most))
        if rest.startswith("bridge/"):
            return self._bridge(rest.removeprefix("bridge/"))
        if not message.payload or rest in self._root.groups:
            return IGNORED  # deleted from the broker's memory (renamed, removed), or a group's echo of its members
        return self._device()

    def _device(self) -> Told:
        message, rest, definitions = self._message, self._rest, self._root.definitions
        body = json_of(message.payload)
        name, leaf = rest, ""
        if rest not in definitions and "/" in rest:
            head, _, tail = rest.rpartition("/")
            if tail == "availability":
                return self._availability(head, body)
            attribute = not isinstance(body, dict) and _is_data(tail, definitions.get(head))
            if head in definitions or attribute:
                name, leaf = head, tail
        if leaf:
            if isinstance(body, dict | list) or not _is_data(leaf, definitions.get(name)):
                return IGNORED  # a part of a device's state that is no data for us
            body = {leaf: body}
        if body is None:
            return refused(message, "not-json", "The payload is neither JSON nor a word.")
        if not isinstance(body, dict):
            return refused(message, "schema-unknown", "Not a device's state, and nobody has announced this topic.")
        definition = definitions.get(name)
        device = device_id(self._base, name, definition)
        memory, meaning = z2m_device.read(
            self._memories.get(device, NEW), definition, body, retain=message.retain, arrival_us=message.arrival_us
        )
        memory, reading = reading_of(memory, message, device, meaning)
        note = None
        if meaning.technical is not None:
            sentence = "The broker remembered an alarm of this device that we never heard: please look."
            note = entry(message, meaning.technical.replace("_", "-"), sentence, kept=True)
        return Told(meaning, (reading,), note, memories={device: memory})

    def _availability(self, name: str, body: Any) -> Told:
        online = z2m_bridge.online(body)
        if online is None:
            return refused(self._message, "bad-field", "An availability is online or offline.")
        device = device_id(self._base, name, self._root.definitions.get(name))
        before = self._memories.get(device, NEW)
        technical = None if online else "sensor_offline"
        meaning = Meaning(observations=(Seen("available", online),), technical=technical)
        memory, reading = reading_of(before, self._message, device, meaning, kind=ReadingKind.STATUS)
        note = None
        if not online and before.available is not False:
            sentence = "A sensor is not reachable: what it said last is old, and its silence means nothing."
            note = entry(self._message, "sensor-offline", sentence, kept=True)
        memory = msgspec.structs.replace(memory, available=online)
        return Told(meaning, (reading,), note, memories={device: memory})

    def _bridge(self, leaf: str) -> Told:
        if leaf not in ("state", "devices", "groups", "event") or not self._message.payload:
            return IGNORED
        if leaf == "devices":
            return self._inventory()
        body = json_of(self._message.payload)
        if body is None:
            return refused(self._message, "not-json", "The bridge's message is not JSON.")
        if leaf == "state":
            return self._bridge_state(body)
        if leaf == "event":
            return self._bridge_event(body)
        return Told(Meaning(), root=msgspec.structs.replace(self._root, groups=z2m_bridge.groups(body)))

    def _inventory(self) -> Told:
        told = z2m_bridge.inventory(self._message.payload)
        if told is None:
            return refused(self._message, "bad-field", "An inventory is a list of devices.")
        found, meaning = told
        if len(self._message.payload) > MAX_BYTES:  # more than a message of a server with usual limits may have
            self._message = replace(self._message, payload=z2m_schema.shortened(self._message.payload))
            if len(self._message.payload) > MAX_BYTES:
                return refused(self._message, "too-large", _too_large(self._message, MAX_BYTES))
        if found == self._root.definitions:
            return Told(meaning)  # as known: nothing to keep
        memories: dict[str, Memory | None] = {}
        for name, definition in found.items():
            by_name = device_id(self._base, name)
            known = device_id(self._base, name, definition)
            if by_name != known and by_name in self._memories and known not in self._memories:
                memories[known], memories[by_name] = self._memories[by_name], None
        bridge, memory, reading = self._of_bridge(meaning)
        root = msgspec.structs.replace(self._root, definitions=found)
        return Told(meaning, (reading,), root=root, memories={**memories, bridge: memory})

    def _of_bridge(self, meaning: Meaning) -> tuple[str, Memory, Reading]:
        """Keep a message of the bridge's own, under its id: what was announced is needed to read old ones again."""
        device = bridge_id(self._base)
        before = self._memories.get(device, NEW)
        memory, reading = reading_of(before, self._message, device, meaning, kind=ReadingKind.STATUS)
        return device, memory, reading

    def _bridge_event(self, body: Any) -> Told:
        meaning = z2m_bridge.event(body)
        device, memory, reading = self._of_bridge(meaning)
        note = None
        if meaning.technical is not None:
            sentence = z2m_bridge.SENTENCES[meaning.technical]
            note = entry(self._message, meaning.technical.replace("_", "-"), sentence, kept=True)
        return Told(meaning, (reading,), note, memories={device: memory})

    def _bridge_state(self, body: Any) -> Told:
        online = z2m_bridge.online(body)
        if online is None:
            return refused(self._message, "bad-field", "A bridge's state is online or offline.")
        technical = None if online else "bridge_offline"
        meaning = Meaning(observations=(Seen("bridge_available", online),), technical=technical)
        bridge, memory, reading = self._of_bridge(meaning)
        memories: dict[str, Memory | None] = {bridge: memory}
        if self._root.online is online:
            return Told(meaning, (reading,), memories=memories)
        readings = [reading]
        for device in self._dependants():
            before = self._memories.get(device, NEW)
            if online and before.available is False:
                continue  # it had said so itself, and has not come back with the bridge
            told = Meaning(observations=(Seen("available", online),))
            memories[device], reading = reading_of(
                before, self._message, device, told, kind=ReadingKind.STATUS, derived=True
            )
            readings.append(reading)
        note = None
        if not online:
            count = len(readings) - 1
            sentence = f"The Zigbee bridge {self._base} is down: nothing is heard of {count} sensors until it is back."
            note = entry(self._message, "bridge-offline", sentence, kept=True)
        root = msgspec.structs.replace(self._root, online=online)
        return Told(meaning, tuple(readings), note, root=root, memories=memories)

    def _dependants(self) -> list[str]:
        announced = [device_id(self._base, name, definition) for name, definition in self._root.definitions.items()]
        heard = [device for device in self._memories if device != bridge_id(self._base)]
        return list(dict.fromkeys([*announced, *heard]))
