"""The life cycle: what each event does in each state, and that everything else is refused and changes nothing."""

import itertools
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from alerts.deadlines import LONGEST_HOLD_US, SET_BACK_US, patience_us, was_set_back
from alerts.diagram import mermaid
from alerts.events import (
    PLATFORM,
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
    Why,
)
from alerts.intake import intake
from alerts.life import LIFE, alert_id, apply
from schemas.alert import OPEN_STATES, OWNED_STATES, Alert, AlertState, Change, Outcome, Severity, StepKind
from schemas.effects import KeepEvidence, Notify
from schemas.errors import BrokenRule
from schemas.finding import FindingKind, Stage
from tests.alerts.making import NOW, SECOND, finding, raised

DOC = Path(__file__).parents[2] / "docs" / "alerts.md"
LATER = NOW + 60 * SECOND
RECOVERED = finding(stage=Stage.RECOVERED)

EVENTS: dict[type[Event], Event] = {
    Raised: Raised(at_us=LATER, finding=finding(), severity=Severity.HIGH),
    Staged: Staged(at_us=LATER, finding=RECOVERED, severity=Severity.LOW),
    Recurred: Recurred(at_us=LATER, finding=finding("b"), severity=Severity.HIGH),
    Joined: Joined(at_us=LATER, finding=finding("c", kind=FindingKind.SOS), severity=Severity.HIGH, calls=True),
    Claimed: Claimed(at_us=LATER, actor="ann"),
    Extended: Extended(at_us=LATER),  # by the platform: an owner who holds says another time instead
    Held: Held(at_us=LATER, actor="ann", until_us=LATER + 600 * SECOND),
    Lapsed: Lapsed(at_us=LATER + 3600 * SECOND, why=Why.DEADLINE),
    Released: Released(at_us=LATER, actor="ann"),
    Resolved: Resolved(at_us=LATER, actor="ann", outcome=Outcome.FALSE_ALARM),
    Reopened: Reopened(at_us=LATER, actor="ann"),
    Closed: Closed(at_us=LATER, actor="ann"),
    Cancelled: Cancelled(at_us=LATER, finding=finding("k", stage=Stage.RECOVERED)),
    Silenced: Silenced(at_us=LATER, actor="ann", until_us=LATER),
    Noted: Noted(at_us=LATER, actor="ann", note="look again"),
}


def alert_in(state: AlertState) -> Alert:
    alert = raised()
    path: dict[AlertState, list[type[Event]]] = {
        AlertState.RAISED: [],
        AlertState.CLAIMED: [Claimed],
        AlertState.HELD: [Claimed, Held],
        AlertState.RESOLVED: [Claimed, Resolved],
        AlertState.CLOSED: [Claimed, Resolved, Closed],
    }
    for event in path[state]:
        alert = apply(alert, EVENTS[event]).alert
    assert alert.state is state
    return alert


@pytest.mark.parametrize(("state", "event"), [pair for pair in LIFE if pair[0] is not None])
def test_each_row_of_the_table_leads_where_it_says(state: AlertState, event: type[Event]) -> None:
    before = alert_in(state)
    # A fall of this minute is claimed before it is held: here it is one that is over.
    before = msgspec.structs.replace(before, stage=Stage.RECOVERED) if event is Held else before
    change = apply(before, EVENTS[event])
    assert change.alert.state is LIFE[state, event]
    assert change.alert.version == before.version + (1 if change.steps else 0)


@pytest.mark.parametrize(
    ("state", "event"), [pair for pair in itertools.product(AlertState, EVENTS) if pair not in LIFE]
)
def test_what_is_not_in_the_table_is_refused_with_a_sentence(state: AlertState, event: type[Event]) -> None:
    before = alert_in(state)
    copy = msgspec.structs.replace(before)
    with pytest.raises(BrokenRule, match=r"^[A-Z].*\.$") as refused:
        apply(before, EVENTS[event])
    assert refused.value.code.isidentifier()
    assert before == copy


@pytest.mark.parametrize("event", [event for event in EVENTS if event is not Raised])
def test_nothing_but_raising_makes_an_alert(event: type[Event]) -> None:
    with pytest.raises(BrokenRule):
        apply(None, EVENTS[event])


def test_every_event_has_a_row_and_every_state_is_reached() -> None:
    assert {event for _, event in LIFE} == set(EVENTS)
    assert set(LIFE.values()) == set(AlertState)


def test_the_diagram_in_the_documents_is_the_table() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in DOC.read_text()


def test_a_raised_alert_carries_the_finding_and_asks_to_tell_people_and_keep_the_trace() -> None:
    fall = finding()
    change = apply(None, Raised(at_us=LATER, finding=fall, severity=Severity.HIGH, late=True))
    alert = change.alert
    assert (alert.id, alert.finding, alert.findings) == (alert_id(fall.id), fall.id, (fall.id,))
    assert alert.id == "al_" + fall.id[:24]
    assert (alert.event_us, alert.decided_us, alert.raised_us) == (fall.event_us, fall.decided_us, LATER)
    assert alert.late
    assert change.effects == (
        Notify(alert=alert.id, unit="pl_1", step="raised"),
        KeepEvidence(
            alert=alert.id, resident="re_1", device="w1", start_us=NOW - 60 * SECOND, end_us=NOW + 60 * SECOND
        ),
    )
    assert [(step.kind, step.actor) for step in change.steps] == [(StepKind.RAISED, PLATFORM)]


def test_history_keeps_of_each_finding_when_it_happened_and_was_heard_how_loud_it_was_and_who_found_it() -> None:
    first = apply(None, Raised(at_us=LATER, finding=finding(), severity=Severity.HIGH))
    second = finding("f", at_us=NOW + 9 * SECOND)
    again = apply(first.alert, Recurred(at_us=LATER, finding=second, severity=Severity.LOW, late=True))
    told = {
        name: again.steps[0].data[name] for name in ("finding", "event_us", "heard_us", "severity", "late", "model")
    }
    assert told == {
        "finding": "f" * 32,
        "event_us": NOW + 9 * SECOND,
        "heard_us": NOW + 30 * SECOND,
        "severity": Severity.LOW,
        "late": True,
        "model": second.model,
    }
    assert told.keys() <= first.steps[0].data.keys()


def test_a_claim_of_a_claimed_alert_names_its_owner() -> None:
    with pytest.raises(BrokenRule, match="ann") as refused:
        apply(alert_in(AlertState.CLAIMED), Claimed(at_us=LATER, actor="bo"))
    assert refused.value.code == "already_claimed"


def test_the_owner_claiming_again_changes_nothing() -> None:
    claimed = alert_in(AlertState.CLAIMED)
    assert apply(claimed, Claimed(at_us=LATER + 1, actor="ann")) == Change(claimed)


def test_only_the_owner_gives_it_back_or_somebody_in_charge() -> None:
    claimed = alert_in(AlertState.CLAIMED)
    with pytest.raises(BrokenRule, match="ann") as refused:
        apply(claimed, Released(at_us=LATER, actor="bo"))
    assert refused.value.code == "not_owner"
    change = apply(claimed, Released(at_us=LATER, actor="bo", override=True))
    assert change.alert.claimed_by is None
    assert change.steps[0].data == {"owner": "ann"}
    assert change.effects == (Notify(alert=claimed.id, unit="pl_1", step="released"),)


def test_resolving_wants_an_outcome() -> None:
    with pytest.raises(BrokenRule) as refused:
        apply(alert_in(AlertState.CLAIMED), Resolved(at_us=LATER, actor="ann", outcome=None))
    assert refused.value.code == "outcome_required"


def test_resolving_what_nobody_claimed_claims_it_first_in_one_change() -> None:
    before = raised()
    change = apply(before, EVENTS[Resolved])
    assert [step.kind for step in change.steps] == [StepKind.CLAIMED, StepKind.RESOLVED]
    assert (change.alert.claimed_by, change.alert.claimed_us) == ("ann", LATER)
    assert change.alert.version == before.version + 1


def test_a_colleague_may_resolve_and_both_are_named() -> None:
    change = apply(alert_in(AlertState.CLAIMED), Resolved(at_us=LATER, actor="bo", outcome=Outcome.REAL_UNHURT))
    assert (change.alert.claimed_by, change.alert.resolved_by) == ("ann", "bo")


def test_the_same_outcome_again_changes_nothing_and_another_is_refused() -> None:
    resolved = alert_in(AlertState.RESOLVED)
    assert apply(resolved, EVENTS[Resolved]) == Change(resolved)
    with pytest.raises(BrokenRule) as refused:
        apply(resolved, Resolved(at_us=LATER, actor="ann", outcome=Outcome.REAL_INJURED))
    assert refused.value.code == "already_resolved"


def test_whoever_reviews_it_corrects_what_it_was_and_neither_who_resolved_it_nor_when() -> None:
    resolved = alert_in(AlertState.RESOLVED)
    real = Resolved(at_us=LATER + SECOND, actor="mei", outcome=Outcome.REAL_INJURED, note="seen later", corrects=True)
    change = apply(resolved, real)
    assert (change.alert.state, change.alert.outcome) == (AlertState.RESOLVED, Outcome.REAL_INJURED)
    assert (change.alert.resolved_by, change.alert.resolved_us) == ("ann", LATER)
    assert (change.alert.claimed_by, change.alert.claimed_us) == (resolved.claimed_by, resolved.claimed_us)
    (step,) = change.steps
    assert (step.actor, step.data["was"], step.data["corrects"]) == ("mei", Outcome.FALSE_ALARM, True)
    assert not any(isinstance(effect, Notify) for effect in change.effects)
    assert apply(change.alert, real) == Change(change.alert)


@pytest.mark.parametrize("state", [*sorted(OPEN_STATES), AlertState.CLOSED])
def test_only_what_is_resolved_and_not_closed_is_corrected(state: AlertState) -> None:
    with pytest.raises(BrokenRule) as refused:
        apply(alert_in(state), Resolved(at_us=LATER, actor="mei", outcome=Outcome.TEST, corrects=True))
    assert refused.value.code == ("already_closed" if state is AlertState.CLOSED else "not_resolved")


def test_a_reopened_alert_is_nobodys_and_its_history_keeps_what_it_forgets() -> None:
    change = apply(alert_in(AlertState.CLOSED), EVENTS[Reopened])
    alert = change.alert
    assert (alert.claimed_by, alert.resolved_by, alert.outcome, alert.closed_us) == (None, None, None, None)
    assert change.steps[0].data == {"outcome": "false_alarm", "resolved_by": "ann", "owner": "ann"}
    assert change.effects == (Notify(alert=alert.id, unit="pl_1", step="reopened"),)


def test_a_note_without_words_is_refused() -> None:
    with pytest.raises(BrokenRule, match="words"):
        apply(raised(), Noted(at_us=LATER, actor="ann", note="  "))


def test_a_claimed_alert_that_recurs_stays_claimed_and_rings_again() -> None:
    change = apply(alert_in(AlertState.CLAIMED), EVENTS[Recurred])
    assert (change.alert.state, change.alert.claimed_by, change.alert.occurrences) == (AlertState.CLAIMED, "ann", 2)
    assert [type(effect) for effect in change.effects] == [Notify, KeepEvidence]


def test_a_late_recurrence_does_not_turn_the_latest_time_back() -> None:
    earlier = finding("b", at_us=NOW - 600 * SECOND)
    alert = apply(raised(), Recurred(at_us=LATER, finding=earlier, severity=Severity.HIGH)).alert
    assert (alert.occurrences, alert.last_event_us, alert.event_us) == (2, NOW, NOW)


def test_a_fall_of_now_takes_the_lateness_off_an_open_alert_and_a_late_one_leaves_it() -> None:
    late = apply(None, Raised(at_us=LATER, finding=finding("a"), severity=Severity.LOW, late=True)).alert
    newer = finding("b", at_us=NOW + 60 * SECOND)
    for again, expected in ((False, False), (True, True)):
        event = Recurred(at_us=LATER, finding=newer, severity=Severity.HIGH, late=again)
        assert apply(late, event).alert.late is expected


def test_recovery_of_the_first_fall_does_not_quiet_an_alert_with_a_second() -> None:
    twice = apply(raised(), EVENTS[Recurred]).alert
    alert = apply(twice, EVENTS[Staged]).alert
    assert (alert.severity, alert.stage) == (Severity.HIGH, Stage.CONFIRMED)


def test_recovery_makes_an_alert_quiet_and_keeps_it_open() -> None:
    alert = apply(raised(), EVENTS[Staged]).alert
    assert (alert.severity, alert.stage, alert.state) == (Severity.LOW, Stage.RECOVERED, AlertState.RAISED)
    assert alert.evidence == RECOVERED.evidence


def test_a_fall_after_a_recovery_is_loud_again() -> None:
    alert = apply(apply(raised(), EVENTS[Staged]).alert, EVENTS[Recurred]).alert
    assert (alert.severity, alert.stage) == (Severity.HIGH, Stage.CONFIRMED)


def test_a_stage_of_a_resolved_alert_is_history_and_rings_nobody() -> None:
    change = apply(alert_in(AlertState.RESOLVED), EVENTS[Staged])
    assert change.steps[0].kind is StepKind.STAGED
    assert change.effects == ()


@pytest.mark.parametrize("severity", Severity)
def test_a_claim_holds_for_a_time_by_its_severity_and_one_press_of_its_owner_gives_it_another(
    severity: Severity,
) -> None:
    loud = msgspec.structs.replace(raised(), severity=severity)
    alert = apply(loud, EVENTS[Claimed]).alert
    assert alert.due_us == LATER + patience_us(severity)
    later = alert.due_us - SECOND
    change = apply(alert, Extended(at_us=later, actor="ann"))
    assert change.alert.due_us == later + patience_us(severity)
    assert change.steps[0].data == {"due_us": change.alert.due_us}
    with pytest.raises(BrokenRule, match="ann") as refused:
        apply(alert, Extended(at_us=later, actor="bo"))
    assert refused.value.code == "not_owner"


def test_the_place_says_how_long_a_claim_holds() -> None:
    alert = apply(raised(), Claimed(at_us=LATER, actor="ann", patience_us=90 * SECOND)).alert
    assert alert.due_us == LATER + 90 * SECOND


def test_claimed_and_not_moving_it_is_raised_again_for_everybody_and_history_says_why() -> None:
    claimed = alert_in(AlertState.CLAIMED)
    assert claimed.due_us is not None
    early = apply(claimed, Lapsed(at_us=claimed.due_us - 1, why=Why.DEADLINE))
    assert early == Change(claimed), "its owner was faster"
    change = apply(claimed, Lapsed(at_us=claimed.due_us, why=Why.DEADLINE))
    assert (change.alert.state, change.alert.claimed_by, change.alert.due_us) == (AlertState.RAISED, None, None)
    assert change.steps[0].data == {"owner": "ann", "why": "deadline", "due_us": claimed.due_us}
    assert change.effects == (Notify(alert=claimed.id, unit="pl_1", step="lapsed"),)
    assert apply(change.alert, Claimed(at_us=claimed.due_us + 1, actor="bo")).alert.claimed_by == "bo"


def test_a_clock_that_was_set_back_takes_the_deadline_with_it_and_asks_nobody() -> None:
    claimed = alert_in(AlertState.CLAIMED)
    hour_back = LATER - 3600 * SECOND
    assert was_set_back(claimed, hour_back) and not was_set_back(claimed, LATER - SET_BACK_US)
    change = apply(claimed, Extended(at_us=hour_back))
    assert change.alert.due_us == hour_back + patience_us(Severity.HIGH)
    assert (change.alert.claimed_by, change.effects) == ("ann", ())


def test_what_grows_loud_while_it_is_claimed_gets_the_nearer_deadline() -> None:
    low = msgspec.structs.replace(raised(), severity=Severity.LOW)
    claimed = apply(low, EVENTS[Claimed]).alert
    again = apply(claimed, EVENTS[Recurred]).alert
    assert (again.state, again.due_us) == (AlertState.CLAIMED, LATER + patience_us(Severity.HIGH))


@pytest.mark.parametrize("severity", Severity)
def test_it_is_held_until_a_time_and_no_longer_than_its_severity_allows(severity: Severity) -> None:
    claimed = msgspec.structs.replace(alert_in(AlertState.CLAIMED), severity=severity)
    until = LATER + LONGEST_HOLD_US[severity]
    alert = apply(claimed, Held(at_us=LATER, actor="ann", until_us=until)).alert
    assert (alert.state, alert.claimed_by, alert.due_us) == (AlertState.HELD, "ann", until)
    for wrong in (until + 1, LATER):
        with pytest.raises(BrokenRule) as refused:
            apply(claimed, Held(at_us=LATER, actor="ann", until_us=wrong))
        assert refused.value.code == "hold_too_long"
    with pytest.raises(BrokenRule, match="ann"):
        apply(alert, Held(at_us=LATER, actor="bo", until_us=until))
    with pytest.raises(BrokenRule, match="ann"):
        apply(alert, Claimed(at_us=LATER, actor="bo"))
    back = apply(alert, Claimed(at_us=LATER + SECOND, actor="ann")).alert
    assert (back.state, back.claimed_us) == (AlertState.CLAIMED, claimed.claimed_us)


def test_nobody_holds_a_call_for_help_or_a_fresh_fall_that_they_have_not_claimed() -> None:
    hold = Held(at_us=LATER, actor="ann", until_us=LATER + 60 * SECOND)
    joined = apply(raised(), EVENTS[Joined]).alert
    call = msgspec.structs.replace(raised(), kind=FindingKind.SOS)
    for alert, now in ((raised(), LATER), (joined, LATER + 3600 * SECOND), (call, LATER + 3600 * SECOND)):
        with pytest.raises(BrokenRule) as refused:
            apply(alert, msgspec.structs.replace(hold, at_us=now, until_us=now + SECOND))
        assert refused.value.code == "claim_first"
    over = apply(raised(), EVENTS[Staged]).alert
    assert apply(over, hold).alert.claimed_by == "ann"
    hour = LATER + 3600 * SECOND
    assert apply(raised(), Held(at_us=hour, actor="ann", until_us=hour + SECOND)).alert.state is AlertState.HELD


@pytest.mark.parametrize("news", [Recurred, Joined])
def test_news_ends_a_hold_at_once(news: type[Event]) -> None:
    held = alert_in(AlertState.HELD)
    change = apply(held, EVENTS[news])
    assert (change.alert.state, change.alert.claimed_by, change.alert.due_us) == (AlertState.RAISED, None, None)
    assert change.steps[0].data["ends_hold"] and change.steps[0].data["owner"] == "ann"


def test_a_held_thought_that_is_confirmed_is_raised_again_and_one_that_is_over_is_not() -> None:
    held = msgspec.structs.replace(alert_in(AlertState.HELD), stage=Stage.POSSIBLE, sources={})
    change = intake(finding(), held, LATER + SECOND)
    assert change is not None
    assert [step.kind for step in change.steps] == [StepKind.LAPSED, StepKind.STAGED]
    assert (change.alert.state, change.steps[0].data["why"]) == (AlertState.RAISED, "news")
    quiet = intake(RECOVERED, alert_in(AlertState.HELD), LATER + SECOND)
    assert quiet is not None and quiet.alert.state is AlertState.HELD


def random_event(draw: random.Random, at_us: int) -> Event:
    actor = draw.choice(["ann", "bo", "cy"])
    name = draw.choice("bcdefgh")
    kind = draw.choice(list(EVENTS)[1:])
    made: dict[type[Event], Event] = {
        Staged: Staged(at_us=at_us, finding=RECOVERED, severity=Severity.LOW),
        Recurred: Recurred(
            at_us=at_us, finding=finding(name, at_us=NOW + draw.randrange(10**9)), severity=Severity.HIGH
        ),
        Joined: Joined(
            at_us=at_us, finding=finding(name, kind=FindingKind.SOS), severity=Severity.HIGH, calls=draw.random() < 0.5
        ),
        Claimed: Claimed(at_us=at_us, actor=actor),
        Extended: Extended(at_us=at_us, actor=actor),
        Held: Held(at_us=at_us, actor=actor, until_us=at_us + draw.randrange(1, 1800 * SECOND)),
        Lapsed: Lapsed(at_us=at_us + draw.choice([0, 3600 * SECOND]), why=draw.choice(list(Why))),
        Released: Released(at_us=at_us, actor=actor, override=draw.random() < 0.2),
        Resolved: Resolved(at_us=at_us, actor=actor, outcome=draw.choice([None, *Outcome])),
        Reopened: Reopened(at_us=at_us, actor=actor),
        Closed: Closed(at_us=at_us, actor=actor),
        Cancelled: Cancelled(at_us=at_us, finding=finding("k", stage=Stage.RECOVERED)),
        Silenced: Silenced(at_us=at_us, actor=actor, until_us=at_us + draw.choice([0, SECOND])),
        Noted: Noted(at_us=at_us, actor=actor, note=draw.choice(["", "ok"])),
    }
    return made[kind]


@seed(20261123)
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_whatever_happens_the_invariants_hold(number: int, length: int) -> None:
    draw = random.Random(number)
    alert = raised()
    recurrences = joined = 0
    for index in range(length):
        event = random_event(draw, LATER + index)
        try:
            change = apply(alert, event)
        except BrokenRule:
            continue
        after = change.alert
        assert after.version == alert.version + (1 if change.steps else 0)
        assert after == alert or change.steps
        recurrences += isinstance(event, Recurred)
        joined += isinstance(event, Joined)
        _holds(alert, after, event, recurrences, joined)
        alert = after


def _holds(before: Alert, after: Alert, event: Event, recurrences: int, joined: int) -> None:
    assert (after.claimed_by is None) == (after.claimed_us is None)
    assert (after.claimed_by is None) == (after.state is AlertState.RAISED)
    if before.claimed_by and after.claimed_by:
        assert before.claimed_by == after.claimed_by, "an owner changes only over a release"
    assert (after.due_us is not None) == (after.state in OWNED_STATES), "whoever has it has it until a time"
    assert (after.outcome is None) == (after.state in OPEN_STATES)
    assert (after.closed_us is None) == (after.state is not AlertState.CLOSED)
    if before.state is AlertState.CLOSED and after != before:
        assert isinstance(event, Reopened), "closed is final but for reopening"
    assert after.occurrences == 1 + recurrences == len(after.findings) - joined, "nothing is lost"
    assert (after.id, after.finding, after.event_us, after.raised_us) == (
        before.id,
        before.finding,
        before.event_us,
        before.raised_us,
    )
    assert after.last_event_us >= before.last_event_us
