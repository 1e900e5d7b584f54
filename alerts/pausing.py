"""What rests while somebody is with a resident, and until when: rules, no state.

Rules of this file:

- What is found in a pause makes an alert as ever; it is shown at once, and only its ringing waits.
- A call for help never waits, nor smoke, nor gas: who is with her may be the one who needs help.
- A fall waits a minute. Who stands beside it sees it sooner than any detector, and says so with one press (they claim
  it); where they do not - they went to fetch something, they fell together - everybody is called.
- All else waits until the pause ends, early or late; what is still open then rings.
- What rings already goes on ringing until somebody claims it: a pause begins for what is to come.
"""

from typing import Any

import msgspec

from schemas.alert import Alert, AlertState, Severity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from schemas.pause import Pause

_MINUTE_US = 60 * 1_000_000
#: A wash and a change of clothes; who needs longer presses again. An hour is longer than any care at one bed, and who
#: forgot to end it must not leave somebody unwatched for a shift.
USUAL_US, LONGEST_US = 15 * _MINUTE_US, 60 * _MINUTE_US
#: How long a fall waits for who is there to say that they saw it.
FALL_WAITS_US = 60 * 1_000_000
#: What no pause silences. A fault of the platform is of no resident.
NEVER = frozenset({FindingKind.SOS, FindingKind.SMOKE, FindingKind.GAS, FindingKind.PLATFORM})


class Silence(msgspec.Struct, frozen=True):
    """An alert that rings only from ``until_us`` on, since ``by`` is there."""

    until_us: int
    by: str


def silence_of(kind: FindingKind, pause: Pause | None, now_us: int) -> Silence | None:
    """Return how long what is found now waits to ring, None: not at all."""
    if pause is None or kind in NEVER or not pause.since_us <= now_us < pause.until_us:
        return None
    waits_us = now_us + FALL_WAITS_US if kind is FindingKind.FALL else pause.until_us
    return Silence(min(waits_us, pause.until_us), pause.by)


def is_silent(alert: Alert, now_us: int) -> bool:
    """Whether an alert that nobody has waits to ring."""
    return alert.state is AlertState.RAISED and now_us < (alert.silent_until_us or 0)


def silenced(alert: Alert, target: AlertState, news: Silence | None, at_us: int) -> dict[str, Any]:
    """Return what becomes of an alert's silence when there is news of it, and it is ``target`` then.

    What rings is never silenced, and what waits never waits longer for having happened again.
    """
    if target is not AlertState.RAISED or news is None:
        return {"silent_until_us": None}
    rings = alert.state is AlertState.RAISED and alert.severity is not Severity.LOW and not is_silent(alert, at_us)
    if rings:
        return {}
    before_us = alert.silent_until_us if is_silent(alert, at_us) else None
    return {"silent_until_us": news.until_us if before_us is None else min(before_us, news.until_us)}


def said(silence: Silence | None) -> dict[str, Any]:
    """Return what history keeps of a silence."""
    return {} if silence is None else {"silent_until_us": silence.until_us, "with": silence.by}


def begun(now: Pause | None, resident: str, by: str, length_us: int, now_us: int) -> Pause:
    """Return the pause as it is after ``by`` said "I am with her" (again). ``now``: the one that holds, if any.

    BrokenRule ``somebody_is`` where it is another's, ``too_long``.
    """
    if now is not None and now.by != by:
        raise BrokenRule("somebody_is", f"{now.by} is there already.")
    if not 0 < length_us <= LONGEST_US:
        raise BrokenRule("too_long", f"At most {LONGEST_US // _MINUTE_US} minutes at a time; press again then.")
    since_us = now_us if now is None else now.since_us
    return Pause(resident=resident, by=by, since_us=since_us, until_us=now_us + length_us)


def waits_until_us(alert: Alert, pause: Pause) -> int | None:
    """Return until when a silent alert waits once its pause has another end; None: as before, a fall has its minute."""
    return None if alert.kind is FindingKind.FALL else pause.until_us
