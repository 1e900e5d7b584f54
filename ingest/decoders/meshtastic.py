"""Meshtastic: what LoRa nodes tell, as one with MQTT and JSON forwards it: ``.../2/json/<channel>/!<gateway>``. Pure.

Source: the Meshtastic project's documentation (MQTT, JSON packets; position, telemetry). Several gateways forward the
same packet: (``from``, ``id``) numbers it. Fields that are 0 are left out, so half a position is none. A node that
blurs its position says so in ``precision_bits`` (32 is exact). The battery says 101 where the node has mains. What
people write to each other is nobody's business here.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import once
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, refused
from ingest.decoders.values import number, object_of, time_of, word

NAME = "meshtastic"
OWNS_BASE = False

_TOPIC = re.compile(r"(?:(.+)/)?2/(?:json|e|c|map)/[^/]+(?:/![0-9a-fA-F]{1,8})?/?")
_BROADCAST_BITS = 32
#: Bits of a node's number; firmware before 2.2 wrote it signed.
_NODE_BITS = 0xFFFFFFFF
#: ``battery_level`` of a node on mains.
_POWERED = 101
#: A packet wanders through a mesh, and waits at a gateway without a broker, for so long at most.
_MESH_S = 3600
#: What the detection sensor's module writes: "<name> detected" when its pin goes to the level that people chose, and
#: "<name> state: 0" or 1 each so often (firmware, DetectionSensorModule).
_STATE = re.compile(r".{0,40} state: ([01])", re.DOTALL)
#: Numbers of a telemetry packet.
_TELEMETRY = {
    "temperature": "temperature",
    "relative_humidity": "humidity",
    "barometric_pressure": "pressure",
    "lux": "illuminance",
    "voltage": "battery_voltage",
    "heart_bpm": "heart_rate",
}
#: Metres that a position is blurred by, at 32 bits; each bit less doubles it (documentation: precision_bits).
_EXACT_M = 23_300.0 / 2**22


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known of the mesh: each packet says which node it is of."""


NEW_ROOT = Root()


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return the levels before ``2/json``; a protobuf or map topic is this family's too, and not read."""
    if "/json/" not in topic and "/e/" not in topic and "/map/" not in topic and "/c/" not in topic:
        return None
    found = _TOPIC.fullmatch(topic)
    return None if found is None or "!" not in topic else found[1] or ""


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what a forwarded packet came to. Never raises on what a sender wrote."""
    if "/json/" not in message.local:
        return IGNORED  # encrypted packets, and what they look like on a map
    body = object_of(message.payload)
    payload = body.get("payload") if body is not None else None
    node = None if body is None else _node(body)
    if body is None or node is None:
        return refused(message, "bad-field", "A packet is a JSON object that says which node it is from.")
    kind = body.get("type")
    if not isinstance(payload, dict) or not isinstance(kind, str) or kind not in _TYPES:
        return IGNORED
    telling = Telling(message, memories)
    draft = telling.of(f"meshtastic-{node}")
    draft.claimed_us = time_of(body.get("timestamp"))
    packet = body.get("id")
    if isinstance(packet, int) and not isinstance(packet, bool):
        draft.dedupe_key = f"id {packet}"
        draft.again = once.again(draft, "packet", str(packet), _MESH_S)
        if draft.again:
            return telling.told()
    _TYPES[kind](draft, payload)
    return telling.told()


def _node(body: dict[str, Any]) -> str | None:
    """Return a node's eight hexadecimal digits: by its number, else by the gateway, which then is the sender."""
    told = body.get("from")
    if isinstance(told, int) and not isinstance(told, bool) and -(2**31) <= told <= _NODE_BITS:
        return f"{told & _NODE_BITS:08x}"
    sender = body.get("sender")
    if isinstance(sender, str) and re.fullmatch(r"![0-9a-fA-F]{1,8}", sender):
        return sender[1:].lower().zfill(8)
    return None


def _position(draft: Draft, payload: dict[str, Any]) -> None:
    lat, lon = number(payload.get("latitude_i")), number(payload.get("longitude_i"))
    bits, blurred_m = number(payload.get("precision_bits")), None
    if bits is not None and 0 < bits < _BROADCAST_BITS:
        blurred_m = round(_EXACT_M * 2 ** (_BROADCAST_BITS - bits), 1)
    taken_us = time_of(payload.get("time"))
    degrees = [None if each is None else round(each * 1e-7, 7) for each in (lat, lon)]
    if draft.place(degrees[0], degrees[1], blurred_m) and taken_us:
        draft.claimed_us = taken_us


def _telemetry(draft: Draft, payload: dict[str, Any]) -> None:
    battery = number(payload.get("battery_level"))
    if battery is not None and battery >= _POWERED:
        draft.see("charging", True)
    elif battery is not None:
        draft.number("battery", battery)
    for key, kind in _TELEMETRY.items():
        told = number(payload.get(key))
        if told is not None:
            draft.number(kind, round(told, 3))


def _node_card(draft: Draft, payload: dict[str, Any]) -> None:
    name, node = word(payload.get("longname")), word(payload.get("id"))
    if name is not None and node is not None:
        draft.facts["device"] = {"id": node, "name": name}


def _detection(draft: Draft, payload: dict[str, Any]) -> None:
    """Take a pin of the node, of which nobody says what it is; the level told each so often is no detection."""
    text = payload.get("text")
    state = _STATE.fullmatch(text) if isinstance(text, str) else None
    if state is not None:
        draft.event("input", state[1] == "1")
        return
    draft.see("input", True)
    draft.change("input", True)
    if draft.live:
        draft.happen("input", True)


_TYPES = {
    "position": _position,
    "telemetry": _telemetry,
    "nodeinfo": _node_card,
    "detection": _detection,
}
