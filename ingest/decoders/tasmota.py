"""Tasmota: plugs, sensors and bridges with this firmware, wherever their FullTopic puts them. Pure.

A device announces where it speaks (``tasmota/discovery/<MAC>/config``, remembered by the broker); before that, and
where announcing is switched off, it is known by its topics' structure: a level ``tele`` or ``stat``, and what only this
firmware publishes behind it. One root for the home: the cards, and who is heard through whom.

Telemetry repeats every value each TelePeriod (300 s), and a change at once; so what differs from the last is news, and
nothing else. Answers to questions (``STATUS8``, ``STATUS10``) are never news: the telemetry that follows is.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from ingest.decoders.meaning import Meaning
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.tasmota_cards import MOST_CARDS, Card, card_of, is_mac
from ingest.decoders.tasmota_parts import NAME as _NAME
from ingest.decoders.tasmota_place import PREFIXES, Place
from ingest.decoders.tasmota_place import Root as _Root
from ingest.decoders.tasmota_said import BLUETOOTH_TOPIC, Said
from ingest.decoders.told import IGNORED, Telling, Told, bridge_id, device_id, refused
from ingest.decoders.values import json_of

NAME = _NAME
Root = _Root
OWNS_BASE = False
#: The firmware's messages have some 4,000 bytes at most, its announcement 1,500.
_LARGEST = 16_384
_LAST = re.compile(
    r"SENSOR|STATE|LWT|RESULT|INFO[1-3]|UPTIME|LOGGING|HASS_STATE|DEEPSLEEP|(?:POWER|STATUS|PIR)\d{0,2}|MOTION"
    r"|(?:SWITCH|BUTTON)\d{1,2}T?|ZbReceived|LwReceived"
)


NEW_ROOT = Root()


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return ``""``, the one base of a home, for topics that only this firmware has."""
    levels = topic.split("/")
    if len(levels) < 3:
        return None
    if _LAST.fullmatch(levels[-1]) and not PREFIXES.isdisjoint(levels[:-1]):
        return ""
    announced = len(levels) > 3 and levels[-4:-2] == ["tasmota", "discovery"] and is_mac(levels[-2])
    if (announced and levels[-1] in ("config", "sensors")) or "cmnd" in levels[:-1]:
        return ""
    return "" if levels[-3:-1] == ["tele", BLUETOOTH_TOPIC] else None


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str = "") -> Told:
    """Return what a message of a Tasmota device came to. Never raises on what a sender wrote."""
    topic, levels = message.local, message.local.split("/")
    if len(message.payload) > _LARGEST:
        return refused(message, "too-large", f"A Tasmota message has at most {_LARGEST} bytes.")
    if levels[-4:-2] == ["tasmota", "discovery"]:
        return _announced(root, memories, message, levels)
    place = Place.of(root, topic, levels)
    if place is None or not message.payload:
        return IGNORED  # a command; or deleted from the broker's memory
    return Said(root, memories, message, place).told()


def _announced(root: Root, memories: Mapping[str, Memory], message: RawMessage, levels: list[str]) -> Told:
    """Take a card, or the sensors' schema, whose values are as old as the device's last start and are no reading."""
    body = json_of(message.payload) if message.payload else {}
    if not isinstance(body, dict):
        return refused(message, "not-json", "An announcement is one JSON object.")
    mac = levels[-2].lower()
    if levels[-1] == "sensors":
        told = body.get("sn")
        schema = sorted(
            f"{name}.{key}"[:64]
            for name, values in (told.items() if isinstance(told, dict) else ())
            for key in (values if isinstance(values, dict) else ())
        )
        return Told(Meaning(facts={"schema": schema[:64]}))
    cards = {known: card for known, card in root.cards.items() if known != mac}
    lead = "".join(f"{level}/" for level in levels[:-4])
    card = card_of(body, levels[-2], lead)
    telling = Telling(message, memories)
    telling.of(bridge_id(message, NAME, mac), status=True)
    if card is not None and len(cards) < MOST_CARDS:
        cards[mac] = card
    before, after = _topics(root.cards), _topics(cards)
    came, gone = tuple(sorted(after - before)), tuple(sorted(before - after))
    if card is None:
        return telling.told(root=Root(cards, root.gates), releases=gone)
    device = device_id(message, NAME, card.mac)
    named = device_id(message, NAME, *(level for level in card.tele.split("/") if level not in ("tele", "")))
    gates = {device if known == named else known: gate for known, gate in root.gates.items()}
    said = telling.told(root=Root(cards, gates), claims=came, releases=gone)
    entity = {"device": card.name, "id": device, "model": card.model, "properties": sorted(card.switches)}
    speaks = [card.tele + last for last in ("SENSOR", "STATE", "LWT")] + [f"{card.stat}#"]
    meaning = replace(said.meaning, entities=(entity,), announced=1, facts={"subscribe": speaks})
    moved: dict[str, Memory | None] = {}
    if named in memories and device not in memories:  # known by its topic until now: what it said is no news again
        moved = {device: memories[named], named: None}
    return replace(said, meaning=meaning, memories={**said.memories, **moved})


def _topics(cards: Mapping[str, Card]) -> set[str]:
    return {topic for card in cards.values() for topic in card.topics()}
