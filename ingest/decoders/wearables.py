"""Watches and hand-made wearables with a form of their own: what they say is shown, and no fall is guessed. Pure.

Source: Bangle.js / Gadgetbridge ("act" messages), Movesense (Whiteboard API, Meas/Acc), OpenEEW's firmware (traces),
Sleep as Android (MQTT events), ESP32 sketches with an MPU6050. None of them has what a fall detector needs (a clock, a
number, gravity in a known unit, samples without gaps), so their acceleration is a *stream* that is said and not judged.
"""

import math
import re
import struct
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import MAX_BYTES, Telling, Told, device_id, refused
from ingest.decoders.values import iso_of, number, object_of, time_of, truth, word

NAME = "wearables"
OWNS_BASE = False


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known beforehand."""


NEW_ROOT = Root()
#: Twelve numbers of 32 bits; published through a C text, so often cut at the first zero byte.
_BLOCK = struct.Struct("<12i")
_BLOCK_TOPIC = re.compile(r"(?:.+/)?motion-capture/sensor-\d+")
#: A block of activity covers ten minutes and is stamped at its end.
_ACTIVITY_US = 600_000_000
_SLEEP = {"light_sleep": "light", "deep_sleep": "deep", "rem_sleep": "rem", "rem": "rem"}
#: What Bangle.js says of being worn; ``unknown`` says nothing (BangleApps: sleeplog writes it in small letters, health
#: in large ones).
_WORN = {"not_worn": False, **dict.fromkeys(("activity", "walking", "exercise", *_SLEEP), True)}
_TRACKING = {"sleep_tracking_started": "bed_time_start", "sleep_tracking_stopped": "bed_time_end"}
#: What Sleep as Android says of a sleeper; anything else that it says is its own business (alarms, snoring).
_SLEEPER = {**_SLEEP, "awake": "awake", "not_awake": "asleep"}
_SLEEP_KEYS = {"event", "value1", "value2", "value3"}
_MARKS = (b'"stp"', b'"act"', b'"ArrayAcc"', b'"traces"', b'"accx"', b'"accX"', b'"event"')


def recognise(topic: str, payload: bytes) -> str | None:
    """Return a base for what is of one of these forms, whatever its topic."""
    if _BLOCK_TOPIC.fullmatch(topic):
        return topic
    if not any(mark in payload[:MAX_BYTES] for mark in _MARKS):
        return None
    body = object_of(payload)
    return None if body is None or _form(body) is None else topic


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
    """Return what a message came to. Never raises on what a sender wrote."""
    telling = Telling(message, memories)
    device = device_id(message, NAME, base)
    if _BLOCK_TOPIC.fullmatch(message.local) and message.payload[:1] != b"{":
        if len(message.payload) != _BLOCK.size:
            sentence = f"A block has {_BLOCK.size} bytes, this has {len(message.payload)}: it was cut on its way."
            return refused(message, "bad-length", sentence)
        told = _BLOCK.unpack(message.payload)
        telling.of(device).facts |= {
            "stream": "acceleration", "accel_counts": list(told[5:8]), "device_ms": told[11],
        }  # fmt: skip
        return telling.told()
    body = object_of(message.payload)
    form = None if body is None else _form(body)
    if body is None or form is None:
        return refused(message, "not-json", "The message is of none of the forms that are known.")
    form(telling.of(device), body)
    return telling.told()


def _form(body: dict[str, Any]) -> Any:
    """Return what reads a message of this form, None: nobody does."""
    inner = body.get("d")
    if body.get("t") == "act" and ("stp" in body or "hrm" in body or isinstance(body.get("act"), str)):
        return _activity
    if isinstance(body.get("Body"), dict) and isinstance(body["Body"].get("ArrayAcc"), list):
        return _movesense
    if isinstance(inner, dict) and isinstance(inner.get("traces"), list):
        return _traces
    if all(number(body.get(f"acc{axis}")) is not None for axis in "xyz"):
        return _sample
    told = body.get("event")
    if isinstance(told, str) and told in {*_TRACKING, *_SLEEPER} and set(body) <= _SLEEP_KEYS:
        return _sleep_tracker
    return None


def _activity(draft: Draft, body: dict[str, Any]) -> None:
    """Take ten minutes, or what is now (``rt``), of a watch."""
    told_us = time_of(body.get("ts"))
    if told_us is not None and truth(body.get("rt")) is not True:
        draft.history = True
        draft.claimed_us = told_us
        if "stp" in body:
            draft.facts |= {"historical": True, "interval": [iso_of(max(told_us - _ACTIVITY_US, 0)), iso_of(told_us)]}
    if "stp" in body:
        draft.number("steps_interval", body["stp"])
    if "hrm" in body:
        draft.number("heart_rate", body["hrm"] or None)  # 0: it has not measured
    kind = (word(body.get("act")) or "").lower()
    if kind in _WORN:
        draft.see("worn", _WORN[kind])
    if kind in _SLEEP:
        draft.see("sleep_state", _SLEEP[kind])


def _movesense(draft: Draft, body: dict[str, Any]) -> None:
    inner = body["Body"]
    draft.facts |= {"stream": "acceleration", "unit": "m/s²", "samples": len(inner["ArrayAcc"])}
    since_start = number(inner.get("Timestamp"))
    if since_start is not None:
        draft.facts["device_ms"] = since_start


def _traces(draft: Draft, body: dict[str, Any]) -> None:
    """Take a second of a ground sensor: high-passed and in gal, so no person's."""
    first = next((each for each in body["d"]["traces"] if isinstance(each, dict)), {})
    axis = first.get("x")
    count = len(axis) if isinstance(axis, list) else 0
    rate = number(first.get("sr"))
    draft.facts |= {"stream": "acceleration", "samples": count, "rate_hz": rate if rate is not None else count}


def _sample(draft: Draft, body: dict[str, Any]) -> None:
    magnitude = math.hypot(*(float(number(body[f"acc{axis}"]) or 0.0) for axis in "xyz"))
    draft.facts["stream"] = "acceleration"
    if 7.0 <= magnitude <= 13.0:
        draft.facts["unit"] = "m/s²"
    elif 0.7 <= magnitude <= 1.3:
        draft.facts["unit"] = "g"


def _sleep_tracker(draft: Draft, body: dict[str, Any]) -> None:
    kind = body["event"]
    if kind in _TRACKING:
        if draft.live:
            draft.happen(_TRACKING[kind], True)
    else:
        draft.see("sleep_state", _SLEEPER[kind])
