"""Home Assistant's discovery as a consumer, and ESPHome: one root for a home, whatever announces there. Pure.

A configuration says on which topics an entity speaks, in which words, and of which class it is; the class decides what
it means, never the name. All entities of one device are one device of ours. What Zigbee2MQTT announces is only shown:
that bridge is read by its own inventory. A template that is not understood makes the entity unknown, and is said.
"""

from collections.abc import Mapping
from typing import Any

from ingest.decoders import (
    esphome,
    espresense,
    ha_available,
    ha_config,
    ha_meaning,
    ha_root,
    shelly,
    tasmota,
    theengs,
)
from ingest.decoders.ha_config import Availability, Entity
from ingest.decoders.ha_root import Announced, Changed, Root
from ingest.decoders.meaning import Meaning
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.templates import Payload
from ingest.decoders.told import IGNORED, MAX_BYTES, Telling, Told, bridge_id, device_id, refused
from ingest.decoders.values import object_of, text_of

NAME = "hadiscovery"
OWNS_BASE = False
#: Announcing software, and makers of devices, that are read otherwise or are our own.
_NOT_CONSUMED = frozenset({"Zigbee2MQTT", "Shouwang", "OMG_community"})
#: Families whose topics say by themselves whose they are: they know more of their devices than what these announce,
#: and a device must not become another one on the day on which somebody turns announcements on.
_READ_OTHERWISE = (tasmota, shelly, espresense)
#: Home Assistant's usual prefix, below which it also says that it is there itself.
_BIRTH = "homeassistant"
#: One configuration: a bridge's with sixty entities has some 30 kB.
_LARGEST_CONFIG = 100_000

NEW_ROOT = Root()
__all__ = ["NAME", "NEW_ROOT", "OWNS_BASE", "Root", "decode", "recognise"]


def recognise(topic: str, payload: bytes) -> str | None:
    """Return one base for all of a home's announcements, and for ESPHome's nodes."""
    if topic.endswith("/config"):
        return "" if ha_config.CONFIG.fullmatch(topic) else None
    return "" if esphome.recognise(topic, payload) else None


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what an announcement or an entity's state came to. Never raises on what a sender wrote."""
    topic = message.local
    if len(message.payload) > MAX_BYTES:
        return refused(message, "too-large", f"A message has at most {MAX_BYTES} bytes.")
    if topic.endswith("/config") and ha_config.CONFIG.fullmatch(topic):
        return _announcement(root, memories, message)
    if not message.payload:
        return IGNORED
    telling, payload = Telling(message, memories), Payload(message.payload)
    known = topic in root.availability and ha_available.take(telling, root, payload)
    for entity in root.entities.get(topic, ()):
        ha_meaning.take(telling, entity, payload)
        known = True
    return telling.told() if known else _unannounced(root, telling)


def _unannounced(root: Root, telling: Telling) -> Told:
    """Take a node of ESPHome that has not announced itself."""
    message, text = telling.message, text_of(telling.message.payload)
    if message.local.endswith("/status"):
        online = {"online": True, "offline": False}.get(text or "")
        if online is None:
            return IGNORED
        node = message.local.removesuffix("/status")
        if node == _BIRTH or any(config.startswith(f"{node}/") for config in root.configs):
            return IGNORED  # Home Assistant itself came or went: below its prefix are announcements, and no device
        telling.of(device_id(message, "esphome", node), status=True).reachable(online)
        return telling.told()
    (node, name), kind = esphome.split(message.local), esphome.component(message.local)
    if not node or text is None:
        return IGNORED
    taken = esphome.value(telling.of(device_id(message, "esphome", node)), kind, name, text)
    return telling.told() if taken else IGNORED


def _announcement(root: Root, memories: Mapping[str, Memory], message: RawMessage) -> Told:
    topic = message.local
    if not message.payload:
        told = ha_root.changed(root, topic, Announced())
        return _told(told, Meaning(facts={"removed": message.topic}), root, message, memories)
    if len(message.payload) > _LARGEST_CONFIG:
        return refused(message, "too-large", f"A configuration has at most {_LARGEST_CONFIG} bytes.")
    body = object_of(message.payload)
    if body is None:
        return refused(message, "not-json", "A configuration is a JSON object.")
    options = ha_config.expanded(body)
    component, name = ha_config.names_of(topic)
    device = _device(message, options, component, name)
    entities: list[Entity] = []
    availability: list[Availability] = []
    shown: list[dict[str, Any]] = []
    for kind, key, each in ha_config.components(options, component, name):
        entities += ha_config.entities(device, kind, key, each)
        availability += ha_config.availability(device, each)
        shown += ha_meaning.shown(kind, each)
    meaning = Meaning(entities=tuple(shown))
    if not _NOT_CONSUMED.isdisjoint((ha_config.origin_of(options), ha_config.manufacturer_of(options))):
        return Told(meaning)
    entities = [each for each in entities if not _is_read_otherwise(each.topic)]
    availability = [each for each in availability if entities and not _is_read_otherwise(each.topic)]
    told = ha_root.changed(root, topic, Announced(tuple(entities), tuple(availability), len(message.payload)))
    return _told(told, meaning, root, message, memories)


def _is_read_otherwise(topic: str) -> bool:
    if f"/{theengs.BLUETOOTH}/" in f"/{topic}/":
        return True
    return any(family.recognise(topic, b"{}") is not None for family in _READ_OTHERWISE)


def _told(
    changed: Changed,
    meaning: Meaning,
    before: Root,
    message: RawMessage,
    memories: Mapping[str, Memory],
) -> Told:
    """Return what an announcement came to; it is kept as a reading where it says something new."""
    root, claims, releases = changed
    if root is before:
        return Told(meaning)
    telling = Telling(message, memories)
    telling.of(bridge_id(message, "ha", message.local), status=True)
    told = telling.told()
    return Told(meaning, told.readings, None, root, told.memories, claims, releases)


def _device(message: RawMessage, options: dict[str, Any], component: str, name: str) -> str:
    """Return the device's id. A node of ESPHome is known by its name before it announces itself, and after.

    One that sleeps says nothing of its availability; its name stands in the configuration's topic too. What tells its
    status has that very topic as its state.
    """
    state, status = options.get("state_topic"), options.get("availability_topic")
    if isinstance(state, str) and isinstance(status, str) and status.endswith("/status"):
        node = status.removesuffix("/status")
        if state == status or state.startswith(f"{node}/{component}/"):
            return device_id(message, "esphome", node)
    levels = message.local.split("/")
    if state == f"{levels[-3]}/{component}/{name}/state":
        return device_id(message, "esphome", levels[-3])
    names = ha_config.device_names(options)
    return device_id(message, "ha", *(names or (str(options.get("unique_id") or message.local)[:500],)))
