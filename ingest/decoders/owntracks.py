"""OwnTracks: where a phone or tracker is, below ``owntracks/<user>/<device>``. Pure.

``(message) -> decoded``: nothing must be remembered, for every message carries the time of its fix (``tst``), which
also numbers it, so the same fix told twice is one. Phones sleep, and hand in hours of fixes at once, newest first; and
the broker remembers each phone's last place (retained): that place is old. A position is only believed with its time:
one whose time cannot be is not taken for where somebody is now.
"""

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import event_time
from ingest.decoders.meaning import Happened, Meaning, Seen, event_names, observed
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, MAX_BYTES, Told, device_id, entry, refused
from ingest.decoders.values import iso_of, json_of, number, object_of
from schemas.reading import Clock, Reading, ReadingKind

NAME = "owntracks"
DEFAULT_BASE = "owntracks"
#: Below a base that people gave, or that was recognised, everything is a phone's.
OWNS_BASE = True
#: What a message can say that it is.
_TYPES = frozenset({"location", "transition", "steps", "lwt", "encrypted", "waypoint", "waypoints", "card", "cmd"})
#: Last levels behind a phone's own topic.
_PARTS = frozenset({"event", "waypoint", "waypoints", "step", "status", "dump", "beacon", "info", "cmd", "request"})
_SECOND_US = 1_000_000
#: A fix that claims to be exact has no accuracy; one worse than the Earth's girth is none.
_WORST_M = 40_000_000.0
#: Faster is no vehicle, km/h.
_FASTEST = 1500.0
#: Name of a zone, as it may stand in an event.
_WORDS = 64
#: Parts of a location that are not kept: pictures are nobody's business here, and large.
_NOT_KEPT = ("image", "imagename")
#: ``bs``: how the battery is doing.
_CHARGING = {1: False, 2: True, 3: True}
_ZONE = {"enter": "zone_enter", "leave": "zone_leave"}


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be remembered."""


NEW_ROOT = Root()


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the base of a topic whose message says its ``_type``, as all of this family's do."""
    if topic.count("/") < 2 or b'"_type"' not in payload[:MAX_BYTES]:
        return None
    body = object_of(payload)
    kind = None if body is None else body.get("_type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return None
    levels = topic.split("/")
    parts = 3 if levels[-1] in _PARTS and len(levels) > 3 else 2
    return "/".join(levels[:-parts]) or None


def decode(_root: Root, _memories: Mapping[str, Memory], message: RawMessage, base: str = DEFAULT_BASE) -> Told:
    """Return what a message below ``base`` means. Never raises on what a sender wrote."""
    names = message.local[len(base) + 1 :].split("/")
    if len(names) not in (2, 3) or not all(names):
        return refused(message, "foreign-topic", f"Below {base}/ only <user>/<device> and their parts are known.")
    if not message.payload or (len(names) == 3 and names[2] not in ("event", "step")):
        return IGNORED  # deleted from the broker's memory; or waypoints, commands, cards
    if len(message.payload) > MAX_BYTES:
        sentence = f"A message has at most {MAX_BYTES} bytes, this has {len(message.payload)}."
        return refused(message, "too-large", sentence)
    body = json_of(message.payload)
    if body is None or isinstance(body, str):
        return refused(message, "not-json", "The payload is not JSON.")
    if not isinstance(body, dict) or not isinstance(body.get("_type"), str):
        return refused(message, "bad-field", "A message is one JSON object with a _type.")
    return _of_type(message, device_id(message, NAME, names[0], names[1]), body)


def _of_type(message: RawMessage, device: str, body: dict[str, Any]) -> Told:
    match body["_type"]:
        case "location":
            return _location(message, device, body)
        case "transition":
            return _transition(message, device, body)
        case "steps":
            return _steps(message, device, body)
        case "lwt":  # phones lose the broker many times a day; its tst is when the session began
            meaning = Meaning(observations=(Seen("available", False),))
            return Told(meaning, (_reading(message, device, ReadingKind.STATUS, meaning, message.arrival_us),))
        case "encrypted":
            sentence = "This phone encrypts its messages: where it is cannot be known. Remove the key; TLS protects it."
            meaning = Meaning(unknown=("encrypted",), facts={"needs_key": True})
            reading = _reading(message, device, ReadingKind.STATUS, meaning, message.arrival_us)
            return Told(meaning, (reading,), entry(message, "encrypted", sentence, kept=True))
        case _:
            return IGNORED


def _location(message: RawMessage, device: str, body: dict[str, Any]) -> Told:
    time_us, claimed_us = _time(body.get("tst"), message.arrival_us)
    place, implausible, unknown = _place(body)
    if time_us is None:
        implausible += ("time",) if claimed_us is not None else ()
        unknown += ("time",) if claimed_us is None else ()
    seen = list(place) if time_us is not None else []
    battery, speed = number(body.get("batt")), number(body.get("vel"))
    if speed is not None and 0 <= speed <= _FASTEST and seen:
        seen.append(Seen("speed", speed, "km/h"))
    if battery is not None and 0 <= battery <= 100:
        seen.append(Seen("battery", battery, "%"))
    charging = body.get("bs")
    if isinstance(charging, int) and not isinstance(charging, bool) and charging in _CHARGING:
        seen.append(Seen("charging", _CHARGING[charging]))
    meaning = Meaning(
        observations=tuple(seen),
        unknown=unknown,
        implausible=implausible,
        time_us=time_us,
        claimed_us=claimed_us,
        dedupe_key=None if claimed_us is None else f"location:{claimed_us // _SECOND_US}",
    )
    note = None
    if time_us is None:
        sentence = "When this position was taken cannot be known: it is kept, and not taken for where somebody is now."
        note = entry(message, "clock-implausible", sentence, kept=True)
    reading = _reading(message, device, ReadingKind.STATE, meaning, claimed_us)
    if any(key in body for key in _NOT_KEPT):
        kept = {key: value for key, value in body.items() if key not in _NOT_KEPT}
        reading = msgspec.structs.replace(reading, payload=msgspec.json.encode(kept))
    return Told(meaning, (reading,), note)


def _place(body: dict[str, Any]) -> tuple[tuple[Seen, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the position with its accuracy (metres, the radius of 68 %), and what cannot be or is not known."""
    lat, lon, accuracy = (number(body.get(key)) for key in ("lat", "lon", "acc"))
    if lat is None or lon is None:
        return (), (), ("location",)
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return (), ("location",), ()  # 0, 0 is a receiver that has no fix
    if accuracy is not None and not 0 < accuracy <= _WORST_M:
        return (), ("location",), ()  # an accuracy of 0 or less says that the fix is not valid
    seen = [Seen("lat", lat, "°"), Seen("lon", lon, "°")]
    if accuracy is not None:
        seen.append(Seen("accuracy", accuracy, "m"))
    return tuple(seen), (), ()


def _transition(message: RawMessage, device: str, body: dict[str, Any]) -> Told:
    """A zone was entered or left. ``wtst`` is when the zone was made; a beacon's coordinates mean nothing."""
    event, zone = body.get("event"), body.get("desc")
    kind = _ZONE.get(event) if isinstance(event, str) else None
    if kind is None or not isinstance(zone, str):
        return refused(message, "bad-field", "A transition says enter or leave, and the name of the zone.")
    time_us, claimed_us = _time(body.get("tst"), message.arrival_us)
    zone = "".join(char if char.isprintable() else " " for char in zone[:_WORDS])
    late = claimed_us is not None and time_us is None  # of some other week: told now, it did not happen now
    happened = () if message.retain or late else (Happened(kind, zone),)
    seen = () if happened else (Seen(kind, zone),)
    meaning = Meaning(
        observations=seen,
        events=happened,
        implausible=("time",) if late else (),
        time_us=time_us,
        claimed_us=claimed_us,
        dedupe_key=None if claimed_us is None else f"{kind}:{zone}:{claimed_us // _SECOND_US}",
    )
    return Told(meaning, (_reading(message, device, ReadingKind.EVENT, meaning, claimed_us),))


def _steps(message: RawMessage, device: str, body: dict[str, Any]) -> Told:
    """Steps between two times; -1 says that the phone cannot count."""
    steps = number(body.get("steps"))
    known = steps is not None and steps >= 0
    time_us, claimed_us = _time(body.get("to"), message.arrival_us)
    seen = (Seen("steps_interval", steps),) if known and steps is not None else ()
    began_us, begins_us = _time(body.get("from"), message.arrival_us)
    told = begins_us is not None and claimed_us is not None
    meaning = Meaning(
        observations=seen,
        unknown=() if known else ("steps_interval",),
        time_us=time_us,
        claimed_us=claimed_us,
        facts={"interval": [iso_of(begins_us or 0), iso_of(claimed_us or 0)]} if told else {},
    )
    reading = _reading(message, device, ReadingKind.STATE, meaning, claimed_us)
    if began_us is not None and time_us is not None and began_us <= time_us:
        reading = msgspec.structs.replace(reading, event_us=began_us, end_us=time_us)
    return Told(meaning, (reading,))


def _time(told: Any, arrival_us: int) -> tuple[int | None, int | None]:
    """Return the believed time and the claimed one, microseconds since 1970 UTC; None: not believed, not told."""
    seconds = number(told)
    if seconds is None or not 0 <= seconds < 253_402_300_800:  # the year 10000
        return None, None
    claimed_us = round(seconds * _SECOND_US)
    return (claimed_us if event_time.believable(claimed_us, arrival_us) else None), claimed_us


def _reading(message: RawMessage, device: str, kind: ReadingKind, meaning: Meaning, numbered_us: int | None) -> Reading:
    """Return the reading. It is numbered by its own time and what it says, so that a repetition has the same number."""
    when = message.arrival_us if meaning.time_us is None else meaning.time_us
    number_us = message.arrival_us if numbered_us is None else numbered_us
    # Several things can happen at one second; where somebody is, is one thing.
    apart = 0 if not meaning.events else 1 + zlib.crc32(meaning.events[0].type.encode() + _zone_of(meaning)) % 999_999
    return Reading(
        kind=kind,
        arrival_us=message.arrival_us,
        event_us=when,
        end_us=when,
        device=device,
        boot=0,
        seq=number_us + apart,
        clock=Clock.ARRIVAL if meaning.time_us is None else Clock.DEVICE,
        topic=message.topic,
        payload=message.payload,
        retain=message.retain,
        observations=observed(meaning),
        events=event_names(meaning),
    )


def _zone_of(meaning: Meaning) -> bytes:
    return str(meaning.events[0].value).encode("utf-8", "replace")
