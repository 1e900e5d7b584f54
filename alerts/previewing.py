"""What a proposed setting would have made of the alarms that there were: people's outcomes beside a home played again.

Both settings are compared as played, never a played one with the alarm as it was: what was told live may have been told
under another setting, or late.

A false alarm is measured by what the proposed setting told. A real one is not: somebody came because it rang, and what
they moved ended the silence. It is measured by when the proposed setting would have told it, had nobody come.
"""

from collections.abc import Sequence

from alerts.proposing import WINDOW_US, Case, is_real
from schemas.alert import Alert
from schemas.proposal import Played, Preview, Told, Would

#: Of the 30 days so many must have signs of life in what is stored; with fewer, an alarm that is not found again says
#: nothing. The detectors themselves learn a home's first habits over ten days.
LEAST_DAYS = 14
#: Settings are compared to the minute: a tick and a message's way are below that.
_SAME_US = 60 * 1_000_000


def preview(case: Case, told: Sequence[Told], days: int, now_us: int, *, too_much: bool = False) -> Preview:
    """Return the preview of a case. ``told``: of the home played again; ``days`` of it have signs of life."""
    alarms = tuple(_played(alert, told) for alert in case.measured)
    own = {alert.id for alert in case.false}
    found = sum(alarm.alert in own and alarm.would is not Would.UNKNOWN for alarm in alarms)
    return Preview(
        start_us=now_us - WINDOW_US,
        end_us=now_us,
        days=days,
        # Half of the alarms that it is about must be found again, or it speaks of others.
        enough=not too_much and days >= LEAST_DAYS and 2 * found >= len(own),
        too_much=too_much,
        alarms=alarms,
    )


def _played(alert: Alert, told: Sequence[Told]) -> Played:
    would, later_us = _would(alert, [each for each in told if _same(alert, each)])
    reasons = alert.evidence.reasons
    assert alert.outcome is not None  # noqa: S101  # of a case
    return Played(
        alert=alert.id,
        kind=alert.kind,
        code=reasons[0].code if reasons else "",
        event_us=alert.event_us,
        raised_us=alert.raised_us,
        outcome=alert.outcome,
        would=would,
        later_us=later_us,
    )


def _same(alert: Alert, told: Told) -> bool:
    """Whether an alert is of this finding: by its id, or the same silence or stay told under another."""
    if told.id in alert.findings:
        return True
    return told.kind is alert.kind and told.event_us in (alert.event_us, alert.last_event_us)


def _would(alert: Alert, told: list[Told]) -> tuple[Would, int]:
    if not told:
        return Would.UNKNOWN, 0
    # Where several told of one alarm the first of them rang.
    then = [each.would_us if is_real(alert) else each.then_us for each in told]
    times = [at_us for at_us in then if at_us is not None]
    if not times:
        return Would.STAY_AWAY, 0
    later_us = min(times) - min(each.decided_us for each in told)
    return (Would.SAME, 0) if later_us < _SAME_US else (Would.LATER, later_us)
