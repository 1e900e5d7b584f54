"""What a home has announced by Home Assistant's discovery: configurations, and by topic what is heard there. Pure.

A configuration that comes again takes the place of the one before, and of nobody else's: many configurations share one
topic (a bridge's values in one message, its availability).
"""

from typing import NamedTuple, TypeVar

import msgspec

from ingest.decoders.ha_config import Availability, Entity

#: Configurations of one home, topics that they name, and bytes of them together: a home of 300 devices with ten
#: entities each announces some 3,000, of 500 to 1,500 bytes.
MOST_CONFIGS, MOST_TOPICS, MOST_BYTES = 5000, 5000, 8_000_000
#: Entities on one topic: one message of a bridge with everything in it; and characters of their templates, since each
#: is read when it is used first.
MOST_ON_TOPIC, MOST_TEMPLATES = 64, 6000
#: Entities whose availability is said on one topic, that of their bridge.
MOST_BEHIND = 2000


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What was announced: by configuration's topic its topics and its size; by topic entities and availabilities."""

    configs: dict[str, tuple[str, ...]] = {}
    entities: dict[str, tuple[Entity, ...]] = {}
    availability: dict[str, tuple[Availability, ...]] = {}
    sizes: dict[str, int] = {}


class Changed(NamedTuple):
    """The root after an announcement, the same one where nothing changed, and the topics that came and went."""

    root: Root
    claims: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()


class Announced(NamedTuple):
    """What one configuration says, and its size in bytes; nothing: it was withdrawn."""

    entities: tuple[Entity, ...] = ()
    availability: tuple[Availability, ...] = ()
    size: int = 0


_Heard = TypeVar("_Heard", Entity, Availability)


def changed(root: Root, config: str, told: Announced) -> Changed:
    """Return what is known after a configuration said this; one too many is not known."""
    before = root.configs.get(config, ())
    held = sum(root.sizes.values()) - root.sizes.get(config, 0)
    if not before and len(root.configs) >= MOST_CONFIGS:
        return Changed(root)
    if held + told.size > MOST_BYTES:
        told = Announced()  # what it said before, if anything, is not true any more either
    entities, availability = dict(root.entities), dict(root.availability)
    for topic in before:
        _drop(entities, topic, config)
        _drop(availability, topic, config)
    for entity in told.entities:
        _hear_entity(entities, msgspec.structs.replace(entity, key=f"{config}\0{entity.key}", config=config))
    for each in dict.fromkeys(told.availability):
        held_there = availability.get(each.topic, ())
        if len(held_there) < MOST_BEHIND and (held_there or len(availability) < MOST_TOPICS):
            availability[each.topic] = (*held_there, msgspec.structs.replace(each, config=config))
    named = [*(each.topic for each in told.entities), *(each.topic for each in told.availability)]
    topics = tuple(dict.fromkeys(topic for topic in named if topic in entities or topic in availability))
    configs = {key: value for key, value in root.configs.items() if key != config}
    sizes = {key: value for key, value in root.sizes.items() if key != config}
    if topics:
        configs[config], sizes[config] = topics, told.size
    if (configs, entities, availability) == (root.configs, root.entities, root.availability):
        return Changed(root)
    gone = tuple(topic for topic in before if topic not in entities and topic not in availability)
    return Changed(
        Root(configs, entities, availability, sizes), tuple(topic for topic in topics if topic not in before), gone
    )


def _hear_entity(held: dict[str, tuple[Entity, ...]], entity: Entity) -> None:
    there = held.get(entity.topic, ())
    templates = sum(len(each.template) for each in there) + len(entity.template)
    if len(there) < MOST_ON_TOPIC and templates <= MOST_TEMPLATES and (there or len(held) < MOST_TOPICS):
        held[entity.topic] = (*there, entity)


def _drop(held: dict[str, tuple[_Heard, ...]], topic: str, config: str) -> None:
    """Take away what this configuration announced on a topic, and nothing of another's."""
    left = tuple(each for each in held.get(topic, ()) if each.config != config)
    if left:
        held[topic] = left
    else:
        held.pop(topic, None)
