"""Whether somebody watches a ward: from what consoles say of themselves to an alarm that nobody does, and to its end.

Rules of this file:

- A ward is *attended* while at least one console that shows it, signed in for it or for a place above, has its sound
  armed and said so within the last 30 s. A console that cannot be heard watches over nobody at night.
- Since when it is not comes from what consoles said last, and from nothing that is kept beside: who was killed and
  starts again comes to the same moment.
- It must have lasted for two minutes, and have been seen for one without a break: a platform that starts has seen no
  console yet, and consoles need some seconds to come back to an API that was started again.
- Outside of its hours nobody need be there.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from alerts.platform_finding import platform_finding
from schemas.attendance import Presence, Sound, StaffedHours, Ward
from schemas.finding import Finding, Reason

_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
_DAY_MINUTES = 24 * 60
#: Consoles speak every 10 s, at each ping of their live stream: three words missing are no accident.
FRESH_US = 30 * _SECOND_US
#: A page that is loaded anew, a colleague who takes the chair, a tablet carried through a dead corner of the Wi-Fi.
GRACE_US = 120 * _SECOND_US
#: Since our own start, and the API's: a console tries again after at most 8 s, and a browser that slept needs more.
SETTLE_US = 60 * _SECOND_US
#: An API that is started again and again excuses nobody for longer.
LONGEST_EXCUSE_US = 5 * 60 * _SECOND_US


class Lack(StrEnum):
    """What a ward lacks: the code of the alert's reason."""

    NO_CONSOLE = "nobody_watches"
    NO_SOUND = "no_sound_armed"


class Attendance(msgspec.Struct, frozen=True):
    """How a ward is watched now: consoles that show it, and those of them with their sound armed.

    ``staffed``: whether somebody must be there now. ``lack`` None: nothing is wrong; ``since_us``: since when it lacks.
    """

    consoles: int
    armed: int
    staffed: bool
    lack: Lack | None = None
    since_us: int = 0


def shows(presence: Presence, ward: Ward) -> bool:
    """Whether a console shows what is raised in a ward."""
    return presence.everywhere or not set(presence.places).isdisjoint(ward.above)


def is_fresh(said_us: int | None, now_us: int) -> bool:
    """Whether a word is of now. Not one from the future either: the clock was set back, and nobody knows how old it is.

    A moment ahead is no clock that was set back: two processes read it.
    """
    return said_us is not None and -_SECOND_US <= now_us - said_us <= FRESH_US


def staffed_since(hours: StaffedHours, timezone: str, now_us: int) -> int | None:
    """Return when the hours began that hold now, None outside of them; 0: they never end."""
    if hours.start == hours.end:
        return 0
    zone = ZoneInfo(timezone)
    local = datetime.fromtimestamp(now_us / _SECOND_US, zone)
    passed = (local.hour * 60 + local.minute - hours.start) % _DAY_MINUTES
    if passed >= (hours.end - hours.start) % _DAY_MINUTES:
        return None
    day = local.date() - timedelta(days=local.hour * 60 + local.minute < hours.start)
    began = datetime(day.year, day.month, day.day, hours.start // 60, hours.start % 60, tzinfo=zone)
    return min(round(began.timestamp()) * _SECOND_US, now_us)


def attendance(ward: Ward, presences: Iterable[Presence], now_us: int) -> Attendance:
    """Return how a ward is watched at ``now_us``."""
    there = [each for each in presences if shows(each, ward)]
    fresh = [each for each in there if is_fresh(each.at_us, now_us)]
    armed = sum(each.sound is Sound.ARMED for each in fresh)
    began_us = staffed_since(ward.hours, ward.timezone, now_us)
    if began_us is None or armed:
        return Attendance(len(fresh), armed, began_us is not None)
    heard = [each.armed_us + FRESH_US for each in there if each.armed_us is not None and each.armed_us <= now_us]
    since_us = min(max(began_us, ward.since_us, *heard), now_us)
    return Attendance(len(fresh), 0, True, Lack.NO_SOUND if fresh else Lack.NO_CONSOLE, since_us)


def must_be_told(found: Attendance, seen_us: int, api_us: int, now_us: int) -> bool:
    """Whether somebody must be called since nobody watches.

    ``seen_us``: since when whoever asks has seen the lack without a break; ``api_us``: when the API last began.
    """
    if found.lack is None or now_us - found.since_us < GRACE_US:
        return False
    seen_for_us = now_us - seen_us
    starting = 0 <= now_us - api_us < SETTLE_US
    return seen_for_us >= (LONGEST_EXCUSE_US if starting else SETTLE_US)


def finding_of(ward: Ward, found: Attendance, now_us: int) -> Finding:
    """Return the finding about a ward that nobody watches: the same one for as long as it lasts.

    The ward stands where a resident would: it is about all of them.
    """
    assert found.lack is not None  # noqa: S101  # asked only then
    return platform_finding(
        under=ward.place,
        unit=ward.place,
        about=ward.place,
        anchor=f"{ward.place}:attendance:{found.since_us}",
        model="attendance-1",
        reason=Reason(found.lack, {"consoles": float(found.consoles)}),
        since_us=found.since_us,
        event_us=found.since_us,
        now_us=now_us,
    )
