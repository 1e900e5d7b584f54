"""The Things Stack v3: ``v3/<application>@<tenant>/devices/<device>/<kind>`` in JSON. Pure.

Source: The Things Stack's documentation (MQTT server, data formats). What a device said is in ``decoded_payload``, or
in ``normalized_payload`` in the words of the stack itself; an uplink that somebody made in the console says
``simulated`` and did not happen.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingest.decoders import lorawan
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, refused
from ingest.decoders.values import number, object_of, time_of, truth

NAME = "ttn"
OWNS_BASE = False
Root = lorawan.Root
NEW_ROOT = Root()

_TOPIC = re.compile(r"(?:(.+)/)?v3/([^/]+)/devices/([^/]+)/(up|join|down/.+|location/solved|service/data)")


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return the levels before ``v3``."""
    if "v3/" not in topic:
        return None
    found = _TOPIC.fullmatch(topic)
    return None if found is None else found[1] or ""


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what a message came to. Never raises on what a sender wrote."""
    found = _TOPIC.fullmatch(message.local)
    body = object_of(message.payload)
    if found is None or body is None:
        return refused(message, "not-json", "A message of The Things Stack is a JSON object.")
    uplink, solved = body.get("uplink_message"), body.get("location_solved")
    if not isinstance(uplink, dict) and not isinstance(solved, dict):
        return IGNORED  # joins, what is on its way down, other services' data
    ids = body.get("end_device_ids")
    eui = ids.get("dev_eui") if isinstance(ids, dict) else None
    telling = Telling(message, memories)
    draft = telling.of(lorawan.identity(message, eui, found[2], found[3]))
    if isinstance(uplink, dict):
        lorawan.server_time(draft, time_of(uplink.get("received_at")) or time_of(body.get("received_at")))
        _uplink(draft, uplink, simulated=truth(body.get("simulated")) is True)
    elif isinstance(solved, dict):
        lorawan.server_time(draft, time_of(body.get("received_at")))
        _solved(draft, solved.get("location"))
    return telling.told()


def _uplink(draft: Draft, uplink: dict[str, Any], *, simulated: bool) -> None:
    if simulated:
        draft.history = True
        draft.facts["simulated"] = True
    session, count = uplink.get("session_key_id"), uplink.get("f_cnt", 0)
    lorawan.signal(draft, uplink.get("rx_metadata"))
    if session is not None:
        draft.dedupe_key = f"{session}:{count}"[:80]
    if not lorawan.fresh(draft, f"{session}:{count}:{uplink.get('frm_payload')}"[:120]):
        return
    decoded, normal = uplink.get("decoded_payload"), uplink.get("normalized_payload")
    if isinstance(decoded, dict):
        lorawan.take(draft, decoded)
    elif isinstance(normal, list):
        for each in normal[:10]:
            if isinstance(each, dict):
                _normalized(draft, each)
    elif isinstance(uplink.get("frm_payload"), str):
        draft.technical = "decoder_missing"


def _normalized(draft: Draft, told: dict[str, Any]) -> None:
    """Take the stack's own words (air.temperature, action.motion.detected, action.contactState)."""
    air, action = told.get("air"), told.get("action")
    if isinstance(air, dict):
        for key, kind in (("temperature", "temperature"), ("relativeHumidity", "humidity"), ("co2", "co2")):
            if key in air:
                draft.number(kind, air[key])
        if "lightIntensity" in air:
            draft.number("illuminance", air["lightIntensity"])
    if isinstance(action, dict):
        motion = action.get("motion")
        if isinstance(motion, dict) and "detected" in motion:
            draft.event("motion", truth(motion["detected"]))
        if "contactState" in action:
            draft.event("door_open", {"open": True, "closed": False}.get(str(action["contactState"])))
    battery = number(told.get("battery"))
    if battery is not None:
        draft.number("battery_voltage", battery)


def _solved(draft: Draft, location: Any) -> None:
    if not isinstance(location, dict):
        draft.unknown.append("location")
        return
    lorawan.place(draft, number(location.get("latitude")) or 0.0, number(location.get("longitude")) or 0.0)
    accuracy = number(location.get("accuracy"))
    if accuracy is not None and accuracy > 0:
        draft.see("accuracy", accuracy, "m")
