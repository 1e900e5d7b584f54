"""Home Assistant's discovery as a consumer, and ESPHome: one root for a home, whatever announces there. Pure.

A configuration says on which topics an entity speaks, in which words, and of which class it is; the class decides what
it means, never the name. All entities of one device are one device of ours. What Zigbee2MQTT announces is only shown:
that bridge is read by its own inventory. A template that is not understood makes the entity unknown, and is said.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import esphome, ha_config, ha_meaning
from ingest.decoders.ha_config import Availability, Entity
from ingest.decoders.meaning import Meaning
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, MAX_BYTES, Telling, Told, bridge_id, device_id, refused
from ingest.decoders.values import object_of, text_of

NAME = "hadiscovery"
OWNS_BASE = False
#: Announcing software whose devices are read otherwise, or are our own.
_NOT_CONSUMED = frozenset({"Zigbee2MQTT", "Shouwang"})
#: Configurations of one home.
_MOST_CONFIGS = 5000
#: Entities on one topic: one message of a bridge with everything in it.
_MOST_ON_TOPIC = 64


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What was announced: by configuration's topic its topics; by topic its entities and availabilities."""

    configs: dict[str, tuple[str, ...]] = {}
    entities: dict[str, tuple[Entity, ...]] = {}
    availability: dict[str, tuple[Availability, ...]] = {}


NEW_ROOT = Root()


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
    telling = Telling(message, memories)
    known = False
    if topic in root.availability:
        known = _available(telling, root.availability[topic])
    for entity in root.entities.get(topic, ()):
        ha_meaning.take(telling, entity)
        known = True
    return telling.told() if known else _unannounced(telling)


def _unannounced(telling: Telling) -> Told:
    """Take a node of ESPHome that has not announced itself."""
    message, text = telling.message, text_of(telling.message.payload)
    if message.local.endswith("/status"):
        online = {"online": True, "offline": False}.get(text or "")
        if online is None:
            return IGNORED
        node = message.local.removesuffix("/status")
        telling.of(device_id(message, "esphome", node), status=True).reachable(online)
        return telling.told()
    node, name = esphome.split(message.local)
    if not node or text is None:
        return IGNORED
    taken = esphome.value(telling.of(device_id(message, "esphome", node)), name, text)
    return telling.told() if taken else IGNORED


def _available(telling: Telling, said: tuple[Availability, ...]) -> bool:
    """Take whether devices can be heard; one topic of several devices is their bridge's, and is told once."""
    online = ha_meaning.availability(telling.message, said[0])
    if online is None:
        return False
    devices = list(dict.fromkeys(each.device for each in said))
    if len(devices) == 1:
        telling.of(devices[0], status=True).reachable(online)
        return True
    bridge = bridge_id(telling.message, "ha", telling.message.local)
    telling.of(bridge, status=True).reachable(online, bridge=True)
    for device in devices:
        draft = telling.of(device, status=True, derived=True)
        draft.see("available", online)
        draft.available = online
    return True


def _announcement(root: Root, memories: Mapping[str, Memory], message: RawMessage) -> Told:
    topic = message.local
    if not message.payload:
        told = _with(root, topic, (), ())
        return _told(told, Meaning(facts={"removed": message.topic}), root, message, memories)
    body = object_of(message.payload)
    if body is None:
        return refused(message, "not-json", "A configuration is a JSON object.")
    options = ha_config.expanded(body)
    component, name = ha_config.names_of(topic)
    device = _device(message, options, component)
    entities: list[Entity] = []
    availability: list[Availability] = []
    shown: list[dict[str, Any]] = []
    for kind, key, each in ha_config.components(options, component, name):
        entities += ha_config.entities(device, kind, key, each)
        availability += ha_config.availability(device, each)
        shown += ha_meaning.shown(kind, each)
    meaning = Meaning(entities=tuple(shown))
    if ha_config.origin_of(options) in _NOT_CONSUMED:
        return Told(meaning)
    told = _with(root, topic, tuple(entities), tuple(dict.fromkeys(availability)))
    return _told(told, meaning, root, message, memories)


def _told(
    changed: tuple[Root, tuple[str, ...], tuple[str, ...]],
    meaning: Meaning,
    before: Root,
    message: RawMessage,
    memories: Mapping[str, Memory],
) -> Told:
    """Return what an announcement came to; it is kept as a reading where it says something new."""
    root, claims, releases = changed
    if root == before:
        return Told(meaning)
    telling = Telling(message, memories)
    telling.of(bridge_id(message, "ha", message.local), status=True)
    told = telling.told()
    return Told(meaning, told.readings, None, root, told.memories, None, claims, releases)


def _device(message: RawMessage, options: dict[str, Any], component: str) -> str:
    """Return the device's id. A node of ESPHome is known by its name before it announces itself, and after."""
    state, status = options.get("state_topic"), options.get("availability_topic")
    if isinstance(state, str) and isinstance(status, str) and status.endswith("/status"):
        node = status.removesuffix("/status")
        if state.startswith(f"{node}/{component}/"):
            return device_id(message, "esphome", node)
    names = ha_config.device_names(options)
    return device_id(message, "ha", *(names or (str(options.get("unique_id") or message.local)[:500],)))


def _with(
    root: Root, config: str, entities: tuple[Entity, ...], availability: tuple[Availability, ...]
) -> tuple[Root, tuple[str, ...], tuple[str, ...]]:
    """Return the root with this configuration in the place of the one before, and topics that came and went."""
    before = root.configs.get(config, ())
    topics = tuple(dict.fromkeys([*(each.topic for each in entities), *(each.topic for each in availability)]))
    if not before and (not topics or len(root.configs) >= _MOST_CONFIGS):
        return root, (), ()
    mark = f"{config}\0"
    by_topic, available = dict(root.entities), dict(root.availability)
    for topic in before:
        _drop(by_topic, topic, mark)
        _drop(available, topic, mark)
    for entity in entities:
        held = by_topic.get(entity.topic, ())
        if len(held) < _MOST_ON_TOPIC:
            by_topic[entity.topic] = (*held, msgspec.structs.replace(entity, key=mark + entity.key))
    for each in availability:
        held_there = available.get(each.topic, ())
        if len(held_there) < _MOST_ON_TOPIC:
            available[each.topic] = (*held_there, each)
    configs = {key: value for key, value in root.configs.items() if key != config}
    if topics:
        configs[config] = topics
    changed = Root(configs, by_topic, available)
    if changed == root:
        return root, (), ()
    gone = tuple(topic for topic in before if topic not in by_topic and topic not in available)
    return changed, tuple(topic for topic in topics if topic not in before), gone


def _drop(held: dict[str, Any], topic: str, mark: str) -> None:
    """Take away what a configuration announced on a topic; availabilities stay while an entity is there."""
    if topic not in held:
        return
    left = tuple(each for each in held[topic] if not getattr(each, "key", mark).startswith(mark))
    if left:
        held[topic] = left
    else:
        del held[topic]
