"""What can happen to an alert; past tense, frozen. ``at_us`` is platform time, ``actor`` a user or ``platform``."""

from enum import StrEnum

import msgspec

from alerts.pausing import Silence
from schemas.alert import Outcome, Severity
from schemas.finding import Finding

#: The actor of what no person did.
PLATFORM = "platform"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened, at ``at_us``, by ``actor``."""

    at_us: int
    actor: str = PLATFORM


class Raised(Event, frozen=True, kw_only=True):
    """A finding asked for an alert, and there was none for it."""

    finding: Finding
    severity: Severity
    late: bool = False
    silence: Silence | None = None


class Staged(Event, frozen=True, kw_only=True):
    """A finding of this alert moved to another stage; or, not ``moved``, more is known of it within the same one."""

    finding: Finding
    severity: Severity
    moved: bool = True
    silence: Silence | None = None


class Recurred(Event, frozen=True, kw_only=True):
    """It happened again while the alert was open: another finding of the same kind for the same resident."""

    finding: Finding
    severity: Severity
    late: bool = False
    silence: Silence | None = None


class Joined(Event, frozen=True, kw_only=True):
    """Another finding tells of the event that the alert is about: a radar sees the fall that a watch felt.

    ``calls``: whoever is not yet called is called now.
    """

    finding: Finding
    severity: Severity
    calls: bool
    silence: Silence | None = None


class Cancelled(Event, frozen=True, kw_only=True):
    """The resident pressed that they are well; ``finding`` is what their device said."""

    finding: Finding


class Claimed(Event, frozen=True, kw_only=True):
    """Somebody goes: the actor is the owner now, for ``patience_us`` (None: the usual) or until another word."""

    patience_us: int | None = None


class Extended(Event, frozen=True, kw_only=True):
    """The owner is still on it. By ``platform``: the clock was set back, and the deadline went with it."""

    patience_us: int | None = None


class Held(Event, frozen=True, kw_only=True):
    """The actor has looked at it and comes back at ``until_us``."""

    until_us: int


class Why(StrEnum):
    """Why an alert that somebody had is raised again for everybody."""

    DEADLINE = "deadline"  # claimed, and no other word of its owner since
    HOLD = "hold"  # the time at which its owner wanted to be back
    NEWS = "news"  # what was found meanwhile is worse than what its owner put off


class Silenced(Event, frozen=True, kw_only=True):
    """Whoever is with the resident stays until ``until_us``; or has left, and what waited rings."""

    until_us: int


class Lapsed(Event, frozen=True, kw_only=True):
    """What the owner said holds no longer."""

    why: Why


class Released(Event, frozen=True, kw_only=True):
    """The owner gave it back. ``override``: somebody in charge took it from an owner who cannot."""

    override: bool = False


class Resolved(Event, frozen=True, kw_only=True):
    """It is dealt with, and this is what it was; ``local``: in the institution's own words, of that outcome.

    ``corrects``: whoever reviews it knows better what it was. Who resolved it, and when, stays as it was.
    """

    outcome: Outcome | None
    local: str | None = None
    note: str | None = None
    corrects: bool = False


class Reopened(Event, frozen=True, kw_only=True):
    """It was not over after all: it asks for somebody again."""


class Closed(Event, frozen=True, kw_only=True):
    """It is written down and done; nothing more is expected."""


class Noted(Event, frozen=True, kw_only=True):
    """Somebody wrote a note."""

    note: str
