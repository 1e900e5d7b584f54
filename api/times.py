"""Times at the edge: ISO 8601 with ``Z`` outside, integer microseconds inside, exact both ways."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
DAY_US = 86_400 * SECOND_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What `datetime` can say; a time beyond belongs to a broken clock, and is shown at the edge rather than not at all.
_LAST_US = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def iso(us: int) -> str:
    """Return microseconds since 1970 as ``2026-11-23T08:00:00.000000Z``."""
    moment = _EPOCH + timedelta(microseconds=min(max(us, 0), _LAST_US))
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """Return an ISO 8601 time as microseconds since 1970; raises ValueError when it has no zone or is no time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, for example 2026-11-23T08:00:00Z")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def minutes_of(clock: str) -> int:
    """Return ``22:30`` as minutes of the day."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_time(minutes: int) -> str:
    """Return minutes of the day as ``22:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _parse(value: object) -> int:
    # An int comes from our own records; from outside only text does, so that nobody sends seconds by mistake.
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError("a time is text like 2026-11-23T08:00:00Z")  # noqa: TRY004  # pydantic wants ValueError
    us = from_iso(value)
    if us < 0:
        raise ValueError("a time before 1970 cannot be meant")
    return us


#: A time in a model or a query: ISO 8601 text outside, microseconds inside.
Time = Annotated[
    int,
    BeforeValidator(_parse),
    PlainSerializer(iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T08:00:00.000000Z"]}),
]
