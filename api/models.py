"""What the API says and hears, as models: OpenAPI is made from these, and nothing inside the house imports them.

Times are ISO 8601 with ``Z`` (api.times.Time); ids are those of the records in ``schemas``.
"""

from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from api.times import Time
from schemas.alert import AlertState, Outcome, Severity, StepKind
from schemas.finding import FindingKind, Stage
from schemas.places import PlaceKind

#: Ids are ours or a device's; none is longer, and none needs another letter.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def _text(most: int) -> Any:
    # NUL is the one character PostgreSQL's text cannot hold.
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=r"^[^\x00]*$")


Name = Annotated[str, _text(100)]
Line = Annotated[str, _text(200)]
Text = Annotated[str, _text(2000)]
#: The oldest person known lived 122 years.
BirthYear = Annotated[int, Field(ge=1880, le=2100)]


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

    user: str = Field(min_length=1, max_length=64, examples=["nurse"])
    password: str = Field(min_length=1, max_length=256)


class User(Said):
    """Who is signed in."""

    name: str
    role: Literal["carer", "administrator"]
    display_name: str


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


class Evidence(Said):
    """Why the detector decided so."""

    phases: list[Phase]
    reasons: list[Reason]
    features: dict[str, float]


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
    resolved_by: str | None
    resolved_time: Time | None
    outcome: Outcome | None
    note: str | None
    closed_time: Time | None
    version: int
    evidence: Evidence


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
    note: Text | None = None


class Note(Heard):
    """A note."""

    note: Text


class Nothing(Heard):
    """An empty object."""


class Observation(Said):
    """The latest value of one type, and how old it is."""

    type: str = Field(examples=["battery"])
    value: float | bool | str
    unit: str = Field(examples=["%"])
    time: Time
    age_s: float
    device: str | None = None


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone, such as Asia/Shanghai")
    return value


#: An IANA name of a time zone.
Zone = Annotated[str, AfterValidator(_zone)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


#: Conditions, one an entry; a single text is taken as one of them.
Conditions = Annotated[list[Line], BeforeValidator(_listed), Field(max_length=50, examples=[["dementia", "walker"]])]


class NewResident(Heard):
    """A person to watch over; ``id`` may be chosen, so that setting up twice makes nobody twice."""

    id: Id | None = None
    name: Name = Field(examples=["陈桂兰"])
    unit: Id
    birth_year: BirthYear | None = None
    room: Line | None = None
    conditions: Conditions = []
    mobility: Line | None = None
    note: Text | None = None
    test: bool = False
    timezone: Zone = "Asia/Shanghai"


class ResidentChange(Heard):
    """The fields to change; what is absent stays, what is null is emptied."""

    name: Name | None = None
    unit: Id | None = None
    birth_year: BirthYear | None = None
    room: Line | None = None
    conditions: Conditions | None = None
    mobility: Line | None = None
    note: Text | None = None
    test: bool | None = None
    timezone: Zone | None = None


class Resident(Said):
    """A person watched over."""

    id: str
    name: str
    birth_year: int | None
    unit: str
    unit_name: str
    room: str | None
    conditions: list[str]
    mobility: str | None
    note: str | None
    test: bool
    timezone: str = Field(description="IANA name: where this person's midnight is.")


class Residents(Said):
    """All residents, by name."""

    residents: list[Resident]


class NewPlace(Heard):
    """A place in the tree; ``id`` may be chosen, so that setting up twice makes nothing twice."""

    id: Id | None = None
    name: Name
    kind: PlaceKind
    parent: Id | None = None


class Place(Said):
    """A place; ``path`` is the names from the root down to it."""

    id: str
    name: str
    kind: PlaceKind
    parent: str | None
    path: list[str]


class Places(Said):
    """The place tree, flat."""

    places: list[Place]


class NewDevice(Heard):
    """A device to make known before it speaks."""

    id: Id
    kind: Line = Field(examples=["wearable"])
    label: Line | None = None
    position: Line | None = None


class Bind(Heard):
    """Who wears the device, or where it stands, from ``start`` (default: now) on."""

    unit: Id | None = Field(None, description="Default: the unit the resident is watched in.")
    resident: Id | None = None
    place: Id | None = None
    position: Line | None = None
    start: Time | None = None


class Binding(Said):
    """A device with a resident or at a place, for an interval of event time."""

    device: str
    unit: str
    resident: str | None
    place: str | None
    position: str | None
    start: Time
    end: Time | None


class Device(Said):
    """A device, with what is known of it now."""

    id: str
    kind: str
    label: str | None
    position: str | None
    battery: float | None
    worn: bool | None
    last_seen: Time | None
    binding: Binding | None


class Devices(Said):
    """Devices by id."""

    devices: list[Device]


class ResidentNow(Resident):
    """A resident with devices, open alerts, and what the sensors say now."""

    devices: list[Device]
    open_alerts: list[Alert]
    now: list[Observation]


class Minute(Said):
    """``activity`` is mean abs(|a|-1) in g; null: no data."""

    t: Time
    activity: float | None
    worn: bool | None


class Day(Said):
    """24 hours by the minute, oldest first."""

    start: Time
    end: Time
    minutes: list[Minute]
    alerts: list[Alert]


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


class QuarantineReason(Said):
    """How often for one reason."""

    reason: str
    count: int


class QuarantineEntry(Said):
    """One message that could not be understood. ``kept``: its data were used all the same."""

    id: int
    at: Time
    topic: str
    reason: str
    sentence: str
    size: int
    head_hex: str
    kept: bool


class Quarantine(Said):
    """Counts over all time, and the latest entries."""

    total: int
    by_reason: list[QuarantineReason]
    entries: list[QuarantineEntry]


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
    stages: list[StageState]
    platform_time: Time
