"""The ladder as a pure function: what is due, what is next, and what silences it."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest

from alerts import life
from alerts.events import (
    Claimed,
    Closed,
    Event,
    Extended,
    Held,
    Lapsed,
    Noted,
    Raised,
    Recurred,
    Released,
    Reopened,
    Resolved,
    Staged,
    Why,
)
from alerts.intake import intake
from alerts.ladder import Plan, Sent, Standing, begins_with, plan, standing, up_at_night
from schemas.alert import Alert, Outcome, Severity, Step, StepKind
from schemas.finding import Finding, FindingKind, Reason, Stage
from schemas.ladder import Ladder, LadderStep, QuietHours
from tests.store.making import NOW, SECOND, finding

MINUTE = 60 * SECOND
LADDER = Ladder(
    steps=tuple(
        LadderStep(recipient=name, address=f"http://127.0.0.1/{name}", after_s=after)
        for name, after in (("li", 0), ("wang", 60), ("zhao", 60))
    )
)
FALL, HIGH, LOW, MEDIUM = FindingKind.FALL, Severity.HIGH, Severity.LOW, Severity.MEDIUM
RINGING = Standing(0, NOW, True)


def lived(*events: Event) -> tuple[Alert, list[Step]]:
    """Return an alert raised at NOW, and its history, after these events."""
    changed = life.apply(None, Raised(at_us=NOW, finding=finding(), severity=HIGH))
    alert, history = changed.alert, list(changed.steps)
    for event in events:
        changed = life.apply(alert, event)
        alert, history = changed.alert, [*history, *changed.steps]
    return alert, history


def after(seconds: int) -> int:
    return NOW + seconds * SECOND


CLAIM, RELEASE = Claimed(at_us=after(10), actor="li"), Released(at_us=after(20), actor="li")
RESOLVE = Resolved(at_us=after(30), actor="li", outcome=Outcome.FALSE_ALARM)
QUIET = Staged(at_us=after(40), finding=finding(stage=Stage.RECOVERED), severity=LOW)
AGAIN = Recurred(at_us=after(50), finding=finding("f2", at_us=NOW + 45 * SECOND), severity=HIGH)
AFTER_THE_CLAIM = Recurred(at_us=after(611), finding=finding("f4", at_us=after(605)), severity=HIGH)
RELEASE_LATE = Released(at_us=after(620), actor="li")
CLAIM_LATE = Claimed(at_us=after(620), actor="wang")
LAPSE = Lapsed(at_us=after(10 + 600), why=Why.DEADLINE)
STILL = Extended(at_us=after(300), actor="li")
CLOCK = Extended(at_us=after(612))
HOLD = Held(at_us=after(20), actor="li", until_us=after(400))
HOLD_OVER = Lapsed(at_us=after(400), why=Why.HOLD)
LAPSE_LATE = Lapsed(at_us=after(620 + 600), why=Why.DEADLINE)
MUCH_LATER = Recurred(at_us=after(601), finding=finding("f3", at_us=after(600)), severity=HIGH)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), Standing(0, NOW, True)),
        ((Noted(at_us=after(5), actor="li", note="on the phone"),), Standing(0, NOW, True)),
        ((CLAIM,), Standing(0, NOW, False)),
        ((CLAIM, RELEASE), Standing(1, NOW + 20 * SECOND, True)),
        ((RESOLVE,), Standing(0, NOW, False)),
        ((RESOLVE, Reopened(at_us=after(60), actor="li")), Standing(1, NOW + 60 * SECOND, True)),
        ((RESOLVE, Closed(at_us=after(60), actor="li")), Standing(0, NOW, False)),
        ((QUIET,), Standing(0, NOW, False)),
        ((AGAIN,), Standing(0, NOW, True)),
        ((MUCH_LATER,), Standing(1, after(601), True)),
        ((AGAIN, MUCH_LATER), Standing(1, after(601), True)),
        ((CLAIM, AGAIN, MUCH_LATER), Standing(0, NOW, False)),
        ((CLAIM, AFTER_THE_CLAIM), Standing(1, after(611), True)),
        ((CLAIM, AFTER_THE_CLAIM, RELEASE_LATE, CLAIM_LATE), Standing(1, after(611), False)),
        ((QUIET, AGAIN), Standing(1, NOW + 50 * SECOND, True)),
        ((CLAIM, AGAIN), Standing(0, NOW, False)),
        ((CLAIM, QUIET, AGAIN), Standing(0, NOW, False)),
        ((CLAIM, LAPSE), Standing(1, LAPSE.at_us, True)),
        ((CLAIM, STILL, LAPSE), Standing(0, NOW, False)),
        ((CLAIM, LAPSE, CLAIM_LATE), Standing(1, LAPSE.at_us, False)),
        ((CLAIM, HOLD), Standing(0, NOW, False)),
        ((CLAIM, HOLD, HOLD_OVER), Standing(1, HOLD_OVER.at_us, True, "li")),
        ((CLAIM, HOLD, AGAIN), Standing(1, AGAIN.at_us, True)),
        ((CLAIM, HOLD, HOLD_OVER, CLAIM_LATE, LAPSE_LATE), Standing(2, LAPSE_LATE.at_us, True)),
        ((CLAIM, AFTER_THE_CLAIM, CLOCK), Standing(1, after(611), True)),
    ],
    ids=str,
)
def test_an_alert_rings_while_it_is_raised_and_a_new_round_begins_when_it_asks_anew(
    events: tuple[Event, ...], expected: Standing
) -> None:
    found = standing(*lived(*events))
    assert found == expected


def test_released_while_the_person_moves_again_it_does_not_ring() -> None:
    assert not standing(*lived(CLAIM, QUIET, Released(at_us=after(60), actor="li"))).rings


def test_each_step_waits_its_time_after_the_one_before_was_begun() -> None:
    assert plan(FALL, HIGH, RINGING, LADDER, [], NOW) == Plan((0,), NOW + MINUTE)
    one = [Sent(0, NOW + SECOND)]
    assert plan(FALL, HIGH, RINGING, LADDER, one, NOW + MINUTE) == Plan((), NOW + MINUTE + SECOND)
    assert plan(FALL, HIGH, RINGING, LADDER, one, NOW + MINUTE + SECOND) == Plan((1,), NOW + 2 * MINUTE + SECOND)
    three = [*one, Sent(1, NOW + 2 * MINUTE), Sent(2, NOW + 3 * MINUTE)]
    medium = plan(FALL, MEDIUM, RINGING, LADDER, three, NOW + 99 * MINUTE)
    assert medium == Plan(), "only what is high begins again"


def test_what_is_high_and_nobody_claims_begins_again_after_ever_longer_pauses_for_a_day() -> None:
    sent: list[Sent] = []
    now, called = NOW, []
    while True:
        found = plan(FALL, HIGH, RINGING, LADDER, sent, now)
        sent += [Sent(index, now) for index in found.due]
        called += [now] * len(found.due)
        if found.next_us is None:
            break
        assert found.next_us > now
        now = found.next_us
    turns = [at - NOW for at in called[::3]]
    pauses = [(later - earlier) // MINUTE - 2 for earlier, later in pairwise(turns)]
    assert pauses[:6] == [5, 10, 20, 40, 60, 60]
    assert turns[-1] < 24 * 60 * MINUTE <= turns[-1] + 62 * MINUTE
    assert [each.step for each in sent] == list(range(len(sent)))
    assert len(called) == 3 * 26


def test_held_up_for_hours_the_turns_do_not_come_all_at_once() -> None:
    three = [Sent(0, NOW), Sent(1, NOW + MINUTE), Sent(2, NOW + 2 * MINUTE)]
    late = NOW + 300 * MINUTE
    assert plan(FALL, HIGH, RINGING, LADDER, three, late) == Plan((3,), late + MINUTE)


def test_after_a_hold_its_owner_is_told_first_and_then_the_others() -> None:
    assert begins_with(LADDER, None) == begins_with(LADDER, "li") == begins_with(LADDER, "nobody") == LADDER
    asked = begins_with(LADDER, "zhao")
    assert [(step.recipient, step.after_s) for step in asked.steps] == [("zhao", 0), ("li", 60), ("wang", 60)]
    assert begins_with(Ladder(), "li") == Ladder()


def test_held_up_for_an_hour_it_calls_one_after_the_other_and_not_all_at_once() -> None:
    late = NOW + 60 * MINUTE
    assert plan(FALL, HIGH, RINGING, LADDER, [], late) == Plan((0,), late + MINUTE)


@pytest.mark.parametrize("back", [61, 3600])
def test_a_clock_set_back_in_the_middle_keeps_nobody_waiting(back: int) -> None:
    before = [Sent(0, NOW)]
    now_us = NOW - back * SECOND
    set_back = Standing(0, NOW - 2 * 3600 * SECOND, True)
    assert plan(FALL, HIGH, set_back, LADDER, before, now_us) == Plan((1,), now_us + MINUTE)
    two = [*before, Sent(1, now_us)]
    assert plan(FALL, HIGH, set_back, LADDER, two, now_us + MINUTE).due == (2,)


def test_whoever_cannot_be_reached_holds_up_nobody() -> None:
    assert plan(FALL, HIGH, RINGING, LADDER, [Sent(0, NOW, failed=True)], NOW + SECOND) == Plan(
        (1,), NOW + SECOND + MINUTE
    )


def test_steps_without_a_wait_are_due_together() -> None:
    at_once = Ladder(steps=tuple(LadderStep(recipient=n, address="http://127.0.0.1", after_s=0) for n in "abc"))
    assert plan(FALL, HIGH, RINGING, at_once, [], NOW).due == (0, 1, 2)


def test_nobody_is_rung_for_what_is_low_or_in_somebodys_hands_or_without_a_ladder() -> None:
    assert plan(FALL, LOW, RINGING, LADDER, [], NOW) == Plan()
    assert plan(FALL, HIGH, Standing(0, NOW, False), LADDER, [], NOW) == Plan()
    assert plan(FALL, HIGH, RINGING, Ladder(), [], NOW) == Plan()


@pytest.mark.parametrize(
    ("kind", "severity", "waits"),
    [
        (FindingKind.INACTIVITY, MEDIUM, True),
        (FALL, HIGH, False),
        (FALL, MEDIUM, False),
        (FindingKind.SOS, HIGH, False),
        (FindingKind.PLATFORM, MEDIUM, False),
    ],
)
@pytest.mark.parametrize(("hour", "quiet"), [(23, True), (3, True), (6, True), (7, False), (12, False), (21, False)])
def test_quiet_hours_hold_back_what_can_wait_until_their_end_and_never_a_fall(
    kind: FindingKind, severity: Severity, waits: bool, hour: int, quiet: bool
) -> None:
    night = Ladder(steps=LADDER.steps, quiet=QuietHours(start=22 * 60, end=7 * 60))
    here = ZoneInfo("Asia/Shanghai")
    now_us = round(datetime(2026, 11, 23, hour, 30, 20, tzinfo=here).timestamp() * SECOND)
    found = plan(kind, severity, Standing(0, now_us, True), night, [], now_us)
    if waits and quiet:
        assert found.due == () and found.next_us is not None
        ends = datetime.fromtimestamp(found.next_us / SECOND, here)
        assert (ends.hour, ends.minute, ends.second) == (7, 0, 0)
        assert 0 < found.next_us - now_us <= 9 * 60 * MINUTE
    else:
        assert found.due == (0,)


def missed(code: str, name: str = "n1", stage: Stage = Stage.CONFIRMED) -> Finding:
    found = msgspec.structs.replace(finding(name, stage=stage), kind=FindingKind.INACTIVITY)
    evidence = msgspec.structs.replace(found.evidence, reasons=(Reason(code, {"min": 50.0}),))
    return msgspec.structs.replace(found, evidence=evidence, model="inactivity-3" if code == "silent" else "everyday-1")


def at_two(alert: Alert) -> Plan:
    """Return what is due of an alert at two at night, where quiet hours last until seven."""
    night = Ladder(steps=LADDER.steps, quiet=QuietHours(start=22 * 60, end=7 * 60))
    now_us = round(datetime(2026, 11, 23, 2, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * SECOND)
    return plan(alert.kind, alert.severity, Standing(0, now_us, True), night, [], now_us, up=up_at_night(alert))


@pytest.mark.parametrize(
    ("code", "rings"), [("not_back_in_bed", True), ("long_in_bathroom", True), ("silent", False), ("not_up", False)]
)
def test_a_watch_that_misses_somebody_who_got_up_rings_in_quiet_hours_and_silence_which_may_be_sleep_waits(
    code: str, rings: bool
) -> None:
    alert = life.apply(None, Raised(at_us=NOW, finding=missed(code), severity=MEDIUM)).alert
    assert at_two(alert).due == ((0,) if rings else ())


def test_so_does_a_silence_that_waited_once_the_watch_joins_it_and_no_more_when_that_one_is_over() -> None:
    alert = life.apply(None, Raised(at_us=NOW, finding=missed("silent"), severity=MEDIUM)).alert
    joined = intake(missed("not_back_in_bed", "n2"), alert, after(60))
    assert joined is not None
    assert (joined.steps[0].kind, at_two(joined.alert).due) == (StepKind.JOINED, (0,))
    over = intake(missed("not_back_in_bed", "n2", Stage.RECOVERED), joined.alert, after(90))
    assert over is not None
    assert (over.alert.severity, at_two(over.alert).due) == (MEDIUM, ())


def test_quiet_hours_within_one_day_end_on_that_day() -> None:
    noon = Ladder(steps=LADDER.steps, quiet=QuietHours(start=12 * 60, end=14 * 60), timezone="UTC")
    now_us = round(datetime(2026, 11, 23, 13, 59, 59, tzinfo=ZoneInfo("UTC")).timestamp() * SECOND)
    found = plan(FindingKind.INACTIVITY, MEDIUM, Standing(0, now_us, True), noon, [], now_us)
    assert found == Plan((), now_us + SECOND)
