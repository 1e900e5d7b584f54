"""Zigbee2MQTT: ``(state, message) -> (state, decoded)`` for all topics below one base. Pure.

State is one bridge's: whether it is up, the devices it announced, and what each one said last. A device is known by its
Zigbee address, whatever it is called today; before the bridge has announced it, by its name. Messages that come before
their schema are decoded by the property names that all schemas share. A bridge that goes down says once that nothing of
its devices can be known (``available`` false), so that silence is not taken for stillness.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from ingest.decoders import z2m_bridge, z2m_device, z2m_values
from ingest.decoders.meaning import NOTHING, Meaning, Seen, event_names, observed
from ingest.decoders.message import RawMessage
from ingest.decoders.z2m_memory import NEW, Memory
from ingest.decoders.z2m_schema import MAX_DEVICES, Definition, is_ieee
from schemas.quarantine import QuarantineEntry
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Clock, Reading, ReadingKind

DEFAULT_BASE = "zigbee2mqtt"
#: The inventory of 300 devices has some 600 kB; beyond a megabyte it is not even looked at.
MAX_BYTES = 1_000_000
_COMMAND = re.compile(r".+/(set|get)(/.+)?")
_SLUG = re.compile(r"[^a-z0-9]+")


class State(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of one bridge. ``online`` None: it has not said. ``devices`` by our device id."""

    online: bool | None = None
    definitions: dict[str, Definition] = {}
    groups: tuple[str, ...] = ()
    devices: dict[str, Memory] = {}


NEW_BRIDGE = State()


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a message means, the readings it makes (unit not yet known), and a quarantine entry or note."""

    meaning: Meaning = NOTHING
    readings: tuple[Reading, ...] = ()
    entry: QuarantineEntry | None = None


IGNORED = Decoded()


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


def decode(state: State, message: RawMessage, base: str = DEFAULT_BASE) -> tuple[State, Decoded]:
    """Return the bridge's state after the message, and what it means. Never raises on what a sender wrote."""
    rest = message.topic[len(base) + 1 :]
    if _COMMAND.fullmatch(rest):
        return state, IGNORED
    if len(message.payload) > MAX_BYTES:
        sentence = f"A message has at most {MAX_BYTES} bytes, this has {len(message.payload)}."
        return state, _refused(message, "too-large", sentence)
    if rest.startswith("bridge/"):
        return _bridge(state, message, base, rest.removeprefix("bridge/"))
    if not message.payload or rest in state.groups:
        return state, IGNORED  # deleted from the broker's memory (renamed, removed), or a group's echo of its members
    return _device(state, message, base, rest)


def _refused(message: RawMessage, reason: str, sentence: str, *, kept: bool = False) -> Decoded:
    return Decoded(entry=_entry(message, reason, sentence, kept=kept))


def _entry(message: RawMessage, reason: str, sentence: str, *, kept: bool) -> QuarantineEntry:
    return quarantine_entry(
        message.arrival_us, message.topic, reason, sentence, message.payload, retain=message.retain, kept=kept
    )


def _json(payload: bytes) -> Any:
    """Return the JSON in ``payload``, or its text where it is none (bare words are usual here), or None."""
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        text = payload.decode().strip()
    except UnicodeDecodeError:
        return None
    return None if text[:1] in ("{", "[") else text


def _device(state: State, message: RawMessage, base: str, rest: str) -> tuple[State, Decoded]:
    body = _json(message.payload)
    name, leaf = rest, ""
    if rest not in state.definitions and "/" in rest:
        head, _, tail = rest.rpartition("/")
        if tail == "availability":
            return _availability(state, message, base, head, body)
        attribute = not isinstance(body, dict) and tail in z2m_values.KNOWN
        if head in state.definitions or attribute:
            name, leaf = head, tail
    if leaf:
        if isinstance(body, dict | list) or leaf not in z2m_values.KNOWN:
            return state, IGNORED  # a part of a device's state that is no data for us
        body = {leaf: body}
    if body is None:
        return state, _refused(message, "not-json", "The payload is neither JSON nor a word.")
    if not isinstance(body, dict):
        return state, _refused(message, "schema-unknown", "Not a device's state, and nobody has announced this topic.")
    definition = state.definitions.get(name)
    device = device_id(base, name, definition)
    memory, meaning = z2m_device.read(
        state.devices.get(device, NEW), definition, body, retain=message.retain, arrival_us=message.arrival_us
    )
    kind = ReadingKind.EVENT if meaning.events or meaning.moved else ReadingKind.STATE
    memory, reading = _reading(memory, message, device, kind, meaning)
    entry = None
    if meaning.technical is not None:
        sentence = "The broker remembered an alarm of this device that we never heard: please look."
        entry = _entry(message, meaning.technical.replace("_", "-"), sentence, kept=True)
    return _with(state, device, memory), Decoded(meaning, (reading,), entry)


def _reading(
    memory: Memory, message: RawMessage, device: str, kind: ReadingKind, meaning: Meaning, *, derived: bool = False
) -> tuple[Memory, Reading]:
    """Return the reading and the memory with its number. Arrival numbers a device's messages, for it has no counter."""
    seq = max(message.arrival_us, memory.seq + 1)
    when = message.arrival_us if meaning.time_us is None else meaning.time_us
    reading = Reading(
        kind=kind,
        arrival_us=message.arrival_us,
        event_us=when,
        end_us=when,
        device=device,
        boot=0,
        seq=seq,
        clock=Clock.ARRIVAL if meaning.time_us is None else Clock.DEVICE,
        topic=message.topic,
        payload=message.payload,
        retain=message.retain and not derived,
        observations=observed(meaning),
        events=event_names(meaning),
    )
    return msgspec.structs.replace(memory, seq=seq), reading


def _with(state: State, device: str, memory: Memory) -> State:
    devices = dict(state.devices)
    devices.pop(device, None)  # behind the others, so that the longest silent one is forgotten first
    devices[device] = memory
    if len(devices) > MAX_DEVICES:
        del devices[next(iter(devices))]
    return msgspec.structs.replace(state, devices=devices)


def _availability(state: State, message: RawMessage, base: str, name: str, body: Any) -> tuple[State, Decoded]:
    online = z2m_bridge.online(body)
    if online is None:
        return state, _refused(message, "bad-field", "An availability is online or offline.")
    device = device_id(base, name, state.definitions.get(name))
    before = state.devices.get(device, NEW)
    technical = None if online else "sensor_offline"
    meaning = Meaning(observations=(Seen("available", online),), technical=technical)
    memory, reading = _reading(before, message, device, ReadingKind.STATUS, meaning)
    entry = None
    if not online and before.available is not False:
        sentence = "A sensor is not reachable: what it said last is old, and its silence means nothing."
        entry = _entry(message, "sensor-offline", sentence, kept=True)
    memory = msgspec.structs.replace(memory, available=online)
    return _with(state, device, memory), Decoded(meaning, (reading,), entry)


def _bridge(state: State, message: RawMessage, base: str, leaf: str) -> tuple[State, Decoded]:
    if leaf not in ("state", "devices", "groups", "event") or not message.payload:
        return state, IGNORED
    body = _json(message.payload)
    if body is None:
        return state, _refused(message, "not-json", "The bridge's message is not JSON.")
    if leaf == "state":
        return _bridge_state(state, message, base, body)
    if leaf == "event":
        return _bridge_event(state, message, base, body)
    if leaf == "groups":
        return msgspec.structs.replace(state, groups=z2m_bridge.groups(body)), Decoded(Meaning())
    return _inventory(state, message, base, body)


def _inventory(state: State, message: RawMessage, base: str, body: Any) -> tuple[State, Decoded]:
    found, meaning = z2m_bridge.inventory(body)
    if meaning is None:
        return state, _refused(message, "bad-field", "An inventory is a list of devices.")
    if found == state.definitions:
        return state, Decoded(meaning)  # as known: nothing to keep
    devices = dict(state.devices)
    for name, definition in found.items():
        by_name = device_id(base, name)
        known = device_id(base, name, definition)
        if by_name in devices and known not in devices:
            devices[known] = devices.pop(by_name)
    state = msgspec.structs.replace(state, definitions=found, devices=devices)
    return _of_bridge(state, message, base, meaning)


def _of_bridge(state: State, message: RawMessage, base: str, meaning: Meaning) -> tuple[State, Decoded]:
    """Keep a message of the bridge's own, under its id: what was announced is needed to read old messages again."""
    device = bridge_id(base)
    memory, reading = _reading(state.devices.get(device, NEW), message, device, ReadingKind.STATUS, meaning)
    return _with(state, device, memory), Decoded(meaning, (reading,))


def _bridge_event(state: State, message: RawMessage, base: str, body: Any) -> tuple[State, Decoded]:
    meaning = z2m_bridge.event(body)
    state, decoded = _of_bridge(state, message, base, meaning)
    if meaning.technical is None:
        return state, decoded
    sentence = z2m_bridge.SENTENCES[meaning.technical]
    return state, Decoded(
        meaning, decoded.readings, _entry(message, meaning.technical.replace("_", "-"), sentence, kept=True)
    )


def _bridge_state(state: State, message: RawMessage, base: str, body: Any) -> tuple[State, Decoded]:
    online = z2m_bridge.online(body)
    if online is None:
        return state, _refused(message, "bad-field", "A bridge's state is online or offline.")
    technical = None if online else "bridge_offline"
    meaning = Meaning(observations=(Seen("bridge_available", online),), technical=technical)
    before = state.online
    state, decoded = _of_bridge(msgspec.structs.replace(state, online=online), message, base, meaning)
    if before is online:
        return state, decoded
    readings = list(decoded.readings)
    devices = dict(state.devices)
    for device in _dependants(state, base):
        memory = devices.get(device, NEW)
        if online and memory.available is False:
            continue  # it had said so itself, and has not come back with the bridge
        told = Meaning(observations=(Seen("available", online),))
        devices[device], reading = _reading(memory, message, device, ReadingKind.STATUS, told, derived=True)
        readings.append(reading)
    entry = None
    if not online:
        sentence = (
            f"The Zigbee bridge {base} is down: nothing is heard of {len(readings) - 1} sensors until it is back."
        )
        entry = _entry(message, "bridge-offline", sentence, kept=True)
    return msgspec.structs.replace(state, devices=devices), Decoded(meaning, tuple(readings), entry)


def _dependants(state: State, base: str) -> list[str]:
    announced = [device_id(base, name, definition) for name, definition in state.definitions.items()]
    heard = [device for device in state.devices if device != bridge_id(base)]
    return list(dict.fromkeys([*announced, *heard]))
