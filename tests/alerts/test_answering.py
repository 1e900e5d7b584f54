"""Response times: what is late, what waits, and what a goal's verdict needs."""

from math import inf

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from alerts.answering import CURVE_S, Verdict, by_hour, by_ward, calls, hour_of, response_s, times
from alerts.reviewing import Case
from schemas.finding import FindingKind
from tests.alerts.cases import DAY, case, many
from tests.alerts.making import NOW, SECOND

END = NOW + 11 * DAY
CHINA_US = 8 * 3600 * SECOND


def china(_: int) -> int:
    return CHINA_US


def answered(seconds: float | None, n: int) -> list[Case]:
    at = None if seconds is None else NOW + round(seconds * SECOND)
    return [case(f"al_{seconds}_{number}", answered_us=at) for number in range(n)]


@seed(8)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_never_claimed_is_never_in_time_and_all_that_calls_is_judged_or_waits(number: int) -> None:
    cases = many(number)
    for now_us in (END, NOW + 5 * DAY):
        found = times(cases, now_us)
        calling = [each for each in cases if calls(each)]
        assert found.of + found.waiting == len(calling)
        answers = [each for each in calling if each.answered_us is not None]
        assert found.never == found.of - len(answers)
        assert all(goal.hits <= len(answers) for goal in found.goals)
        assert found.goals[0].hits == sum(response_s(each) <= 60 for each in answers)
        assert list(found.curve) == sorted(found.curve)
        assert found.curve[-1] <= len(answers)


@seed(8)
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_hours_and_wards_add_up_to_the_whole(number: int) -> None:
    cases = many(number)
    whole = times(cases, END)
    for parts in (by_hour(cases, END, china), tuple(by_ward(cases, END).values())):
        assert sum(part.of for part in parts) == whole.of
        assert sum(part.never for part in parts) == whole.never
        for number_of_goal in (0, 1):
            assert sum(part.goals[number_of_goal].hits for part in parts) == whole.goals[number_of_goal].hits


def test_one_that_rings_may_still_be_answered_for_three_minutes_and_is_late_after() -> None:
    ringing = [case(answered_us=None)]
    young = times(ringing, NOW + 179 * SECOND)
    assert (young.of, young.waiting, young.never) == (0, 1, 0)
    old = times(ringing, NOW + 180 * SECOND)
    assert (old.of, old.waiting, old.never, old.goals[1].hits) == (1, 0, 1, 0)
    assert (old.median_s, old.p90_s) == (None, None)


def test_a_minute_sharp_is_within_a_minute_and_what_waited_for_the_carer_counts_from_when_it_rang() -> None:
    assert times(answered(60, 1), END).goals[0].hits == 1
    assert times(answered(60.001, 1), END).goals[0].hits == 0
    waited = case(rang_us=NOW + 900 * SECOND, answered_us=NOW + 930 * SECOND)
    assert response_s(waited) == 30
    assert response_s(case(rang_us=NOW + 900 * SECOND, answered_us=NOW + 10 * SECOND)) == 0
    assert response_s(case(answered_us=None)) == inf


def test_percentiles_are_somebodys_own_time_and_nobodys_answer_stands_behind_all() -> None:
    found = times([*answered(10, 5), *answered(20, 4), *answered(None, 1)], END)
    assert (found.median_s, found.p90_s) == (10, 20)
    assert times([*answered(10, 8), *answered(None, 2)], END).p90_s is None
    assert times([], END).median_s is None


@pytest.mark.parametrize(
    ("within", "late", "verdict"),
    [(39, 0, Verdict.FEW), (39, 1, Verdict.MET), (38, 2, Verdict.MISSED), (390, 10, Verdict.MET)],
)
def test_a_goal_is_met_or_missed_once_one_late_answer_alone_cannot_miss_it(
    within: int, late: int, verdict: Verdict
) -> None:
    found = times([*answered(10, within), *answered(120, late)], END)
    assert found.goals[0].verdict is verdict


def test_a_day_unlike_others_calls_nobody_and_has_no_response_time() -> None:
    quiet = [case(kind=FindingKind.ROUTINE, answered_us=None), case(kind=FindingKind.PLATFORM, answered_us=None)]
    assert times(quiet, END).of == 0


def test_the_hour_is_the_one_on_the_wards_wall_and_the_curve_holds_both_goals() -> None:
    # NOW is 14:13 UTC.
    assert hour_of(NOW, china) == 22
    assert [hour for hour, found in enumerate(by_hour([case()], END, china)) if found.of] == [22]
    assert {60, 180} <= set(CURVE_S)
