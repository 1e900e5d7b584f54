"""Whom to tell, in which order, and what was sent: as it crosses JetStream, so that it holds without the database.

A *ladder* is a place's ordered steps. A *case* is a ladder that is being walked for one alert. A *delivery* is one
step of one case to one recipient; its key is what makes each step happen once, whoever sends it.
"""

import hashlib
import re
from enum import StrEnum
from typing import TypeVar

import msgspec

from schemas.address import Channel
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.rota import Rota

#: Who does not answer a telephone within a minute will not; longer, and somebody lies on the floor for it.
USUAL_AFTER_S = 60.0
#: Whoever has their telephone in hand has looked at it by then; and the next person waits for no second way.
NEXT_WAY_S = 20.0
#: One who sleeps, one who is out, and one more.
FEWEST_STEPS = 3

#: How long a claim holds without another word of its owner. High: three times the 180 s within which somebody must be
#: there, and a minute to look and to press; no longer than after what a fall that happens again rings anew
#: (alerts.ladder). Medium: a look at a home where nobody stirs, with the way there. Low: between two rounds of a ward.
PATIENCE_HIGH_S, PATIENCE_MEDIUM_S, PATIENCE_LOW_S = 600.0, 1800.0, 7200.0
#: After the last step of what is high, until it begins again. Who slept through one call does not come sooner for one
#: every minute, and who is on the way must be able to use the telephone.
AGAIN_S = 300.0

#: What JetStream takes as a key.
_KEY = re.compile(r"[-/_=a-zA-Z0-9]+")


class Lang(StrEnum):
    """The language that somebody is told in."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A further way to reach the same person: ``after_s`` after the one before it, or as soon as that one failed."""

    address: str
    channel: Channel = Channel.HTTP
    after_s: float = NEXT_WAY_S
    since_us: int = 0


class LadderStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: ``recipient`` is a name, best that of an account (it becomes the owner of what it claims).

    ``after_s``: seconds after the person before it was first called, for the first one after the alert was raised.
    ``ways`` are tried after the first address, before the next person. ``since_us``: when this address was first
    written down, 0 where that is not known. ``on_duty``: instead of a recipient a role, whoever has it when the step's
    time comes (schemas.rota).
    """

    recipient: str = ""
    address: str = ""
    channel: Channel = Channel.HTTP
    after_s: float = USUAL_AFTER_S
    ways: tuple[Way, ...] = ()
    lang: Lang = Lang.BOTH
    since_us: int = 0
    on_duty: str | None = None

    @property
    def every_way(self) -> tuple[Way, ...]:
        """All ways to this person, the first one too."""
        first = Way(address=self.address, channel=self.channel, after_s=self.after_s, since_us=self.since_us)
        return (first, *self.ways)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a ladder laid flat: a person's first way, or a further one. ``person`` and ``way`` count from 0.

    ``after_s`` as in the step, or in the way. ``way_s``: how long after the person's first call this one is usually.
    """

    recipient: str
    address: str
    channel: Channel
    after_s: float
    person: int
    way: int = 0
    way_s: float = 0.0
    last: bool = True  # the person has no further way
    lang: Lang = Lang.BOTH
    on_duty: str | None = None


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """Local minutes of the day between which what can wait does wait; ``start`` > ``end`` is over midnight."""

    start: int
    end: int


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long, seconds, a claim holds without another word of its owner, by the alert's severity."""

    high: float = PATIENCE_HIGH_S
    medium: float = PATIENCE_MEDIUM_S
    low: float = PATIENCE_LOW_S


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """A place's steps, in order; ``timezone`` is its people's, for quiet hours and for times in words.

    ``again_s``: from the last step to the first one anew, of what is high; doubled from turn to turn (alerts.ladder).
    ``changed_us``: when it was written, which is its version.
    ``goes_on``: after its own last step follow those of the place above (alerts.policies).
    """

    steps: tuple[LadderStep, ...] = ()
    quiet: QuietHours | None = None
    timezone: str = "Asia/Shanghai"
    patience: Patience = Patience()
    again_s: float = AGAIN_S
    goes_on: bool = False
    changed_us: int = 0

    @property
    def calls(self) -> tuple[Call, ...]:
        """The ladder laid flat: each person's ways one after the other."""
        return tuple(call for person, step in enumerate(self.steps) for call in _laid_flat(person, step))


def _laid_flat(person: int, step: LadderStep) -> list[Call]:
    calls, way_s = [], 0.0
    for number, way in enumerate(step.every_way):
        way_s += way.after_s if number else 0.0
        calls.append(
            Call(
                recipient=step.recipient,
                address=way.address,
                channel=way.channel,
                after_s=way.after_s,
                person=person,
                way=number,
                way_s=way_s,
                last=number == len(step.ways),
                lang=step.lang,
                on_duty=step.on_duty,
            )
        )
    return calls


class LadderPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A ladder of a place, for what is of a kind, of a severity, of both, or (neither given) for all else."""

    place: str
    kind: FindingKind | None = None
    severity: Severity | None = None
    ladder: Ladder


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that telling somebody about one place needs: its ladder, own or inherited from ``owner``, and the names.

    ``tests`` are residents that are no real persons: they ring only a ladder that is their place's own. ``with_them``:
    until when somebody is with a resident, microseconds; their alerts rest meanwhile (alerts.pausing). ``policies``:
    all ladders of the place and of those above it, nearest first; ``ladder`` is the one that is for all else. ``rota``:
    the nearest one.
    """

    place: str
    name: str
    owner: str | None = None
    ladder: Ladder = Ladder()
    residents: dict[str, str] = {}
    tests: tuple[str, ...] = ()
    with_them: dict[str, int] = {}
    policies: tuple[LadderPolicy, ...] = ()
    rota: Rota | None = None

    def ladder_for(self, resident: str) -> Ladder:
        """Return the ladder that an alert about this resident walks."""
        return self.ladder if resident not in self.tests or self.owner == self.place else Ladder()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A ladder being walked. Named by its first finding, which is known with the database down as well.

    ``accepted``: the desk has it, and the rest is as the database said last. ``since_us``: when this round began to
    ring. A round begins whenever an alert asks for somebody anew.
    """

    finding: str
    findings: tuple[str, ...]
    alert: str
    kind: FindingKind
    severity: Severity
    unit: str
    resident: str
    event_us: int
    seen_us: int
    since_us: int
    place: str | None = None
    round: int = 0
    rings: bool = True
    claimed_by: str | None = None
    due_us: int | None = None  # until when that holds
    held: bool = False  # ... as a hold, whose owner is asked first when it ends
    first: str | None = None  # who is told first in this round
    accepted: bool = False
    version: int = 0
    code: str = ""  # the alert's first reason, where it names what was missed
    up: bool = False  # somebody misses a person who got up: quiet hours do not hold it back


class DeliveryState(StrEnum):
    """``claimed``: somebody is sending it, or died doing so: the outcome is unknown."""

    CLAIMED = "claimed"
    FAILING = "failing"  # refused or not reached so far; tried again as long as the alert rings
    SENT = "sent"
    NOBODY = "nobody"  # a step for whoever is on duty, and nobody was: the next one is told at once


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One call to one recipient.

    ``step`` counts calls, on from turn to turn. ``again``: it may have arrived before. ``link``: the claim link's
    token, hashed. ``by``: which life of which notify made the last attempt, as ``node/life``, which DELIVERIES alone
    knows.
    """

    finding: str
    round: int
    step: int
    recipient: str
    channel: Channel
    address: str
    alert: str
    state: DeliveryState
    claimed_us: int
    tried_us: int
    sent_us: int | None = None
    attempts: int = 1
    again: bool = False
    error: str = ""
    link: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        """The key of this delivery in DELIVERIES."""
        return delivery_key(self.finding, self.round, self.step, self.recipient, self.channel)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim link stands for, under its token's hash: who presses it, goes. Good once, until ``expires_us``."""

    finding: str
    alert: str
    recipient: str
    expires_us: int
    used_us: int | None = None
    more: tuple[str, ...] = ()  # the findings of the others, where one message spoke of several alerts
    test: str = ""  # the test of a telephone that this link confirms, and no alert


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody pressed a link. ``applied``: the alert in the database knows."""

    finding: str
    round: int
    recipient: str
    at_us: int
    link: str
    applied: bool = False

    @property
    def key(self) -> str:
        """The key of this claim in CLAIMS: one owner a round."""
        return f"{self.finding}.{self.round}"


def delivery_key(finding: str, number: int, step: int, recipient: str, channel: Channel) -> str:
    """Return a delivery's key; a recipient's name may hold anything, so it stands hashed."""
    return f"{finding}.{number}.{step}.{_short_hash(recipient)}.{channel}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def link_hash(token: str) -> str:
    """Return what is kept and logged of a claim link's token: enough to know it again, useless to press it."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def is_key(text: str) -> bool:
    """Whether an id can be (a part of) a key in JetStream."""
    return _KEY.fullmatch(text) is not None


R = TypeVar("R", bound=msgspec.Struct)


def encode(value: msgspec.Struct) -> bytes:
    """Return a record of this module as JSON, the value of a key."""
    return msgspec.json.encode(value)


def decode(data: bytes | None, kind: type[R]) -> R:
    """Return the record in a key's value; raises msgspec.DecodeError or ValidationError on what is none."""
    return msgspec.json.decode(data or b"", type=kind)


def known_since(ladder: Ladder, before: Ladder, now_us: int) -> Ladder:
    """Return a ladder that is written at ``now_us`` over ``before``, each address with when it was first written."""
    since = {(step.recipient, way.address): way.since_us for step in before.steps for way in step.every_way}

    def dated(step: LadderStep) -> LadderStep:
        ways = [
            msgspec.structs.replace(way, since_us=since.get((step.recipient, way.address)) or now_us)
            for way in step.ways
        ]
        first = since.get((step.recipient, step.address)) or now_us
        return msgspec.structs.replace(step, ways=tuple(ways), since_us=first)

    # A driven clock may stand still between two changes, and a version is never given twice.
    version = max(now_us, before.changed_us + 1)
    return msgspec.structs.replace(ladder, steps=tuple(dated(step) for step in ladder.steps), changed_us=version)
