"""The table of a home's clock (schemas.local_time), from the world's rules for time zones as Python has them.

It holds the years around the moment it is made. The configurer says it again each minute, so it never runs out, and a
rule that a country changes is known once the machine knows it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.local_time import LocalTime
from store.people import DEFAULT_TIMEZONE, Resident

#: Whole years before and after the one of the moment: routines are learnt from weeks, and no desk is down for years.
YEARS_BEFORE, YEARS_AFTER = 1, 2
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def home_clock(zone: str, now_us: int) -> LocalTime | None:
    """Return the clock of a zone (an IANA name) around ``now_us``; None: the detectors' own, as in all of China.

    A name that this machine does not know, of a row by an older version or another machine, has the detectors' own too:
    one home at the wrong hour, and not all others without their config.
    """
    year = (_EPOCH + timedelta(microseconds=now_us)).year
    try:
        found = _table(zone, year)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # as zoneinfo says it of no such name, no name, a folder
        return None
    return None if found == _table(DEFAULT_TIMEZONE, year) else found


def unit_clock(residents: Sequence[Resident], now_us: int) -> LocalTime | None:
    """Return the clock of those who live together: that of the first by id, as the detectors take it."""
    first = min(residents, key=lambda each: each.id, default=None)
    return None if first is None else home_clock(first.timezone, now_us)


@lru_cache(maxsize=1024)
def _table(zone: str, year: int) -> LocalTime:
    """Return a zone's clock in the years around ``year``. Looked at day by day: no rule sets a clock twice in one."""
    rules = ZoneInfo(zone)
    at, end = datetime(year - YEARS_BEFORE, 1, 1, tzinfo=UTC), datetime(year + YEARS_AFTER + 1, 1, 1, tzinfo=UTC)
    first = ahead = _ahead_min(at, rules)
    changes: list[tuple[int, int]] = []
    while at < end:
        following = at + timedelta(days=1)
        if _ahead_min(following, rules) != ahead:
            change = _change(at, following, rules)
            ahead = _ahead_min(change, rules)
            changes.append(((change - _EPOCH) // _MINUTE, ahead))
        at = following
    return LocalTime(first, tuple(changes))


def _change(before: datetime, after: datetime, rules: ZoneInfo) -> datetime:
    """Return the first minute of which the clock is ahead otherwise than at ``before``."""
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if _ahead_min(middle, rules) == _ahead_min(before, rules):
            before = middle
        else:
            after = middle
    return after


def _ahead_min(at: datetime, rules: ZoneInfo) -> int:
    ahead = at.astimezone(rules).utcoffset() or timedelta()
    return ahead // _MINUTE
