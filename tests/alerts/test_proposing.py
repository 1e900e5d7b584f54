"""Repeated false alarms lead to one proposal; real ones, late ones and a no speak against it; a life of a proposal."""

from typing import Any

import msgspec
import pytest

from alerts import previewing, proposal_life, proposing
from alerts.events import PLATFORM
from alerts.proposing import LATER_MOST_US, QUIET_US, RECENT_US, WINDOW_US, Case
from schemas.alert import Alert, AlertState, Outcome, Source
from schemas.config import ResidentConfig, Sensitivity
from schemas.errors import BrokenRule
from schemas.finding import FindingKind, Reason, Stage
from schemas.proposal import Against, Preview, Proposal, ProposalAct, ProposalState, Told, Would
from tests.alerts.making import NOW, SECOND, raised

DAY = 86_400 * SECOND
MINUTE = 60 * SECOND
FALSE, REAL = Outcome.FALSE_ALARM, Outcome.REAL_UNHURT
KINDS = (FindingKind.INACTIVITY, FindingKind.ROUTINE, FindingKind.WANDERING)


def alarm(
    days_ago: float, outcome: Outcome | None = FALSE, kind: FindingKind = FindingKind.INACTIVITY, **more: Any
) -> Alert:
    """Return an alert that began five hours before it was told, so many days ago."""
    at_us = NOW - round(days_ago * DAY)
    name = f"{kind}-{days_ago:g}"
    return msgspec.structs.replace(
        raised(), id=f"al-{name}", finding=name, findings=(name,), kind=kind, state=AlertState.RESOLVED,
        event_us=at_us - 300 * MINUTE, last_event_us=at_us - 300 * MINUTE, decided_us=at_us, raised_us=at_us,
        outcome=outcome, **more,
    )  # fmt: skip


THREE = [alarm(1), alarm(5), alarm(9)]


def case_of(alerts: list[Alert], *, since_us: int = 0, kept: bool = False) -> Case | None:
    return proposing.case_of(alerts, Sensitivity.NORMAL, since_us, NOW, kept=kept)


def sure(alerts: list[Alert]) -> Case:
    found = case_of(alerts)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_three_false_alarms_of_one_kind_in_a_fortnight_ask_for_one_step_calmer(kind: FindingKind) -> None:
    found = sure([alarm(day, kind=kind) for day in (1, 5, 9, 20)])
    assert (found.kind, found.before, found.after) == (kind, Sensitivity.NORMAL, Sensitivity.CALMER)
    assert (len(found.false), found.judged) == (4, 4)
    keener = proposing.case_of([alarm(day, kind=kind) for day in (1, 5, 9)], Sensitivity.KEENER, 0, NOW)
    assert keener is not None
    assert keener.after is Sensitivity.NORMAL


@pytest.mark.parametrize(
    "alerts",
    [
        [],
        THREE[:2],
        [alarm(1), alarm(5), alarm(5.5, kind=FindingKind.ROUTINE)],  # not of one kind
        [alarm(1), alarm(5), alarm(RECENT_US / DAY + 0.1)],  # not in a fortnight
        [alarm(day, kind=FindingKind.FALL) for day in (1, 2, 3, 4)],  # a fall's detector has no such points
        [alarm(day, kind=FindingKind.SOS) for day in (1, 2, 3, 4)],
        [alarm(1), alarm(2), *(alarm(day, outcome) for day, outcome in enumerate(
            (None, Outcome.TEST, Outcome.DEVICE_FAULT, Outcome.CANCELLED), 3))],
        [*THREE, alarm(3, REAL), alarm(4, REAL)],  # two real ones among five
        [*THREE, alarm(3, Outcome.REAL_INJURED)],
        [*THREE, alarm(3, Outcome.REAL_INJURED, FindingKind.WANDERING)],
        [*THREE, alarm(28, REAL, late=True)],
    ],
)  # fmt: skip
def test_nothing_is_proposed(alerts: list[Alert]) -> None:
    assert case_of(alerts) is None


def test_a_calmest_setting_has_no_calmer_one() -> None:
    assert proposing.case_of(THREE, Sensitivity.CALMER, 0, NOW) is None


def test_alarms_of_another_setting_and_of_long_ago_do_not_count() -> None:
    assert case_of(THREE, since_us=NOW - 8 * DAY) is None
    assert case_of(THREE, since_us=NOW - 10 * DAY) is not None
    assert len(sure([*THREE, alarm(WINDOW_US / DAY + 1)]).false) == 3


@pytest.mark.parametrize(
    "real",
    [
        alarm(20, Outcome.REAL_INJURED),
        alarm(20, REAL, late=True),
        alarm(20, Outcome.REAL_INJURED, FindingKind.WANDERING),
    ],
)
def test_what_forbids_it_does_so_for_thirty_days_whatever_was_set_meanwhile(real: Alert) -> None:
    # Somebody raised the guard because of it: just then the alarms begin anew.
    assert case_of([*THREE, real], since_us=NOW - 19 * DAY) is None
    assert case_of([*THREE, alarm(20, REAL)], since_us=NOW - 19 * DAY) is not None


def test_two_kinds_are_one_proposal_of_the_one_that_rang_most_measured_on_all() -> None:
    other = [alarm(day, kind=FindingKind.WANDERING) for day in (1.5, 2.5, 3.5, 4.5)]
    real = alarm(6, REAL, FindingKind.ROUTINE)
    found = sure([*THREE, *other, real])
    assert found.kind is FindingKind.WANDERING
    assert (found.judged, len(found.measured), found.real) == (4, 8, (real,))


def test_a_real_fall_speaks_against_it_only_where_it_was_told_for_what_it_met() -> None:
    fall = alarm(7, REAL, FindingKind.FALL)
    assert case_of([*THREE, fall]) is not None
    told = Source(kind=FindingKind.FALL, stage=Stage.CONFIRMED, device="w1", model="meeting-1", event_us=NOW)
    assert case_of([*THREE, msgspec.structs.replace(fall, sources={"m": told})]) is None


def test_a_proposal_that_there_is_holds_while_its_alarms_are_in_the_window() -> None:
    old = [alarm(day) for day in (16, 18, 20)]
    assert case_of(old) is None
    assert case_of(old, kept=True) is not None
    live = proposal(sure(THREE))
    assert proposing.case_now(live, old, (), Sensitivity.NORMAL, 0, NOW) is not None
    assert proposing.case_now(None, old, (), Sensitivity.NORMAL, 0, NOW) is None
    declined = proposal_life.acted(opened(sure(THREE)), ProposalAct.DECLINED, "li", NOW)
    assert proposing.case_now(declined, old, (), Sensitivity.NORMAL, 0, NOW) is None


def test_what_people_say_was_missed_is_a_reason_against_it_while_it_is_in_the_window() -> None:
    def asked(missed: list[int]) -> bool:
        return proposing.case_now(None, THREE, missed, Sensitivity.NORMAL, 0, NOW) is not None

    assert asked([])
    assert not asked([NOW - WINDOW_US])
    assert asked([NOW - WINDOW_US - 1])


def test_what_is_left_off_rings_no_more_and_says_nothing() -> None:
    def told_by(alert: Alert, code: str) -> Alert:
        evidence = msgspec.structs.replace(alert.evidence, reasons=(Reason(code, {}),))
        return msgspec.structs.replace(alert, evidence=evidence)

    there = [told_by(THREE[0], "silent"), told_by(THREE[1], "not_up"), told_by(THREE[2], "away")]

    def asked(*off: str) -> bool:
        return proposing.case_now(None, there, (), Sensitivity.NORMAL, 0, NOW, off) is not None

    assert asked()
    assert asked("no_meal")
    assert not asked("not_up")
    assert not asked("inactivity")


def test_a_setting_holds_since_it_last_became_another() -> None:
    def config(setting: Sensitivity, resident: str = "re_1", **more: Any) -> ResidentConfig:
        return ResidentConfig(resident=resident, unit="pl_1", version=1, sensitivity=setting, **more)

    said = [
        (1, config(Sensitivity.NORMAL)),
        (2, config(Sensitivity.CALMER)),
        (3, config(Sensitivity.CALMER, absent_until_us=9)),
        (4, config(Sensitivity.KEENER, "re_2")),
    ]
    assert proposing.setting_since(said, "re_1") == 2
    assert proposing.setting_since([*said, (5, config(Sensitivity.NORMAL))], "re_1") == 5
    assert proposing.setting_since([], "re_1") == 0


# -- the preview -------------------------------------------------------------------------------------------------------


def told(alert: Alert, *, later_min: float | None = None, would_min: float | None = None) -> Told:
    """Return an alarm found again in the play, and what the other setting made of it."""

    def after(minutes: float | None) -> int | None:
        return None if minutes is None else alert.decided_us + round(minutes * MINUTE)

    return Told(
        id=alert.finding, kind=alert.kind, event_us=alert.event_us, decided_us=alert.decided_us,
        then_us=after(later_min), would_us=after(would_min),
    )  # fmt: skip


def shown(alerts: list[Alert], play: list[Told], days: int = 30) -> Preview:
    return previewing.preview(sure(alerts), play, days, NOW)


def test_a_false_alarm_stays_away_comes_later_or_as_it_was() -> None:
    found = shown(THREE, [told(THREE[0]), told(THREE[1], later_min=42), told(THREE[2], later_min=0.5)])
    assert [(each.alert, each.would, each.later_us) for each in found.alarms] == [
        (THREE[2].id, Would.SAME, 0),
        (THREE[1].id, Would.LATER, 42 * MINUTE),
        (THREE[0].id, Would.STAY_AWAY, 0),
    ]
    assert (found.enough, found.end_us - found.start_us) == (True, WINDOW_US)
    assert proposing.against(FindingKind.INACTIVITY, found) is None


def test_a_real_one_is_measured_by_when_it_would_have_been_told_had_nobody_come() -> None:
    """Whoever came because it rang moved, and so ended the silence: the other setting told nothing."""
    real = alarm(3, REAL)
    found = shown([*THREE, real], [told(THREE[0]), told(THREE[1]), told(THREE[2]), told(real, would_min=25)])
    [played] = [each for each in found.alarms if each.alert == real.id]
    assert (played.would, played.later_us) == (Would.LATER, 25 * MINUTE)
    assert proposing.against(FindingKind.INACTIVITY, found) is None


@pytest.mark.parametrize(
    ("play", "days", "why"),
    [
        ({"would_min": LATER_MOST_US / MINUTE + 1}, 30, Against.REAL_LATE),
        ({"would_min": None}, 30, Against.REAL_LOST),
        (None, 30, Against.REAL_UNKNOWN),
        ({"would_min": 5}, 13, Against.REAL_UNKNOWN),  # too little is stored to be believed
    ],
)
def test_a_real_one_that_is_lost_late_or_not_known_again_speaks_against_it(
    play: dict[str, Any] | None, days: int, why: Against
) -> None:
    real = alarm(3, REAL, FindingKind.ROUTINE)
    plays = [told(each) for each in THREE] + ([] if play is None else [told(real, **play)])
    assert proposing.against(FindingKind.INACTIVITY, shown([*THREE, real], plays, days)) is why


def test_a_setting_that_spares_nobody_a_way_is_not_proposed() -> None:
    plays = [told(each, later_min=90) for each in THREE]
    assert proposing.against(FindingKind.INACTIVITY, shown(THREE, plays)) is Against.SPARES_NONE


def test_too_little_stored_is_said_and_without_real_ones_is_no_reason_against_it() -> None:
    for found in (shown(THREE, [told(THREE[0])]), shown(THREE, [told(each) for each in THREE], days=13)):
        assert not found.enough
        assert proposing.against(FindingKind.INACTIVITY, found) is None
    much = previewing.preview(sure(THREE), (), 0, NOW, too_much=True)
    assert (much.enough, much.too_much) == (False, True)


def test_one_alert_of_two_tellers_is_measured_by_the_first_of_them() -> None:
    alert = THREE[0]
    second = Told(
        id="watch", kind=alert.kind, event_us=alert.event_us, decided_us=alert.decided_us + 9 * MINUTE,
        then_us=alert.decided_us + 20 * MINUTE,
    )  # fmt: skip
    found = shown(THREE, [told(alert, later_min=60), second])
    assert found.alarms[-1].later_us == 20 * MINUTE


# -- the life of a proposal --------------------------------------------------------------------------------------------


def proposal(case: Case) -> Proposal:
    return proposal_life.made(case, "pr_1", "re_1", "pl_1", NOW)


def opened(case: Case) -> Proposal:
    preview = previewing.preview(case, [told(each) for each in case.false], 30, NOW)
    return proposal_life.played(proposal(case), case, preview, NOW + 1)


def test_a_proposal_is_read_opened_and_decided_once() -> None:
    case = sure(THREE)
    made = proposal(case)
    assert (made.state, made.after, made.progress) == (ProposalState.READING, Sensitivity.CALMER, 0.0)
    one = opened(case)
    assert (one.state, one.progress, one.against) == (ProposalState.OPEN, 1.0, None)
    taken = proposal_life.acted(one, ProposalAct.ACCEPTED, "li", NOW + 2)
    assert taken.state is ProposalState.ACCEPTED
    assert [(step.act, step.actor) for step in taken.steps] == [
        (ProposalAct.MADE, PLATFORM),
        (ProposalAct.PLAYED, PLATFORM),
        (ProposalAct.ACCEPTED, "li"),
    ]
    assert proposal_life.acted(taken, ProposalAct.ACCEPTED, "li", NOW + 3) is taken
    for act in (ProposalAct.ACCEPTED, ProposalAct.DECLINED):
        with pytest.raises(BrokenRule, match="li accepted this already") as refused:
            proposal_life.acted(taken, act, "wang", NOW + 3)
        assert refused.value.code == "already_accepted"


def test_what_is_taken_back_is_an_acceptance_or_a_no() -> None:
    one = opened(sure(THREE))
    taken = proposal_life.acted(one, ProposalAct.ACCEPTED, "li", NOW + 2)
    assert proposal_life.undoing(taken) is ProposalAct.UNDONE
    undone = proposal_life.acted(taken, proposal_life.undoing(taken), "wang", NOW + 3)
    assert undone.state is ProposalState.UNDONE
    assert proposal_life.acted(undone, proposal_life.undoing(undone), "wang", NOW + 4) is undone
    with pytest.raises(BrokenRule, match="wang took this back already"):
        proposal_life.acted(undone, proposal_life.undoing(undone), "li", NOW + 4)
    declined = proposal_life.acted(one, ProposalAct.DECLINED, "li", NOW + 2)
    again = proposal_life.acted(declined, proposal_life.undoing(declined), "li", NOW + 3)
    assert again.state is ProposalState.OPEN
    assert proposal_life.acted(again, proposal_life.undoing(again), "li", NOW + 4) is again
    with pytest.raises(BrokenRule, match="Nobody has decided this"):
        proposal_life.acted(one, proposal_life.undoing(one), "li", NOW + 2)
    with pytest.raises(BrokenRule, match="cannot be decided now"):
        proposal_life.acted(proposal(sure(THREE)), ProposalAct.ACCEPTED, "li", NOW)


def test_who_said_no_is_not_asked_again_for_thirty_days() -> None:
    one = opened(sure(THREE))
    declined = proposal_life.acted(one, ProposalAct.DECLINED, "li", NOW + 2)
    taken = proposal_life.acted(one, ProposalAct.ACCEPTED, "li", NOW + 2)
    undone = proposal_life.acted(taken, ProposalAct.UNDONE, "li", NOW + 2)
    for no in (declined, undone):
        assert proposing.asked_again_us(no) == NOW + 2 + QUIET_US
        assert proposing.waits(no, NOW + 1 + QUIET_US)
        assert not proposing.waits(no, NOW + 2 + QUIET_US)
    assert not any(proposing.waits(each, NOW) for each in (None, one, taken))


def test_a_proposal_against_which_something_speaks_is_never_asked_or_is_withdrawn() -> None:
    case = sure(THREE)
    late = previewing.preview(case, [told(each, later_min=9) for each in THREE], 30, NOW)
    withheld = proposal_life.played(proposal(case), case, late, NOW + 1)
    assert (withheld.state, withheld.against) == (ProposalState.WITHHELD, Against.SPARES_NONE)
    asked = proposal_life.played(opened(case), case, late, NOW + 2)
    assert asked.state is ProposalState.WITHDRAWN
    declined = proposal_life.acted(opened(case), ProposalAct.DECLINED, "li", NOW + 2)
    assert proposal_life.played(declined, case, late, NOW + 3) is declined
    assert proposal_life.withdrawn(declined, NOW + 3) is declined
    assert proposal_life.withdrawn(opened(case), NOW + 3).state is ProposalState.WITHDRAWN


def test_a_home_is_played_again_only_for_something_new() -> None:
    case = sure(THREE)
    one = opened(case)
    assert case.rests_on(one)
    assert not case.rests_on(proposal(case))  # it was never played to its end
    assert not sure([*THREE, alarm(2)]).rests_on(one)
    assert not sure([*THREE, alarm(12, REAL, FindingKind.ROUTINE)]).rests_on(one)
    assert not case.rests_on(proposal_life.withdrawn(one, NOW))
