"""The facts of a week: told where it is beyond what weeks vary, and nothing otherwise."""

import msgspec
import pytest

from detectors.routine import Room
from detectors.routine_week import ALL_WEEKS, WeekReport, report, week_of
from tests.detectors.routines import FIRST, Lived, Ways, as_usual, lived_days

LAST = (ALL_WEEKS - 1) * 7


def told(ways: Ways, weeks: int = ALL_WEEKS, seed: int = 1) -> WeekReport:
    """The report of the last of so many weeks."""
    days = lived_days(ways, weeks * 7, seed)
    return report(days, FIRST + (weeks - 1) * 7)


@pytest.mark.parametrize("seed", range(6))
def test_weeks_that_are_alike_have_nothing_to_tell(seed: int) -> None:
    facts = told(as_usual, seed=seed)
    assert (facts.known, facts.known_days, facts.usual_weeks) == (True, 7, 8)
    assert (facts.changes, facts.silent, facts.unknown_days) == ((), (), {})


def test_restless_nights_are_told_with_what_is_usual() -> None:
    facts = told(lambda n: Lived(ups=5 if n >= LAST else 1 + n % 2, out=n % 7 < 5))
    change = {each.measure: each for each in facts.changes}
    assert set(change) == {"night_ups", "toilet_night"}
    ups = change["night_ups"]
    assert (ups.span, ups.now, ups.days) == ("week", 5, 7)
    assert ups.usual == pytest.approx(1.5, abs=0.1)
    trend = facts.trends[0]
    assert (trend.measure, trend.told, len(trend.weeks)) == ("night_ups", True, ALL_WEEKS)
    assert trend.high is not None
    assert trend.high < 5


def test_fewer_days_out_are_told() -> None:
    facts = told(lambda n: Lived(out=n % 7 < (5 if n < LAST else 1)))
    change = {each.measure: each for each in facts.changes}
    assert (round(change["out"].now * 7), round(change["out"].usual * 7)) == (1, 5)


def test_slow_change_is_told_as_such() -> None:
    # half a time more each week: no week is far from the eight before, four are far from those before them
    facts = told(lambda n: Lived(ups=1 + (n + 3 * (n % 7)) // 42, out=n % 7 < 5))
    assert {(each.measure, each.span) for each in facts.changes} >= {("night_ups", "month")}


def test_a_lively_morning_is_named_by_its_day_and_part() -> None:
    facts = told(lambda n: Lived(morning_every=2.5 if n == LAST + 2 else None))
    (lively,) = facts.lively
    assert (lively.day, lively.part) == (FIRST + LAST + 2, 1)
    assert dict(facts.deviations)[FIRST + LAST + 2] == lively.deviation


def test_too_few_days_or_weeks_are_not_known_yet() -> None:
    assert not told(as_usual, weeks=2).known  # one week before, and it begins in it
    assert told(as_usual, weeks=3).known
    few = told(lambda n: None if LAST <= n < LAST + 4 else as_usual(n))
    assert (few.known, few.known_days, few.changes) == (False, 2, ())
    assert few.unknown_days == {"gap": 5}  # and the day on which it was heard again


def test_a_room_that_fell_silent_is_a_sensor_and_no_change_of_habit() -> None:
    rooms = (Room.LIVING, Room.KITCHEN, Room.BEDROOM)
    facts = told(lambda n: Lived(ups=0, rooms=rooms) if n >= LAST else as_usual(n))
    assert facts.silent == ("bathroom",)
    assert {each.measure for each in facts.changes} & {"toilet_day", "toilet_night"} == set()
    door = told(lambda n: Lived(ups=1 + n % 2, out=n < LAST and n % 7 < 5))
    assert door.silent == ("door",)
    assert "out" not in {each.measure for each in door.changes}


def test_a_report_says_the_same_of_a_week_whatever_came_after_it() -> None:
    days = lived_days(lambda n: Lived(ups=5 if 84 <= n < 91 else 1, out=n % 7 < 5), 110)
    week = FIRST + LAST
    assert report(days, week) == report([day for day in days if day.day < week + 7], week)
    assert msgspec.json.decode(msgspec.json.encode(report(days, week)), type=WeekReport) == report(days, week)


def test_weeks_begin_on_monday() -> None:
    assert [week_of(day) for day in (FIRST - 1, FIRST, FIRST + 6, FIRST + 7)] == [FIRST - 7, FIRST, FIRST, FIRST + 7]
