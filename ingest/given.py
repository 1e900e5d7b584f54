"""A message as somebody gave it to be read: by a line of JSON, a form of the console, or the broker. Pure."""

import datetime
from dataclasses import dataclass
from typing import Any

import msgspec

_YEAR_10000_US = 253_402_300_800_000_000
#: An event may lie a little behind its arrival.
_DAY_US = 86_400_000_000


class Wrong(ValueError):
    """The input is no message: wrong usage, with a sentence."""


@dataclass(frozen=True, slots=True)
class Given:
    """One message as the caller gave it; ``arrival_us`` None: not said."""

    topic: str
    payload: bytes
    retain: bool = False
    arrival_us: int | None = None


def is_writable(us: int) -> bool:
    """Whether microseconds since 1970 are a time that ISO 8601 can write."""
    return 0 <= us < _YEAR_10000_US


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
    return message_of(told)


def message_of(told: Any) -> Given:
    """Return the message that a JSON object ``{topic, payload | payload_raw | payload_hex, retain, arrival}`` says.

    Raises Wrong with a sentence.
    """
    if not isinstance(told, dict):
        raise Wrong("A line is one JSON object.")
    topic, retain, arrival = told.get("topic"), told.get("retain"), told.get("arrival")
    if not isinstance(topic, str | None) or not isinstance(retain, bool | None) or not isinstance(arrival, str | None):
        raise Wrong("topic and arrival are texts, retain is true or false.")
    try:
        (topic or "").encode()
    except UnicodeEncodeError:
        raise Wrong("The topic is no text: it has half of a pair of signs.") from None
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
    return payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else msgspec.json.encode(payload)
