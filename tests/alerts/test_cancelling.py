"""The resident presses that they are well: the fall goes low and stays open; never a call for help."""

import msgspec
import pytest

from alerts import life
from alerts.events import Claimed
from alerts.intake import intake
from alerts.joining import CANCEL_US, CANCELLED
from alerts.ladder import standing
from schemas.alert import Alert, AlertState, Change, Severity, StepKind
from schemas.finding import Evidence, Finding, FindingKind, Reason, Stage
from tests.alerts.making import NOW, SECOND, finding, raised

AT = NOW + 30 * SECOND


def pressed(at_us: int = AT, *, code: str = CANCELLED, device: str = "button") -> Finding:
    made = finding("k", stage=Stage.RECOVERED, at_us=at_us)
    return msgspec.structs.replace(made, device=device, evidence=Evidence(reasons=(Reason(code),)))


def press(alert: Alert, found: Finding | None = None) -> Change | None:
    return intake(found or pressed(), alert, AT + SECOND)


@pytest.mark.parametrize("claimed", [False, True])
def test_it_goes_low_rings_nobody_and_stays_open_for_a_look(claimed: bool) -> None:
    alert = raised()
    steps = []
    if claimed:
        taken = life.apply(alert, Claimed(at_us=AT, actor="li"))
        alert, steps = taken.alert, [*taken.steps]
    change = press(alert)
    assert change is not None
    after = change.alert
    assert (after.severity, after.state) == (Severity.LOW, AlertState.CLAIMED if claimed else AlertState.RAISED)
    assert CANCELLED in [reason.code for reason in after.evidence.reasons]
    assert [step.kind for step in change.steps] == [StepKind.CANCELLED]
    assert not standing(after, (*steps, *change.steps)).rings
    assert press(after) is None, "once is enough"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (pressed(NOW + CANCEL_US + 1), "too late: somebody has been called, and goes"),
        (pressed(NOW - 1), "before it happened"),
        (pressed(code="device_saw_rise"), "not the resident's own word"),
        (msgspec.structs.replace(pressed(), resident="re_2"), "another's"),
        (msgspec.structs.replace(pressed(), resident="pl_1"), "nobody's"),
    ],
)
def test_what_is_no_word_of_theirs_about_this_fall_changes_nothing(found: Finding, why: str) -> None:
    assert press(raised(), found) is None, why
    assert press(raised(), pressed(NOW + CANCEL_US)) is not None


def test_a_call_for_help_is_never_taken_back_by_it() -> None:
    sos = intake(finding(kind=FindingKind.SOS), None, AT)
    assert sos is not None and press(sos.alert) is None
    joined = intake(finding("b", kind=FindingKind.SOS), raised(), AT)
    assert joined is not None and press(joined.alert) is None


def test_where_a_radar_is_sure_as_well_the_watch_does_not_take_it_back() -> None:
    radar = msgspec.structs.replace(finding("b"), device="radar", model="device")
    both = intake(radar, raised(), AT)
    assert both is not None and press(both.alert) is None


def test_who_pressed_and_falls_again_or_presses_for_help_rings_anew() -> None:
    change = press(raised())
    assert change is not None
    again = intake(finding("b", at_us=AT + 300 * SECOND), change.alert, AT + 330 * SECOND)
    assert again is not None and again.alert.severity is Severity.HIGH
    now = standing(again.alert, (*change.steps, *again.steps))
    assert (now.rings, now.round) == (True, 1), "a new round, or who was called before is not called again"
    called = intake(finding("c", kind=FindingKind.SOS, at_us=AT), change.alert, AT + SECOND)
    assert called is not None and called.alert.severity is Severity.HIGH
    assert standing(called.alert, (*change.steps, *called.steps)).rings


def test_with_nothing_to_take_back_it_is_nothing() -> None:
    assert intake(pressed(), None, AT) is None
