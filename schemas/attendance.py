"""Who watches a ward: what each open console says of itself, and which places must be watched, and when.

A console says it every few seconds while its live stream stands; what is not said again grows old by itself.
"""

from enum import StrEnum

import msgspec


class Sound(StrEnum):
    """Whether a console can be heard."""

    ARMED = "armed"
    OFF = "off"  # somebody muted it
    BLOCKED = "blocked"  # the browser lets no page sound before somebody has pressed something


class StaffedHours(msgspec.Struct, frozen=True, kw_only=True):
    """Local minutes of the day between which somebody must watch; ``start`` > ``end``: over midnight; equal: always."""

    start: int
    end: int


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """One open console. ``places``: where whoever is signed in cares, each with all below; ``everywhere``: no limit.

    ``at_us``: its last word; ``armed_us``: the last one that said its sound is armed, None: never. Wall time.
    """

    console: str
    account: str
    session: str
    everywhere: bool
    places: tuple[str, ...]
    sound: Sound
    at_us: int
    armed_us: int | None = None


class Ward(msgspec.Struct, frozen=True, kw_only=True):
    """A place that must be watched. ``above``: its own id and those up to the root. ``since_us``: since it must be."""

    place: str
    name: str
    above: tuple[str, ...]
    hours: StaffedHours
    timezone: str
    since_us: int
