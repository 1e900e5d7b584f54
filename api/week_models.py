"""What the API says of a resident's week."""

from pydantic import Field

from api.models import Alert, Said
from api.times import Time


class WeekDay(Said):
    """A day of the resident's own clock, in cells of 15 minutes; one of 23 or 25 hours has fewer or more.

    ``activity`` is what they wear, mean abs(|a|-1) in g, null: no data. ``signs`` is how often the home's own sensors
    saw somebody. Both end where now is.
    """

    date: str = Field(examples=["2026-11-25"])
    start: Time
    end: Time
    activity: list[float | None]
    signs: list[int]


class VitalHour(Said):
    """An hour of a vital sign."""

    t: Time
    low: float
    mean: float
    high: float


class Vital(Said):
    """One kind of vital sign by the hour; hours without a value are absent."""

    type: str = Field(examples=["heart_rate"])
    unit: str = Field(examples=["1/min"])
    hours: list[VitalHour]


class Week(Said):
    """Seven days, the oldest first. ``worn``, ``home``: whether anything was heard of either kind."""

    timezone: str
    worn: bool
    home: bool
    days: list[WeekDay]
    vitals: list[Vital]
    alerts: list[Alert]
