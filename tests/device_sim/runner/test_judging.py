"""Verdicts: what was raised against what was expected."""

from dataclasses import replace

import pytest

from device_sim.runner.judging import Judgement, judge, occurrences
from device_sim.runner.record import Verdict
from device_sim.runner.saying import duration
from tests.device_sim.runner.making import HOUR, MINUTE, SECOND, START, alert, expect, names, play

FALL = START + 10 * MINUTE


def came(*alerts: dict[str, object], expectations: tuple[object, ...] = (), **more: object) -> Judgement:
    one = play(expectations=expectations, **more)  # type: ignore[arg-type]
    found = occurrences(alerts, names(one), driven=True)
    return judge(one, names(one), found, one.end_us)


def test_what_must_be_raised_and_is_counts_from_when_it_happened_to_when_it_was_heard() -> None:
    found = came(alert(heard_us=FALL + 4 * SECOND, raised_us=FALL + HOUR), expectations=(expect(),))
    assert [each.verdict for each in found.judged] == [Verdict.RAISED]
    assert found.judged[0].wait_s == 4.0
    assert (found.wrongly, found.doubles, found.mild) == ((), (), ())


def test_on_a_live_home_it_counts_to_when_the_alert_was_raised() -> None:
    one = play(expectations=(expect(),))
    found = occurrences([alert(raised_us=FALL + 9 * SECOND)], names(one), driven=False)
    assert judge(one, names(one), found, one.end_us).judged[0].wait_s == 9.0


def test_one_that_comes_too_late_is_late_and_says_by_how_much() -> None:
    found = came(alert(heard_us=FALL + 90 * SECOND), expectations=(expect(),))
    assert found.judged[0].verdict is Verdict.LATE
    assert found.judged[0].reason["en"] == "It came after 1.5 min, and must come within 30 s."


def test_what_never_came_is_missed() -> None:
    found = came(alert("wandering"), expectations=(expect(),))
    assert found.judged[0].verdict is Verdict.MISSED
    assert "Nothing of this kind" in found.judged[0].reason["en"]
    assert found.judged[0].wait_s is None


def test_one_at_another_time_is_missed_and_raised_wrongly_and_the_reason_says_how_far_off() -> None:
    found = came(alert(at_us=FALL - 2 * MINUTE), expectations=(expect(),))
    assert found.judged[0].verdict is Verdict.MISSED
    assert found.judged[0].reason["en"] == "The nearest one lies 1.8 min before its time."
    assert [one.event_us for one in found.wrongly] == [FALL - 2 * MINUTE]


def test_what_must_not_be_raised_and_is_not_is_quiet() -> None:
    assert came(expectations=(expect(must=False),)).judged[0].verdict is Verdict.QUIET


@pytest.mark.parametrize("kind", ["fall", "any"])
def test_what_must_not_be_raised_and_is_names_what_came(kind: str) -> None:
    found = came(alert(), expectations=(expect(kind, must=False),))
    assert found.judged[0].verdict is Verdict.WRONG
    assert found.judged[0].raised == found.wrongly
    assert len(found.wrongly) == 1


def test_what_answers_a_must_breaks_no_must_not_of_the_same_time() -> None:
    found = came(alert(), expectations=(expect("any", must=False), expect()))
    assert [each.verdict for each in found.judged] == [Verdict.QUIET, Verdict.RAISED]


def test_what_the_platform_itself_calls_mild_breaks_no_must_not_and_is_counted_apart() -> None:
    found = came(alert("inactivity", severity="low"), expectations=(expect("inactivity", must=False),))
    assert found.judged[0].verdict is Verdict.QUIET
    assert not found.wrongly
    assert len(found.mild) == 1


def test_two_alerts_for_one_fall_are_a_double() -> None:
    found = came(alert(), alert(name="a2", heard_us=FALL + 9 * SECOND), expectations=(expect(),))
    assert found.judged[0].verdict is Verdict.RAISED
    assert [one.alert for one in found.doubles] == ["a2"]


def test_a_second_finding_that_joins_an_open_alert_at_once_tells_nobody_anew() -> None:
    found = came(alert(more_us=[FALL + 10 * SECOND]), expectations=(expect(),))
    assert not found.doubles
    assert not found.wrongly


def test_one_that_joins_an_open_alert_much_later_rings_and_nobody_expected_it() -> None:
    found = came(alert(more_us=[FALL + 11 * MINUTE]), expectations=(expect(),))
    assert [(one.event_us, one.again) for one in found.wrongly] == [(FALL + 11 * MINUTE, True)]


def test_two_falls_need_two_findings() -> None:
    both = (expect(key="first"), expect(key="second", at_us=FALL + 5 * MINUTE))
    found = came(alert(), expectations=both)
    assert [each.verdict for each in found.judged] == [Verdict.RAISED, Verdict.MISSED]
    found = came(alert(more_us=[FALL + 5 * MINUTE]), expectations=both)
    assert [each.verdict for each in found.judged] == [Verdict.RAISED, Verdict.RAISED]


def test_in_a_home_of_two_a_silence_said_of_the_other_counts_and_a_fall_does_not() -> None:
    couple = {"residents": ("wang", "li")}
    silence = alert("inactivity", resident="m1-r-li")
    assert came(silence, expectations=(expect("inactivity"),), **couple).judged[0].verdict is Verdict.RAISED
    fall = alert("fall", resident="m1-r-li")
    assert came(fall, expectations=(expect("fall"),), **couple).judged[0].verdict is Verdict.MISSED


def test_one_said_of_the_home_alone_counts_for_who_lives_there() -> None:
    silence = alert("inactivity", resident="m1-p-home")
    assert came(silence, expectations=(expect("inactivity"),)).judged[0].verdict is Verdict.RAISED


def test_alerts_of_other_homes_are_nothing_to_it() -> None:
    found = came(alert(unit="somebody-elses"), expectations=(expect(),))
    assert found.judged[0].verdict is Verdict.MISSED
    assert not found.wrongly


def test_what_is_told_after_the_end_is_not_of_the_play() -> None:
    late = alert("inactivity", at_us=START + 59 * MINUTE, heard_us=START + 9 * HOUR)
    assert not came(late).wrongly


def test_of_what_was_not_played_nothing_is_said() -> None:
    one = play(expectations=(expect(), expect(must=False)))
    found = judge(one, names(one), [], START + MINUTE)
    assert {each.verdict for each in found.judged} == {Verdict.OPEN}


def test_expectations_keep_their_order() -> None:
    wanted = tuple(replace(expect(must=n % 2 == 0, at_us=FALL - n * MINUTE), key=str(n)) for n in range(4))
    assert [each.key for each in came(expectations=wanted).judged] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (4.2, "4.2 s", "4.2 秒"),
        (45, "45 s", "45 秒"),
        (150, "2.5 min", "2.5 分钟"),
        (7200, "2 h", "2 小时"),
        (3 * 86_400, "3 days", "3 天"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds: float, en: str, zh: str) -> None:
    assert (duration(seconds), duration(seconds, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("must", "from_us", "until_us"),
    [
        (True, START + 20 * MINUTE, START + 5 * MINUTE),  # it ends before it begins
        (False, START + 20 * MINUTE, START + 5 * MINUTE),
        (False, START + 20 * MINUTE, START + 20 * MINUTE),
        (True, START - 30 * 24 * HOUR, START - 29 * 24 * HOUR),  # a date that was left behind
        (False, START - 30 * 24 * HOUR, START - 29 * 24 * HOUR),
        (False, START + HOUR, START + 2 * HOUR),  # from the end of the play on
    ],
)
def test_an_expectation_without_a_moment_of_the_play_in_it_is_never_kept(
    must: bool, from_us: int, until_us: int
) -> None:
    (judged,) = came(expectations=(expect(must=must, from_us=from_us, until_us=until_us),)).judged
    assert judged.verdict is Verdict.EMPTY
    assert "No moment of the play" in judged.reason["en"]
