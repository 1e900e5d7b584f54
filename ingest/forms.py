"""What a message means, written down in the form of DESIGN.md's contract (``shouwang decode``). Pure."""

from typing import Any

from ingest.decoders.meaning import Meaning, Seen
from ingest.decoders.own import Decoded
from ingest.decoders.told import Told
from ingest.decoders.values import iso_of
from schemas import frame
from schemas.reading import Clock, Reading, ReadingKind

#: Events of our own devices that are an alarm by themselves.
_ALARMS = ("sos", "fall")


def of_foreign(told: Told) -> dict[str, Any]:
    """Return what a message of a family came to."""
    said = _meaning(told.meaning)
    said["observations"] = _located(said["observations"])
    if told.entry is not None and not told.entry.kept:
        said["quarantine"] = told.entry.reason
    if told.readings and told.meaning.dedupe_key is not None:
        said["dedupe_key"] = f"{told.readings[0].device}:{told.meaning.dedupe_key}"
    return said


def of_own(decoded: Decoded, *, timed: bool) -> dict[str, Any]:
    """Return what a message of one of our own devices came to; ``timed``: the caller said when it arrived."""
    said: dict[str, Any] = {}
    if decoded.entry is not None and not decoded.entry.kept:
        said["quarantine"] = decoded.entry.reason
    elif decoded.entry is not None:
        said["implausible"] = ["time"]
    if decoded.reading is not None:
        said |= _of_reading(decoded.reading, timed=timed)
    return said


def _meaning(meaning: Meaning) -> dict[str, Any]:
    said: dict[str, Any] = {
        "observations": [_seen(each) for each in meaning.observations],
        "events": [{"type": event.type, "value": event.value} for event in meaning.events],
        "alarm": meaning.alarm_or_rule,
        "time": "arrival" if meaning.time_us is None else iso_of(meaning.time_us),
    }
    if meaning.technical is not None:
        said["technical_alert"] = meaning.technical
    if meaning.implausible:
        said["implausible"] = list(meaning.implausible)
    if meaning.unknown:
        said["unknown"] = list(meaning.unknown)
    if meaning.entities is not None:
        said["entities"] = list(meaning.entities)
        said["device_count"] = meaning.announced
    if meaning.ignored:
        said["ignore"] = True
    return said | meaning.facts


def _located(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return observations with a position as one of them, as the vocabulary has it."""
    at = {each["type"]: each["value"] for each in seen if each["type"] in ("lat", "lon", "accuracy")}
    if "lat" not in at:
        return seen
    place = {"type": "location", "value": [at["lat"], at["lon"]], "unit": "°", "lat": at["lat"], "lon": at["lon"]}
    if "accuracy" in at:
        place["accuracy_m"] = at["accuracy"]
    return [place, *(each for each in seen if each["type"] not in at)]


def _seen(seen: Seen) -> dict[str, Any]:
    value = list(seen.value) if isinstance(seen.value, tuple) else seen.value
    return {"type": seen.type, "value": value, "unit": seen.unit}


def _of_reading(reading: Reading, *, timed: bool) -> dict[str, Any]:
    seen = [{"type": each.type, "value": each.value, "unit": each.unit} for each in reading.observations]
    said: dict[str, Any] = {"dedupe_key": reading.key, "events": [{"type": e, "value": True} for e in reading.events]}
    said["alarm"] = next((kind for kind in _ALARMS if kind in reading.events), None)
    if reading.kind is ReadingKind.FRAME:
        block = frame.decode(reading.payload)
        if block.battery != frame.BATTERY_UNKNOWN:
            seen.append({"type": "battery", "value": block.battery, "unit": "%"})
        if block.worn is not None:
            seen.append({"type": "worn", "value": block.worn, "unit": ""})
        said |= {"stream": "acceleration", "samples": block.n, "rate_hz": round(1e9 / block.period_ns, 3)}
    said["observations"] = seen
    mapped = reading.clock in (Clock.BOOT, Clock.CLAMPED) and timed
    said["time"] = iso_of(reading.event_us) if reading.clock is Clock.DEVICE or mapped else "arrival"
    return said
