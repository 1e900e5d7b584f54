"""The numbers of a report."""

from math import inf

import pytest

from device_sim.report import figures, intervals
from device_sim.report.comparing import Change, compare
from device_sim.runner.record import Verdict
from tests.device_sim.report.making import DAY, HOUR, judged, occurrence, run, scenario


@pytest.mark.parametrize(
    ("count", "low", "high"),  # Garwood's table, as in Ulm 1990, Am J Epidemiol 131:373
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904), (100, 81.3640, 121.6272)],
)
def test_intervals_of_counts_are_the_exact_ones(count: int, low: float, high: float) -> None:
    assert intervals.rate(count, 1.0) == pytest.approx((low, high), abs=1e-3)
    assert intervals.rate(count, 4.0) == pytest.approx((low / 4, high / 4), abs=1e-3)


def test_nothing_watched_says_nothing() -> None:
    assert intervals.rate(0, 0.0) == (0.0, inf)
    assert intervals.share(0, 0) == (0.0, 1.0)


def test_kinds_are_counted_apart() -> None:
    plays = run(
        scenario(judged(wait_s=4.0), judged(Verdict.LATE, wait_s=90.0), judged(Verdict.MISSED)),
        scenario(
            judged(Verdict.QUIET, must=False),
            judged(Verdict.WRONG, must=False),
            judged(Verdict.OPEN, kind="inactivity"),
            wrongly=(occurrence("w"),),
            doubles=(occurrence("d"),),
            mild=(occurrence("m", kind="inactivity"),),
            name="two",
        ),
    )
    fall, inactivity, wandering = figures.by_kind([plays])
    assert (fall.must, fall.raised, fall.late, fall.must_not, fall.quiet) == (3, 1, 1, 2, 1)
    assert (fall.wrongly, fall.doubles, fall.median_s) == (1, 1, 47.0)
    assert (inactivity.must, inactivity.mild) == (0, 1)
    assert (wandering.must, wandering.median_s) == (0, None)
    whole = figures.total([fall, inactivity, wandering])
    assert (whole.must, whole.raised, whole.wrongly, whole.mild) == (3, 1, 1, 1)


def test_weeks_are_those_of_all_residents_as_far_as_they_were_played() -> None:
    half = scenario(lasts_us=14 * DAY, played_us=scenario().start_us + 7 * DAY)
    assert figures.weeks([run(half, half), run(half)]) == pytest.approx(3.0)


def test_every_miss_and_every_false_alarm_is_listed_once() -> None:
    broken = judged(Verdict.WRONG, must=False)
    other, double = occurrence("other"), occurrence("double")
    one = scenario(judged(), judged(Verdict.MISSED), broken, wrongly=(*broken.raised, other), doubles=(double,))
    found = figures.failures([run(one)])
    assert [each.judged.verdict for each in found if each.judged] == [Verdict.MISSED, Verdict.WRONG]
    assert [(each.wrongly, each.double) for each in found if each.wrongly] == [(other, False), (double, True)]


def test_two_runs_are_compared_expectation_by_expectation() -> None:
    old = run(
        scenario(judged(Verdict.MISSED, key="a"), judged(key="b"), judged(wait_s=100, key="c"), judged(key="d")),
        scenario(judged(key="x"), name="gone"),
    )
    new = run(
        scenario(
            judged(Verdict.LATE, key="a"), judged(Verdict.MISSED, key="b"), judged(wait_s=20, key="c"), judged(key="d")
        ),
        scenario(judged(key="x"), name="new"),
    )
    changes = {(pair.scenario, (pair.new or pair.old).key): pair.change for pair in compare(old, [new])}  # type: ignore[union-attr]
    assert changes == {
        ("one", "a"): Change.BETTER,
        ("one", "b"): Change.WORSE,
        ("one", "c"): Change.FASTER,
        ("one", "d"): Change.SAME,
        ("new", "x"): Change.NEW,
        ("gone", "x"): Change.GONE,
    }


def test_a_second_more_is_the_same_and_an_hour_more_is_slower() -> None:
    old = run(scenario(judged(wait_s=7200, key="a"), judged(wait_s=4, key="b")))
    new = run(scenario(judged(wait_s=7200 + HOUR / 1e6, key="a"), judged(wait_s=4.9, key="b")))
    assert [pair.change for pair in compare(old, [new])] == [Change.SLOWER, Change.SAME]


def test_another_seed_is_another_play() -> None:
    assert {pair.change for pair in compare(run(scenario(judged(), seed=8)), [run(scenario(judged()))])} == {
        Change.NEW,
        Change.GONE,
    }
