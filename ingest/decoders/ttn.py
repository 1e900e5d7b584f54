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
from ingest.decoders.values import object_of, time_of, truth

NAME = "ttn"
OWNS_BASE = False
Root = lorawan.Root
NEW_ROOT = Root()

_TOPIC = re.compile(r"(?:(.+)/)?v3/([^/]+)/devices/([^/]+)/(up|join|down/.+|location/solved|service/data)")

#: Of the normalized payload (lorawan-devices, lib/payload.json): where a value stands, what it is, and its words.
_NORMAL: tuple[tuple[tuple[str, ...], str, dict[str, bool] | None], ...] = (
    (("air", "temperature"), "temperature", None),
    (("air", "relativeHumidity"), "humidity", None),
    (("air", "pressure"), "pressure", None),
    (("air", "co2"), "co2", None),
    (("air", "lightIntensity"), "illuminance", None),
    (("battery",), "battery_voltage", None),
    (("action", "motion", "detected"), "motion", {}),
    (("action", "contactState"), "door_open", {"open": True, "closed": False}),
    (("water", "leak"), "water_leak", {}),
)
#: A measurement with a time of its own is of now within so long of the network's time.
_NOW_US = 300_000_000


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
        lorawan.take(draft, decoded, uplink.get("f_port"))
    if isinstance(normal, list):
        said = {each.type for each in draft.seen}
        for each in normal[:10]:
            if isinstance(each, dict):
                _normalized(draft, each, said)
    elif not isinstance(decoded, dict) and isinstance(uplink.get("frm_payload"), str):
        draft.technical = "decoder_missing"


def _normalized(draft: Draft, told: dict[str, Any], said: set[str]) -> None:
    """Take the stack's own words, where the maker's said nothing of the kind that we know."""
    if "time" in told and not _now(draft, time_of(told["time"])):
        return  # a measurement of the past
    for path, kind, meant in _NORMAL:
        value = _at(told, path)
        if value is None or kind in said or (kind == "battery_voltage" and "battery" in said):
            continue  # some codecs hand their percentage on as the stack's volts
        if meant is None:
            draft.number(kind, value)
        else:
            draft.event(kind, meant.get(value) if isinstance(value, str) else truth(value), key=f"normal:{kind}")
    lat, lon = _at(told, ("position", "latitude")), _at(told, ("position", "longitude"))
    if "lat" not in said and (lat is not None or lon is not None):
        draft.place(0 if lat is None else lat, 0 if lon is None else lon)  # a zero is left out


def _at(told: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _now(draft: Draft, told_us: int | None) -> bool:
    claimed_us = draft.arrival_us if draft.claimed_us is None else draft.claimed_us
    return told_us is None or abs(claimed_us - told_us) <= _NOW_US


def _solved(draft: Draft, location: Any) -> None:
    if not isinstance(location, dict):
        draft.unknown.append("location")
        return
    draft.place(location.get("latitude", 0), location.get("longitude", 0), location.get("accuracy"))
