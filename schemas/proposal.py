"""A proposed setting: repeated false alarms of one kind ask whether a resident's detectors should speak less soon.

What is proposed, what a look at the last 30 days made of it, and every step that people and the platform took.
"""

from enum import StrEnum

import msgspec

from schemas.alert import Outcome
from schemas.config import Sensitivity
from schemas.finding import FindingKind


class ProposalState(StrEnum):
    """Where a proposal stands."""

    READING = "reading"  # what is stored is being played again; nobody is asked yet
    WITHHELD = "withheld"  # that spoke against it: nobody is asked
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNDONE = "undone"  # accepted, and the former setting restored
    WITHDRAWN = "withdrawn"  # what it was made of no longer holds


#: States in which a proposal still wants something of somebody; a resident has one at most.
LIVE_STATES = frozenset({ProposalState.READING, ProposalState.OPEN})


class ProposalAct(StrEnum):
    """What happened to a proposal; past tense."""

    MADE = "made"
    PLAYED = "played"  # the last 30 days were played under both settings
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNDONE = "undone"
    REOPENED = "reopened"  # declined, and that taken back
    WITHDRAWN = "withdrawn"


class Against(StrEnum):
    """Why a proposal is not made."""

    REAL_LOST = "real_lost"  # a real one would not have been told of
    REAL_LATE = "real_late"  # or told of too late
    REAL_UNKNOWN = "real_unknown"  # or cannot be found again in what is stored
    SPARES_NONE = "spares_none"  # no false one would have stayed away


class Would(StrEnum):
    """What the proposed setting would have made of an alarm."""

    STAY_AWAY = "stay_away"
    LATER = "later"
    SAME = "same"
    UNKNOWN = "unknown"  # it cannot be found again in what is stored


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One finding of a home's stored messages played again under the present setting; times in microseconds.

    ``then_us`` is when the proposed setting told the same, None: never. ``would_us`` is when it would have, had nobody
    come; None where that is not known.
    """

    id: str
    kind: FindingKind
    event_us: int
    decided_us: int
    then_us: int | None = None
    would_us: int | None = None


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm of the last 30 days under the proposed setting. ``later_us`` is of LATER alone."""

    alert: str
    kind: FindingKind
    code: str  # the first reason of it
    event_us: int
    raised_us: int
    outcome: Outcome
    would: Would
    later_us: int = 0


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The alarms of ``start_us`` to ``end_us`` whose outcome is known, oldest first, under the proposed setting.

    ``days`` of the time have signs of life in what is stored. Not ``enough``: too little is stored, or too much to be
    read (``too_much``), for the preview to say anything.
    """

    start_us: int
    end_us: int
    days: int
    enough: bool
    too_much: bool = False
    alarms: tuple[Played, ...] = ()


class ProposalStep(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a proposal's history. ``actor`` is a user, or ``platform``."""

    act: ProposalAct
    at_us: int
    actor: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal as it stands: from the setting ``before`` to ``after``, for false alarms of ``kind``.

    ``false_alarms`` are the ids it was made of, ``judged`` how many of that kind turned out false or real; ``real``
    are the ids of all real ones that it was measured on. ``progress`` of playing, 0 to 1.
    """

    id: str
    resident: str
    unit: str
    kind: FindingKind
    before: Sensitivity
    after: Sensitivity
    state: ProposalState
    false_alarms: tuple[str, ...]
    judged: int
    real: tuple[str, ...]
    made_us: int
    progress: float = 0.0
    against: Against | None = None
    preview: Preview | None = None
    steps: tuple[ProposalStep, ...] = ()
