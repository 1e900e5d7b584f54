"""What a finding does: raises an alert, recurs on the open one, moves its own alert's stage, or nothing."""

from alerts.events import Raised, Recurred, Staged
from alerts.life import apply
from alerts.policy import RAISING, follows, is_late, latest_known, severity
from schemas.alert import OPEN_STATES, Alert, AlertState, Change
from schemas.finding import Finding, Stage


def intake(finding: Finding, alert: Alert | None, now_us: int) -> Change | None:
    """Return what ``finding`` changes, or None when it changes nothing.

    ``alert`` is the alert that already holds this finding, in whatever state; or else the resident's open alert of this
    kind; or else None. A resolved alert of another finding is not passed, and would not swallow this one.
    """
    if alert is not None and finding.id in alert.findings:
        return _move(finding, alert, now_us)
    if finding.stage not in RAISING:
        return None
    loud, late = severity(finding, now_us), is_late(finding, now_us)
    if alert is not None and alert.state in OPEN_STATES:
        return apply(alert, Recurred(at_us=now_us, finding=finding, severity=loud, late=late))
    return apply(None, Raised(at_us=now_us, finding=finding, severity=loud, late=late))


def _move(finding: Finding, alert: Alert, now_us: int) -> Change | None:
    # The alert knows the stage of the finding that speaks for it; an earlier one was confirmed to get here.
    before = alert.stage if latest_known(alert) == finding.id else Stage.CONFIRMED
    if alert.state is AlertState.CLOSED or not follows(finding.stage, before):
        return None
    return apply(alert, Staged(at_us=now_us, finding=finding, severity=severity(finding, now_us)))
