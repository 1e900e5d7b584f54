"""Sensor Logger: a phone's or watch's acceleration in batches of JSON, on a free topic; as our own frames. Pure.

Source: documentation of Sensor Logger (push by MQTT; units and frames). ``accelerometer`` leaves gravity out, so
posture cannot be seen in it: with gravity in them are ``totalacceleration`` (Android alone), the uncalibrated one, an
Apple Watch's ``wrist motion`` (both parts in one entry), and ``accelerometer`` with the ``gravity`` of the same moment
added, which is all that an iPhone tells as it comes. These become frames that the fall detector reads, m/s² or g told
apart by the middle magnitude of what people do. Samples come out of order and are sorted; where they pause a new frame
begins, and nothing is ever made up between two samples.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ingest.decoders import event_time
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import MAX_BYTES, Telling, Told, device_id, refused
from ingest.decoders.values import number, object_of, word
from schemas import frame
from schemas.frame import Frame, FrameFlag
from schemas.reading import Clock, Reading, ReadingKind

NAME = "sensorlogger"
OWNS_BASE = False


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known beforehand: each message names its session and device."""


NEW_ROOT = Root()
#: Sensors with gravity in them, best first; and the one without.
_WITH_GRAVITY = ("totalacceleration", "accelerometeruncalibrated")
_WITHOUT, _GRAVITY, _WRIST = "accelerometer", "gravity", "wristmotion"
_BATTERY, _PULSE, _PLACE = "battery", ("heartrate", "heart_rate"), "location"
#: A watch's samples come through its telephone in bursts. While they do, those of the telephone are another body's,
#: which may lie on a table; after so long without any the watch is taken off, or empty, us.
_WRIST_FOR_US = 60_000_000
#: Gravity turns slowly: that of the nearest moment is taken, if it is no further than so, ns (two samples at 50 Hz).
_SAME_MOMENT_NS = 40_000_000
_G = 9.80665
#: Middle magnitude of a batch that is m/s² or g: people lie, sit and walk around one g, and nothing is in between.
_IN_G, _IN_MS2 = (0.5, 2.0), (4.9, 19.6)
#: g a count of our frames: +-16 g, what wrists reach in a fall (docs/wire.md).
_SCALE = 1 / 2048
_MOST_COUNTS = 32767
#: Samples of one message: 5 s at 200 Hz. More is cut, and said.
MOST_SAMPLES = 1000
#: A pause of so many periods ends a frame.
_PAUSE = 1.8
_FEWEST = 5
#: Batches of a session, so that each of their frames has a number of 32 bits.
_MOST_BATCHES = 2**28
#: Frames of one message; a batch with more pauses is no stream.
_MOST_FRAMES = 8


def recognise(_topic: str, payload: bytes) -> str | None:
    """Return a base for a message of this form, whatever its topic."""
    head = payload[:400]
    if b'"messageId"' not in head or b'"sessionId"' not in head:
        return None
    return "" if len(payload) <= MAX_BYTES else None


def decode(_root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str) -> Told:
    """Return what a batch came to. Never raises on what a sender wrote."""
    body = object_of(message.payload)
    entries = body.get("payload") if body is not None else None
    if body is None or not isinstance(entries, list):
        return refused(message, "bad-field", "A batch is a JSON object with a list as payload.")
    device = device_id(message, NAME, str(body.get("deviceId") or message.local)[:200])
    telling = Telling(message, memories)
    draft = telling.of(device)
    entries = [each for each in entries if isinstance(each, dict)]
    draft.claimed_us = _first_us(entries)
    named = _by_name(entries)
    kind, stream = _stream(named, draft, message.arrival_us)
    if kind is not None:
        draft.facts["stream"] = "acceleration" if kind != _WITHOUT else "acceleration_without_gravity"
    _others(draft, named)
    if len(stream) > MOST_SAMPLES:
        draft.implausible.append("samples")
    frames = _frames(message, draft, device, body, stream[:MOST_SAMPLES]) if kind not in (None, _WITHOUT) else []
    told = telling.told()
    if not frames:
        return told
    # The samples are in the frames, each to a two-thousandth of a g; what else was told is a reading beside them.
    rest = told.readings if told.meaning.observations else ()
    return replace(told, readings=(*frames, *rest))


def _first_us(entries: Sequence[dict[str, Any]]) -> int | None:
    times = [number(each.get("time")) for each in entries[:1]]
    first = times[0] if times else None
    return None if first is None or first <= 0 else int(first) // 1000


#: When, and x, y, z.
_Sample = tuple[int, float, float, float]
#: Entries of each sensor, by its name in small letters and without spaces: they are written in several ways.
_Named = dict[str, list[dict[str, Any]]]


def _by_name(entries: Sequence[dict[str, Any]]) -> _Named:
    found: _Named = {}
    for each in entries:
        name = word(each.get("name"))
        if name is not None and isinstance(each.get("values"), dict):
            found.setdefault(name.lower().replace(" ", ""), []).append(each)
    return found


def _stream(entries: _Named, draft: Draft, now_us: int) -> tuple[str | None, list[_Sample]]:
    """Return the best acceleration there is, and its samples (ns, x, y, z) in the order of time."""
    wrist = _added(_named(entries, _WRIST, "acceleration{}"), _named(entries, _WRIST, "gravity{}"))
    if wrist:
        draft.change("wrist_us", now_us)
        return _WRIST, wrist
    last_us = draft.values.get("wrist_us")
    if isinstance(last_us, int) and 0 <= now_us - last_us < _WRIST_FOR_US:
        return None, []
    for kind in _WITH_GRAVITY:
        if found := _named(entries, kind):
            return kind, found
    moved = _named(entries, _WITHOUT)
    both = _added(moved, _named(entries, _GRAVITY))
    return (f"{_WITHOUT}+{_GRAVITY}", both) if both else (_WITHOUT, moved) if moved else (None, [])


def _named(entries: _Named, kind: str, axes: str = "") -> list[_Sample]:
    """Return the samples of one sensor in the order of time; ``axes``: into which name X, Y and Z are put."""
    names = tuple(axes.format(axis) for axis in "XYZ") if axes else tuple("xyz")
    return sorted({sample for each in entries.get(kind, ()) if (sample := _sample(each, names))})


def _added(moved: Sequence[_Sample], gravity: Sequence[_Sample]) -> list[_Sample]:
    """Return acceleration with gravity: each sample and the gravity nearest to it; none where there is none so near."""
    if not moved or not gravity:
        return []
    at, pull = np.array([each[0] for each in moved]), np.array([each[0] for each in gravity])
    after = np.clip(np.searchsorted(pull, at), 0, len(pull) - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(pull[before] - at) <= np.abs(pull[after] - at), before, after)
    return [
        (when, x + other[1], y + other[2], z + other[3])
        for (when, x, y, z), other in zip(moved, (gravity[index] for index in nearest), strict=True)
        if abs(other[0] - when) <= _SAME_MOMENT_NS
    ]


def _sample(entry: dict[str, Any], axes: tuple[str, ...]) -> _Sample | None:
    at, values = _time_ns(entry), entry["values"]
    x, y, z = (number(values.get(axis)) for axis in axes)
    return None if at is None or x is None or y is None or z is None else (at, x, y, z)


def _time_ns(entry: dict[str, Any]) -> int | None:
    at = entry.get("time")
    return at if isinstance(at, int) and not isinstance(at, bool) and 0 < at < 2**62 else None


def _frames(
    message: RawMessage,
    draft: Draft,
    device: str,
    body: dict[str, Any],
    samples: Sequence[_Sample],
) -> list[Reading]:
    """Return readings of frames; none where the unit cannot be told, or the samples are no stream."""
    if len(samples) < _FEWEST:
        return []
    times = np.array([each[0] for each in samples], dtype=np.int64)
    values = np.array([each[1:] for each in samples], dtype=np.float64)
    in_g = _in_g(values, draft)
    if in_g is None or not np.isfinite(in_g).all():
        draft.unknown.append("unit")
        return []
    period_ns = int(np.median(np.diff(times)))
    if period_ns <= 0 or not frame.MIN_RATE_HZ <= 1e9 / period_ns <= frame.MAX_RATE_HZ:
        draft.implausible.append("rate")
        return []
    draft.facts |= {"samples": len(samples), "rate_hz": round(1e9 / period_ns, 1)}
    ends = np.flatnonzero(np.diff(times) > _PAUSE * period_ns) + 1
    if len(ends) >= _MOST_FRAMES:
        draft.implausible.append("rate")
        return []
    told = body.get("messageId")
    # Not numbered: by its own time, so that no two are taken for one and the same again stays the same.
    first = int(times[0]) // 1_000_000 % _MOST_BATCHES
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < _MOST_BATCHES:
        first = told
    boot = zlib.crc32(str(body.get("sessionId"))[:200].encode("utf-8", "replace"))
    return [
        _frame(message, device, boot, first * _MOST_FRAMES + index, times[part], in_g[part])
        for index, part in enumerate(np.split(np.arange(len(times)), ends))
    ]


def _in_g(values: NDArray[np.float64], draft: Draft) -> NDArray[np.float64] | None:
    """Return the samples in g: by this batch's middle magnitude, else by what was told of the device before."""
    with np.errstate(over="ignore"):
        middle = float(np.median(np.linalg.norm(values, axis=1)))
    for unit, (low, high) in (("g", _IN_G), ("m/s2", _IN_MS2)):
        if low <= middle <= high:
            draft.change("unit", unit)
    known = draft.values.get("unit")
    return values if known == "g" else values / _G if known == "m/s2" else None


def _frame(
    message: RawMessage, device: str, boot: int, seq: int, times: NDArray[np.int64], in_g: NDArray[np.float64]
) -> Reading:
    reach = _MOST_COUNTS * _SCALE
    counts = np.rint(np.clip(in_g, -reach, reach) / _SCALE).astype(np.int16)
    steps = np.diff(times)
    period_ns = int(np.mean(steps)) if len(steps) else int(1e9 / frame.MAX_RATE_HZ * 10)
    start_us = int(times[0]) // 1000
    believed = event_time.believable(start_us, message.arrival_us)
    flags = FrameFlag.CLOCK_SYNCED if believed else FrameFlag(0)
    block = Frame(
        flags,
        boot,
        seq,
        start_us,
        start_us if believed else 0,
        period_ns,
        frame.BATTERY_UNKNOWN,
        _SCALE,
        0.0,
        0,
        counts,
    )
    event_us = start_us if believed else message.arrival_us - block.duration_us
    return Reading(
        kind=ReadingKind.FRAME,
        arrival_us=message.arrival_us,
        event_us=event_us,
        end_us=event_us + block.duration_us,
        device=device,
        boot=boot,
        seq=seq,
        clock=Clock.DEVICE if believed else Clock.ARRIVAL,
        topic=message.topic,
        payload=frame.encode(block),
        retain=message.retain,
    )


def _others(draft: Draft, entries: _Named) -> None:
    """Take what else a phone measures: its battery, a pulse, where it is."""
    for each in entries.get(_BATTERY, ()):
        level = number(each["values"].get("batteryLevel"))
        draft.number("battery", None if level is None else round(level * 100, 1))
    for kind in _PULSE:
        for each in entries.get(kind, ()):
            draft.number("heart_rate", each["values"].get("bpm", each["values"].get("heartRate")))
    _place(draft, entries.get(_PLACE, ()))


def _place(draft: Draft, entries: Sequence[dict[str, Any]]) -> None:
    """Take the newest place, at its own time: the first that a phone tells may be hours old."""
    for at, each in sorted(((_time_ns(each) or 0, each) for each in entries), key=lambda pair: pair[0], reverse=True):
        values = each["values"]
        accuracy = number(values.get("horizontalAccuracy"))
        if accuracy is not None and accuracy < 0:
            draft.implausible.append("location")  # the phone says so that it is none
        elif draft.place(values.get("latitude"), values.get("longitude"), accuracy):
            draft.claimed_us = at // 1000 or draft.claimed_us
            return
