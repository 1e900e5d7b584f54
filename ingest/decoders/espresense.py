"""ESPresense: in which room a beacon is heard, and how near (``<base>/devices/<id>/<room>``); the nodes' own sensors
(``<base>/rooms/<room>/...``). Pure.

Source: ESPresense's documentation and firmware (topics, discovery, sensors). Each node reports each beacon that it
hears, up to twice a second, so several rooms speak of the same person at once. Which room it is, the detectors decide,
who have a clock and hear all of them (docs/detectors/whereabouts.md); here each node's reports are thinned, and one
that fell out of the line is not taken for the person. All topics of rooms are retained: what the broker remembered of a
button is no press.
"""

import re
from collections.abc import Mapping

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, bridge_id, device_id, refused
from ingest.decoders.values import is_unknown, json_of, number, text_of, truth, word

NAME = "espresense"
OWNS_BASE = False

_DEVICE = re.compile(r"(.+)/devices/([^/]+)/([^/]+)")
_ROOM = re.compile(r"(.+)/rooms/([^/]+)/([a-z0-9_]+)")
#: Of one beacon and room, one reading in so long: walking speed is a metre a second.
THIN_US = 2_000_000
#: And of a beacon that stays where it is, one in so long: the detectors take a node for deaf after 20 s.
REST_US = 8_000_000
#: Nearer or farther by so much is somewhere else: the middle of three reports errs by less, mostly.
ELSEWHERE = 1.5
#: Reports of one room that a distance is the middle of: signal strength jumps by metres.
SMOOTHED = 3
#: A room that has not reported for this long begins anew.
FRESH_US = 15_000_000
_EVENTS = {"motion": "motion", "pir": "motion"}
_STATES = {"radar": "presence"}
_NUMBERS = {
    "temperature": "temperature", "humidity": "humidity", "lux": "illuminance", "bh1750_lux": "illuminance",
    "tsl2561_lux": "illuminance", "bme280_temperature": "temperature", "bme280_humidity": "humidity",
    "bme280_pressure": "pressure", "bmp180_temperature": "temperature", "bmp180_pressure": "pressure",
    "bmp280_temperature": "temperature", "bmp280_pressure": "pressure", "sht_temperature": "temperature",
    "sht_humidity": "humidity", "co2": "co2",
}  # fmt: skip
_BUTTON = re.compile(r"button(_[1-9])?")
_KNOWN = frozenset({*_EVENTS, *_STATES, *_NUMBERS, "status", "telemetry", "raw_weight"})
#: A load cell's converter has 24 bits; at its ends it is not connected or bent too far.
_WEIGHT_END = 2**23 - 1


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known beforehand: each report names beacon and room."""


NEW_ROOT = Root()


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the levels before ``devices`` or ``rooms``."""
    if "/devices/" in topic and b'"distance"' in payload:
        found = _DEVICE.fullmatch(topic)
    else:
        found = _ROOM.fullmatch(topic) if "/rooms/" in topic else None
        if found is not None and found[3] not in _KNOWN and not _BUTTON.fullmatch(found[3]):
            return None
    return None if found is None else found[1]


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
    """Return what a node's message came to. Never raises on what a sender wrote."""
    beacon, room = _DEVICE.fullmatch(message.local), _ROOM.fullmatch(message.local)
    if beacon is not None:
        return _heard(Telling(message, memories), base, beacon[2], beacon[3])
    if room is None or not message.payload or room[3] == "telemetry":
        return IGNORED
    return _node(Telling(message, memories), base, room[2], room[3])


def _heard(telling: Telling, base: str, beacon: str, room: str) -> Told:
    body = json_of(telling.message.payload)
    name = word(room)
    if not isinstance(body, dict) or name is None:
        return refused(telling.message, "bad-field", "A report is a JSON object with a distance, of a named room.")
    draft = telling.of(device_id(telling.message, NAME, base, beacon))
    distance = number(body.get("distance"))
    if distance is None or distance < 0:
        draft.unknown.append("distance")
        return telling.told()
    middle = _smoothed(draft, name, distance)
    draft.see("room", name)
    draft.distance(round(middle, 2), "m")
    draft.see("beacon_present", True)
    for key, kind in (("rssi", "rssi"), ("batt", "battery"), ("temp", "temperature"), ("rh", "humidity")):
        if number(body.get(key)) is not None:
            draft.number(kind, body[key])
    draft.again = _is_again(draft, name, middle)
    return telling.told()


def _is_again(draft: Draft, room: str, metres: float) -> bool:
    """Whether this room told as much just now; remembers when a reading was made, and how far."""
    made, far = draft.values.get(f"made:{room}"), draft.values.get(f"far:{room}")
    if draft.live and isinstance(made, int | float) and isinstance(far, int | float):
        since_us = draft.arrival_us - made
        stays = metres <= far * ELSEWHERE and far <= metres * ELSEWHERE
        if 0 <= since_us < (REST_US if stays else THIN_US):
            return True
    draft.change(f"made:{room}", draft.arrival_us)
    draft.change(f"far:{room}", metres)
    return False


def _smoothed(draft: Draft, room: str, distance: float) -> float:
    """Return the middle of this room's last reports; remembers them. After a pause there is only this one."""
    if not draft.live:
        return distance
    at = draft.values.get(f"at:{room}")
    fresh = isinstance(at, int | float) and 0 <= draft.arrival_us - at < FRESH_US
    before = [draft.values.get(f"{place}:{room}") for place in range(SMOOTHED - 1)] if fresh else []
    last = [distance, *(each for each in before if isinstance(each, int | float) and each >= 0)]
    for place in range(SMOOTHED - 1):
        draft.change(f"{place}:{room}", last[place] if place < len(last) else -1.0)
    draft.change(f"at:{room}", draft.arrival_us)
    return sorted(last)[len(last) // 2]


def _node(telling: Telling, base: str, room: str, leaf: str) -> Told:
    """Take what a node says of itself, or its own sensors of its room."""
    text = text_of(telling.message.payload) or ""
    if leaf == "status":
        online = {"online": True, "offline": False}.get(text)
        if online is None:
            return refused(telling.message, "bad-field", "A node is online or offline.")
        telling.of(bridge_id(telling.message, NAME, base, room), status=True).reachable(online, bridge=True)
        return telling.told()
    draft = telling.of(device_id(telling.message, NAME, base, "rooms", room))
    _sensor(draft, leaf, text)
    return telling.told()


def _sensor(draft: Draft, leaf: str, text: str) -> None:
    if leaf in _EVENTS:
        draft.event(_EVENTS[leaf], truth(text))
    elif leaf in _STATES:
        draft.state(_STATES[leaf], truth(text))
    elif leaf in _NUMBERS:
        draft.number(_NUMBERS[leaf], text)
    elif leaf == "raw_weight":
        _weight(draft, number(text))
    elif _BUTTON.fullmatch(leaf):
        _button(draft, leaf, None if is_unknown(text) else truth(text))


def _weight(draft: Draft, count: float | None) -> None:
    """Take a load cell's raw count: it is no weight before somebody has weighed an empty and a full bed with it."""
    if count is None:
        draft.unknown.append("weight_raw")
        return
    draft.see("weight_raw", count)
    if abs(count) >= _WEIGHT_END:
        draft.implausible.append("weight_raw")


def _button(draft: Draft, leaf: str, on: bool | None) -> None:
    """A press begins when the button goes down; up is none, and down again without up is the same one."""
    if on is None:
        draft.unknown.append("button")
    elif draft.change(leaf, on) and on:
        draft.happen("button", "press")
