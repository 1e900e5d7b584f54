"""ChirpStack, v4 and v3 in JSON: ``application/<id>/device/<devEUI>/event/<kind>``. Pure.

Source: ChirpStack's documentation (integrations, event types; protobuf's JSON leaves out what is 0, false or empty).
What a device said is in ``object``, if the server has the maker's codec; without it there are only bytes, and a note.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.decoders import lorawan
from ingest.decoders.draft import Draft
from ingest.decoders.meaning import Meaning, Seen
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, bridge_id, reading_of, refused
from ingest.decoders.values import number, object_of, time_of, truth
from schemas.reading import ReadingKind

NAME = "chirpstack"
OWNS_BASE = False
Root = lorawan.Root
NEW_ROOT = Root()

_TOPIC = re.compile(r"(?:(.+)/)?application/([^/]+)/device/([^/]+)/(?:event/)?(up|join|status|ack|txack|log|location|"
                    r"integration|error|rx)")  # fmt: skip
#: A gateway, below its region's prefix (v4: ``eu868``, ``cn470_10``) or none (v3).
_GATEWAY = re.compile(
    r"(?:(.+?)/)??(?:(?:eu|us|cn|as|au|in|kr|ru|ism)\d{3,4}(?:_\d{1,2})?/)?gateway/([0-9a-fA-F]{16})/(state/conn|event/.+)"
)
#: In a device's memory: the one gateway that heard its last uplink, empty: several.
_HEARD_BY = "heard by"
#: A warning that is an error: the server drops all of a device whose counter began anew, until it joins.
_DEAF = "UPLINK_F_CNT_RESET"
#: ``batteryLevel`` as LoRaWAN codes it, of a device that cannot measure.
_UNKNOWN_BATTERY = 255


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return the levels before ``application``."""
    if "application/" not in topic and "gateway/" not in topic:
        return None
    found = _TOPIC.fullmatch(topic) or _GATEWAY.fullmatch(topic)
    return None if found is None else found[1] or ""


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what an event came to. Never raises on what a sender wrote."""
    gateway = _GATEWAY.fullmatch(message.local)
    if gateway is not None:
        return _gateway(memories, message, gateway[2].lower(), gateway[3])
    found = _TOPIC.fullmatch(message.local)
    body = object_of(message.payload)
    if found is None or body is None:
        return refused(message, "not-json", "An event is a JSON object (choose JSON as the integration's encoding).")
    kind = found[4]
    if kind not in ("up", "rx", "status", "location", "log", "error"):
        return IGNORED  # joins, acknowledgements, and what integrations with other services say
    telling = Telling(message, memories)
    info = body.get("deviceInfo")
    eui = info.get("devEui") if isinstance(info, dict) else body.get("devEUI")
    draft = telling.of(lorawan.identity(message, eui if isinstance(eui, str) else found[3], found[2], found[3]))
    _take_time(draft, body)
    if kind in ("up", "rx"):
        _uplink(draft, body)
    elif kind == "status":
        _status(draft, body)
    elif kind == "location":
        told = body.get("location")
        told = told if isinstance(told, dict) else {}
        draft.place(told.get("latitude", 0), told.get("longitude", 0))  # a zero is left out
    elif str(body.get("level", "ERROR")).upper() == "ERROR" or body.get("code") == _DEAF:
        draft.technical = "lorawan_error"
        draft.facts["error"] = str(body.get("code") or body.get("type"))[:64]
    return telling.told()


def _gateway(memories: Mapping[str, Memory], message: RawMessage, name: str, what: str) -> Told:
    """Take whether a gateway is connected; what it forwards comes decoded on the applications' topics."""
    body = object_of(message.payload) if what == "state/conn" else None
    state = str(body.get("state")).upper() if body is not None else ""
    if state not in ("ONLINE", "OFFLINE"):
        return IGNORED  # statistics, raw uplinks, or protobuf
    telling, online = Telling(message, memories), state == "ONLINE"
    bridge = telling.of(bridge_id(message, "lora", name), status=True)
    before = bridge.memory.available
    bridge.reachable(online, bridge=True)
    told = telling.told()
    if before is online:
        return told
    readings, remembered = list(told.readings), dict(told.memories)
    # Their silence means nothing now. What a device had said of itself it must take back itself.
    meaning = Meaning(observations=(Seen("available", online),))
    for device, memory in memories.items():
        if memory.values.get(_HEARD_BY) == name and not (online and memory.available is False):
            remembered[device], reading = reading_of(
                memory, message, device, meaning, kind=ReadingKind.STATUS, derived=True
            )
            readings.append(reading)
    return replace(told, readings=tuple(readings), memories=remembered)


def _take_time(draft: Draft, body: dict[str, Any]) -> None:
    """Take the server's own clock (``nsTime``; v3 ``publishedAt``), else ``time``, which is a gateway's.

    A gateway that has just got its power back may be days behind: that loses no press. Source: ``get_rx_timestamp`` in
    ChirpStack's uplink/helpers.rs.
    """
    receptions = body.get("rxInfo")
    first = receptions[0] if isinstance(receptions, list) and receptions else None
    heard = first if isinstance(first, dict) else {}
    for told in (heard.get("nsTime"), body.get("publishedAt")):
        if isinstance(told, str) and (server_us := time_of(told)) is not None:
            lorawan.server_time(draft, server_us)
            return
    for told in (body.get("time"), heard.get("time")):
        if isinstance(told, str) and (gateway_us := time_of(told)) is not None:
            draft.claimed_us = gateway_us // 1000 * 1000
            return


def _uplink(draft: Draft, body: dict[str, Any]) -> None:
    known_as = body.get("deduplicationId")
    draft.dedupe_key = f"deduplicationId {known_as}"[:80] if isinstance(known_as, str) else None
    lorawan.signal(draft, body.get("rxInfo"))
    _heard_by(draft, body.get("rxInfo"))
    # A counter of 0 is left out; the same one with the same bytes is the same uplink, also of another gateway.
    if not lorawan.fresh(draft, f"{body.get('devAddr')}:{body.get('fCnt', 0)}:{body.get('data')}"[:120]):
        return
    decoded = body.get("object")
    if isinstance(decoded, dict):
        lorawan.take(draft, decoded, body.get("fPort"))
    elif isinstance(body.get("data"), str) and body["data"]:
        draft.technical = "decoder_missing"


def _heard_by(draft: Draft, receptions: Any) -> None:
    """Remember the gateway that alone heard a device: without it nothing is heard of the device."""
    told = receptions if isinstance(receptions, list) else []
    names = {
        str(each.get("gatewayId", each.get("gatewayID"))).lower()[:16] for each in told[:50] if isinstance(each, dict)
    }
    if draft.live and names:
        draft.change(_HEARD_BY, next(iter(names)) if len(names) == 1 else "")


def _status(draft: Draft, body: dict[str, Any]) -> None:
    level = number(body.get("batteryLevel"))
    if truth(body.get("externalPowerSource")) is True:
        draft.see("charging", True)
    elif level is None or level == _UNKNOWN_BATTERY or truth(body.get("batteryLevelUnavailable")) is True:
        draft.unknown.append("battery")
    else:
        draft.number("battery", level)
