"""What the API says and hears of care sheets and notes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.models import Heard, Line, Name, Said, Text
from api.times import Time
from store.care_sheets import MOST_CONTACTS

#: Alerts about a resident that have something to be done; ``any``: whatever it is.
Rings = Literal["any", "fall", "sos", "inactivity", "wandering", "routine", "smoke", "gas", "water_leak"]

#: As people write telephone numbers; it becomes a link that dials, so nothing else stands in it.
Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40, pattern=r"^\+?[0-9][0-9 ()./*#,-]*$")
]

#: What to do, a line a step.
Scripts = dict[Rings, Text]


class Contact(Heard):
    """Somebody to call."""

    name: Name = Field(examples=["陈志强"])
    phone: Phone = Field(examples=["138 0580 1234"])
    relation: Line | None = Field(None, examples=["儿子"])
    note: Line | None = Field(None, examples=["has the key"])


class NewSheet(Heard):
    """A sheet as it shall be. ``seen``: the version that its writer had before them, 0: none."""

    seen: int = Field(ge=0)
    contacts: list[Contact] = Field([], max_length=MOST_CONTACTS, description="Whom to call, the first first.")
    scripts: Scripts = Field({}, description="What to do, by kind of alert; `any`: whatever it is.")


class NewPlaceSheet(Heard):
    """As NewSheet, for all at a place and below."""

    seen: int = Field(ge=0)
    scripts: Scripts = Field({}, description="What to do, by kind of alert; `any`: whatever it is.")


class Note(Said):
    """A note for whoever comes next."""

    id: str
    text: str
    written_by: str
    written_time: Time
    until: Time = Field(description="Nobody is shown it after this.")


#: Hours for which a note may be shown: this shift and the next, a day, three, a week.
Hours = Literal[12, 24, 72, 168]


class NewNote(Heard):
    """A note, and for how long it is of use; what holds for ever is the resident's own note."""

    text: Text = Field(examples=["slept badly, wants company at night"])
    hours: Hours = 24


class PlaceSheet(Said):
    """What a place has for all that live there or below."""

    place: str
    name: str
    version: int
    scripts: dict[str, str]
    set_by: str
    set_time: Time | None


class Sheet(Said):
    """A resident's sheet, what the places above say (the nearest first), and the notes to be read now.

    What is to be done for an alert: the resident's own script of its kind, and of ``any``; then the nearest place's.
    """

    version: int
    contacts: list[dict[str, str | None]]
    scripts: dict[str, str]
    set_by: str
    set_time: Time | None
    places: list[PlaceSheet]
    notes: list[Note]
