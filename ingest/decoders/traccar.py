"""Traccar: what GPS pendants and trackers tell, as its server forwards it (positions and events, any topics). Pure.

Source: Traccar's documentation (forwarding) and model classes (Event, Position, Device), version 6. A message is known
by its structure: ``{"position": {...}, "device": {...}}`` and ``{"event": {...}, "device": {...}}``.

Where somebody is, is only believed with the time of its fix (``fixTime``): the position in an alarm may be an hour old.
Speed comes in knots. An accuracy of 0 means that the tracker did not tell one.
"""

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import event_time, once
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import MAX_BYTES, Telling, Told, device_id, refused
from ingest.decoders.values import iso_of, number, object_of, time_of, truth, word

NAME = "traccar"
OWNS_BASE = False

#: Of a knot in km/h, by definition (1 nautical mile = 1,852 m).
_KMH_A_KNOT = 1.852
#: Words in ``attributes.alarm``: several with commas between. What is not here is no alarm of ours (driving, engines).
_ALARMS = {"sos": "sos", "fallDown": "fall"}
#: An alarm that says how the device is, and the word for whoever looks after it.
_TECHNICAL = {"lowBattery": "low_battery", "lowPower": "low_battery"}
_TAMPER = frozenset({"tampering", "removing"})
_CHARGING = {"powerCut": False, "powerOff": False, "powerRestored": True}
_ZONE = {"geofenceEnter": "zone_enter", "geofenceExit": "zone_leave"}
#: ``deviceUnknown`` is none of these: a tracker that reports by the hour is unknown to its server in between.
_STATUS = {"deviceOnline": True, "deviceOffline": False, "deviceInactive": False}
_MOVING = {"deviceMoving": True, "deviceStopped": False}
#: ``attributes`` of a position that are numbers of ours.
_NUMBERS = {"batteryLevel": "battery", "heartRate": "heart_rate", "steps": "steps_today"}
_SECOND_US = 1_000_000
#: A tracker without a network keeps what happened (``archive``): a call of this age is still worth running for.
_LATE_US = 3600 * _SECOND_US
#: The server forwards a message again while the broker does not answer.
_FORWARDED_S = 3600


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known of the server: each message says which device it is of."""


NEW_ROOT = Root()


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the levels before the last one, of a message that has the parts which Traccar forwards."""
    if b'"uniqueId"' not in payload[:MAX_BYTES]:
        return None
    body = object_of(payload)
    if body is None or not isinstance(body.get("device"), dict):
        return None
    return topic.rpartition("/")[0] if isinstance(body.get("event") or body.get("position"), dict) else None


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what a forwarded position or event came to. Never raises on what a sender wrote."""
    body = object_of(message.payload)
    device = body.get("device") if body is not None else None
    name = device.get("uniqueId") if isinstance(device, dict) else None
    if body is None or not isinstance(name, str) or not name:
        return refused(message, "bad-field", "A forwarded message has a device with a uniqueId.")
    telling = Telling(message, memories)
    draft = telling.of(device_id(message, NAME, name))
    event, position = body.get("event"), body.get("position")
    archived = _attributes(position).get("archive") is True
    if isinstance(event, dict):
        draft.claimed_us = time_of(event.get("eventTime"))
        _of_the_past(draft, archived)
        _event(draft, telling, event, body.get("geofence"), device_id(message, NAME, name))
    if isinstance(position, dict):
        if not isinstance(event, dict):
            draft.claimed_us = _when(position)
            _of_the_past(draft, archived)
        _position(draft, position, with_event=isinstance(event, dict))
    return telling.told()


def _event(draft: Draft, telling: Telling, event: dict[str, Any], geofence: Any, device: str) -> None:
    """Take an event: an alarm, a zone, or that the device is or is not heard."""
    kind = event.get("type")
    if not isinstance(kind, str):
        draft.unknown.append("event")
    elif kind == "alarm":
        _alarms(draft, _attributes(event).get("alarm"), draft.claimed_us)
    elif kind in _ZONE:
        name = word(geofence.get("name")) if isinstance(geofence, dict) else None
        _zone(draft, _ZONE[kind], name or "?", event)
    elif kind in _STATUS:
        telling.of(device, status=True)
        draft.reachable(_STATUS[kind])
    elif kind in _MOVING:
        draft.state("moving", _MOVING[kind])


def _zone(draft: Draft, kind: str, name: str, event: dict[str, Any]) -> None:
    mark = f"{event.get('eventTime')}:{kind}:{name}"
    draft.dedupe_key = f"{kind}:{zlib.crc32(mark.encode('utf-8', 'replace')):08x}"
    if draft.live and not once.again(draft, "zone", mark, _FORWARDED_S):
        draft.happen(kind, name)
    else:
        draft.see(kind, name)


def _alarms(draft: Draft, told: Any, when_us: int | None) -> None:
    """Take an alarm's words. An event and its position may both be forwarded: their time is the same, and it is one."""
    if not isinstance(told, str):
        draft.unknown.append("alarm")
        return
    for each in [part.strip() for part in told.split(",")[:8]]:
        if each in _ALARMS:
            draft.dedupe_key = f"{each}:{when_us}"
            if draft.live and not once.again(draft, "alarm", f"{each}:{when_us}", _FORWARDED_S):
                draft.happen(_ALARMS[each], True)
        elif each in _TECHNICAL:
            draft.technical = _TECHNICAL[each]
            draft.see("battery_low", True)
        elif each in _TAMPER:
            if each == "removing":
                draft.see("worn", False)
            if draft.live and not once.again(draft, "alarm", f"{each}:{when_us}", _FORWARDED_S):
                draft.happen("tamper", True)
        elif each in _CHARGING:
            draft.see("charging", _CHARGING[each])


def _attributes(told: Any) -> dict[str, Any]:
    found = told.get("attributes") if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def _when(position: dict[str, Any]) -> int | None:
    """Return when a position was measured; with an alarm in it, when the alarm was told: the fix may be hours old."""
    fixed_us, told_us = time_of(position.get("fixTime")), time_of(position.get("deviceTime"))
    return told_us if told_us is not None and "alarm" in _attributes(position) else fixed_us


def _position(draft: Draft, position: dict[str, Any], *, with_event: bool) -> None:
    """Take a position; with an event or an alarm it is the last known one, with its age."""
    fixed_us, alarmed = time_of(position.get("fixTime")), "alarm" in _attributes(position)
    if (with_event or alarmed) and fixed_us is not None and draft.claimed_us is not None:
        draft.facts["position_age_s"] = round((draft.claimed_us - fixed_us) / _SECOND_US)
    if not with_event and once.again(
        draft, "position", f"{fixed_us}:{position.get('deviceTime')}:{position.get('serverTime')}", _FORWARDED_S
    ):
        draft.again = True
        return
    attributes = _attributes(position)
    for key, kind in _NUMBERS.items():
        if key in attributes:
            draft.number(kind, attributes[key])
    charging, moving = truth(attributes.get("charge")), truth(attributes.get("motion"))
    if charging is not None:
        draft.see("charging", charging)
    if not with_event:
        if moving is not None:
            draft.state("moving", moving)
        if alarmed:  # events may not be forwarded
            _alarms(draft, attributes["alarm"], draft.claimed_us)
    old = draft.facts.get("position_age_s", 0) > _FRESH_S
    if old and fixed_us is not None:
        draft.facts["position_time"] = iso_of(fixed_us)
    elif not with_event and draft.believed_us() is None:
        draft.unknown.append("location")  # where somebody was at no known time, is nowhere
    else:
        _place(draft, position)


#: An older fix than this is not where somebody is who calls for help: it came with the wander's own positions.
_FRESH_S = 60


def _place(draft: Draft, position: dict[str, Any]) -> None:
    if position.get("valid") is False:
        draft.unknown.append("location")
        return
    speed = number(position.get("speed"))
    known = draft.place(position.get("latitude"), position.get("longitude"), position.get("accuracy"))
    if known and speed is not None and speed >= 0:
        draft.number("speed", speed, factor=_KMH_A_KNOT)


def _of_the_past(draft: Draft, archived: bool) -> None:
    """What is of another week did not happen now, whatever arrives; nor what a tracker kept for hours."""
    if archived:
        draft.facts["historical"] = True
    if draft.claimed_us is None:
        return
    late = archived and draft.arrival_us - draft.claimed_us > _LATE_US
    if late or not event_time.believable(draft.claimed_us, draft.arrival_us):
        draft.history = True
