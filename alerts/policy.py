"""How loud a finding is, when it is late, and what trace is kept of it: numbers with their reasons, no state."""

from schemas.alert import Alert, FallAlarm, Severity
from schemas.effects import KeepEvidence
from schemas.finding import Finding, FindingKind, Stage

#: Heard later than this after the last sample that decided it, an alert says that it is late. A wearable sends every
#: second or so and a decision takes no longer than a message: a minute is a cut connection, not a slow one.
LATE_US = 60 * 1_000_000
#: Lateness that we or the network caused never silences; but what is over a day old is looked at, not run to.
STALE_US = 24 * 3600 * 1_000_000
#: The trace kept on either side of an event: a minute shows what the person did before, and whether they got up.
EVIDENCE_US = 60 * 1_000_000

#: Stages that raise an alert by themselves. ``possible`` is a thought of the detector's, not yet a claim; ``recovered``
#: and ``dismissed`` only ever follow. Where staff are near, a place or a resident may choose to be told of what is
#: ``possible`` (schemas.alert.FallAlarm): only of falls, which alone are told so early.
RAISING = frozenset({Stage.CONFIRMED})
RAISING_KEENER = frozenset({Stage.POSSIBLE, Stage.CONFIRMED})
#: Stages by which a finding says that nobody need run.
OVER = frozenset({Stage.RECOVERED, Stage.DISMISSED})

#: How loud each kind is by itself.
LOUDNESS_OF: dict[FindingKind, Severity] = {
    FindingKind.FALL: Severity.HIGH,
    FindingKind.SOS: Severity.HIGH,
    FindingKind.WANDERING: Severity.HIGH,
    FindingKind.INACTIVITY: Severity.MEDIUM,
    FindingKind.ROUTINE: Severity.LOW,
    FindingKind.SMOKE: Severity.HIGH,
    FindingKind.GAS: Severity.HIGH,
    FindingKind.WATER_LEAK: Severity.MEDIUM,
    FindingKind.PLATFORM: Severity.MEDIUM,
}
_LOUDNESS = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}
_ORDER = {Stage.POSSIBLE: 0, Stage.DISMISSED: 1, Stage.CONFIRMED: 2, Stage.RECOVERED: 3}


def severity(finding: Finding, now_us: int) -> Severity:
    """Return how loud a finding is at ``now_us``: by kind; low if mild, once it is over, or a day old."""
    if finding.mild or finding.stage in OVER or _age_us(finding, now_us) > STALE_US:
        return Severity.LOW
    return LOUDNESS_OF[finding.kind]


def is_late(finding: Finding, now_us: int) -> bool:
    """Whether people are told of it long after it could have been known, whoever was slow: device, network or we."""
    return _age_us(finding, now_us) > LATE_US


def _age_us(finding: Finding, now_us: int) -> int:
    # Since the sample that decided it, not since the event: an inactivity begins hours before anybody can know it.
    return max(finding.heard_us, now_us) - max(finding.decided_us, finding.event_us)


def raising(finding: Finding, alarm: FallAlarm) -> frozenset[Stage]:
    """Return the stages from which on a finding raises an alert where staff chose ``alarm``."""
    keener = finding.kind is FindingKind.FALL and alarm is FallAlarm.POSSIBLE
    return RAISING_KEENER if keener else RAISING


def louder(one: Severity, other: Severity) -> Severity:
    """Return the louder of two."""
    return max(one, other, key=_LOUDNESS.__getitem__)


def follows(stage: Stage, before: Stage) -> bool:
    """Whether ``stage`` comes after ``before``: a finding only moves forward."""
    return _ORDER[stage] > _ORDER[before]


def latest_known(alert: Alert) -> str:
    """Return the id of the finding that speaks for the alert: the one heard last."""
    return alert.findings[-1] if alert.findings else alert.finding


def evidence_of(alert: str, finding: Finding) -> KeepEvidence:
    """Return the request to keep the trace around a finding's event."""
    return KeepEvidence(
        alert=alert,
        resident=finding.resident,
        device=finding.device,
        start_us=finding.event_us - EVIDENCE_US,
        end_us=finding.event_us + EVIDENCE_US,
    )
