"""How senders write true, false, numbers, words and "I do not know": one reading of it for all families. Pure."""

import datetime
import math
from typing import Any

import msgspec

#: Longest word that can be a value of ours; a firmware's own words are shorter.
MAX_WORD = 64

_TRUE = frozenset({"true", "on", "1", "yes", "tripped"})
_FALSE = frozenset({"false", "off", "0", "no", "ok"})
_UNKNOWN = frozenset({"", "null", "nan", "none", "unknown", "unavailable"})


def is_unknown(value: Any) -> bool:
    """Whether the sender says that it does not know: null, an empty text, ``nan``, ``unavailable``."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _UNKNOWN)


def truth(value: Any) -> bool | None:
    """Return true or false for all the ways in which senders write it, None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return {0.0: False, 1.0: True}.get(float(value)) if abs(value) <= 1 else None
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _TRUE else False if word in _FALSE else None
    return None


def number(value: Any) -> float | None:
    """Return a finite number, also from a text that is one; None for anything else (a truth is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if isinstance(value, int) else found


def iso_of(us: int) -> str:
    """Return microseconds since 1970 as ISO 8601 UTC, with as many decimals as there are."""
    whole, part = divmod(us, 1_000_000)
    text = datetime.datetime.fromtimestamp(whole, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if part:
        text += f".{part // 1000:03d}" if part % 1000 == 0 else f".{part:06d}"
    return f"{text}Z"


def word(value: Any) -> str | None:
    """Return a printable word of at most MAX_WORD characters, None for anything else."""
    if isinstance(value, str) and 0 < len(value) <= MAX_WORD and value.isprintable():
        return value
    return None


def text_of(payload: bytes) -> str | None:
    """Return a payload as text without spaces around it; None where it is none."""
    try:
        return payload.decode().strip()
    except UnicodeDecodeError:
        return None


def json_of(payload: bytes) -> Any:
    """Return the JSON in ``payload``, or its text where it is none (bare words are usual), or None.

    What begins like JSON and is none, is None: half an object is no word.
    """
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    text = text_of(payload)
    return None if text is None or text[:1] in ("{", "[") else text


def object_of(payload: bytes) -> dict[str, Any] | None:
    """Return the JSON object in ``payload``, None where it is anything else."""
    found = json_of(payload)
    return found if isinstance(found, dict) else None
