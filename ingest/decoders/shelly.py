"""Shelly, all generations: ``(root, memories, message) -> told`` for one device's topics, whatever its prefix. Pure.

Source: Shelly's API documentation, Gen1 (MQTT) and Gen2+ (RPC over MQTT, components and services). Gen1 says one value
a topic (``shelly_gen1``); from Gen2 on a device says components (``shelly_gen2``), partly on ``events/rpc``, partly on
``status/<component>``. A prefix is free text, also one that looks like Gen1's, so the generation is told by each topic.
A device that sleeps on its battery is "offline" most of the day: that is no fault of it, and it can be heard, for it
wakes up to speak. Motion sensors, valves and Sense have a battery too and stay connected (Home Assistant's list
``BATTERY_DEVICES_WITH_PERMANENT_CONNECTION``).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from ingest.decoders import shelly_blu, shelly_gen1, shelly_gen2
from ingest.decoders.draft import Draft
from ingest.decoders.meaning import Meaning
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.shelly_blu import Gateway, Root
from ingest.decoders.shelly_gen1 import SLEEPS
from ingest.decoders.told import IGNORED, MAX_BYTES, Telling, Told, device_id, refused
from ingest.decoders.values import object_of, text_of, truth

NAME = "shelly"
OWNS_BASE = False
NEW_ROOT = Root()
__all__ = ["NAME", "NEW_ROOT", "OWNS_BASE", "Root", "decode", "recognise"]

#: A device's own id: kind and (a part of) its MAC.
_ID = re.compile(r"shelly[a-z0-9]*(?:-[a-z][a-z0-9]?)?-[0-9a-f]{6,12}", re.IGNORECASE)
_RPC = re.compile(rb'"(?:method|src)"\s*:')
_STATUS = re.compile(r"(.+)/status/([a-z0-9_]+(?::\d+)?)")
#: Kinds of devices that sleep, and those that do not although they have a battery.
_SLEEPERS = re.compile(r"shelly(dw|ht|flood|smoke|button|plusht|plussmoke)", re.IGNORECASE)
_AWAKE = re.compile(r"shelly(motion|sense|trv)", re.IGNORECASE)


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the device's prefix: what stands before the topics that its firmware makes."""
    prefix, _, leaf = topic.rpartition("/")
    if leaf == "rpc":
        return (prefix.removesuffix("/events") or None) if _RPC.search(payload[:MAX_BYTES]) else None
    if leaf == "online":
        known = _ID.fullmatch(prefix.rpartition("/")[2]) or prefix.startswith("shellies/")
        return prefix if known and payload in (b"true", b"false") else None
    status = _STATUS.fullmatch(topic)
    if status is not None and shelly_gen2.is_component(status[2]):
        return status[1] if payload[:1] == b"{" else None
    if topic.startswith("shellies/"):
        return "/".join(topic.split("/")[:2])
    first, _, rest = topic.partition("/")
    return first if _ID.fullmatch(first) and shelly_gen1.is_leaf(rest) else None


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
    """Return what a message below a prefix came to. Never raises on what a sender wrote."""
    rest = message.local[len(base) + 1 :]
    if not message.payload:
        return IGNORED
    if len(message.payload) > MAX_BYTES:
        return refused(message, "too-large", f"A message has at most {MAX_BYTES} bytes.")
    if rest == "rpc":
        return shelly_blu.answer(root, message)
    if not rest or rest == "announce" or "command" in rest:  # not rest: shellies/announce is of all devices
        return _announcement(message)
    if rest == "events/rpc":
        return _notification(memories, message, root, base)
    telling = Telling(message, memories)
    take = {"online": _online, "info": _info}.get(rest)
    return _values(telling, root, base, rest) if take is None else take(telling, root, base)


def _values(telling: Telling, root: Root, base: str, rest: str) -> Told:
    """Take one component's status (Gen2+), or one value (Gen1)."""
    message, component = telling.message, rest.removeprefix("status/")
    device = _device(message, root, base)
    if component == rest:
        if shelly_gen1.is_leaf(rest) and shelly_gen1.value(telling.of(device), rest, message.payload):
            return _told(telling, telling.of(device))
        return IGNORED
    if shelly_gen2.is_plumbing(component):
        return IGNORED
    body = object_of(message.payload)
    if body is None:
        return refused(message, "not-json", "A component's status is a JSON object.")
    shelly_gen2.component(Gateway(telling, root, device), component, body)
    return _told(telling, telling.of(device), claims=() if device in telling.memories else _availability(base))


def _told(telling: Telling, draft: Draft, root: Root | None = None, claims: tuple[str, ...] = ()) -> Told:
    if any(seen.type in ("battery", "battery_voltage") for seen in draft.seen):
        draft.values.setdefault(SLEEPS, True)
    return telling.told(root=root, claims=claims)


def _availability(base: str) -> tuple[str, ...]:
    """Return the topic that says whether a device of a prefix of people's own is online: it tells nothing of itself."""
    return (f"{base}/online",)


def _info(telling: Telling, root: Root, base: str) -> Told:
    """Take from all that a Gen1 device says of itself only in which degrees it speaks; it has no topic of its own."""
    body = object_of(telling.message.payload)
    draft = telling.of(_device(telling.message, root, base))
    if body is None or not shelly_gen1.degrees(draft, body.get("tmp")):
        return IGNORED
    draft.again = True  # nothing of it is a reading
    return replace(telling.told(), meaning=IGNORED.meaning)


def _device(message: RawMessage, root: Root, base: str) -> str:
    """Return the device's id: its own where it says one (``src``, or a prefix that nobody changed)."""
    last = base.rpartition("/")[2]
    own = root.source if root.source else last if _ID.fullmatch(last) else ""
    return own.lower() if own else device_id(message, NAME, base)


def _online(telling: Telling, root: Root, base: str) -> Told:
    text = text_of(telling.message.payload)
    online = None if text is None else truth(text)
    if online is None:
        return refused(telling.message, "bad-field", "Whether a device is online is true or false.")
    device = _device(telling.message, root, base)
    draft = telling.of(device, status=True)
    sleeps = _SLEEPERS.match(device) is not None or draft.values.get(SLEEPS) is True
    if sleeps and not online and not _AWAKE.match(device):
        return IGNORED
    behind = [each for each, memory in telling.memories.items() if shelly_blu.is_bound(memory)]
    draft.reachable(online, bridge=bool(behind))
    for each in behind if not online and draft.live else ():
        if telling.memories[each].available is not False:
            lost = telling.of(each, status=True, derived=True)
            lost.see("available", False)
            lost.available = False
    return telling.told()


def _notification(memories: Mapping[str, Memory], message: RawMessage, root: Root, base: str) -> Told:
    body = object_of(message.payload)
    params = body.get("params") if body is not None else None
    if body is None or not isinstance(params, dict):
        return refused(message, "bad-field", "A notification is a JSON object with params.")
    changed, before = None, _device(message, root, base)
    source = body.get("src")
    if isinstance(source, str) and _ID.fullmatch(source) and source != root.source:
        root = changed = msgspec.structs.replace(root, source=source)
    device = _device(message, root, base)
    if device not in memories and before in memories:  # heard by its prefix until it said who it is
        memories = {**memories, device: memories[before]}
    telling = Telling(message, memories)
    gateway = Gateway(telling, root, device)
    shelly_gen2.notification(gateway, str(body.get("method")), params)
    return _told(telling, gateway.own, changed, () if changed is None else _availability(base))


def _announcement(message: RawMessage) -> Told:
    """Say who announces itself; nothing of it is a reading."""
    body = object_of(message.payload)
    if body is None or not isinstance(body.get("id"), str):
        return IGNORED
    told = {key: body[key] for key in ("id", "mac", "model") if isinstance(body.get(key), str)}
    return Told(Meaning(ignored=True, facts={"device": told}))
