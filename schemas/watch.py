"""How far the detectors know a unit, for the people who look at it."""

from enum import StrEnum

import msgspec


class Watchable(StrEnum):
    """What people may leave off for a resident, one by one: silence, and each everyday watch by its reason's code."""

    INACTIVITY = "inactivity"
    NOT_UP = "not_up"
    LONG_IN_BATHROOM = "long_in_bathroom"
    NOT_BACK_IN_BED = "not_back_in_bed"
    NO_MEAL = "no_meal"
    RESTLESS_NIGHT = "restless_night"


class Knows(StrEnum):
    """How far a home's own rhythm is known."""

    LEARNING = "learning"  # too few days so far: careful, and by what other homes do
    LEARNT = "learnt"
    REBUILDING = "rebuilding"  # read again from the database; until then by what other homes do


class RhythmKnown(msgspec.Struct, frozen=True, kw_only=True):
    """``days`` whole days were observed, of ``of_days`` that it takes; ``since_us``: the first sign of life known.

    ``left_off``: everybody who lives there has it off; it is learnt all the same.
    """

    state: Knows
    days: int
    of_days: int
    since_us: int
    left_off: bool = False


class Watched(StrEnum):
    """Whether an everyday watch may speak in a home."""

    ON = "on"
    LEARNING = "learning"  # too few days so far
    OFF = "off"  # this home's sensors cannot tell it, or not of whom
    LEFT_OFF = "left_off"  # people chose so, for everybody who lives there; it is learnt all the same


class HabitKnown(msgspec.Struct, frozen=True, kw_only=True):
    """One everyday watch; ``watch`` is the code of its reason (detectors.reasons).

    ``usual`` and ``limit`` of today in minutes (who is not up: of the home's clock since midnight), None unless on.
    """

    watch: str
    state: Watched
    usual: int | None = None
    limit: int | None = None


class UnitWatch(msgspec.Struct, frozen=True, kw_only=True):
    """One unit. ``inactivity`` None: no sensors of its own were heard, so its silence is not judged."""

    inactivity: RhythmKnown | None = None
    everyday: tuple[HabitKnown, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(UnitWatch)


def encode(watch: UnitWatch) -> bytes:
    """Return the JSON value of one key of WATCHED."""
    return _encoder.encode(watch)


def decode(data: bytes) -> UnitWatch:
    """Return what a value of WATCHED says. Raises msgspec.DecodeError."""
    return _decoder.decode(data)
