"""The clocks on the walls of a detector's homes, and where in time each home's memory stands.

A home's memory is in local time, since habits go by the clock. When the clock is set, every moment in the memory is
moved by as much, once, before the first thing that is taken after it: so what lies between two moments is always the
time that passed, and what comes after is at the hour that people see. A clock is turned by what the stream brings
(event times, ticks), never back: what comes late is read by the clock that the home has already.

Homes of which no other clock is known have the detector's own, which is never set; nothing is kept of them.
"""

from dataclasses import dataclass

import msgspec

from detectors.routine import HOUR_US
from schemas.local_time import LocalTime

#: Local time of homes of which no other is known, UTC+8 all year: China has one zone and no summer time.
CHINA_US = 8 * HOUR_US


@dataclass(frozen=True, slots=True)
class Turn:
    """A clock was set at ``at_us`` (local, by the clock before) by ``by_us``; now it shows ``now_us``.

    ``other``: it is another clock, and the memory was told by a wrong one.
    """

    at_us: int
    by_us: int
    now_us: int
    other: bool = False


class HomeClock(msgspec.Struct, array_like=True):
    """One home's clock, how far ahead of UTC its memory is, and the setting of the clock after which that holds."""

    local: LocalTime
    ahead_us: int
    set_us: int = -1


class HomeClocks:
    """The clocks of many homes. ``usual_us``: how far ahead of UTC homes of no known clock are."""

    def __init__(self, usual_us: int) -> None:
        self.usual_us = usual_us
        self.known: dict[str, HomeClock] = {}

    def local_time(self, unit: str) -> LocalTime | None:
        """Return the clock that a home is known to have; None: the usual one."""
        kept = self.known.get(unit)
        return None if kept is None else kept.local

    def ahead_us(self, unit: str) -> int:
        """Return how far ahead of UTC the memory of a home is."""
        kept = self.known.get(unit)
        return self.usual_us if kept is None else kept.ahead_us

    def ahead_at(self, unit: str, at_us: int) -> int:
        """Return how far ahead of UTC the clock of a home is at a moment."""
        kept = self.known.get(unit)
        return self.usual_us if kept is None else kept.local.ahead_us(max(at_us, kept.set_us))

    def utc_us(self, unit: str, local_us: int) -> int:
        """Return the moment at which the clock of a home shows ``local_us``."""
        kept = self.known.get(unit)
        return local_us - self.usual_us if kept is None else kept.local.utc_us(local_us)

    def next_us(self, unit: str) -> int | None:
        """Return when the clock of a home is set next, after what its memory knows; None: never."""
        kept = self.known.get(unit)
        return None if kept is None else kept.local.next_us(kept.set_us)

    def turn(self, unit: str, at_us: int) -> Turn | None:
        """Go on to ``at_us``: return how the memory is to be moved, if the clock was set since."""
        kept = self.known.get(unit)
        if kept is None:
            return None
        set_us = kept.local.set_us(at_us)
        if set_us <= kept.set_us:
            return None
        before_us, kept.ahead_us, kept.set_us = kept.ahead_us, kept.local.ahead_us(at_us), set_us
        by_us = kept.ahead_us - before_us
        return Turn(set_us + before_us, by_us, at_us + kept.ahead_us) if by_us else None

    def since(self, unit: str, then_us: int, now_us: int) -> Turn | None:
        """Return how a memory that ends at ``then_us`` is to be moved to stand where the home's does."""
        kept = self.known.get(unit)
        if kept is None or then_us >= kept.set_us:
            return None
        before_us = kept.local.ahead_us(then_us)
        by_us = kept.ahead_us - before_us
        return Turn(kept.set_us + before_us, by_us, now_us + kept.ahead_us) if by_us else None

    def hang(self, unit: str, local: LocalTime | None, at_us: int) -> Turn | None:
        """Take over which clock a home has at ``at_us``, None: the usual one; return how its memory is to be moved."""
        kept = self.known.get(unit)
        if local == self.local_time(unit):
            return None
        before_us = self.ahead_us(unit)
        if kept is not None and local is not None and _alike(local, kept.local, at_us):
            kept.local = local  # the same clock, known for other years
            return None
        if local is None:
            del self.known[unit]
        else:
            self.known[unit] = HomeClock(local, local.ahead_us(at_us), local.set_us(at_us))
        ahead_us = self.ahead_us(unit)
        by_us = ahead_us - before_us
        return Turn(at_us + before_us, by_us, at_us + ahead_us, other=True) if by_us else None


def _alike(one: LocalTime, other: LocalTime, at_us: int) -> bool:
    """Whether two clocks show the same at a moment, since the same setting."""
    return (one.ahead_us(at_us), one.set_us(at_us)) == (other.ahead_us(at_us), other.set_us(at_us))
