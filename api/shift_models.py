"""What the API says and hears of shifts and their handovers."""

from pydantic import Field

from api.attendance_models import Ward
from api.models import Heard, Said, Text
from api.times import Time
from schemas.shift import OpenKind


class OnShift(Heard):
    """Somebody is on. ``sound``: they heard their console's test just now."""

    sound: bool = False


class ShiftNote(Heard):
    """What the next shift must know."""

    note: Text


class Handover(Heard):
    """The shift is over; ``note``: absent, as it was written before."""

    note: Text | None = None


class Crew(Said):
    """Somebody who is on."""

    account: str
    name: str
    since: Time
    sound: bool


class Open(Said):
    """One thing that is open: ``id`` of an alert, a resident or a device; ``name`` whom or what it is about."""

    what: OpenKind
    id: str
    name: str
    where: str
    code: str
    by: str
    severity: str = Field("", description="Of an alert.")
    time: Time | None


class Shift(Said):
    """A shift. ``open``: it ended over 15 minutes ago, and nobody has taken it over."""

    id: str
    place: str
    name: str
    begun: Time
    ends: Time | None
    crew: list[Crew]
    note: str
    handed: Time | None
    handed_by: str | None = Field(description="By name; null: nobody did, the next one simply began.")
    left: list[Open]
    accepted: Time | None
    accepted_by: str | None
    open: bool
    yours: bool = Field(description="Whether the caller handed it over themselves.")


class OnDuty(Said):
    """Who is on duty by the rota now."""

    role: str
    people: list[str]


class ShiftNow(Said):
    """The shift page of a place."""

    place: str
    name: str
    running: Shift | None
    mine: bool = Field(description="Whether the caller is on it.")
    to_accept: list[Shift] = Field(description="Handed over, and taken over by nobody yet.")
    recent: list[Shift]
    left: list[Open] = Field(description="What is open now.")
    on_duty: list[OnDuty]
    ward: Ward | None = Field(description="How it is watched, where it must be.")
