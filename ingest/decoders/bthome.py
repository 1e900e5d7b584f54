"""BTHome v2: what stands in a Bluetooth advertisement's service data (UUID 0xFCD2). Pure.

Source: bthome.io, "BTHome v2 format", and its reference parser (bthome-ble, MIT). One byte says encryption and
version, then come objects: an id, and as many bytes as its kind has, little-endian. An id that is not known ends the
parsing, for nobody can say how long it is. An id that comes again is another instance (a second button).

Raw service data is also a family of its own for ``shouwang decode``: bytes that come with no topic, or with a remark in
brackets where a topic would be. A gateway's message carries it inside (``theengs``).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ingest.decoders import once
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Telling, Told, device_id, refused
from ingest.decoders.values import truth

NAME = "bthome"
OWNS_BASE = False


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known beforehand."""


NEW_ROOT = Root()
_ENCRYPTED, _WITH_ADDRESS, _VERSION, _VERSION_2 = 0x01, 0x02, 0xE0, 0x40
#: Bytes of the device's address, which may stand before the objects (its reference parser: ``mac_included``).
_ADDRESS = 6
#: An advertisement has at most 31 bytes, an extended one 254.
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class _Object:
    """An object's length in bytes, sign, and what one count is."""

    size: int
    signed: bool = False
    factor: float = 1.0


#: All object ids of the format; without a known length nothing behind an object could be read.
_OBJECTS: dict[int, _Object] = {
    0x00: _Object(1), 0x01: _Object(1), 0x02: _Object(2, True, 0.01), 0x03: _Object(2, factor=0.01),
    0x04: _Object(3, factor=0.01), 0x05: _Object(3, factor=0.01), 0x06: _Object(2, factor=0.01),
    0x07: _Object(2, factor=0.01), 0x08: _Object(2, True, 0.01), 0x09: _Object(1), 0x0A: _Object(3, factor=0.001),
    0x0B: _Object(3, factor=0.01), 0x0C: _Object(2, factor=0.001), 0x0D: _Object(2), 0x0E: _Object(2),
    0x12: _Object(2), 0x13: _Object(2), 0x14: _Object(2, factor=0.01),
    **{each: _Object(1) for each in (0x0F, 0x10, 0x11, *range(0x15, 0x2E))},
    0x2E: _Object(1), 0x2F: _Object(1), 0x3A: _Object(1), 0x3C: _Object(2), 0x3D: _Object(2), 0x3E: _Object(4),
    0x3F: _Object(2, True, 0.1), 0x40: _Object(2), 0x41: _Object(2, factor=0.1), 0x42: _Object(3, factor=0.001),
    0x43: _Object(2, factor=0.001), 0x44: _Object(2, factor=0.01), 0x45: _Object(2, True, 0.1),
    0x46: _Object(1, factor=0.1), 0x47: _Object(2, factor=0.1), 0x48: _Object(2), 0x49: _Object(2, factor=0.001),
    0x4A: _Object(2, factor=0.1), 0x4B: _Object(3, factor=0.001), 0x4C: _Object(4, factor=0.001),
    0x4D: _Object(4, factor=0.001), 0x4E: _Object(4, factor=0.001), 0x4F: _Object(4, factor=0.001), 0x50: _Object(4),
    0x51: _Object(2, factor=0.001), 0x52: _Object(2, factor=0.001), 0x55: _Object(4, factor=0.001), 0x56: _Object(2),
    0x57: _Object(1, True), 0x58: _Object(1, True, 0.35), 0x59: _Object(1, True), 0x5A: _Object(2, True),
    0x5B: _Object(4, True), 0x5C: _Object(4, True, 0.01), 0x5D: _Object(2, True, 0.001), 0x5E: _Object(2, factor=0.01),
    0x5F: _Object(2, factor=0.1), 0x60: _Object(1), 0x61: _Object(2), 0x62: _Object(4, True, 1e-6),
    0x63: _Object(4, True, 1e-6), 0x64: _Object(1), 0xF0: _Object(2), 0xF1: _Object(4),
    0xF2: _Object(3),
}  # fmt: skip
#: Objects whose length stands before their bytes.
_OF_LENGTH = frozenset({0x53, 0x54})
_PACKET, _BUTTON, _LOW = 0x00, 0x3A, 0x15
_NUMBERS = {
    0x01: "battery", 0x02: "temperature", 0x45: "temperature", 0x57: "temperature", 0x58: "temperature",
    0x03: "humidity", 0x2E: "humidity", 0x04: "pressure", 0x05: "illuminance", 0x08: "dew_point",
    0x0C: "battery_voltage", 0x4A: "voltage", 0x12: "co2", 0x0B: "power", 0x5C: "power", 0x0A: "energy_total",
    0x4D: "energy_total", 0x43: "current", 0x5D: "current",
}  # fmt: skip
#: True and an event when it changes: an opening, door, window or garage door is open at 1.
_EVENTS = {
    0x11: "door_open", 0x1A: "door_open", 0x1B: "door_open", 0x2D: "door_open", 0x20: "water_leak", 0x21: "motion",
    0x29: "smoke", 0x1C: "gas", 0x17: "carbon_monoxide", 0x2C: "vibration",
}  # fmt: skip
#: True and a state that holds.
_STATES = {0x23: "presence", 0x25: "presence", 0x22: "moving", 0x2B: "tamper", _LOW: "battery_low", 0x16: "charging"}
BUTTONS = {
    0x01: "single", 0x02: "double", 0x03: "triple", 0x04: "long", 0x05: "long_double", 0x06: "long_triple",
    0x80: "hold", 0xFE: "hold",
}  # fmt: skip
#: A knob that is turned: its low byte says which way, the other how far.
_DIMMER, _TURNED = 0x3C, {0x01: "rotate_left", 0x02: "rotate_right"}


def recognise(topic: str, payload: bytes) -> str | None:
    """Return a base for raw service data without a topic; on a topic of a broker nobody publishes it so."""
    if topic and not topic.startswith("("):
        return None
    fits = 2 <= len(payload) <= _LONGEST and payload[0] & _VERSION == _VERSION_2
    return "" if fits and not _is_text(payload) else None


def _is_text(payload: bytes) -> bool:
    """Whether somebody can read it: JSON begins like version 2 too, and service data of any length has other bytes."""
    return all(32 <= byte < 127 or byte in (9, 10, 13) for byte in payload)


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what service data came to. Never raises on what a sender wrote."""
    telling = Telling(message, memories)
    draft = telling.of(device_id(message, NAME, message.local))
    if not take(draft, message.payload):
        return refused(message, "bad-field", "No BTHome service data of version 2.")
    return telling.told()


def take(draft: Draft, data: bytes) -> bool:
    """Take service data into a device's draft; False: it is none of version 2."""
    if len(data) < 2 or data[0] & _VERSION != _VERSION_2:
        return False
    if data[0] & _ENCRYPTED:
        draft.unknown.append("encrypted")
        draft.facts["needs_key"] = True
        return True
    found = _objects(data[1 + _ADDRESS :] if data[0] & _WITH_ADDRESS else data[1:])
    packet = next((value for kind, value in found if kind == _PACKET), None)
    mark = "" if packet is None else str(int(packet))
    if mark:
        draft.dedupe_key = f"packet_id {mark}"
        if once.overtaken(draft, "packet", mark):
            draft.again = True  # a slow gateway's copy of what is no longer so
            return True
    pressed = [int(value) for kind, value in found if kind == _BUTTON]
    for number, code in enumerate(pressed, 1):
        buttons(draft, code, number if len(pressed) > 1 else 0, mark)
    times: Counter[int] = Counter()
    for kind, value in found:
        if kind == _DIMMER:
            once.press(draft, _TURNED.get(int(value) & 0xFF), button="dimmer", packet=mark)
        times[kind] += 1
        observe(draft, kind, value, part=f":{times[kind]}" if times[kind] > 1 else "")
    return True


def buttons(draft: Draft, code: int, number: int, mark: str) -> None:
    """Take a button's code; ``number`` 0: the device has one. Code 0 says that nothing was pressed."""
    word = BUTTONS.get(code)
    if word is not None:
        press(draft, word, number, mark)
    elif code != 0x00:
        draft.unknown.append("button")


def press(draft: Draft, word: str, number: int, mark: str) -> None:
    """Take a press of the button with this number, 0: of the only one."""
    name = f"button{number}" if number else ""
    once.press(draft, f"{name}:{word}" if name else word, button=name or "button", packet=mark)


def observe(draft: Draft, kind: int, value: Any, *, part: str = "") -> bool:
    """Take what an object of this id says, in the format's own unit; whether its id is one of those that we read.

    ``part`` tells several of a kind apart in the device's memory.
    """
    if kind in _NUMBERS:
        draft.number(_NUMBERS[kind], value)
    elif kind in _EVENTS:
        draft.event(_EVENTS[kind], truth(value), key=f"{_EVENTS[kind]}:{kind}{part}")
    elif kind in _STATES:
        draft.state(_STATES[kind], truth(value), key=f"{_STATES[kind]}:{kind}{part}")
    else:
        return False
    return True


def _objects(data: bytes) -> list[tuple[int, float]]:
    """Return ids and values up to the first that cannot be read."""
    found, at = [], 0
    while at < len(data):
        kind = data[at]
        if kind in _OF_LENGTH and at + 1 < len(data):
            at += 2 + data[at + 1]
            continue
        known = _OBJECTS.get(kind)
        if known is None or at + 1 + known.size > len(data):
            break
        raw = int.from_bytes(data[at + 1 : at + 1 + known.size], "little", signed=known.signed)
        found.append((kind, round(raw * known.factor, 4) if known.factor != 1.0 else raw))
        at += 1 + known.size
    return found
