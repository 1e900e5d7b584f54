"""Which open alert a finding belongs to, and what several tellers of one event make of it together.

One fall is often told more than once: a watch felt it, a radar saw somebody on the floor, and the person pressed for
help. People get one alert for it, with all who told of it listed. A radar or a cord on the wall speaks for whoever
lives alone in its unit (the desk puts the name there). A silence in the home that began with a fall which people are
still called for is of that fall; a silence, and a watch that misses the same person at the same time (not up, too long
in the bathroom), are one trouble as long as neither is over; so are a door opened at night and a phone that is then
seen outside. Where several live it is nobody's: it never joins the alert of one of them, since two people can fall in
one minute.
"""

from collections.abc import Sequence

import msgspec

from alerts.policy import OVER
from schemas.alert import Alert, AlertState, Severity, Source
from schemas.finding import Evidence, Finding, FindingKind, Stage

#: Kinds that can tell of one event.
TOGETHER = frozenset({FindingKind.FALL, FindingKind.SOS})
#: So far apart two tellings of one fall lie: a radar says it after half a minute; who can reach a button presses.
NEAR_US = 60 * 1_000_000
#: Kinds of what lasts until it is over, found by several detectors: a silence, and somebody out of the home.
_LASTING = frozenset({FindingKind.INACTIVITY, FindingKind.WANDERING})
#: The reason of the wearer's own press, and how long after a fall it takes it back: watches ask for up to a minute, a
#: detector needs half of one, and the message its time. Later somebody has been called, and goes.
CANCELLED, CANCEL_US = "wearer_cancelled", 120 * 1_000_000
#: Reasons of a fall that is over by which our own detector saw the person up. A device's word, or that something moves
#: in the home, ends only its own claim: a carer moves in it too, and the radar's timer runs out.
SEEN_UP = frozenset({"walks_again", "upright_again"})


def alert_for(finding: Finding, open_alerts: Sequence[Alert]) -> Alert | None:
    """Return the open alert that a finding belongs to: of the same event, or else of its kind and resident."""
    near = [alert for alert in open_alerts if _about_one(finding, alert)]
    if near:
        return min(near, key=lambda alert: (alert.kind is not finding.kind, _apart_us(finding, alert), alert.id))
    same = (alert for alert in open_alerts if (alert.resident, alert.kind) == (finding.resident, finding.kind))
    return next(same, None)


def joins(finding: Finding, alert: Alert) -> bool:
    """Whether a finding tells of the event that an alert is about already; the same teller again does not."""
    if not _about_one(finding, alert):
        return False
    told = {(source.kind, source.device, source.model) for source in now_told(alert).values()}
    return finding.kind is not alert.kind or (finding.kind, finding.device, finding.model) not in told


def calls(finding: Finding, alert: Alert) -> bool:
    """Whether a finding that joins calls whoever is not called yet: the first call for help, or a claim anew."""
    if finding.kind is FindingKind.SOS:
        return alert.severity is Severity.LOW or not _asked_for_help(alert)
    return alert.severity is Severity.LOW or (finding.stage is Stage.CONFIRMED and alert.stage is not Stage.CONFIRMED)


def cancels(finding: Finding, alert: Alert) -> bool:
    """Whether a finding is the resident's own "I am well" about the fall of an alert, soon after it.

    Never about a call for help: whoever called and then pressed something is asked. Nor where two devices are sure:
    whom a radar sees lying on the floor no watch takes back.
    """
    pressed = any(reason.code == CANCELLED for reason in finding.evidence.reasons)
    after_us = finding.event_us - max(alert.event_us, alert.last_event_us)
    if not pressed or alert.kind is not FindingKind.FALL or finding.resident != alert.resident:
        return False
    if finding.resident == finding.unit or not 0 <= after_us <= CANCEL_US or _asked_for_help(alert):
        return False
    sure = {source.device for source in now_told(alert).values() if source.stage is Stage.CONFIRMED}
    return len(sure) <= 1 and alert.severity is not Severity.LOW


def now_told(alert: Alert) -> dict[str, Source]:
    """Return who told of an alert's latest event."""
    return {key: source for key, source in alert.sources.items() if source.occurrence == alert.occurrences}


def lowers(finding: Finding, alert: Alert) -> bool:
    """Whether the end of a finding is the end of what its alert asks for.

    Never while somebody has asked for help. Where others say that somebody fell, the person must have been seen up;
    what one of them takes back otherwise, it takes back for itself alone.
    """
    if finding.stage not in OVER or _asked_for_help(alert):
        return False
    others = [source for key, source in now_told(alert).items() if key != finding.id]
    return seen_up(finding) or all(source.stage is not Stage.CONFIRMED for source in others)


def seen_up(finding: Finding) -> bool:
    """Whether our own detector saw the person of a fall up again."""
    return finding.stage is Stage.RECOVERED and any(reason.code in SEEN_UP for reason in finding.evidence.reasons)


def speaks_anew(finding: Finding) -> bool:
    """Whether what happens again is told by its own reasons: another silence, or watch, than the first."""
    return finding.kind in (FindingKind.INACTIVITY, FindingKind.ROUTINE)


def source_of(finding: Finding, occurrence: int) -> Source:
    """Return a finding as one who told of an alert's event."""
    reasons = finding.evidence.reasons
    return Source(
        kind=finding.kind,
        stage=finding.stage,
        device=finding.device,
        model=finding.model,
        event_us=finding.event_us,
        score=finding.score,
        code=reasons[0].code if reasons else "",
        occurrence=occurrence,
        update=finding.update,
    )


def together(evidence: Evidence, other: Evidence) -> Evidence:
    """Return one teller's evidence with what the other says without numbers: that somebody pressed, a radar saw it."""
    known = {reason.code for reason in evidence.reasons}
    plain = tuple(reason for reason in other.reasons if not reason.values and reason.code not in known)
    return msgspec.structs.replace(evidence, reasons=(*evidence.reasons, *plain))


def _about_one(finding: Finding, alert: Alert) -> bool:
    if finding.resident != alert.resident:
        return False
    if finding.kind is alert.kind and finding.kind in _LASTING:
        # What is not over lasts: whoever else misses the person now misses them for the same reason.
        return alert.stage not in OVER and any(each.model != finding.model for each in now_told(alert).values())
    if finding.kind is FindingKind.INACTIVITY and not finding.mild and alert.kind is FindingKind.FALL:
        # Whoever was told of the fall and went may have long gone again: only what still calls takes the silence in.
        calling = alert.state is AlertState.RAISED and alert.severity is Severity.HIGH
        return calling and finding.start_us - NEAR_US <= alert.last_event_us <= finding.decided_us
    return {finding.kind, alert.kind} <= TOGETHER and _apart_us(finding, alert) <= NEAR_US


def _apart_us(finding: Finding, alert: Alert) -> int:
    return min(abs(finding.event_us - alert.event_us), abs(finding.event_us - (alert.last_event_us or alert.event_us)))


def _asked_for_help(alert: Alert) -> bool:
    told = now_told(alert).values()
    return alert.kind is FindingKind.SOS or any(source.kind is FindingKind.SOS for source in told)
