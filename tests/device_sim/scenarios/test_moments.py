"""Times as testers write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from device_sim.scenarios import moments
from device_sim.scenarios.mistakes import Unclear
from device_sim.scenarios.moments import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Span

ZONE = ZoneInfo("Asia/Shanghai")
#: Two weeks from Monday, 2 March 2026, 09:00.
SPAN = Span(moments.local_us(date(2026, 3, 2), 9 * 3600, ZONE), moments.local_us(date(2026, 3, 16), 0, ZONE), ZONE)


def at(text: str, **anchors: int) -> str:
    us = SPAN.resolve(moments.moment(text), anchors)
    return datetime.fromtimestamp(us / 1e6, ZONE).strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("45 s", 45 * SECOND_US),
        ("20 min", 20 * MINUTE_US),
        ("20min", 20 * MINUTE_US),
        ("1 h 30 min", 90 * MINUTE_US),
        ("1.5 h", 90 * MINUTE_US),
        ("14 days", 14 * DAY_US),
        ("2 weeks", 14 * DAY_US),
        ("1 hour", HOUR_US),
        ("2 hrs 5 mins 10 secs", 125 * MINUTE_US + 10 * SECOND_US),
        ("1 d 4 h", 28 * HOUR_US),  # as sim check says it
    ],
)
def test_a_length_of_time_is_a_number_with_its_unit(text: str, us: int) -> None:
    assert moments.duration(text) == us


@pytest.mark.parametrize(
    "text", ["20", "min", "", "20 parsecs", "-5 min", "0 s", "20 min ago", "1e9 days", "99999 days"]
)
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        moments.duration(text)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("day 3 02:15", "03-04 02:15:00"),
        ("DAY 1 09:30:15", "03-02 09:30:15"),
        ("Sunday 08:00", "03-08 08:00:00"),
        ("last sun 08:00", "03-15 08:00:00"),
        ("second Wednesday 08:00", "03-11 08:00:00"),
        ("day 3, Wed 2026-03-04 02:15", "03-04 02:15:00"),  # as a remedy prints it
        ("Monday 08:00", "03-09 08:00:00"),  # the first Monday's 8 o'clock was before the play began
        ("2026-03-15 08:00", "03-15 08:00:00"),
        ("start", "03-02 09:00:00"),
        ("90 s after start", "03-02 09:01:30"),
    ],
)
def test_a_moment_is_found_on_the_plays_own_calendar(text: str, when: str) -> None:
    assert at(text) == when


def test_a_moment_may_hang_on_what_happens() -> None:
    fall = SPAN.start_us + HOUR_US
    assert at("10 min after the-fall", **{"the-fall": fall}) == "03-02 10:10:00"
    assert at("5 min before the-fall", **{"the-fall": fall}) == "03-02 09:55:00"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("day 0 08:00", "count from 1"),
        ("day 3", "says no time of day"),
        ("Sunday", "says no time of day"),
        ("08:00", "comes on 13 days"),
        ("day 15 08:00", "outside the play"),
        ("day 999999999 08:00", "outside the play"),
        ("2026-02-01 08:00", "outside the play"),
        ("day 1 08:00", "outside the play"),
        ("2026-02-30 08:00", "no day 2026-02-30 in the calendar"),
        ("third Sunday 08:00", "only 2 Sunday"),
        ("day 3, Thu 2026-03-05 08:00", "is not day 3"),
        ("1999-01-01 08:00", "too far away"),
        ("noon", "is no moment"),
        ("24:00", "no 24:00 on a clock"),
        ("5 min after the-moon", "has the key"),
        ("soon after start", "no length of time"),
    ],
)
def test_a_moment_that_is_none_or_outside_is_refused_with_a_reason(text: str, wrong: str) -> None:
    with pytest.raises(Unclear) as caught:
        at(text)
    assert wrong in caught.value.wrong
    assert caught.value.remedy


@pytest.mark.parametrize("after_us", [0, 100 * SECOND_US, 3 * DAY_US + 1, 90 * MINUTE_US + 999_999])
def test_a_moment_as_it_is_printed_can_be_typed_and_is_never_earlier(after_us: int) -> None:
    at_us = SPAN.start_us + after_us
    typed = SPAN.resolve(moments.moment(SPAN.typed(at_us)), {})
    assert at_us <= typed < at_us + SECOND_US
    assert at_us - SECOND_US < SPAN.resolve(moments.moment(SPAN.said(at_us)), {}) <= at_us


def test_a_day_with_its_date_moves_along_when_the_play_is_played_later() -> None:
    week_us = 7 * DAY_US
    later = Span(SPAN.start_us + week_us, SPAN.end_us + week_us, ZONE, later_us=week_us)
    said = moments.moment("day 3, Wed 2026-03-04 02:15")
    assert later.resolve(said, {}) == SPAN.resolve(said, {}) + week_us


def test_a_clock_time_alone_is_enough_where_the_play_has_it_once() -> None:
    hour = Span(SPAN.start_us, SPAN.start_us + HOUR_US, ZONE)
    assert hour.resolve(moments.moment("09:30"), {}) == SPAN.start_us + 30 * MINUTE_US


def test_clock_times_are_of_the_scenarios_zone_through_a_change_to_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start_us = moments.local_us(date(2026, 3, 28), 0, berlin)
    span = Span(start_us, start_us + 3 * DAY_US, berlin)
    found = span.resolve(moments.moment("day 3 08:00"), {})
    assert datetime.fromtimestamp(found / 1e6, UTC).hour == 6


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekdays", (0, 1, 2, 3, 4)),
        ("weekends", (5, 6)),
        ("every day", tuple(range(7))),
        ("Sun", (6,)),
        ("friday", (4,)),
    ],
)
def test_days_of_the_week_go_by_their_names(text: str, days: tuple[int, ...]) -> None:
    assert moments.weekdays(text) == days
