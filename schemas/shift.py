"""One shift of a place, from its beginning until somebody has taken it over by name."""

from enum import StrEnum

import msgspec


class Crew(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who said that they are on. ``sound``: they heard their console's test then."""

    account: str
    since_us: int
    sound: bool = False


class OpenKind(StrEnum):
    """What a shift leaves to the next one."""

    ALERT = "alert"
    HELD = "held"
    PAUSE = "pause"
    AWAY = "away"
    DEVICE = "device"
    OVERDUE = "overdue"  # away, and nobody has said for a week that they still are


class LeftOpen(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is open: of what, about whom or what, in the words it had then.

    ``id`` is an alert's, a resident's or a device's; ``code`` an alert's kind or reason, a device's trouble; ``by``
    whose it is; ``severity`` an alert's; ``at_us`` since when, or until when somebody is away or with them.
    """

    what: OpenKind
    id: str
    name: str
    where: str = ""
    code: str = ""
    by: str = ""
    severity: str = ""
    at_us: int | None = None


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift at a place. ``ends_us`` None: nobody said until when. ``left_open``: what was open at its handover.

    ``handed_by`` "": nobody did, the next one simply began.
    """

    id: str
    place: str
    name: str = ""
    begun_us: int
    begun_by: str
    ends_us: int | None = None
    crew: tuple[Crew, ...] = ()
    note: str = ""
    handed_us: int | None = None
    handed_by: str | None = None
    left_open: tuple[LeftOpen, ...] = ()
    accepted_us: int | None = None
    accepted_by: str | None = None
