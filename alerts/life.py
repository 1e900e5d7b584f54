"""The life of an alert: one table of state x event, and one pure function that changes an alert.

Rules of this file:

- What is not in ``LIFE`` is not allowed, and changes nothing: ``apply`` raises BrokenRule with a sentence for a person.
- ``version`` rises by exactly one with each change. A repetition that changes nothing (the owner claims again) gives a
  Change without steps, so that a nervous double click is never an error and never a second row of history.
- An alert has one owner. Only the owner gives it back; somebody in charge may take it from an owner who left
  (``Released.override``).
- Whoever knows what it was may resolve, owner or not: the owner is with the resident, the colleague has the keyboard.
  History names both. Resolving an alert that nobody claimed claims it first, so that a response time always exists.
- Whoever has an alert has it until a time (``due_us``, alerts.deadlines): then it is raised again for everybody.
- A new event never disappears into a finished alert: ``Recurred`` is only allowed while the alert is open.

docs/alerts.md holds the diagram that ``alerts.diagram`` draws from the table; a test keeps them equal.
"""

from collections.abc import Callable
from typing import Any

from alerts.changing import changed_to, notify_of
from alerts.deadlines import sooner
from alerts.events import (
    Cancelled,
    Claimed,
    Closed,
    Event,
    Extended,
    Held,
    Joined,
    Lapsed,
    Noted,
    Raised,
    Recurred,
    Released,
    Reopened,
    Resolved,
    Silenced,
    Staged,
)
from alerts.joining import lowers, now_told, source_of, speaks_anew, together
from alerts.owning import claimed, ends_hold, extended, held, lapsed, nobodys, released
from alerts.pausing import is_silent, said, silenced
from alerts.policy import OVER, evidence_of, latest_known, louder
from schemas.alert import OPEN_STATES, Alert, AlertState, Change, Severity, Step, StepKind
from schemas.effects import Effect
from schemas.errors import BrokenRule
from schemas.finding import Evidence, Finding, FindingKind, Stage

_RAISED, _CLAIMED, _HELD, _RESOLVED, _CLOSED = (
    AlertState.RAISED,
    AlertState.CLAIMED,
    AlertState.HELD,
    AlertState.RESOLVED,
    AlertState.CLOSED,
)

#: (state, event) -> state. None: there is no alert yet.
LIFE: dict[tuple[AlertState | None, type[Event]], AlertState] = {
    (None, Raised): _RAISED,
    (_RAISED, Staged): _RAISED,
    (_RAISED, Recurred): _RAISED,
    (_RAISED, Joined): _RAISED,
    (_RAISED, Claimed): _CLAIMED,
    (_RAISED, Held): _HELD,
    (_RAISED, Resolved): _RESOLVED,
    (_RAISED, Silenced): _RAISED,
    (_RAISED, Cancelled): _RAISED,
    (_RAISED, Noted): _RAISED,
    (_CLAIMED, Staged): _CLAIMED,
    (_CLAIMED, Recurred): _CLAIMED,
    (_CLAIMED, Joined): _CLAIMED,
    (_CLAIMED, Claimed): _CLAIMED,
    (_CLAIMED, Extended): _CLAIMED,
    (_CLAIMED, Held): _HELD,
    (_CLAIMED, Lapsed): _RAISED,
    (_CLAIMED, Released): _RAISED,
    (_CLAIMED, Resolved): _RESOLVED,
    (_CLAIMED, Cancelled): _CLAIMED,
    (_CLAIMED, Noted): _CLAIMED,
    # What comes while somebody holds it ends the hold; but less of the same (it recovered) is no news.
    (_HELD, Staged): _HELD,
    (_HELD, Recurred): _RAISED,
    (_HELD, Joined): _RAISED,
    (_HELD, Claimed): _CLAIMED,
    (_HELD, Extended): _HELD,
    (_HELD, Held): _HELD,
    (_HELD, Lapsed): _RAISED,
    (_HELD, Released): _RAISED,
    (_HELD, Resolved): _RESOLVED,
    (_HELD, Cancelled): _HELD,
    (_HELD, Noted): _HELD,
    (_RESOLVED, Staged): _RESOLVED,
    (_RESOLVED, Resolved): _RESOLVED,
    (_RESOLVED, Reopened): _RAISED,
    (_RESOLVED, Closed): _CLOSED,
    (_RESOLVED, Noted): _RESOLVED,
    (_CLOSED, Reopened): _RAISED,
}

_STILL_OPEN = ("not_resolved", "This alert is still open: resolve it with an outcome before closing it.")
_IS_RESOLVED = ("already_resolved", "This alert is resolved; reopen it if it needs somebody again.")
#: Why the table says no, in words; the code is stable and the API passes it on.
_REFUSALS: dict[tuple[AlertState | None, type[Event]], tuple[str, str]] = {
    (_RAISED, Released): ("not_claimed", "Nobody has claimed this alert, so there is nothing to give back."),
    (_RAISED, Extended): ("not_claimed", "Nobody has claimed this alert: claim it first."),
    (_RAISED, Lapsed): ("not_claimed", "Nobody has claimed this alert, so nobody's time can run out."),
    **{(state, Closed): _STILL_OPEN for state in (_RAISED, _CLAIMED, _HELD)},
    **{(state, Reopened): ("already_open", "This alert is open already.") for state in (_RAISED, _CLAIMED, _HELD)},
    (_RESOLVED, Extended): _IS_RESOLVED,
    (_RESOLVED, Held): _IS_RESOLVED,
    (_RESOLVED, Lapsed): _IS_RESOLVED,
    (_RESOLVED, Claimed): _IS_RESOLVED,
    (_RESOLVED, Released): ("already_resolved", "This alert is resolved; there is no claim to give back."),
    (_RESOLVED, Recurred): ("already_resolved", "This alert is resolved: what happens now is a new alert."),
    (_RESOLVED, Joined): ("already_resolved", "This alert is resolved: what happens now is a new alert."),
}
_CLOSED_REFUSAL = ("already_closed", "This alert is closed; reopen it to change it.")


def apply(alert: Alert | None, event: Event) -> Change:
    """Return what ``event`` makes of ``alert`` (None: there is none yet).

    Raises BrokenRule when the life cycle does not allow the event; the alert is then as it was.
    """
    state = alert.state if alert is not None else None
    target = LIFE.get((state, type(event)))
    if target is None:
        raise BrokenRule(*_refusal(state, event))
    if isinstance(event, Raised):
        return _raise(event)
    assert alert is not None  # noqa: S101  # only Raised has a row for None
    return _HANDLERS[type(event)](alert, event, target)


def _refusal(state: AlertState | None, event: Event) -> tuple[str, str]:
    if state is _CLOSED:
        return _CLOSED_REFUSAL
    name = type(event).__name__.lower()
    return _REFUSALS.get((state, type(event)), ("not_allowed", f"An alert that is {state or 'new'} cannot be {name}."))


def _raise(event: Raised) -> Change:
    finding = event.finding
    alert = Alert(
        id=alert_id(finding.id),
        kind=finding.kind,
        severity=event.severity,
        state=_RAISED,
        stage=finding.stage,
        unit=finding.unit,
        resident=finding.resident,
        place=finding.place,
        device=finding.device,
        event_us=finding.event_us,
        raised_us=event.at_us,
        decided_us=finding.decided_us,
        heard_us=finding.heard_us,
        score=finding.score,
        evidence=finding.evidence,
        finding=finding.id,
        findings=(finding.id,),
        sources={finding.id: source_of(finding, 1)},
        late=event.late,
        last_event_us=finding.event_us,
        silent_until_us=event.silence.until_us if event.silence is not None else None,
    )
    data = {"stage": finding.stage, **_claim(event), **said(event.silence)}
    step = Step(kind=StepKind.RAISED, at_us=event.at_us, actor=event.actor, data=data)
    return Change(alert, (step,), (notify_of(alert, StepKind.RAISED), *_evidence(alert, finding)))


def alert_id(finding: str) -> str:
    """Return the id of the alert that a finding raises: the same however often the finding is delivered."""
    return f"al_{finding[:24]}"


def _staged(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Staged)  # noqa: S101
    finding, told = event.finding, now_told(alert)
    changed: dict[str, Any] = {}
    # A fall that came after the one which recovered is still lying there: the latest event speaks for the alert.
    if finding.id in told or latest_known(alert) == finding.id:
        changed = _moved(alert, event) if event.moved else _grown(alert, event)
        if finding.id == alert.finding or len(finding.evidence.phases) >= len(alert.evidence.phases):
            changed |= {"evidence": _evidence_with(finding, alert), "score": finding.score}
    if finding.id in alert.sources:
        source = source_of(finding, alert.sources[finding.id].occurrence)
        changed |= {"sources": alert.sources | {finding.id: source}}
    if event.moved and finding.stage not in OVER:
        changed |= silenced(alert, target, event.silence, event.at_us)
    data = {"finding": finding.id, "stage": finding.stage, "severity": changed.get("severity", alert.severity)}
    if not event.moved:
        data |= {"update": finding.update}
    changed |= sooner(alert, changed.get("severity", alert.severity), event.at_us)
    # After it was resolved a stage is only history: nobody is rung for it.
    rings = target in OPEN_STATES and (event.moved or "severity" in changed)
    return changed_to(alert, event, target, StepKind.STAGED, changed, data, rings=rings)


def _grown(alert: Alert, event: Staged) -> dict[str, Any]:
    """Return what a louder telling within one stage makes: who was at a place never seen is lost there now."""
    finding = event.finding
    grows = finding.kind is FindingKind.WANDERING and finding.stage is Stage.CONFIRMED and alert.stage is finding.stage
    loud = louder(alert.severity, event.severity)
    return {"severity": loud} if grows and loud is not alert.severity else {}


def _moved(alert: Alert, event: Staged) -> dict[str, Any]:
    """Return what another stage of one of the tellers makes of the alert's own stage and loudness."""
    finding = event.finding
    if finding.stage in OVER:
        return {"stage": finding.stage, "severity": event.severity} if lowers(finding, alert) else {}
    if finding.stage is Stage.CONFIRMED:
        alone = len(now_told(alert)) <= 1
        return {"stage": finding.stage, "severity": event.severity if alone else louder(alert.severity, event.severity)}
    return {}


def _joined(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Joined)  # noqa: S101
    finding = event.finding
    # What is only listed (a radar's suspicion) leaves the alert's own stage as it is.
    stage = finding.stage if finding.stage is Stage.CONFIRMED or event.calls else alert.stage
    richer = len(finding.evidence.phases) > len(alert.evidence.phases)
    pair = (finding.evidence, alert.evidence) if richer else (alert.evidence, finding.evidence)
    changed: dict[str, Any] = {
        "findings": (*alert.findings, finding.id),
        "sources": alert.sources | {finding.id: source_of(finding, alert.occurrences)},
        "severity": louder(alert.severity, event.severity),
        "stage": stage,
        "score": max(alert.score, finding.score),
        "evidence": together(*pair),
    }
    source = {"kind": finding.kind, "device": finding.device, "resident": finding.resident, "stage": finding.stage}
    data = _claim(event) | source | {"calls": event.calls} | ends_hold(alert) | said(event.silence)
    if event.calls or event.silence is None:
        changed |= silenced(alert, target, event.silence, event.at_us)
    changed |= nobodys(alert, target) | sooner(alert, changed["severity"], event.at_us)
    change = changed_to(alert, event, target, StepKind.JOINED, changed, data, rings=event.calls)
    return Change(change.alert, change.steps, (*change.effects, *_evidence(alert, finding)))


def _evidence_with(finding: Finding, alert: Alert) -> Evidence:
    return finding.evidence if len(now_told(alert)) <= 1 else together(finding.evidence, alert.evidence)


def _recurred(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Recurred)  # noqa: S101
    finding = event.finding
    changed: dict[str, Any] = {
        "occurrences": alert.occurrences + 1,
        "findings": (*alert.findings, finding.id),
        "severity": louder(alert.severity, event.severity),
        "sources": {finding.id: source_of(finding, alert.occurrences + 1)},
    }
    if finding.event_us >= alert.last_event_us:
        # Yesterday's fall that was told late does not make the one of this minute look like yesterday's.
        late = alert.late and event.late
        changed |= {"last_event_us": finding.event_us, "stage": finding.stage, "late": late}
        if speaks_anew(finding):
            changed |= {"evidence": finding.evidence, "score": finding.score}
    changed |= silenced(alert, target, event.silence, event.at_us)
    changed |= nobodys(alert, target) | sooner(alert, changed["severity"], event.at_us)
    data = _claim(event) | ends_hold(alert) | said(event.silence)
    change = changed_to(alert, event, target, StepKind.RECURRED, changed, data, rings=True)
    return Change(change.alert, change.steps, (*change.effects, *_evidence(alert, finding)))


def _resolved(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Resolved)  # noqa: S101
    if event.outcome is None:
        raise BrokenRule("outcome_required", "Say what it was: an alert is resolved with an outcome.")
    if event.corrects and alert.state is not _RESOLVED:
        raise BrokenRule("not_resolved", "This alert is still open: resolve it before correcting what it was.")
    if alert.state is _RESOLVED:
        if event.corrects:
            return _corrected(alert, event, target)
        if (alert.resolved_by, alert.outcome, alert.outcome_local) == (event.actor, event.outcome, event.local):
            return Change(alert)
        raise BrokenRule("already_resolved", f"{alert.resolved_by} has resolved this alert as {alert.outcome} already.")
    changed: dict[str, Any] = {
        "resolved_by": event.actor,
        "resolved_us": event.at_us,
        "outcome": event.outcome,
        "outcome_local": event.local,
        "note": event.note or alert.note,
        "due_us": None,
        "due_since_us": None,
    }
    data: dict[str, Any] = {"outcome": event.outcome} | ({"note": event.note} if event.note else {})
    data |= {"local": event.local} if event.local else {}
    if alert.claimed_by is not None:
        return changed_to(alert, event, target, StepKind.RESOLVED, changed, data)
    changed |= {"claimed_by": event.actor, "claimed_us": event.at_us}
    change = changed_to(alert, event, target, StepKind.RESOLVED, changed, data)
    claim = Step(kind=StepKind.CLAIMED, at_us=event.at_us, actor=event.actor, data={"implied": True})
    return Change(change.alert, (claim, *change.steps), change.effects)


def _corrected(alert: Alert, event: Resolved, target: AlertState) -> Change:
    """Another outcome for what is resolved; nobody is rung for it, and no response time changes."""
    if (alert.outcome, alert.outcome_local) == (event.outcome, event.local) and event.note in (None, alert.note):
        return Change(alert)
    changed = {"outcome": event.outcome, "outcome_local": event.local, "note": event.note or alert.note}
    data: dict[str, Any] = {"outcome": event.outcome, "was": alert.outcome, "corrects": True}
    data |= ({"note": event.note} if event.note else {}) | ({"local": event.local} if event.local else {})
    return changed_to(alert, event, target, StepKind.RESOLVED, changed, data)


def _cancelled(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Cancelled)  # noqa: S101
    finding = event.finding
    # It stays open: whoever presses in confusion, or to be no trouble, is looked at all the same.
    changed = {"severity": Severity.LOW, "evidence": together(alert.evidence, finding.evidence)}
    data = {"finding": finding.id, "device": finding.device, "event_us": finding.event_us, "severity": Severity.LOW}
    return changed_to(alert, event, target, StepKind.CANCELLED, changed, data)


def _silenced(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Silenced)  # noqa: S101
    if not is_silent(alert, event.at_us):
        return Change(alert)  # it rings already, and nothing silences that
    until_us = event.until_us if event.until_us > event.at_us else None
    data = {"silent_until_us": until_us} if until_us is not None else {}
    return changed_to(alert, event, target, StepKind.SILENCED, {"silent_until_us": until_us}, data, rings=True)


def _reopened(alert: Alert, event: Event, target: AlertState) -> Change:
    changed: dict[str, Any] = dict.fromkeys(
        ("claimed_by", "claimed_us", "resolved_by", "resolved_us", "outcome", "outcome_local", "closed_us")
    )
    # The history keeps what the alert itself forgets.
    data = {"outcome": alert.outcome, "resolved_by": alert.resolved_by, "owner": alert.claimed_by}
    return changed_to(alert, event, target, StepKind.REOPENED, changed, data, rings=True)


def _closed(alert: Alert, event: Event, target: AlertState) -> Change:
    return changed_to(alert, event, target, StepKind.CLOSED, {"closed_us": event.at_us}, {})


def _noted(alert: Alert, event: Event, target: AlertState) -> Change:
    assert isinstance(event, Noted)  # noqa: S101
    if not event.note.strip():
        raise BrokenRule("empty_note", "A note needs words.")
    return changed_to(alert, event, target, StepKind.NOTED, {"note": event.note}, {"note": event.note})


def _claim(event: Raised | Recurred | Joined) -> dict[str, Any]:
    """Return what history keeps of a finding: the alert itself remembers only its first, and they are many."""
    finding = event.finding
    return {
        "finding": finding.id,
        "event_us": finding.event_us,
        "decided_us": finding.decided_us,
        "heard_us": finding.heard_us,
        "severity": event.severity,
        "model": finding.model,
    } | ({} if isinstance(event, Joined) else {"late": event.late})


def _evidence(alert: Alert, finding: Finding) -> tuple[Effect, ...]:
    # There is no trace around a fault of our own.
    return () if finding.kind is FindingKind.PLATFORM else (evidence_of(alert.id, finding),)


_HANDLERS: dict[type[Event], Callable[[Alert, Event, AlertState], Change]] = {
    Staged: _staged,
    Recurred: _recurred,
    Joined: _joined,
    Claimed: claimed,
    Extended: extended,
    Held: held,
    Lapsed: lapsed,
    Released: released,
    Resolved: _resolved,
    Reopened: _reopened,
    Closed: _closed,
    Cancelled: _cancelled,
    Silenced: _silenced,
    Noted: _noted,
}
