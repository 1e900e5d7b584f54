"""Theengs Gateway and OpenMQTTGateway: Bluetooth advertisements as JSON, ``<base>/<gateway>/BTtoMQTT/<MAC>``. Pure.

Source: documentation of Theengs Gateway, Theengs Decoder (properties) and OpenMQTTGateway. An advertisement is sent
five to twenty times and heard by each gateway, so the same thing comes again and again: a press is numbered by its
packet id, and what only repeats makes no reading for a while. A device is its MAC address whatever gateway hears it; an
address that is random is nobody: it changes each quarter of an hour, and no device is made of it. A Shelly's script
that forwards Bluetooth buttons and sensors says the same in other words (``BTHome_version``; shelly-script-examples,
``universal-blu-to-mqtt`` and those before it): several of a kind as a list, and perhaps all of it in ``service_data``.
"""

import re
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import bthome, once
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, NOTED_US, Telling, Told, bridge_id, device_id, refused
from ingest.decoders.values import celsius, number, object_of, text_of, truth, word

NAME = "theengs"
OWNS_BASE = False

#: The level below which a gateway says what it heard by Bluetooth.
BLUETOOTH = "BTtoMQTT"
_BLUETOOTH = re.compile(rf"(?:(.+)/)?([^/]+)/{BLUETOOTH}(?:/(undecoded/)?([0-9A-Fa-f]{{12}}))?")
_PRESENCE = re.compile(r"(?:(.+)/)?presence/([^/]+)")
_LWT = re.compile(r"(?:(.+)/)?([^/]+)/LWT")
_RADIO = re.compile(r"(?:(.+)/)?([^/]+)/(?:433|RF|RF2|Pilight|IR|RTL_433)toMQTT(?:/.*)?")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
#: Seconds within which what only repeats makes no reading: a sensor advertises each second or ten.
REPEAT_S = 60
#: A gateway that heard a device within this may still: a device is silent only when all who heard it are gone.
HEARD_S = 600
_SECOND_US = 1_000_000
#: Theengs's own codes of a button beside BTHome's.
_BUTTONS = {9: "long", 11: "hold"}
#: The codes of one maker that mean something else by model; "" is a button that is let go, and no press.
_BUTTONS_OF = {"NODONNIU": {4: "quadruple", 5: "quintuple", 10: ""}}
_NUMBERS = {
    "hum": "humidity", "batt": "battery", "volt": "battery_voltage", "lux": "illuminance", "darkness": "illuminance",
    "battery": "battery", "humidity": "humidity", "temperature": "temperature", "illuminance": "illuminance",
    "co2": "co2", "steps": "steps_today", "act_bpm": "heart_rate", "bpm": "heart_rate", "rssi": "rssi",
}  # fmt: skip
_EVENTS = {
    "open": "door_open", "door": "door_open", "window": "door_open", "motion": "motion", "smoke": "smoke",
    "moisture": "water_leak", "leak": "water_leak", "water_leak": "water_leak", "gas": "gas", "vibration": "vibration",
    "movement": "motion",
}  # fmt: skip
#: How a contact says it in words; the third says that it stands open for long.
_CONTACT = {"open": True, "closed": False, "timeout not closed": True}
#: Theengs's types of devices (its documentation, "tag"): what moves is a curtain, what has pressure is a tyre.
_CURTAIN, _TYRE, _KEYS = "WCVR", "TIRE", "BTN"
_STATES = {"presence": "presence", "occupancy": "presence", "low_batt": "battery_low", "lowbatt": "battery_low"}
#: Values of a kind looked at, where they are told as a list.
_MOST_EACH = 8
_BUTTON = re.compile(r"button(\d{0,2})")
#: An address that is random says in its two highest bits how: below these it changes, with them it stays.
_STATIC = 0xC0
#: A model that is a form and no maker's; its ``battery`` is volts. An UUID is 32 digits, with hyphens 36.
_IBEACON, _LONGEST_NAME = "IBEACON", 36
_NEEDS_KEY = "A Bluetooth device encrypts what it says: nothing is understood of it without its key."
#: What two gateways always tell differently of the same advertisement.
_OF_THE_GATEWAY = frozenset({"rssi", "distance"})


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Which gateways are up, by name."""

    gateways: dict[str, bool] = {}


NEW_ROOT = Root()
#: Gateways of one home; more is no home.
_MOST_GATEWAYS = 100


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the levels before a gateway's name."""
    if b'"BTHome_version"' in payload and (b'"address"' in payload or b'"addr"' in payload):
        return topic.rpartition("/")[0]
    if "toMQTT" in topic:
        found = _BLUETOOTH.fullmatch(topic) or _RADIO.fullmatch(topic)
    elif "presence/" in topic and b'"id"' in payload:
        found = _PRESENCE.fullmatch(topic)
    else:
        found = _LWT.fullmatch(topic) if topic.endswith("/LWT") and payload in (b"online", b"offline") else None
    return None if found is None else found[1] or ""


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
    """Return what a gateway's message came to. Never raises on what a sender wrote."""
    topic = message.local
    if lwt := _LWT.fullmatch(topic):
        return _gateway(root, memories, message, base, lwt[2])
    if _RADIO.fullmatch(topic):
        return _radio(memories, message)
    bluetooth, presence = _BLUETOOTH.fullmatch(topic), _PRESENCE.fullmatch(topic)
    body = object_of(message.payload)
    if body is None:
        return refused(message, "not-json", "An advertisement is told as a JSON object.")
    body = _unwrapped(body)
    gateway = bluetooth[2] if bluetooth else presence[2] if presence else ""
    mac = _mac(bluetooth[4] if bluetooth else None, body)
    if mac is None or (bluetooth and bluetooth[3]):
        return IGNORED
    return _advertisement(memories, message, body, mac, gateway)


def _unwrapped(body: dict[str, Any]) -> dict[str, Any]:
    inner = body.get("service_data")
    if not isinstance(inner, dict) or "BTHome_version" not in inner:
        return body
    return {**inner, "address": body.get("addr"), "rssi": body.get("rssi")}


def _mac(told: str | None, body: dict[str, Any]) -> str | None:
    for each in (told, body.get("mac"), body.get("id"), body.get("address")):
        if isinstance(each, str):
            digits = each.replace(":", "") if _MAC.fullmatch(each) else each
            if re.fullmatch(r"[0-9A-Fa-f]{12}", digits):
                return digits.lower()
    return None


def _advertisement(
    memories: Mapping[str, Memory], message: RawMessage, body: dict[str, Any], mac: str, gateway: str
) -> Told:
    telling = Telling(message, memories)
    device = _ibeacon(message, body, mac) or f"ble-{mac}"
    draft = telling.of(device)
    mark = _packet(draft, body)
    if not draft.again:
        _take(draft, body, mark)
    _beacon(draft, body, near="/presence/" in f"/{message.local}")
    if device == f"ble-{mac}" and _is_nobody(body, draft, mac, device in memories):
        # A random address: what it says may be looked at, and neither a device nor a memory is made of it.
        return Told(draft.meaning()) if body.get("model") else IGNORED
    _heard(draft, gateway)
    draft.again = draft.again or _repeats(draft)
    if draft.memory.available is False and draft.live:
        draft.reachable(True)
    note = None
    if draft.facts.get("needs_key") and draft.arrival_us - draft.noted("needs_key") >= NOTED_US:
        draft.note("needs_key")
        note = ("needs-key", _NEEDS_KEY)
    return telling.told(note=note)


def _changes(body: dict[str, Any], mac: str) -> bool:
    """Whether the address is one that changes each quarter of an hour."""
    return truth(body.get("prmac")) is True or (number(body.get("mac_type")) == 1 and int(mac[:2], 16) < _STATIC)


def _ibeacon(message: RawMessage, body: dict[str, Any], mac: str) -> str | None:
    """Return the id of an iBeacon whose address changes: its three numbers are who it is. None: of anything else."""
    names = [body.get(key) for key in ("uuid", "major", "minor")]
    if body.get("model_id") != _IBEACON or not _changes(body, mac) or None in names:
        return None
    return device_id(message, "ibeacon", *(str(each)[:_LONGEST_NAME] for each in names))


def _is_nobody(body: dict[str, Any], draft: Draft, mac: str, known: bool) -> bool:
    """Whether an address is random, or nothing but an address is told."""
    if truth(body.get("prmac")) is True:
        return True
    if not body.get("model") and _changes(body, mac):
        return True
    told = any(seen.type not in _OF_THE_GATEWAY for seen in draft.seen) or draft.events or draft.unknown
    return not told and not known and not body.get("model")


def _packet(draft: Draft, body: dict[str, Any]) -> str:
    """Return the number of what is advertised; a slow gateway's copy of what is no longer so is not taken."""
    packet = body.get("packet", body.get("pid"))
    if not isinstance(packet, int) or isinstance(packet, bool):
        return ""
    draft.dedupe_key = f"packet {packet}"
    draft.again = once.overtaken(draft, "packet", str(packet))
    return str(packet)


def _take(draft: Draft, body: dict[str, Any], mark: str) -> None:
    service = body.get("servicedata")
    if isinstance(service, str) and str(body.get("servicedatauuid")).lower().endswith("fcd2"):
        _service_data(draft, service)
    for key, value in body.items():
        if key == "pres":
            _pres(draft, value, body.get("type"))
        elif key == "motion" and body.get("type") == _CURTAIN:
            continue
        elif key == "battery" and body.get("model_id") == _IBEACON:
            draft.number("battery_voltage", value)
        elif key in _NUMBERS:
            draft.number(_NUMBERS[key], value)
        elif key in _EVENTS:
            _happened(draft, key, value)
        elif key in _STATES and value != "absent":
            draft.state(_STATES[key], truth(value))
        elif isinstance(key, str) and (button := _BUTTON.fullmatch(key)):
            _pressed(draft, value, int(button[1] or 0), mark, body.get("model_id"))
    _words(draft, body, mark)
    _temperature(draft, body)
    _secret(draft, body)
    if "distance" in body:
        draft.distance(_rounded(body["distance"]), "m")


def _secret(draft: Draft, body: dict[str, Any]) -> None:
    told = any(key in body for key in ("encr", "cipher", "mic")) and truth(body.get("encr")) is not False
    if told or body.get("encryption") is True:
        draft.unknown.append("encrypted")
        draft.facts["needs_key"] = True


def _pressed(draft: Draft, value: Any, which: int, mark: str, model: Any) -> None:
    """Take a button, or several as a list."""
    words = _BUTTONS | _BUTTONS_OF.get(str(model), {})
    for nth, each in enumerate(_each(value), 1):
        _press(draft, each, nth if isinstance(value, list) else which, mark, words)


def _happened(draft: Draft, key: str, value: Any) -> None:
    for nth, each in enumerate(_each(value)):
        draft.event(_EVENTS[key], truth(each), key=f"{key}:{nth}" if nth else key)


def _each(value: Any) -> list[Any]:
    return value[:_MOST_EACH] if isinstance(value, list) else [value]


def _rounded(value: Any) -> Any:
    told = number(value)
    return value if told is None else round(told, 4)  # estimated from signal strength: the rest is noise


def _service_data(draft: Draft, text: str) -> None:
    try:
        bthome.take(draft, bytes.fromhex(text[:512]))
    except ValueError:
        draft.unknown.append("servicedata")


def _pres(draft: Draft, value: Any, kind: Any) -> None:
    """Take ``pres``: somebody's presence where it is true or false, the air's pressure where it is a number."""
    if isinstance(value, bool) or (isinstance(value, str) and number(value) is None):
        draft.state("presence", truth(value))
    elif kind != _TYRE:
        draft.number("pressure", value)


def _words(draft: Draft, body: dict[str, Any], mark: str) -> None:
    """Take what some makers' devices say in words: a door's contact, a wall switch's key."""
    contact, action = body.get("contact"), body.get("action")
    if isinstance(contact, str):
        draft.event("door_open", _CONTACT.get(contact.lower()))
    if isinstance(action, str) and body.get("type") == _KEYS:
        once.press(draft, action, button="button", packet=mark)


def _press(draft: Draft, value: Any, which: int, mark: str, words: Mapping[int, str]) -> None:
    code = number(value)
    if code is None or code != int(code):
        draft.unknown.append("button")
        return
    told = words.get(int(code))
    if told:
        bthome.press(draft, told, which, mark)
    elif told is None:
        bthome.buttons(draft, int(code), which, mark)


def _temperature(draft: Draft, body: dict[str, Any]) -> None:
    if "tempc" in body:
        draft.number("temperature", body["tempc"])
    elif (told := celsius(body.get("tempf"))) is not None:
        draft.number("temperature", told)


def _beacon(draft: Draft, body: dict[str, Any], *, near: bool) -> None:
    """Take that a tag, phone or band is near, or that the gateway has not heard it for a while."""
    if body.get("presence") == "absent":
        draft.see("beacon_present", False)
    elif near or truth(body.get("track")) is True:
        draft.see("beacon_present", True)


def _heard(draft: Draft, gateway: str) -> None:
    name = word(gateway)
    if name is not None and draft.live:
        draft.change(f"heard:{name}", draft.arrival_us)


def _repeats(draft: Draft) -> bool:
    """Whether all of this was told within REPEAT_S already; remembers what was told, and when a reading was made."""
    if not draft.live:
        return False
    told = [(seen.type, seen.value) for seen in draft.seen if seen.type not in _OF_THE_GATEWAY]
    digest = zlib.crc32(repr(told).encode("utf-8", "replace"))
    since = draft.values.get("made_us")
    recent = isinstance(since, int | float) and 0 <= draft.arrival_us - since < REPEAT_S * _SECOND_US
    if draft.values.get("told") == digest and recent and not draft.events and not draft.moved:
        return True
    draft.change("told", digest)
    draft.change("made_us", draft.arrival_us)
    return False


def _radio(memories: Mapping[str, Memory], message: RawMessage) -> Told:
    """A code of a remote control or a doorbell on 433 MHz: an event of a purpose that people must name."""
    body = object_of(message.payload)
    code = None if body is None else number(body.get("value"))
    if code is None:
        return IGNORED
    telling = Telling(message, memories)
    draft = telling.of(bridge_id(message, NAME, message.local))
    draft.press(str(int(code)), kind="rf_code")
    return telling.told()


def _gateway(root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str, gateway: str) -> Told:
    """A gateway that goes down is one note, and silence of all whom it alone heard."""
    online = {"online": True, "offline": False}.get(text_of(message.payload) or "")
    if online is None:
        return IGNORED
    telling = Telling(message, memories)
    telling.of(bridge_id(message, NAME, base, gateway), status=True).reachable(online, bridge=True)
    if not online and not message.retain:
        for device, memory in memories.items():
            if memory.available is not False and _only(memory, gateway, message.arrival_us):
                lost = telling.of(device, status=True, derived=True)
                lost.see("available", False)
                lost.available = False
    gateways = dict(list({**root.gateways, gateway: online}.items())[-_MOST_GATEWAYS:])
    return telling.told(root=msgspec.structs.replace(root, gateways=gateways))


def _only(memory: Memory, gateway: str, now_us: int) -> bool:
    """Whether this gateway heard a device lately, and no other one did."""
    heard = {
        name.removeprefix("heard:")
        for name, at_us in memory.values.items()
        if name.startswith("heard:") and isinstance(at_us, int | float) and now_us - at_us < HEARD_S * _SECOND_US
    }
    return heard == {gateway}
