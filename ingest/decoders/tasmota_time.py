"""When a Tasmota device says that something was: four forms of ``Time``, of which one has no offset. Pure.

``Epoch``, a number, or an offset are UTC. The usual form is the device's local time without offset
(``2021-01-01T18:00:00``): it is believed only where it agrees with arrival after an offset of whole quarter hours,
which is what time zones have; a device that never heard a time server says 1970 or the day it was built. What the
broker remembered has an age that could be taken for an offset, so there it is never believed.
Source: ``ResponseGetTime`` in arendst/Tasmota ``support.ino``; old releases wrote ``2018.02.15 01:00:50``.
"""

import datetime
from typing import Any

from ingest.decoders.values import number

_SECOND_US = 1_000_000
_QUARTER_US = 900 * _SECOND_US
#: A device whose clock is set by the network, and a message that is not held up, are within this.
_AGREES_US = 60 * _SECOND_US
#: Offsets of time zones lie between 12 hours behind and 14 ahead.
_WEST_US, _EAST_US = -12 * 4 * _QUARTER_US, 14 * 4 * _QUARTER_US
_YEAR_10000_S = 253_402_300_800
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
#: No time is written with more characters.
_LONGEST = 40


def claimed(body: dict[str, Any], arrival_us: int, *, retain: bool) -> tuple[int | None, str | None]:
    """Return the device's UTC in microseconds (None: it says none that can be known), and its local time as written."""
    seconds = number(body.get("Epoch"))
    told = body.get("Time")
    written = told if isinstance(told, str) and 0 < len(told) <= _LONGEST else None
    if seconds is None and isinstance(told, int | float) and not isinstance(told, bool):
        seconds = number(told)
    parsed = _parsed(written) if written is not None else None
    local = written if parsed is not None and parsed.tzinfo is None else None
    if seconds is not None:
        return (round(seconds * _SECOND_US) if 0 <= seconds < _YEAR_10000_S else None), local
    if parsed is None:
        return None, None
    if parsed.tzinfo is not None:
        return (parsed - _EPOCH) // datetime.timedelta(microseconds=1), None
    return (None if retain else _agreeing(parsed, arrival_us)), local


def _agreeing(local: datetime.datetime, arrival_us: int) -> int | None:
    """Return UTC for a local time that is now, in some time zone; None: it is not."""
    local_us = (local.replace(tzinfo=datetime.UTC) - _EPOCH) // datetime.timedelta(microseconds=1)
    offset_us = round((local_us - arrival_us) / _QUARTER_US) * _QUARTER_US
    utc_us = local_us - offset_us
    in_zone = _WEST_US <= offset_us <= _EAST_US
    return utc_us if in_zone and abs(utc_us - arrival_us) <= _AGREES_US else None


def _parsed(text: str) -> datetime.datetime | None:
    if len(text) >= 10 and text[4] == "." and text[7] == ".":
        text = text.replace(".", "-", 2)
    try:
        parsed = datetime.datetime.fromisoformat(text)
        return parsed if parsed.tzinfo is None else parsed.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
