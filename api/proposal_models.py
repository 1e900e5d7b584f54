"""What the API says of a proposed setting."""

from typing import Literal

from pydantic import Field

from api.models import Heard, Name, Said, Text
from api.times import Time
from schemas.alert import Outcome
from schemas.config import Sensitivity
from schemas.finding import FindingKind
from schemas.proposal import Against, ProposalAct, ProposalState, Would


class PlayedAlarm(Said):
    """One alarm of the last 30 days under the proposed setting."""

    alert: str
    kind: FindingKind
    code: str = Field(description="The first reason of the alert", examples=["silent"])
    event_time: Time
    raised_time: Time
    outcome: Outcome
    would: Would = Field(description="unknown: it could not be found again in what is stored")
    later_s: float = Field(description="So much later would it have come; 0 unless `later`")


class Preview(Said):
    """The last 30 days played under both settings. Not ``enough``: too little (or too much) is stored to say."""

    start: Time
    end: Time
    days: int = Field(description="Days of them with signs of life in what is stored")
    enough: bool
    too_much: bool
    alarms: list[PlayedAlarm] = Field(description="Those whose outcome is false or real, oldest first")


class ProposalStep(Said):
    """One step of a proposal's history; ``actor`` is a user, or `platform`."""

    act: ProposalAct
    time: Time
    actor: Name
    name: str = Field(description="As people call them")


class Proposal(Said):
    """A proposed setting of a resident's sensitivity."""

    id: str
    resident: str
    kind: FindingKind = Field(description="Of the false alarms that it was made of")
    before: Sensitivity
    after: Sensitivity
    state: ProposalState
    standing: Literal["asks", "decided", "over"] = Field(
        description="asks: may be accepted or declined; decided: may be taken back; over: neither, the setting moved on"
    )
    false_alarms: int
    judged: int = Field(description="Of that kind: false and real together")
    progress: float = Field(description="Of reading the last weeks, 0 to 1")
    against: Against | None = Field(description="Why nobody is asked")
    asked_again: Time | None = Field(description="After a no: not before then")
    preview: Preview | None
    steps: list[ProposalStep]


class ProposalAsked(Said):
    """A proposal that may be decided now, without its preview."""

    id: str
    resident: str
    kind: FindingKind
    before: Sensitivity
    after: Sensitivity
    made_time: Time


class ProposalsAsked(Said):
    """Oldest first."""

    proposals: list[ProposalAsked]


class NewMissed(Heard):
    """Something happened to a resident, and nobody was called."""

    time: Time = Field(description="About when; not in the future")
    note: Text = Field(examples=["Found on the floor at seven, had been there since four."])


class Missed(Said):
    """A report of what was missed; while it is less than 30 days old nothing calmer is proposed."""

    id: str
    time: Time
    note: str
    reported_by: str
    reported_time: Time


class MissedAll(Said):
    """Newest first."""

    missed: list[Missed]


class ProposalNow(Said):
    """The latest proposal for a resident, whatever became of it; null: there was none."""

    proposal: Proposal | None
