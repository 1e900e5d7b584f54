"""Alert load for each operator who is on, and floods."""

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from alerts.loading import FLOOD, MOST_AN_HOUR, On, floods, load
from tests.alerts.cases import DAY, case, many
from tests.alerts.making import NOW, SECOND

HOUR = 3600 * SECOND
#: A whole hour of UTC.
AT = NOW - NOW % HOUR
END = AT + 11 * DAY


def utc(_: int) -> int:
    return 0


@seed(8)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 5), st.sampled_from([0, 8 * HOUR, 5 * HOUR + HOUR // 2]))
def test_each_alert_is_in_one_hour_and_either_somebody_was_on_or_it_is_said_that_nobody_was(
    number: int, people: int, ahead: int
) -> None:
    cases = many(number, 200)
    on = [On(f"n{each}", AT + each * 9 * HOUR, AT + each * 9 * HOUR + 12 * HOUR) for each in range(people)]
    found = load(cases, on, AT, END, lambda _: ahead)
    assert sum(hour.alerts for hour in found.by_hour) == found.alerts == len(cases)
    assert abs(sum(hour.operator_hours for hour in found.by_hour) - found.operator_hours) < 1e-6
    assert abs(found.operator_hours - 12 * people) < 1e-6
    assert 0 <= found.over <= found.staffed
    assert 0 <= found.unstaffed <= found.alerts
    if not people:
        assert (found.unstaffed, found.per_hour, found.worst) == (len(cases), None, None)


def test_seven_alerts_an_hour_are_too_many_for_one_and_not_for_two() -> None:
    seven = [case(f"al_{n}", raised_us=AT + n * 8 * 60 * SECOND) for n in range(7)]
    alone = load(seven, [On("ann", AT, AT + HOUR)], AT, END, utc)
    assert (alone.per_hour, alone.worst, alone.worst_us, alone.over) == (7.0, 7.0, AT, 1)
    assert alone.per_hour is not None
    assert alone.per_hour > MOST_AN_HOUR
    both = load(seven, [On("ann", AT, AT + HOUR), On("bo", AT, AT + HOUR)], AT, END, utc)
    assert (both.per_hour, both.over) == (3.5, 0)


def test_two_screens_of_one_person_are_one_operator_and_a_stretch_outside_the_period_is_none() -> None:
    on = [On("ann", AT, AT + HOUR), On("ann", AT + HOUR // 2, AT + HOUR), On("bo", AT - DAY, AT)]
    on.append(On("ann", AT + HOUR // 4, AT + HOUR // 3))
    assert load([], on, AT, END, utc).operator_hours == 1.0


def test_alerts_while_nobody_is_on_are_said_and_not_averaged_away() -> None:
    cases = [case("al_1", raised_us=AT + SECOND), case("al_2", raised_us=AT + 3 * HOUR)]
    found = load(cases, [On("ann", AT, AT + HOUR), On("bo", AT + 3 * HOUR, AT + 3 * HOUR + 60 * SECOND)], AT, END, utc)
    assert (found.unstaffed, found.staffed) == (1, 1)


def test_the_worst_hour_is_told_where_the_clock_is_set_back_as_a_moment_of_it() -> None:
    # Set back by an hour at AT + 2 h: 1:30 after it is on the wall a second time.
    ahead = lambda at_us: 2 * HOUR if at_us < AT + 2 * HOUR else HOUR  # noqa: E731
    late = [case(f"al_{n}", raised_us=AT + 5 * HOUR + n * 5 * 60 * SECOND) for n in range(8)]
    found = load(late, [On("ann", AT, AT + 8 * HOUR)], AT, END, ahead)
    assert (found.worst, found.worst_us) == (8.0, AT + 5 * HOUR)
    before = [case(f"al_{n}", raised_us=AT + n * 5 * 60 * SECOND) for n in range(8)]
    assert load(before, [On("ann", AT, AT + 8 * HOUR)], AT, END, ahead).worst_us == AT


def test_ten_in_ten_minutes_are_a_flood_nine_are_not_and_one_flood_is_told_once() -> None:
    minute = 60 * SECOND
    ten = [case(f"al_{n}", raised_us=AT + n * minute) for n in range(FLOOD)]
    assert [(each.alerts, each.start_us, each.end_us) for each in floods(ten)] == [(10, AT, AT + 9 * minute)]
    assert floods(ten[:9]) == ()
    slow = [case(f"al_{n}", raised_us=AT + n * 67 * SECOND) for n in range(FLOOD)]
    assert floods(slow) == ()
    long = [case(f"al_{n:02}", raised_us=AT + n * minute, kind="fall" if n else "sos") for n in range(30)]
    later = [case(f"b{n}", raised_us=AT + DAY) for n in range(FLOOD)]
    found = floods([*later, *long])
    assert [each.alerts for each in found] == [30, 10]
    assert found[0].kinds == {"fall": 29, "sos": 1}
