"""Until when somebody's word holds: a claim's deadline, how long one may hold, and what a clock set back means.

Rules of this file:

- Every claimed or held alert has a time, ``due_us``, at which its owner must have said another word. When it comes the
  alert is raised again for everybody: who claimed it and fell asleep, or was called to the next one, does not keep it
  from the others.
- A hold is for what was looked at. Whoever has not claimed a call for help, or a fall of these minutes, cannot put it
  off: first somebody says "I go".
"""

from schemas.alert import OWNED_STATES, Alert, AlertState, Severity
from schemas.finding import FindingKind, Stage
from schemas.ladder import Patience

_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
_USUAL = Patience()
#: How long one may hold at most. High: half an hour, as far apart as the looks at somebody who hit their head
#: (NICE NG232: half-hourly in the first two hours). Medium: two hours, a round of the night. Low: the rest of a shift.
LONGEST_HOLD_US = {
    Severity.HIGH: 30 * _MINUTE_US,
    Severity.MEDIUM: 2 * 60 * _MINUTE_US,
    Severity.LOW: 12 * 60 * _MINUTE_US,
}
_URGENT = frozenset({FindingKind.FALL, FindingKind.SMOKE, FindingKind.GAS})
#: So long after it a confirmed fall is one that somebody may be lying in: nobody puts it off who does not go.
FRESH_US = 10 * _MINUTE_US
#: A deadline given so far ahead of now was given by a clock that has been set back since. Less is what the clocks of
#: two machines may differ by, and makes a deadline only that much later.
SET_BACK_US = 60 * _SECOND_US


def patience_us(severity: Severity, patience: Patience = _USUAL) -> int:
    """Return how long a claim of an alert of this severity holds, microseconds."""
    seconds = {Severity.HIGH: patience.high, Severity.MEDIUM: patience.medium, Severity.LOW: patience.low}
    return round(seconds[severity] * _SECOND_US)


def must_go(alert: Alert, now_us: int) -> bool:
    """Whether an alert can only be held by who has claimed it: a call for help, a fresh confirmed fall, smoke, gas."""
    if any(source.kind is FindingKind.SOS for source in alert.sources.values()) or alert.kind is FindingKind.SOS:
        return True
    # A fire is no less than a fall.
    fresh = now_us - max(alert.last_event_us, alert.raised_us) < FRESH_US
    urgent = alert.kind in _URGENT and alert.stage is Stage.CONFIRMED
    return urgent and fresh


def is_over(alert: Alert, now_us: int) -> bool:
    """Whether what the owner of an alert said holds no longer at ``now_us``."""
    return alert.state in OWNED_STATES and alert.due_us is not None and now_us >= alert.due_us


def was_set_back(alert: Alert, now_us: int) -> bool:
    """Whether the clock was set back since the owner gave their word, so that its time would come too late."""
    return alert.state in OWNED_STATES and (alert.due_since_us or 0) > now_us + SET_BACK_US


def left_us(alert: Alert) -> int:
    """Return for how long the owner gave their word."""
    if alert.due_us is None or alert.due_since_us is None:
        return patience_us(alert.severity)
    return alert.due_us - alert.due_since_us


def sooner(alert: Alert, severity: Severity, at_us: int) -> dict[str, int]:
    """Return the nearer deadline of a claimed alert that has become louder: what was low had hours, a fall has not."""
    if alert.state is not AlertState.CLAIMED or alert.due_us is None or severity is alert.severity:
        return {}
    due_us = at_us + patience_us(severity)
    return {"due_us": due_us, "due_since_us": at_us} if due_us < alert.due_us else {}
