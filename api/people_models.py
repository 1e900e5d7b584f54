"""What the API says and hears of residents, places and devices."""

from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from api.device_health import Trouble
from api.models import Alert, Evidence, Heard, Id, Line, Name, Pause, Said, Text
from api.times import Time
from schemas.alert import FallAlarm
from schemas.config import Sensitivity
from schemas.finding import FindingKind, Stage
from schemas.places import PlaceKind
from schemas.watch import Knows, Watchable, Watched

#: The oldest person known lived 122 years.
BirthYear = Annotated[int, Field(ge=1880, le=2100)]


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
#: ``22:30``, in the time zone that goes with it.
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]


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
    conditions: Conditions = Field([], max_length=50)
    mobility: Line | None = None
    note: Text | None = None
    test: bool = False
    timezone: Zone = "Asia/Shanghai"


class SeenSettings(Heard):
    """Settings as whoever changes them had them before them; what is absent is not compared."""

    mobility: Line | None = None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    watches_off: list[Watchable] = Field(default_factory=list)
    fall_alarm: FallAlarm | None = None


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
    absent_until: Time | None = Field(
        None, description="Away from now until then; null: back. One stretch of the calendar (`/absences`)."
    )
    sensitivity: Sensitivity | None = Field(None, description="How soon detectors with operating points speak.")
    watches_off: list[Watchable] | None = Field(None, description="All that is not watched for; `[]`: nothing.")
    fall_alarm: FallAlarm | None = Field(
        None, description="From which stage of a fall on people are called; null: as at the place."
    )
    seen: SeenSettings | None = Field(
        None,
        description="What was seen before: watches are then switched one by one upon how they are now; another setting "
        "that somebody else has changed meanwhile is refused (409 `changed_meanwhile`, with who and when).",
    )


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
    absent_until: Time | None = Field(
        description="Away until then: silence is expected. A fall is found all the same. Year 9999: nobody knows."
    )
    sensitivity: Sensitivity
    watches_off: list[Watchable] = Field(description="What people chose not to have watched for.")
    fall_alarm: FallAlarm | None = Field(description="Their own choice; null: as at the place.")


class Residents(Said):
    """All residents, by name."""

    residents: list[Resident]


class NewPlace(Heard):
    """A place in the tree; ``id`` may be chosen, so that setting up twice makes nothing twice."""

    id: Id | None = None
    name: Name
    kind: PlaceKind
    parent: Id | None = None


class StaffedHours(Heard):
    """Between these times somebody must watch; over midnight where ``start`` is the later; the same: always."""

    start: ClockTime
    end: ClockTime


class Place(Said):
    """A place; ``path`` is the names from the root down to it."""

    id: str
    name: str
    kind: PlaceKind
    parent: str | None
    path: list[str]
    fall_alarm: FallAlarm | None = Field(
        description="From which stage of a fall on people are called, here and below; null: as above, or `confirmed`."
    )
    timezone: str | None = Field(None, description="Of its people, here and below; null: as above, or Asia/Shanghai.")
    watched_ward: StaffedHours | None = Field(
        None, description="When somebody must watch it at a console; null: nobody need."
    )


class PlaceChange(Heard):
    """What to change of a place; what is absent stays."""

    fall_alarm: FallAlarm | None = Field(
        None, description="`possible`: within a second or two, more often for nothing."
    )
    timezone: Zone | None = None
    watched_ward: StaffedHours | None = Field(
        None, description="With no console that can be heard for two minutes the ward's ladder is called."
    )


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


class Link(Said):
    """How well a device is heard by the radio it speaks to, 0 to 255."""

    quality: float
    time: Time


class DeviceHealth(Device):
    """A device with whose and where it is by name, and what is the matter with it, the worst first."""

    registered_time: Time
    resident_name: str | None
    unit_name: str | None
    place_name: str | None
    link: Link | None
    quarantined: dict[str, int] = Field(description="What was not understood in 24 hours, by reason.")
    troubles: list[Trouble]


class DevicesHealth(Said):
    """Devices, those with troubles first."""

    platform_time: Time
    devices: list[DeviceHealth]


class QuietFinding(Said):
    """What was found and raised no alert, at its latest stage."""

    id: str
    kind: FindingKind
    stage: Stage
    device: str
    event_time: Time
    decided_time: Time
    score: float
    model: str
    evidence: Evidence


class QuietFindings(Said):
    """Newest first."""

    findings: list[QuietFinding]


class RhythmKnown(Said):
    """How far the rhythm of a home is known by which its silence is judged."""

    state: Knows = Field(description="learning: by what other homes do, carefully; rebuilding: being read again.")
    since: Time
    days: int
    of_days: int
    left_off: bool = Field(description="People chose so, for everybody who lives there. It is learnt all the same.")


class HabitKnown(Said):
    """One everyday watch of a home."""

    watch: str = Field(description="not_up, long_in_bathroom, not_back_in_bed, no_meal, restless_night")
    state: Watched = Field(
        description="learning: too few days so far; off: this home's sensors cannot tell it; left_off: people chose so."
    )
    usual: int | None = Field(description="Minutes; not_up: of the home's clock since midnight. Null unless on.")
    limit: int | None = Field(description="Beyond this it is told; likewise.")


class WatchKnown(Said):
    """``inactivity`` null: no sensors of the home itself were heard, so its silence is not judged; or not known now.

    ``everyday``: the everyday watches of the home, none where none of its sensors was heard.
    """

    inactivity: RhythmKnown | None
    everyday: list[HabitKnown]


class ResidentNow(Resident):
    """A resident with devices, open alerts, and what the sensors say now."""

    watch: WatchKnown

    devices: list[Device]
    pause: Pause | None = Field(description="Who is with them just now, so that their alerts rest.")
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
