"""What a finding does: raise, recur, move its stage, or nothing; how loud, and when it is late."""

import msgspec
import pytest

from alerts.events import Claimed, Closed, Resolved
from alerts.intake import intake
from alerts.life import apply
from schemas.alert import Alert, AlertState, Outcome, Severity, StepKind
from schemas.finding import FindingKind, Stage
from tests.alerts.making import NOW, SECOND, finding, raised

SOON = NOW + 22 * SECOND
HOUR = 3600 * SECOND


def resolved() -> Alert:
    return apply(raised(), Resolved(at_us=SOON, actor="ann", outcome=Outcome.FALSE_ALARM)).alert


def test_a_confirmed_finding_raises_an_alert_with_the_same_id_whenever_it_is_taken_in() -> None:
    one, other = intake(finding(), None, SOON), intake(finding(), None, SOON + HOUR)
    assert one is not None
    assert other is not None
    assert one.alert.id == other.alert.id


@pytest.mark.parametrize("stage", [Stage.POSSIBLE, Stage.RECOVERED])
def test_a_finding_that_was_never_confirmed_raises_nothing(stage: Stage) -> None:
    assert intake(finding(stage=stage), None, SOON) is None
    assert intake(finding("b", stage=stage), raised(), SOON) is None


def test_the_same_finding_and_stage_again_is_nothing() -> None:
    assert intake(finding(), raised(), SOON) is None


def test_another_fall_recurs_on_the_open_alert_even_when_somebody_has_claimed_it() -> None:
    claimed = apply(raised(), Claimed(at_us=SOON, actor="ann")).alert
    change = intake(finding("b", at_us=NOW + HOUR), claimed, SOON + HOUR)
    assert change is not None
    assert (change.alert.id, change.alert.occurrences, change.alert.last_event_us) == (claimed.id, 2, NOW + HOUR)
    assert change.steps[0].kind is StepKind.RECURRED


def test_a_resolved_alert_does_not_swallow_a_new_fall() -> None:
    change = intake(finding("b"), resolved(), SOON)
    assert change is not None
    assert change.steps[0].kind is StepKind.RAISED
    assert change.alert.id != resolved().id


def test_a_stage_moves_forward_and_never_back() -> None:
    change = intake(finding(stage=Stage.RECOVERED), raised(), SOON)
    assert change is not None
    assert change.alert.stage is Stage.RECOVERED
    assert intake(finding(stage=Stage.CONFIRMED), change.alert, SOON) is None
    assert intake(finding(stage=Stage.POSSIBLE), change.alert, SOON) is None


def test_an_earlier_finding_of_the_alert_delivered_again_is_nothing() -> None:
    change = intake(finding("b"), raised(), SOON)
    assert change is not None
    assert intake(finding("a"), change.alert, SOON) is None


def test_a_stage_after_closing_changes_nothing() -> None:
    closed = apply(resolved(), Closed(at_us=SOON, actor="ann")).alert
    assert intake(finding(stage=Stage.RECOVERED), closed, SOON) is None


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        (FindingKind.FALL, Severity.HIGH),
        (FindingKind.SOS, Severity.HIGH),
        (FindingKind.WANDERING, Severity.HIGH),
        (FindingKind.INACTIVITY, Severity.MEDIUM),
    ],
)
def test_each_kind_has_its_loudness(kind: FindingKind, severity: Severity) -> None:
    change = intake(finding(kind=kind), None, SOON)
    assert change is not None
    assert change.alert.severity is severity


@pytest.mark.parametrize(
    ("heard_after_s", "late", "severity"),
    [
        (1, False, Severity.HIGH),
        (60, False, Severity.HIGH),
        (61, True, Severity.HIGH),
        (24 * 3600, True, Severity.HIGH),
        (24 * 3600 + 1, True, Severity.LOW),
    ],
)
def test_late_is_said_and_never_silent(heard_after_s: int, late: bool, severity: Severity) -> None:
    fall = finding()
    heard_us = fall.decided_us + heard_after_s * SECOND
    for change in (
        intake(msgspec.structs.replace(fall, heard_us=heard_us), None, fall.decided_us),  # the network was slow
        intake(fall, None, heard_us),  # we were
    ):
        assert change is not None
        assert (change.alert.late, change.alert.severity) == (late, severity)
        assert change.alert.state is AlertState.RAISED
        assert [type(effect).__name__ for effect in change.effects] == ["Notify", "KeepEvidence"]


def test_an_inactivity_that_began_hours_ago_is_not_late_when_it_could_not_be_known_before() -> None:
    still = msgspec.structs.replace(finding(kind=FindingKind.INACTIVITY), decided_us=NOW + 8 * HOUR)
    change = intake(msgspec.structs.replace(still, heard_us=NOW + 8 * HOUR), None, NOW + 8 * HOUR + SECOND)
    assert change is not None
    assert not change.alert.late
