"""Somebody is with a resident: what waits to ring, what never does, and what happens when they leave."""

import msgspec
import pytest

from alerts import life
from alerts.events import Claimed, Silenced
from alerts.intake import intake
from alerts.ladder import Plan, plan, standing
from alerts.pausing import FALL_WAITS_US, LONGEST_US, begun, silence_of, waits_until_us
from schemas.alert import Alert, AlertState, Change, Severity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind, Stage
from schemas.pause import Pause
from tests.alerts.making import NOW, SECOND, finding
from tests.alerts.shift import LADDER

MINUTE = 60 * SECOND
AT = NOW + 22 * SECOND
PAUSE = Pause(resident="re_1", by="li", since_us=NOW - MINUTE, until_us=NOW + 14 * MINUTE)


def found(kind: FindingKind, name: str = "a", *, at_us: int = AT) -> Change:
    change = intake(finding(name, kind=kind), None, at_us, pause=PAUSE)
    assert change is not None
    return change


def planned(change: Change, now_us: int) -> Plan:
    now = standing(change.alert, change.steps)
    return plan(change.alert.kind, change.alert.severity, now, LADDER, [], now_us)


@pytest.mark.parametrize("kind", FindingKind)
def test_what_is_found_is_shown_at_once_and_each_kind_waits_as_long_as_it_may(kind: FindingKind) -> None:
    never = {FindingKind.SOS, FindingKind.SMOKE, FindingKind.GAS, FindingKind.PLATFORM}
    until_us = AT if kind in never else AT + FALL_WAITS_US if kind is FindingKind.FALL else PAUSE.until_us
    change = found(kind)
    assert change.alert.state is AlertState.RAISED
    assert (change.alert.silent_until_us or AT) == until_us
    assert ("with" in change.steps[0].data) == (until_us > AT)
    if change.alert.severity is not Severity.LOW:
        assert planned(change, until_us).due == (0,)
        if until_us > AT:
            assert planned(change, until_us - 1) == Plan((), until_us)


@pytest.mark.parametrize("now_us", [PAUSE.since_us - 1, PAUSE.until_us, PAUSE.until_us + MINUTE])
def test_a_pause_that_is_over_or_not_yet_begun_silences_nothing(now_us: int) -> None:
    assert silence_of(FindingKind.INACTIVITY, PAUSE, now_us) is None
    assert silence_of(FindingKind.INACTIVITY, None, now_us) is None


def test_a_fall_shortly_before_the_pause_ends_rings_when_it_ends() -> None:
    change = found(FindingKind.FALL, at_us=PAUSE.until_us - 5 * SECOND)
    assert change.alert.silent_until_us == PAUSE.until_us


def test_whoever_is_there_says_that_they_saw_it_by_claiming_it() -> None:
    fall = found(FindingKind.FALL)
    seen = life.apply(fall.alert, Claimed(at_us=AT + 20 * SECOND, actor="li"))
    assert seen.alert.silent_until_us is None
    assert not standing(seen.alert, (*fall.steps, *seen.steps)).rings


def test_a_call_for_help_that_joins_a_waiting_fall_rings_at_once() -> None:
    fall = found(FindingKind.FALL)
    called = intake(finding("b", kind=FindingKind.SOS), fall.alert, AT + SECOND, pause=PAUSE)
    assert called is not None and called.alert.silent_until_us is None
    now = standing(called.alert, (*fall.steps, *called.steps))
    assert plan(called.alert.kind, called.alert.severity, now, LADDER, [], AT + SECOND).due == (0,)


def test_what_happens_again_never_makes_it_wait_longer_and_what_rings_is_not_silenced() -> None:
    fall = found(FindingKind.FALL)
    again = intake(finding("b", at_us=NOW + 40 * SECOND), fall.alert, AT + 40 * SECOND, pause=PAUSE)
    assert again is not None and again.alert.silent_until_us == fall.alert.silent_until_us
    ringing = msgspec.structs.replace(fall.alert, silent_until_us=None)
    again = intake(finding("b", at_us=NOW + 40 * SECOND), ringing, AT + 40 * SECOND, pause=PAUSE)
    assert again is not None and again.alert.silent_until_us is None


def test_what_had_grown_low_and_happens_again_waits() -> None:
    low = msgspec.structs.replace(
        found(FindingKind.FALL).alert, silent_until_us=None, severity=Severity.LOW, stage=Stage.RECOVERED
    )
    again = intake(finding("b", at_us=NOW + 40 * SECOND), low, AT + 40 * SECOND, pause=PAUSE)
    assert again is not None and again.alert.silent_until_us == AT + 40 * SECOND + FALL_WAITS_US


def test_left_early_it_rings_now_and_stayed_longer_it_waits_longer_but_for_a_fall() -> None:
    quiet = found(FindingKind.INACTIVITY)
    now_us = AT + MINUTE
    left = life.apply(quiet.alert, Silenced(at_us=now_us, until_us=now_us))
    after = Change(left.alert, (*quiet.steps, *left.steps))
    assert (left.alert.silent_until_us, planned(after, now_us).due) == (None, (0,))
    longer = msgspec.structs.replace(PAUSE, until_us=PAUSE.until_us + 10 * MINUTE)
    assert waits_until_us(quiet.alert, longer) == longer.until_us
    assert waits_until_us(found(FindingKind.FALL).alert, longer) is None
    ringing: Alert = left.alert
    assert life.apply(ringing, Silenced(at_us=now_us, until_us=now_us + MINUTE)) == Change(ringing)


def test_one_person_at_a_time_and_no_longer_than_an_hour_at_a_press() -> None:
    first = begun(None, "re_1", "li", 15 * MINUTE, NOW)
    assert (first.since_us, first.until_us) == (NOW, NOW + 15 * MINUTE)
    longer = begun(first, "re_1", "li", LONGEST_US, NOW + MINUTE)
    assert (longer.since_us, longer.until_us) == (NOW, NOW + MINUTE + LONGEST_US)
    with pytest.raises(BrokenRule, match="li") as refused:
        begun(first, "re_1", "wang", 15 * MINUTE, NOW)
    assert refused.value.code == "somebody_is"
    for wrong in (0, LONGEST_US + 1):
        with pytest.raises(BrokenRule):
            begun(None, "re_1", "li", wrong, NOW)
