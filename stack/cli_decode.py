"""``shouwang decode``: what a device message means, as one JSON object a message.

The decoders are the gateway's own, so what this prints is what the platform would have understood. Messages of a family
that has no decoder yet are said to be unknown (``quarantine``), never guessed at.
"""

import datetime
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from ingest.decoders import own, owntracks, zigbee2mqtt
from ingest.decoders.families import Families
from ingest.decoders.meaning import Meaning, Seen
from ingest.decoders.message import RawMessage
from ingest.decoders.own import NEW_DEVICE, DeviceState
from ingest.decoders.told import Told
from schemas import frame, topics
from schemas.reading import Clock, Reading, ReadingKind

#: Wrong usage: an input that is no message at all.
_USAGE = 2
_YEAR_10000_US = 253_402_300_800_000_000
#: An event may lie a little behind its arrival.
_DAY_US = 86_400_000_000
#: Events of our own devices that are an alarm by themselves.
_ALARMS = ("sos", "fall")
#: Bases that people usually choose.
_USUAL_BASES = (zigbee2mqtt.DEFAULT_BASE, "zigbee")


class Wrong(ValueError):
    """The input is no message: wrong usage, with a sentence."""


@dataclass(frozen=True, slots=True)
class Given:
    """One message as the caller gave it; ``arrival_us`` None: not said."""

    topic: str
    payload: bytes
    retain: bool = False
    arrival_us: int | None = None


class Interpreter:
    """Decodes messages one after the other, with state between them."""

    def __init__(self) -> None:
        self._own: dict[str, DeviceState] = {}
        self._families = Families(_USUAL_BASES, phones=owntracks.DEFAULT_BASE, trees=("",))
        self._index = 0

    def say(self, given: Given) -> dict[str, Any]:
        """Return what the message means, in the form that DESIGN.md's contract gives."""
        said: dict[str, Any] = {"index": self._index, "observations": [], "events": [], "alarm": None}
        self._index += 1
        said["time"] = "arrival"
        if given.topic.startswith(topics.OURS):
            return said | self._of_own(given)
        arrival_us = _now_us() if given.arrival_us is None else given.arrival_us
        told = self._families.decode(_raw(given, arrival_us), as_if_just_arrived=given.arrival_us is None)
        if not told:
            return said | {"quarantine": "unknown-topic", "unknown": ["family"]}
        return said | _of_foreign(told[0])

    def _of_own(self, given: Given) -> dict[str, Any]:
        device = own.device_of(given.topic)
        before = self._own.get(device, NEW_DEVICE)
        raw = _raw(given, _now_us() if given.arrival_us is None else given.arrival_us)
        after, decoded = own.decode(before, raw)
        if given.arrival_us is None and decoded.reading is not None and decoded.reading.clock is Clock.CLAMPED:
            utc_us = _own_utc_us(decoded.reading)
            if utc_us < _YEAR_10000_US:  # else it is no time that could be written down
                after, decoded = own.decode(before, _raw(given, utc_us))
        self._own[device] = after
        said: dict[str, Any] = {}
        if decoded.entry is not None and not decoded.entry.kept:
            said["quarantine"] = decoded.entry.reason
        elif decoded.entry is not None:
            said["implausible"] = ["time"]
        if decoded.reading is not None:
            said |= _of_reading(decoded.reading, timed=given.arrival_us is not None)
        return said


def _raw(given: Given, arrival_us: int) -> RawMessage:
    return RawMessage(given.topic, given.payload, given.retain, arrival_us)


def _now_us() -> int:
    return time.time_ns() // 1000


def _own_utc_us(reading: Reading) -> int:
    """Return the UTC that one of our own devices claims, at the end of what it covers."""
    if reading.kind is ReadingKind.FRAME:
        block = frame.decode(reading.payload)
        return block.utc_us + block.duration_us
    body = msgspec.json.decode(reading.payload)
    return int(body["utc_us"])


def _meaning(meaning: Meaning) -> dict[str, Any]:
    said: dict[str, Any] = {
        "observations": [_seen(each) for each in meaning.observations],
        "events": [{"type": event.type, "value": event.value} for event in meaning.events],
        "alarm": meaning.alarm_or_rule,
        "time": "arrival" if meaning.time_us is None else iso(meaning.time_us),
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


def _of_foreign(told: Told) -> dict[str, Any]:
    said = _meaning(told.meaning)
    said["observations"] = _located(said["observations"])
    if told.entry is not None and not told.entry.kept:
        said["quarantine"] = told.entry.reason
    if told.readings and told.meaning.dedupe_key is not None:
        said["dedupe_key"] = f"{told.readings[0].device}:{told.meaning.dedupe_key}"
    return said


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
    said["time"] = iso(reading.event_us) if reading.clock is Clock.DEVICE or mapped else "arrival"
    return said


def iso(us: int) -> str:
    """Return microseconds since 1970 as ISO 8601 UTC, with as many decimals as there are."""
    whole, part = divmod(us, 1_000_000)
    text = datetime.datetime.fromtimestamp(whole, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if part:
        text += f".{part // 1000:03d}" if part % 1000 == 0 else f".{part:06d}"
    return f"{text}Z"


def parse_iso(text: str) -> int:
    """Return an ISO 8601 time (UTC where no offset is said) in microseconds. Raises Wrong."""
    try:
        told = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{text!r} is no ISO 8601 time.") from None
    told = told.replace(tzinfo=datetime.UTC) if told.tzinfo is None else told
    us = (told - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)
    if not 0 <= us < _YEAR_10000_US - _DAY_US:
        raise Wrong(f"{text!r} is not between the years 1970 and 9999.")
    return us


def line_message(line: bytes) -> Given:
    """Return the message in one line of ``--sequence``. Raises Wrong with a sentence."""
    try:
        told = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Wrong(f"Not JSON: {error}.") from None
    if not isinstance(told, dict):
        raise Wrong("A line is one JSON object.")
    topic, retain, arrival = told.get("topic"), told.get("retain"), told.get("arrival")
    if not isinstance(topic, str | None) or not isinstance(retain, bool | None) or not isinstance(arrival, str | None):
        raise Wrong("topic and arrival are texts, retain is true or false.")
    return Given(topic or "", _payload(told), bool(retain), None if arrival is None else parse_iso(arrival))


def _payload(told: dict[str, Any]) -> bytes:
    raw, written = told.get("payload_raw"), told.get("payload_hex")
    if isinstance(written, str):
        try:
            return bytes.fromhex(written)
        except ValueError:
            raise Wrong("payload_hex is not hexadecimal.") from None
    if isinstance(raw, str):
        return raw.encode("utf-8", "surrogatepass")
    if "payload" not in told:
        raise Wrong("A message has one of payload, payload_raw and payload_hex.")
    payload = told["payload"]
    return payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)


def decode(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The payload; - is standard input.")] = "-",
    topic: Annotated[str, typer.Option("--topic", help="The topic it came on.")] = "",
    retained: Annotated[bool, typer.Option("--retained", help="The broker had remembered it.")] = False,
    arrival: Annotated[
        str | None, typer.Option("--arrival", help="When it came, ISO 8601.", show_default=False)
    ] = None,
    sequence: Annotated[bool, typer.Option("--sequence", help="A JSON object a line, state in between.")] = False,
) -> None:
    """Say what a device message means, as JSON."""
    if sequence and (topic or retained or arrival):
        _usage("With --sequence each line says its own topic, retain and arrival.")
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        if sequence:
            given = [line_message(line) for line in data.splitlines() if line.strip()]
        else:
            given = [Given(topic, data, retained, None if arrival is None else parse_iso(arrival))]
    except OSError as error:
        _usage(f"{file}: {error.strerror}.")
    except Wrong as error:
        _usage(str(error))
    interpreter = Interpreter()
    for each in given:
        sys.stdout.buffer.write(msgspec.json.encode(interpreter.say(each)) + b"\n")
    sys.stdout.buffer.flush()


def _usage(sentence: str) -> NoReturn:
    print(f"shouwang decode: {sentence}", file=sys.stderr)
    raise typer.Exit(_USAGE)
