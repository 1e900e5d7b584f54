"""What the API says and hears of reaching people: telephones and their tests, the log of deliveries, and templates."""

from typing import Annotated

from pydantic import Field, StringConstraints

from alerts.reaching import Reach
from alerts.wording import LONGEST
from api.models import Heard, Said
from api.times import Time
from schemas.address import Channel
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import DeliveryState
from schemas.reach import TriedState

#: A template as it is typed: what is wrong with its fields is said by a rule of its own.
Text = Annotated[str, StringConstraints(max_length=2 * LONGEST)]


class NewTest(Heard):
    """Which way of the ladder to try, and the ladder's version it was seen in."""

    ref: str = Field(pattern=r"^[0-9]{1,2}\.[0-9]$", examples=["0.0"])
    version: int


class Test(Said):
    """A test of one way. ``confirmed_time``: when its link was pressed at the telephone."""

    id: str
    recipient: str
    channel: Channel
    state: TriedState
    asked_time: Time
    took_ms: int | None
    error: str
    confirmed_time: Time | None


class Phone(Said):
    """One way to one person, and when it was last reached for sure."""

    ref: str
    recipient: str
    channel: Channel
    address: str
    state: Reach
    due_time: Time
    confirmed_time: Time | None
    last: Test | None


class Phones(Said):
    """The ways of the ladder that a place walks. ``simulated``: nobody is real, and nothing is ever due."""

    owner: str | None
    version: int
    simulated: bool
    phones: list[Phone]


class Sent(Said):
    """One line of the log."""

    alert: str
    kind: FindingKind
    name: str
    recipient: str
    channel: Channel
    state: DeliveryState
    claimed_time: Time
    sent_time: Time | None
    attempts: int
    again: bool
    error: str


class SentOfPlace(Said):
    """What was sent for alerts at a place and below, newest first; ``more``: there was more than this."""

    deliveries: list[Sent]
    more: bool


class NewTemplate(Heard):
    """A text with named fields."""

    text: Text


class Template(Said):
    """What messages of one kind, severity and language say; ``own``: an administrator wrote it."""

    id: str
    kind: FindingKind
    severity: Severity
    lang: str
    text: str
    own: bool


class TemplateField(Said):
    """A field that a template may use."""

    name: str
    zh: str
    en: str


class Templates(Said):
    """All templates, and the fields they may use."""

    fields: list[TemplateField]
    templates: list[Template]


class Preview(Said):
    """How a message would read. ``first_line``: signs of its first line; ``limit``: what one SMS has room for."""

    text: str
    first_line: int
    limit: int
