"""The clock on the wall of a home, as a table: how far it is ahead of UTC, and when that changes.

A table and not a zone's name, since it travels in the unit's stream (schemas.config): whoever reads the stream again,
on another machine, with other rules for the world's zones, comes to the same hours. Who writes it reads the rules
(ingest.home_clock).
"""

from bisect import bisect_right

import msgspec

_MINUTE_US = 60_000_000


class LocalTime(msgspec.Struct, frozen=True, array_like=True):
    """``ahead_min``: minutes ahead of UTC before the first of ``changes``.

    ``changes``: UTC minutes since 1970 at which the clock is set, ascending, and how many minutes it is ahead from then
    on. What the last one says holds for ever, as far as this table knows.
    """

    ahead_min: int
    changes: tuple[tuple[int, int], ...] = ()

    def ahead_us(self, at_us: int) -> int:
        """Return local time minus UTC at a moment, microseconds."""
        passed = self._passed(at_us)
        return (self.changes[passed - 1][1] if passed else self.ahead_min) * _MINUTE_US

    def set_us(self, at_us: int) -> int:
        """Return when the clock was last set, at ``at_us`` or before; -1: not as far as this table knows."""
        passed = self._passed(at_us)
        return self.changes[passed - 1][0] * _MINUTE_US if passed else -1

    def next_us(self, at_us: int) -> int | None:
        """Return when the clock is set next after ``at_us``; None: no more, as far as this table knows."""
        passed = self._passed(at_us)
        return self.changes[passed][0] * _MINUTE_US if passed < len(self.changes) else None

    def utc_us(self, local_us: int) -> int:
        """Return the moment at which the clock shows ``local_us``.

        The first, where it shows it twice; where it never does, the moment at which it is set past it.
        """
        start_us, ahead_us = -(2**62), self.ahead_min * _MINUTE_US
        for minute, ahead_min in self.changes:
            if local_us - ahead_us < minute * _MINUTE_US:
                break
            start_us, ahead_us = minute * _MINUTE_US, ahead_min * _MINUTE_US
        return max(start_us, local_us - ahead_us)

    def _passed(self, at_us: int) -> int:
        return bisect_right(self.changes, at_us // _MINUTE_US, key=lambda change: change[0])
