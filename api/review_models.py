"""What the API says in a review: figures of a period and a place, and what waits to be closed."""

from typing import Annotated

from pydantic import Field

from alerts.answering import CURVE_S, Verdict
from api.models import Alert, ErrorText, Heard, Id, Said
from api.periods import PeriodKind
from api.times import Time
from schemas.alert import Outcome
from schemas.finding import FindingKind


class Share(Said):
    """How many of how many, with the 95 % interval (Wilson). ``few``: too few to tell, then ``share`` is null."""

    hits: int
    of: int
    share: float | None
    low: float
    high: float
    few: bool


class Tally(Said):
    """How many alerts, and what they were."""

    total: int
    open: int = Field(description="Not resolved yet: in no share")
    outcomes: dict[Outcome, int]
    false_alarms: Share = Field(description="Of those that were real or false, how many were false")
    false_a_week: float = Field(description="False alarms for each seven days of the period so far")


class OfKind(Tally):
    """Of one kind."""

    kind: FindingKind


class OfDetector(Tally):
    """Of what told first: ``detector`` is its model, `device` a device's own alarm."""

    kind: FindingKind
    detector: str


class OfDevice(Tally):
    """Of one device."""

    device: str
    label: str | None


class Goal(Said):
    """A goal beside what was measured. `few`: so few that a single late answer misses it."""

    seconds: int
    goal: float = Field(examples=[0.975])
    hits: int
    share: float | None
    verdict: Verdict


class Times(Said):
    """Response times in seconds. What nobody ever claimed is late; a percentile that falls on it is null."""

    of: int
    waiting: int = Field(description="Ring since less than the last goal, and are not in `of` yet")
    never: int = Field(description="Of them, never claimed")
    median_s: float | None
    p90_s: float | None
    goals: list[Goal]


class TimesDrawn(Times):
    """The same with its curve."""

    curve: list[tuple[int, int]] = Field(
        description=f"(seconds, answered within them), at {CURVE_S[0]} to {CURVE_S[-1]} s"
    )


class OfWard(Tally):
    """Of one ward, or what answers for its alerts."""

    ward: str
    name: str
    times: Times


class HourLoad(Said):
    """One hour of the day, of all days of the period together."""

    alerts: int
    operator_hours: float
    per_hour: float | None = Field(description="For each operator who was on; null: nobody was")


class Flood(Said):
    """Ten alerts or more in ten minutes."""

    start: Time
    end: Time
    alerts: int
    kinds: dict[FindingKind, int]


class Load(Said):
    """Alerts for each operator and hour, against ``most`` (EEMUA 191)."""

    most: float
    alerts: int
    operator_hours: float
    per_hour: float | None
    worst: float | None
    worst_time: Time | None
    staffed: int = Field(description="Hours with alerts in which somebody was on")
    over: int = Field(description="Of them, over `most`")
    unstaffed: int = Field(description="Alerts of hours in which nobody was on")
    by_hour: list[HourLoad]
    floods: list[Flood]


class Groups(Said):
    """Which figures the alerts are in; together they are all that were raised."""

    counted: int
    drill: int = Field(description="Resolved as test or drill; in the load only")
    test: int = Field(description="Of residents marked as test; in no figure")
    platform: int = Field(description="About a part of ours; in the load only")


class Review(Said):
    """The figures of a period, of a place with all below it."""

    period: PeriodKind | None
    start: Time
    end: Time
    until: Time = Field(description="Now, or the end: what is not over has figures so far")
    timezone: str = Field(description="Of the hours of the day: the place's, or where most of its residents live")
    utc_offset_min: int
    place: str | None
    place_name: str | None
    simulated: bool = Field(description="Nobody of these is real")
    groups: Groups
    all: Tally
    kinds: list[OfKind]
    detectors: list[OfDetector]
    devices: list[OfDevice] = Field(description="Those with most false alarms")
    devices_more: int = Field(description="Further devices with alerts")
    wards: list[OfWard]
    times: TimesDrawn
    hours: list[Times] = Field(description="By the hour of the day at which they rang")
    load: Load


class ReviewAlert(Alert):
    """A resolved alert, and how soon it was answered."""

    response_s: float | None
    answered_by: str | None
    in_time: bool = Field(description="Answered within the first goal")


class ReviewAlerts(Said):
    """What is resolved and not closed, latest raised first."""

    alerts: list[ReviewAlert]
    more: str | None = Field(description="`before` of the next page")
    left: int = Field(description="How many wait in all, as filtered")
    oldest_time: Time | None


#: More is no review but a clearing out; and each is a transaction.
MOST_CLOSED = 200


class Close(Heard):
    """Which alerts were looked at."""

    alerts: Annotated[list[Id], Field(min_length=1, max_length=MOST_CLOSED)]


class NotClosed(Said):
    """Why one was not closed."""

    alert: str
    error: ErrorText


class Closed(Said):
    """What was closed, and what was not."""

    closed: list[str]
    refused: list[NotClosed]
