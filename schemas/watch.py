"""How far the detectors know a unit, for the people who look at it."""

from enum import StrEnum

import msgspec


class Knows(StrEnum):
    """How far a home's own rhythm is known."""

    LEARNING = "learning"  # too few days so far: careful, and by what other homes do
    LEARNT = "learnt"
    REBUILDING = "rebuilding"  # read again from the database; until then by what other homes do


class RhythmKnown(msgspec.Struct, frozen=True, kw_only=True):
    """``days`` whole days were observed, of ``of_days`` that it takes; ``since_us``: the first sign of life known."""

    state: Knows
    days: int
    of_days: int
    since_us: int


class UnitWatch(msgspec.Struct, frozen=True, kw_only=True):
    """One unit. ``inactivity`` None: no sensors of its own were heard, so its silence is not judged."""

    inactivity: RhythmKnown | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(UnitWatch)


def encode(watch: UnitWatch) -> bytes:
    """Return the JSON value of one key of WATCHED."""
    return _encoder.encode(watch)


def decode(data: bytes) -> UnitWatch:
    """Return what a value of WATCHED says. Raises msgspec.DecodeError."""
    return _decoder.decode(data)
