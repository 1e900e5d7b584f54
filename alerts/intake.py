"""What a finding does: raises an alert, joins or recurs on the open one, moves its own alert's stage, or nothing."""

from collections.abc import Set

from alerts.events import Cancelled, Joined, Lapsed, Raised, Recurred, Staged, Why
from alerts.joining import calls, cancels, joins
from alerts.life import apply
from alerts.pausing import Silence, silence_of
from alerts.policy import OVER, RAISING, follows, is_late, latest_known, severity
from schemas.alert import OPEN_STATES, Alert, AlertState, Change
from schemas.finding import Finding, Stage
from schemas.pause import Pause


def intake(
    finding: Finding, alert: Alert | None, now_us: int, raises: Set[Stage] = RAISING, pause: Pause | None = None
) -> Change | None:
    """Return what ``finding`` changes, or None when it changes nothing.

    ``alert`` is the alert that already holds this finding, in whatever state; or else the open alert that it belongs to
    (alerts.joining.alert_for); or else None. A resolved alert of another finding is not passed, and would not swallow
    this one. ``raises``: the stages from which on it raises an alert (alerts.policy.raising). ``pause``: somebody is
    with the resident, so that it waits to ring (alerts.pausing).
    """
    silence = silence_of(finding.kind, pause, now_us)
    if alert is not None and finding.id in alert.findings:
        return _move(finding, alert, now_us, silence)
    if finding.stage in OVER:
        return _cancelled(finding, alert, now_us)
    loud, late = severity(finding, now_us), is_late(finding, now_us)
    if alert is not None and alert.state in OPEN_STATES and joins(finding, alert):
        heard = finding.stage in raises
        if not heard:  # what is not worth an alert is worth being listed on one
            loud = alert.severity
        anew = heard and calls(finding, alert)
        return apply(alert, Joined(at_us=now_us, finding=finding, severity=loud, calls=anew, silence=silence))
    if finding.stage not in raises:
        return None
    if alert is not None and alert.state in OPEN_STATES and alert.kind is finding.kind:
        return apply(alert, Recurred(at_us=now_us, finding=finding, severity=loud, late=late, silence=silence))
    return apply(None, Raised(at_us=now_us, finding=finding, severity=loud, late=late, silence=silence))


def _cancelled(finding: Finding, alert: Alert | None, now_us: int) -> Change | None:
    """Return what a finding does that is over as soon as it is told: the resident's word about another's fall."""
    if alert is None or alert.state not in OPEN_STATES or not cancels(finding, alert):
        return None
    return apply(alert, Cancelled(at_us=now_us, finding=finding))


def _move(finding: Finding, alert: Alert, now_us: int, silence: Silence | None) -> Change | None:
    known = alert.sources.get(finding.id)
    if known is not None:
        before, updated = known.stage, finding.update > known.update
    else:
        # The alert knows the stage of the finding that speaks for it; an earlier one was confirmed to get here.
        before, updated = alert.stage if latest_known(alert) == finding.id else Stage.CONFIRMED, False
    moved = follows(finding.stage, before)
    if alert.state is AlertState.CLOSED or not (moved or (finding.stage is before and updated)):
        return None
    loud = severity(finding, now_us)
    staged = Staged(at_us=now_us, finding=finding, severity=loud, moved=moved, silence=silence)
    if alert.state is AlertState.HELD and moved and finding.stage not in OVER:
        # What its owner put off was less than this.
        raised = apply(alert, Lapsed(at_us=now_us, why=Why.NEWS))
        moved_on = apply(raised.alert, staged)
        return Change(moved_on.alert, (*raised.steps, *moved_on.steps), (*raised.effects, *moved_on.effects))
    return apply(alert, staged)
