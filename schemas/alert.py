"""An alert: what people handle; its states, its outcome, and one step of its history."""

from enum import StrEnum
from typing import Any

import msgspec

from schemas.effects import Effect
from schemas.finding import Evidence, FindingKind, Stage


class Severity(StrEnum):
    """IEC 60601-1-8 priorities."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AlertState(StrEnum):
    """Where an alert stands."""

    RAISED = "raised"
    CLAIMED = "claimed"
    HELD = "held"  # looked at by its owner, who comes back at a time
    RESOLVED = "resolved"
    CLOSED = "closed"


#: States in which an alert still asks something of somebody.
OPEN_STATES = frozenset({AlertState.RAISED, AlertState.CLAIMED, AlertState.HELD})
#: States in which somebody has it, until a time.
OWNED_STATES = frozenset({AlertState.CLAIMED, AlertState.HELD})


class Outcome(StrEnum):
    """What it was, asked when an alert is resolved."""

    REAL_INJURED = "real_injured"
    REAL_UNHURT = "real_unhurt"
    FALSE_ALARM = "false_alarm"
    TEST = "test"
    DEVICE_FAULT = "device_fault"
    CANCELLED = "cancelled"


class StepKind(StrEnum):
    """What happened to an alert; past tense, one a row of its history."""

    RAISED = "raised"
    STAGED = "staged"  # the finding moved: possible, confirmed, recovered
    RECURRED = "recurred"  # it happened again while open
    JOINED = "joined"  # somebody or something else told of the same event
    CANCELLED = "cancelled"  # the resident pressed that they are well
    CLAIMED = "claimed"
    EXTENDED = "extended"  # the owner is still on it: a new deadline
    HELD = "held"  # the owner comes back at a time
    SILENCED = "silenced"  # whoever is with the resident stays longer, or left: it rings then
    LAPSED = "lapsed"  # the owner's time ran out, or news ended a hold: raised again for everybody
    RELEASED = "released"  # the owner gave it back
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    NOTED = "noted"


class FallAlarm(StrEnum):
    """From which stage of a fall on people are called."""

    POSSIBLE = "possible"  # within a second or two, and more often for nothing: where staff are near
    CONFIRMED = "confirmed"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who told of what an alert is about: one finding. ``occurrence`` counts the events of one alert from 1."""

    kind: FindingKind
    stage: Stage
    device: str
    model: str  # of the detector; ``device``: its own
    event_us: int
    score: float = 0.0  # also where it was no number
    code: str = ""  # its first reason
    occurrence: int = 1
    update: int = 0


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it stands now. ``version`` rises by one with each change."""

    id: str
    kind: FindingKind
    severity: Severity
    state: AlertState
    stage: Stage
    unit: str
    resident: str
    device: str
    event_us: int  # when it happened first
    raised_us: int  # when the desk raised it
    decided_us: int = 0  # event time of the last sample that the first finding needed
    heard_us: int = 0  # when the message that decided it arrived
    score: float
    evidence: Evidence
    finding: str  # id of the first finding
    place: str | None = None
    late: bool = False  # heard long after it happened
    occurrences: int = 1
    last_event_us: int = 0  # when it happened last
    findings: tuple[str, ...] = ()
    sources: dict[str, Source] = {}  # by finding; of the latest event, and of calls for help
    claimed_by: str | None = None
    claimed_us: int | None = None
    due_us: int | None = None  # until when the owner's word holds: a claim's deadline, or the end of a hold
    due_since_us: int | None = None  # when the owner last gave it
    silent_until_us: int | None = None  # shown, but rings only then: somebody is with the resident
    resolved_by: str | None = None
    resolved_us: int | None = None
    outcome: Outcome | None = None
    outcome_local: str | None = None  # the institution's own word for it (schemas.outcome); ``outcome`` is its base
    note: str | None = None
    closed_us: int | None = None
    version: int = 1


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an alert's history. ``actor`` is a user, or ``platform``."""

    kind: StepKind
    at_us: int
    actor: str
    data: dict[str, Any] = {}


class Change(msgspec.Struct, frozen=True):
    """What a rule made of an event: the alert as it is now, the steps to write down, the effects to carry out.

    Without steps nothing changed (a repetition), and nothing is written.
    """

    alert: Alert
    steps: tuple[Step, ...] = ()
    effects: tuple[Effect, ...] = ()
