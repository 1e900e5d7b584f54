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


#: Integers from here on are no measurement, and more than 64 bits could not even be stored.
_EXACT = 2**53


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
    return int(found) if isinstance(value, int) and abs(value) < _EXACT else found


def celsius(fahrenheit: Any) -> float | None:
    """Return degrees Fahrenheit in degrees Celsius, to a hundredth; None for anything that is no number."""
    told = number(fahrenheit)
    return None if told is None else round((told - 32) / 1.8, 2)


def time_of(value: Any) -> int | None:
    """Return a time in microseconds since 1970 UTC; None where it is none, or does not say of which zone it is.

    ISO 8601 with an offset (any number of decimals), or a number since 1970: seconds, or by its size milli-, micro- or
    nanoseconds. Whether it can be true is another question (event_time.believable).
    """
    if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit():
        return _iso_time(value.strip())
    told = number(value)
    if told is None or told < 0:
        return None
    for factor, limit in _TIME_UNITS:
        if told < limit:
            return round(told * factor)
    return None


#: Microseconds of a unit, and from which number on it is a finer one: the year 5138 in seconds is 1973 in milliseconds.
_TIME_UNITS = ((1_000_000, 1e11), (1000, 1e14), (1, 1e17), (0.001, 1e19))
_YEAR_10000_US = 253_402_300_800_000_000


def _iso_time(text: str) -> int | None:
    try:
        told = datetime.datetime.fromisoformat(text)
        if told.tzinfo is None:
            return None
        us = (told - _EPOCH) // datetime.timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None
    return us if 0 <= us < _YEAR_10000_US else None


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


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
