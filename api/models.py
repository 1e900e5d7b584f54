"""What the API says and hears, as models: OpenAPI is made from these, and nothing inside the house imports them.

Alerts, sessions, traces and the platform; residents, places and devices are in api.people_models.

Times are ISO 8601 with ``Z`` (api.times.Time); ids are those of the records in ``schemas``.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.times import Time
from schemas.alert import AlertState, Outcome, Severity, StepKind
from schemas.finding import FindingKind, Stage

#: As alerts.pausing has it.
USUAL_MINUTES, LONGEST_MINUTES = 15, 60
#: Ids are ours or a device's; none is longer, and none needs another letter.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def _text(most: int) -> Any:
    # NUL is the one character PostgreSQL's text cannot hold.
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=r"^[^\x00]*$")


Name = Annotated[str, _text(100)]
Line = Annotated[str, _text(200)]
Text = Annotated[str, _text(2000)]


class Heard(BaseModel):
    """A request's body: an unknown field is a mistake that somebody wants to know of."""

    model_config = ConfigDict(extra="forbid")


class Said(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(use_enum_values=True)


class ErrorText(Said):
    """A stable code for programs, a sentence for a person."""

    code: str = Field(examples=["already_claimed"])
    message: str = Field(examples=["wang.fang has claimed this alert already."])


class ErrorBody(Said):
    """Every error has this shape."""

    error: ErrorText


class SignIn(Heard):
    """A name and a password."""

    user: str = Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$", examples=["nurse"])
    password: str = Field(min_length=1, max_length=256)


class GrantSaid(Said):
    """A role at a place and all below it; with neither place nor resident: everywhere. A family's is for a resident."""

    role: Literal["administrator", "manager", "nurse_in_charge", "carer", "technician", "family"]
    place: str | None
    resident: str | None


class User(Said):
    """Who is signed in."""

    name: str
    role: Literal["administrator", "manager", "nurse_in_charge", "carer", "technician", "family"] | None = Field(
        description="The most that one is anywhere; null: nothing"
    )
    display_name: str
    grants: list[GrantSaid]
    must_change: bool = Field(description="The password was drawn by somebody else: choose one before all else")


class SessionOpened(Said):
    """The token works as ``Authorization: Bearer``; the cookie holds the same."""

    token: str
    user: User
    expires: Time


class SessionNow(Said):
    """The session of this request."""

    user: User
    expires: Time


class Person(Said):
    """Whom an alert is about. ``test``: not a real person; somebody tries the platform."""

    id: str
    name: str
    test: bool


class Phase(Said):
    """A named part of the evidence: ``free_fall``, ``impact``, ``lying``, ``still``."""

    name: str
    start: Time
    end: Time


class Reason(Said):
    """A code with its numbers, for a sentence in either language."""

    code: str = Field(examples=["impact"])
    values: dict[str, float] = Field(examples=[{"g": 3.1}])


class Expected(Said):
    """What other days of the home let expect, as it was known when it rang. Minutes count from ``start`` on."""

    start: Time
    rang: Time
    utc_offset_min: int = Field(description="The home's clock minus UTC.", examples=[480])
    usual: int | None = Field(description="Minutes until it is usually over.")
    limit: int | None = Field(description="Minutes until it hardly ever still lasts.")
    others: list[int] = Field(description="Minutes that it was on other days, oldest first.")
    lively: list[int] = Field(
        description="Percent of days on which somebody was about, for each half hour of the home's clock; or none."
    )
    days: int = Field(description="How many days all this is known from.")


class Evidence(Said):
    """Why the detector decided so. ``expected``: only of alerts about a home's rhythm."""

    phases: list[Phase]
    reasons: list[Reason]
    features: dict[str, float]
    expected: Expected | None = None


class Source(Said):
    """Who told of what an alert is about. ``model``: the detector, ``device`` its own; ``code``: its first reason."""

    kind: FindingKind
    stage: Stage
    device: str
    model: str
    event_time: Time
    score: float
    code: str


class LocalOutcome(Said):
    """An institution's own word for one of the base outcomes."""

    id: str
    base: Outcome
    zh: str
    en: str
    retired: bool


class Outcomes(Said):
    """What an alert can have been."""

    base: list[Outcome]
    local: list[LocalOutcome]


class NewOutcome(Heard):
    """An own outcome, in both languages, and as what it is counted."""

    base: Outcome
    zh: Line = Field(examples=["滑下床沿，无伤"])
    en: Line = Field(examples=["Slid off the bed, unhurt"])


class Alert(Said):
    """An alert as it stands now; ``version`` rises by one with each change."""

    id: str
    kind: FindingKind
    severity: Severity
    state: AlertState
    stage: Stage
    unit: str
    unit_name: str
    resident: Person
    place: str | None
    place_name: str | None
    device: str
    event_time: Time
    raised_time: Time
    decided_time: Time
    heard_time: Time | None
    score: float
    late: bool
    occurrences: int
    last_event_time: Time
    claimed_by: str | None
    claimed_time: Time | None
    due_time: Time | None = Field(
        description="Claimed: until when its owner must say another word, or it is raised again. Held: until when."
    )
    silent_until_time: Time | None = Field(
        description="Shown, but rings only from then on: somebody is with the resident."
    )
    resolved_by: str | None
    resolved_time: Time | None
    outcome: Outcome | None
    outcome_local: LocalOutcome | None = Field(description="The institution's own word for it, counted as `outcome`.")
    note: str | None
    closed_time: Time | None
    version: int
    evidence: Evidence
    sources: list[Source] = Field(description="Who told of the latest event, the first to tell first.")


class Step(Said):
    """One row of an alert's history. ``actor`` is a user, or ``platform``."""

    seq: int = Field(description="The step's place in the history of the whole platform; what ``/events`` counts by.")
    kind: StepKind
    at: Time
    actor: str
    data: dict[str, Any]


class AlertWithSteps(Alert):
    """An alert with its history, oldest first."""

    steps: list[Step]


class Alerts(Said):
    """Loudest first, newest on top."""

    alerts: list[Alert]


class Conflict(ErrorBody):
    """A rule refused, and this is the alert as it stands."""

    alert: Alert | None = None


class Resolve(Heard):
    """What it was."""

    outcome: Outcome
    local: Id | None = Field(None, description="An own outcome of that base (`GET /outcomes`).")
    note: Text | None = None


class NewPause(Heard):
    """For how long, at first."""

    minutes: int = Field(USUAL_MINUTES, ge=1, le=LONGEST_MINUTES)


class Pause(Said):
    """Somebody is with a resident."""

    resident: Id
    by: str
    since: Time
    until: Time


class PauseNow(Said):
    """Who is there, if anybody."""

    pause: Pause | None


class Hold(Heard):
    """When the owner comes back."""

    until: Time = Field(description="In the future; high at most 30 minutes, medium 2 hours, low 12.")


class Note(Heard):
    """A note."""

    note: Text


class Nothing(Heard):
    """An empty object."""


class Segment(Said):
    """Samples without a gap, in g."""

    start: Time
    rate_hz: float
    device: str
    values: list[float]
    x: list[float]
    y: list[float]
    z: list[float]


class Trace(Said):
    """Acceleration; a gap stands between two segments."""

    rate_hz: float
    segments: list[Segment]


class AlertTrace(Trace):
    """The trace around an alert's event."""

    start: Time
    end: Time
    impact: Time
    phases: list[Phase]
    complete: bool = Field(description="False while the time after the event is still being recorded.")


class Stay(Said):
    """From the first sign of life in a room to the last before five minutes without one."""

    start: Time
    end: Time


class RoomStays(Said):
    """When somebody was seen in one kind of room."""

    room: Literal["other", "bedroom", "bathroom", "living", "hall", "kitchen", "outer_door"]
    stays: list[Stay]


class AlertDay(Said):
    """The hours of a home around an alert of its rhythm, for its picture."""

    start: Time
    end: Time
    until: Time = Field(description="Up to when it is known: now, while it lasts.")
    rang: Time
    utc_offset_min: int = Field(description="The home's clock minus UTC.", examples=[480])
    rooms: list[RoomStays] = Field(description="None where nothing of that time is stored (any more).")


class StageState(Said):
    """One stage of the platform, as it reports itself; a silent one is not ok."""

    name: str
    ok: bool
    lag: int | None
    note: str


class Overview(Said):
    """The platform in one glance."""

    watched: int = Field(
        description="Residents whose wearable was heard within two minutes and is not known to be off."
    )
    residents: int
    open: int
    last_resolved: Time | None
    pauses: list[Pause] = Field(description="Residents somebody is with just now, so that their alerts rest.")
    stages: list[StageState]
    platform_time: Time
    simulated: bool = Field(description="The platform's clock is driven by whoever plays; nobody is real.")
    version: str = Field(description="The platform's own version.", examples=["0.1.0"])
