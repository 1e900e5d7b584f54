"""What the API says and hears of who is on duty."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from api.models import Heard, Line, Said
from api.people_models import ClockTime

#: A month of an institution's people and weeks is far below these.
_MOST_SHIFTS, _MOST_PEOPLE, _MOST_DUTIES = 12, 200, 500

#: A shift's, a role's or a person's name, as people say it.
Called = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")
]
People = Annotated[list[Called], Field(max_length=20)]


class Hours(Heard):
    """A shift; ``end`` at or before ``start`` is on the next day."""

    name: Called = Field(examples=["night"])
    start: ClockTime
    end: ClockTime


class NewColleague(Heard):
    """Somebody who can be on duty: best an account's name, since it then owns what it claims by the link.

    ``address`` absent: as it was.
    """

    name: Called
    address: Line | None = Field(None, examples=["http://127.0.0.1:9000/phone-1"])


class Duty(Heard):
    """Who has a shift in a role each week; Monday is 0."""

    weekday: int = Field(ge=0, le=6)
    shift: Called
    role: Called = Field(examples=["nurse"])
    people: People


class NewRota(Heard):
    """The week that comes again. What was said for single dates stays, where its shift is still there."""

    shifts: list[Hours] = Field(max_length=_MOST_SHIFTS)
    people: list[NewColleague] = Field(max_length=_MOST_PEOPLE)
    week: list[Duty] = Field(max_length=_MOST_DUTIES)


class NewDay(Heard):
    """Who has a shift in a role on one date; ``null``: as every week again."""

    date: date
    shift: Called
    role: Called
    people: People | None


class Swap(Heard):
    """Somebody takes another's shift on one date."""

    date: date
    shift: Called
    role: Called
    leaves: Called
    comes: Called


class Copy(Heard):
    """A week, by its Monday (or any day of it), that shall be as the one before."""

    week: date


class Colleague(Said):
    """Somebody who can be on duty. The address: whole for an administrator, masked for a manager, null for others."""

    name: str
    address: str | None


class Cell(Said):
    """A shift in a role on a date: who has it, and whether that is said for this date alone."""

    date: str
    shift: str
    role: str
    people: list[str]
    changed: bool


class Now(Said):
    """Who has a role now."""

    role: str
    people: list[str]


class Rota(Said):
    """The rota that holds at a place; ``owner``: whose it is, null: there is none."""

    place: str
    owner: str | None
    timezone: str
    shifts: list[Hours]
    people: list[Colleague]
    week: list[Duty]
    monday: str
    days: list[Cell] = Field(description="Seven days from Monday on.")
    now: list[Now]
