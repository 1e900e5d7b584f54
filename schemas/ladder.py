"""Whom to tell, in which order, and what was sent: as it crosses JetStream, so that it holds without the database.

A *ladder* is a place's ordered steps. A *case* is a ladder that is being walked for one alert. A *delivery* is one
step of one case to one recipient; its key is what makes each step happen once, whoever sends it.
"""

import hashlib
import re
from enum import StrEnum
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from schemas.alert import Severity
from schemas.finding import FindingKind

#: Who does not answer a telephone within a minute will not; longer, and somebody lies on the floor for it.
USUAL_AFTER_S = 60.0
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


class Channel(StrEnum):
    """How a recipient is reached."""

    HTTP = "http"  # a POST of JSON to a URL: a telephone gateway, a chat's webhook, a pager


class LadderStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: ``recipient`` is a name, best that of an account (it becomes the owner of what it claims).

    ``after_s``: seconds after the step before it, for the first one after the alert was raised.
    """

    recipient: str
    address: str
    channel: Channel = Channel.HTTP
    after_s: float = USUAL_AFTER_S


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
    """

    steps: tuple[LadderStep, ...] = ()
    quiet: QuietHours | None = None
    timezone: str = "Asia/Shanghai"
    patience: Patience = Patience()
    again_s: float = AGAIN_S


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that telling somebody about one place needs: its ladder, own or inherited from ``owner``, and the names.

    ``tests`` are residents that are no real persons: they ring only a ladder that is their place's own. ``with_them``:
    until when somebody is with a resident, microseconds; their alerts rest meanwhile (alerts.pausing).
    """

    place: str
    name: str
    owner: str | None = None
    ladder: Ladder = Ladder()
    residents: dict[str, str] = {}
    tests: tuple[str, ...] = ()
    with_them: dict[str, int] = {}

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


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One step to one recipient. ``again``: it may have arrived before. ``link``: the claim link's token, hashed.

    ``by``: which life of which notify made the last attempt, as ``node/life``; known in DELIVERIES alone.
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


def is_http(address: str) -> bool:
    """Whether an address is a URL that can be posted to."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether a URL stays on this machine by its very words; a name is never looked up, since it may change."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


R = TypeVar("R", bound=msgspec.Struct)


def encode(value: msgspec.Struct) -> bytes:
    """Return a record of this module as JSON, the value of a key."""
    return msgspec.json.encode(value)


def decode(data: bytes | None, kind: type[R]) -> R:
    """Return the record in a key's value; raises msgspec.DecodeError or ValidationError on what is none."""
    return msgspec.json.decode(data or b"", type=kind)
