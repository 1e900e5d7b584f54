"""What the API says and hears of whom to tell: the ladder of a place, and the deliveries of an alert."""

from typing import Any, Self

from pydantic import Field, model_validator

from api.models import Heard, Line, Name, Said
from api.people_models import ClockTime, Zone
from api.times import Time
from schemas.address import Channel
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import (
    AGAIN_S,
    NEXT_WAY_S,
    PATIENCE_HIGH_S,
    PATIENCE_LOW_S,
    PATIENCE_MEDIUM_S,
    DeliveryState,
    Lang,
)

#: A ladder is for minutes; whoever would be told after an hour would be told by nobody.
LONGEST_AFTER_S = 3600.0
MOST_STEPS = 20
#: Telephone, chat, short message, mail, and one more.
MOST_WAYS = 4
#: Nobody gets there and back to a console in less; and no claim outlasts a shift.
SHORTEST_PATIENCE_S, LONGEST_PATIENCE_S = 60.0, 12 * 3600.0
#: Between two turns there is time to answer.
SHORTEST_AGAIN_S = 60.0


class NewWay(Heard):
    """An address, or ``kept``: the one that stands at this place of the ladder now (its ``ref``)."""

    address: Line | None = Field(None, examples=["ntfys://ntfy.example.org/topic"])
    kept: str | None = Field(None, pattern=r"^[0-9]{1,2}\.[0-9]$", description="Needs `version`.")
    after_s: float = Field(
        NEXT_WAY_S, ge=0, le=LONGEST_AFTER_S, description="After the way before it, unless that failed sooner."
    )


class NewStep(Heard):
    """One person. ``recipient`` is best an account's name: who presses the claim link owns the alert by it.

    Or ``on_duty``, a role of the rota: whoever has it when the step's time comes, reached as the rota says.
    """

    recipient: Name | None = Field(None, examples=["nurse"])
    channel: Channel | None = Field(None, description="Follows from the address; one that contradicts it is refused.")
    address: Line | None = Field(None, examples=["http://127.0.0.1:9000/phone-1"])
    kept: str | None = Field(None, pattern=r"^[0-9]{1,2}\.[0-9]$", description="As in `ways`.")
    on_duty: Line | None = Field(None, examples=["nurse"])
    after_s: float | None = Field(
        None, ge=0, le=LONGEST_AFTER_S, description="After the step before it; default: the first at once, then 60 s."
    )
    ways: list[NewWay] = Field([], max_length=MOST_WAYS, description="Tried after the first, before the next person.")
    lang: Lang = Lang.BOTH

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        person = (self.recipient, self.address, self.kept) != (None, None, None) or bool(self.ways)
        if person == (self.on_duty is not None) or (self.on_duty is None and self.recipient is None):
            raise ValueError("say recipient and address, or on_duty")
        return self


class Quiet(Heard):
    """Between these times what can wait waits; a fall and all that is high never does."""

    start: ClockTime
    end: ClockTime


def _patience(usual_s: float) -> Any:
    return Field(usual_s, ge=SHORTEST_PATIENCE_S, le=LONGEST_PATIENCE_S)


class Patience(Heard):
    """How long, seconds, a claim holds without another word of its owner, by the alert's severity."""

    high: float = _patience(PATIENCE_HIGH_S)
    medium: float = _patience(PATIENCE_MEDIUM_S)
    low: float = _patience(PATIENCE_LOW_S)


class NewLadder(Heard):
    """A place's own ladder; without steps the place inherits again."""

    steps: list[NewStep] = Field(max_length=MOST_STEPS)
    quiet: Quiet | None = None
    timezone: Zone = "Asia/Shanghai"
    patience_s: Patience = Patience()
    again_s: float = Field(
        AGAIN_S,
        ge=SHORTEST_AGAIN_S,
        le=LONGEST_AFTER_S,
        description="From the last step of what is high to the first one again; doubled each time, up to an hour.",
    )
    version: int | None = Field(None, description="Of the ladder this was made from; another one since is a 409.")
    goes_on: bool = Field(False, description="After the last step follow those of the place above.")


class LadderWay(Said):
    """A way to reach somebody. ``masked``: the address without its secrets, for who is not administrator."""

    ref: str
    channel: Channel
    address: str
    masked: bool
    after_s: float
    on_duty: str | None = None


class LadderStep(LadderWay):
    """One person and the first way to them; ``ways`` are the further ones."""

    recipient: str
    lang: Lang
    ways: list[LadderWay]


class QuietHours(Said):
    """Quiet hours."""

    start: str
    end: str


class Ladder(Said):
    """The ladder that a place's alerts walk; ``owner`` is the place it was set for, null when there is none."""

    place: str
    owner: str | None
    steps: list[LadderStep]
    quiet: QuietHours | None
    timezone: str
    patience_s: Patience
    again_s: float
    version: int
    goes_on: bool = False
    kind: FindingKind | None = None
    severity: Severity | None = None


class Ladders(Said):
    """A place's own ladders, and those of the places above it, nearest first; ``owner`` is whose each is."""

    ladders: list[Ladder]


class Delivery(Said):
    """One step of an alert's ladder, as it was sent. ``again``: it may have arrived more than once."""

    round: int
    step: int
    recipient: str
    channel: Channel
    state: DeliveryState
    claimed_time: Time
    sent_time: Time | None
    attempts: int
    again: bool
    error: str


class Deliveries(Said):
    """An alert's deliveries, oldest first."""

    deliveries: list[Delivery]
