"""What the API says and hears of how a resident is watched over: how soon, for what, and when they are away."""

from typing import Any

from pydantic import Field

from api.models import Heard, Line, Said
from api.times import Time
from schemas.config import Sensitivity
from schemas.mobility import Mobility
from schemas.watch import Watchable
from store.setting_changes import What


class NewAbsence(Heard):
    """A stretch of time away."""

    start: Time | None = Field(None, description="Default: now. Up to seven days ago.")
    until: Time | None = Field(None, description="When they are expected back; null: nobody knows.")
    note: Line | None = Field(None, examples=["住院"])


class AbsenceChange(Heard):
    """The fields to change; what is absent stays. ``start`` only before it has begun."""

    start: Time | None = None
    until: Time | None = Field(None, description="null: nobody knows until when.")
    note: Line | None = None


class Absence(Said):
    """A stretch of time away. Silence is expected then; a fall is found all the same."""

    id: str
    start: Time
    until: Time | None = Field(description="null: nobody knows until when.")
    note: str | None
    set_by: str = Field(description="Empty: set by a version that noted no names.")
    set_time: Time
    ended_by: str | None = Field(description="Who said that they are back before the time.")
    still_by: str | None = Field(description="Who said last that they are still away.")
    still_time: Time | None
    asks: bool = Field(
        description="It has no end, and nobody has said for a week that it lasts: are they still away? "
        "Until somebody answers, their home is not watched for silence."
    )


class AbsenceAsking(Said):
    """An absence that asks whether it still lasts."""

    resident: str
    name: str
    absence: Absence


class AbsencesAsking(Said):
    """All that ask, the longest first."""

    asking: list[AbsenceAsking]


class LeftOff(Said):
    """A watch that people chose to leave off. ``by`` and ``since`` null: nobody noted it."""

    watch: Watchable
    by: str | None
    since: Time | None


class Expectation(Said):
    """What a setting did in homes it was not made on: false alarms a home-week, hours until a silence is told."""

    sensitivity: Sensitivity
    silence_week: float = Field(description="False alarms of silence, a home-week.")
    everyday_week: float = Field(description="Of all everyday watches together, whatever they told counted as false.")
    mean_h: float
    median_h: float
    p90_h: float


class Measured(Said):
    """On what the expectations were measured. Other homes, and no promise for this one."""

    homes: int
    home_weeks: int


class SettingChange(Said):
    """Who changed what. ``data``: ``before`` and ``after``; ``watch``; or an absence's ``start`` and ``until``."""

    time: Time
    actor: str
    what: What
    data: dict[str, Any]


class Look(Said):
    """Somebody looked where the resident is while no alert of theirs was open."""

    actor: str
    began: Time
    last: Time


class WatchSettings(Said):
    """How a resident is watched over."""

    sensitivity: Sensitivity
    mobility: str | None = Field(description="The words of the care plan.")
    mobility_known: Mobility = Field(description="What of them the detectors know.")
    left_off: list[LeftOff] = Field(description="Watches that people chose to leave off; all others are on.")
    shared_with: list[str] = Field(
        description="Who else lives in this home, by name: a watch is off there only when all have it off."
    )
    absences: list[Absence] = Field(description="Those that last or are to come, and those of the last 90 days.")
    expected: list[Expectation] = Field(description="Calmer, normal, keener.")
    measured: Measured
    looks: list[Look] = Field(description="Newest first, at most 20.")
    changes: list[SettingChange] = Field(description="Newest first, at most 50.")
