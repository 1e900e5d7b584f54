"""A finding: what a detector claims, with interval, score and evidence. Not an alert: the desk decides that."""

from enum import StrEnum
from typing import Any

import msgspec
import numpy as np

from schemas.decoding import decoded


class FindingKind(StrEnum):
    """What was found."""

    FALL = "fall"
    SOS = "sos"
    INACTIVITY = "inactivity"
    ROUTINE = "routine"  # a day unlike this home's others, nobody need run: no meal, a restless night
    WANDERING = "wandering"
    SMOKE = "smoke"
    GAS = "gas"  # burnable, or carbon monoxide
    WATER_LEAK = "water_leak"
    PLATFORM = "platform"  # a part of ours is not well; the "resident" is the part's name


class Stage(StrEnum):
    """How sure the detector is; one finding passes through stages under one id.

    A ``dismissed`` one may be confirmed yet: by data that come late, or by a harder impact of the same event.
    """

    POSSIBLE = "possible"
    DISMISSED = "dismissed"  # it was possible, and what came after says no
    CONFIRMED = "confirmed"
    RECOVERED = "recovered"  # the person moves again


class Phase(msgspec.Struct, frozen=True):
    """A named part of the evidence, for the drawing: ``free_fall``, ``impact``, ``lying``, ``still``."""

    name: str
    start_us: int
    end_us: int


class Reason(msgspec.Struct, frozen=True):
    """One reason in a form that both languages can say: a code with its numbers (``impact`` {"g": 3.1})."""

    code: str
    values: dict[str, float] = {}


class Expected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What other days of a home let expect, as it was known when it rang: beside what was seen it makes the picture.

    Minutes count from ``start_us`` on: ``usual`` until it is usually over, ``limit`` until it hardly ever still lasts,
    ``others`` how long it was on other days, oldest first. ``lively`` is the percent of days on which somebody was
    about, for each half hour of the home's clock from midnight on, and ``days`` how long the home is known.
    """

    start_us: int
    rang_us: int
    utc_offset_min: int  # the home's clock minus UTC
    usual: int | None = None
    limit: int | None = None
    others: tuple[int, ...] = ()
    lively: tuple[int, ...] = ()
    days: int = 0


class Evidence(msgspec.Struct, frozen=True):
    """Why: phases on the event clock, reasons with numbers, and the named numbers the detector decided by.

    ``expected``: of alerts about a home's rhythm; None where a finding is of another kind, or older than it.
    """

    phases: tuple[Phase, ...] = ()
    reasons: tuple[Reason, ...] = ()
    features: dict[str, float] = {}
    expected: Expected | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One claim at one stage.

    ``id`` is the same for all stages (schemas.ids.finding_id). ``event_us`` is when it happened (a fall: its impact),
    ``start_us``..``end_us`` the interval it covers, ``decided_us`` the event time of the last
    sample the decision needed. ``score`` is a probability, 0 to 1.
    """

    id: str
    kind: FindingKind
    stage: Stage
    unit: str
    resident: str
    device: str
    event_us: int
    start_us: int
    end_us: int
    decided_us: int
    score: float
    anchor: str  # Reading.key of the message it hangs on
    model: str  # name and version of the detector
    evidence: Evidence = Evidence()
    heard_us: int = 0  # arrival of the message that completed it
    place: str | None = None
    update: int = 0  # rises with each further telling within one stage: still lying, one minute on
    mild: bool = False  # the detector knows a harmless cause that is as likely: to be looked at, not to be run to


def message_id(found: Finding) -> str:
    """Return what names one telling of a finding for ever: JetStream and the desk take each once."""
    return f"{found.id}.{found.stage}" + (f".{found.update}" if found.update else "")


def _plain(value: Any) -> Any:
    """Return a numpy scalar as a Python number: one that slipped into the evidence must never cost the alert."""
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"a finding cannot hold {type(value).__name__}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
_decoder = msgspec.msgpack.Decoder(Finding)


def encode(finding: Finding) -> bytes:
    """Return the finding as the bytes of one JetStream message."""
    return _encoder.encode(finding)


def decode(data: bytes) -> Finding:
    """Return the finding in a JetStream message."""
    return decoded(_decoder, data)


def to_builtins(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as plain dicts and lists, for jsonb and the API."""
    built: dict[str, Any] = msgspec.to_builtins(evidence)
    return built
