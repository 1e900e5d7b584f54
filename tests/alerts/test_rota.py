"""Who is on duty when: weeks, dates, swaps, clocks that are set, and what a step for a role becomes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ladder import Sent
from alerts.rota import (
    cells,
    check,
    interval_us,
    is_of,
    marker,
    merged,
    nobody_said,
    on_a_day,
    on_duty,
    reached,
    shifts_at,
    swapped,
    week_copied,
    without_past,
)
from schemas.errors import BrokenRule
from schemas.ladder import Call, Ladder, LadderStep
from schemas.rota import Colleague, DayDuty, DutyHours, Rota, WeekDuty

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY_SHIFT, NIGHT_SHIFT = (
    DutyHours(name="day", start=7 * 60, end=19 * 60),
    DutyHours(name="night", start=19 * 60, end=7 * 60),
)
PEOPLE = tuple(Colleague(name=name, address=f"http://127.0.0.1/{name}") for name in ("li", "wang", "zhao", "doctor"))
MONDAY = date(2026, 11, 23)


def rota(timezone: str = "Asia/Shanghai", **changes: Any) -> Rota:
    """Return a rota: li by day, wang and zhao by night, each day of the week; a doctor on weekdays."""
    week = [
        WeekDuty(weekday=day, shift=shift, role="nurse", people=people)
        for day in range(7)
        for shift, people in (("day", ("li",)), ("night", ("wang", "zhao")))
    ] + [WeekDuty(weekday=day, shift="day", role="doctor", people=("doctor",)) for day in range(5)]
    made = Rota(timezone=timezone, shifts=(DAY_SHIFT, NIGHT_SHIFT), people=PEOPLE, week=tuple(week))
    return msgspec.structs.replace(made, **changes)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def names(found: list[Colleague]) -> list[str]:
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("now", "role", "there"),
    [
        ("2026-11-23T04:00", "nurse", ["li"]),  # Monday noon in Shanghai
        ("2026-11-23T10:59", "nurse", ["li"]),
        ("2026-11-23T11:00", "nurse", ["wang", "zhao"]),
        ("2026-11-23T22:59", "nurse", ["wang", "zhao"]),  # Tuesday 06:59: still Monday's night
        ("2026-11-23T23:00", "nurse", ["li"]),
        ("2026-11-23T04:00", "doctor", ["doctor"]),
        ("2026-11-28T04:00", "doctor", []),  # Saturday
        ("2026-11-23T04:00", None, ["li", "doctor"]),
        ("2026-11-23T04:00", "porter", []),
    ],
)
def test_who_is_on_duty_by_the_week(now: str, role: str | None, there: list[str]) -> None:
    assert names(on_duty(rota(), at(now), role)) == there


def test_a_date_comes_in_place_of_the_week_for_its_shift_and_role_alone() -> None:
    found = rota(days=(DayDuty(date="2026-11-23", shift="night", role="nurse", people=("li",)),))
    assert names(on_duty(found, at("2026-11-23T12:00"), "nurse")) == ["li"]
    assert names(on_duty(found, at("2026-11-23T22:00"), "nurse")) == ["li"]  # Tuesday early: of Monday's date
    assert names(on_duty(found, at("2026-11-24T12:00"), "nurse")) == ["wang", "zhao"]
    nobody = on_a_day(rota(), MONDAY, "day", "nurse", [])
    assert on_duty(nobody, at("2026-11-23T04:00"), "nurse") == []
    assert names(on_duty(nobody, at("2026-11-23T04:00"), "doctor")) == ["doctor"]


def test_what_is_said_for_a_date_can_be_taken_back_and_what_is_as_usual_is_no_exception() -> None:
    changed = on_a_day(rota(), MONDAY, "day", "nurse", ["zhao", "zhao"])
    assert changed.days == (DayDuty(date="2026-11-23", shift="day", role="nurse", people=("zhao",)),)
    assert [cell.changed for cell in cells(changed, MONDAY)] == [True, False, False]
    assert on_a_day(changed, MONDAY, "day", "nurse", None) == rota()
    assert on_a_day(changed, MONDAY, "day", "nurse", ["li"]) == rota()


def test_a_swap_is_for_one_date_and_refused_where_it_makes_no_sense() -> None:
    after = swapped(rota(), MONDAY, "night", "nurse", "wang", "li")
    assert names(on_duty(after, at("2026-11-23T12:00"), "nurse")) == ["li", "zhao"]
    assert names(on_duty(after, at("2026-11-30T12:00"), "nurse")) == ["wang", "zhao"]
    for leaves, comes, code in (
        ("li", "wang", "not_on_duty"),
        ("wang", "zhao", "on_duty"),
        ("wang", "nobody", "unknown_person"),
    ):
        with pytest.raises(BrokenRule) as refused:
            swapped(rota(), MONDAY, "night", "nurse", leaves, comes)
        assert refused.value.code == code


def test_last_week_is_copied_day_by_day_also_what_nobody_had() -> None:
    before = on_a_day(on_a_day(rota(), MONDAY, "night", "nurse", []), MONDAY, "day", "nurse", ["zhao"])
    before = on_a_day(before, MONDAY + timedelta(days=7), "day", "nurse", ["wang"])
    after = week_copied(before, MONDAY + timedelta(days=7))
    for n in range(7):
        day = MONDAY + timedelta(days=n)
        first, second = cells(after, day), cells(after, day + timedelta(days=7))
        assert [(each.shift, each.role, each.people) for each in first] == [
            (each.shift, each.role, each.people) for each in second
        ]
    assert cells(after, MONDAY) == cells(before, MONDAY)


def test_what_is_long_over_is_forgotten() -> None:
    found = on_a_day(on_a_day(rota(), MONDAY, "day", "nurse", []), MONDAY + timedelta(days=70), "day", "nurse", [])
    kept = without_past(found, MONDAY + timedelta(days=61), timedelta(days=60))
    assert [each.date for each in kept.days] == ["2027-02-01"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shifts": (DAY_SHIFT, DAY_SHIFT)}, "twice"),
        ({"people": (PEOPLE[0], *PEOPLE)}, "twice"),
        ({"shifts": (DAY_SHIFT,)}, "unknown_shift"),
        ({"people": PEOPLE[1:]}, "unknown_person"),
        ({"days": (DayDuty(date="2026-11-23", shift="x", role="nurse", people=()),)}, "unknown_shift"),
    ],
)
def test_a_rota_that_names_what_it_does_not_have_is_refused(changes: dict[str, Any], code: str) -> None:
    check(rota())
    with pytest.raises(BrokenRule) as refused:
        check(rota(**changes))
    assert refused.value.code == code


def test_the_night_on_which_the_clock_is_set_is_longer_or_shorter() -> None:
    berlin = rota("Europe/Berlin")
    for day, hours in ((date(2026, 10, 23), 12), (date(2026, 10, 24), 13), (date(2026, 3, 28), 11)):
        start_us, end_us = interval_us(berlin, NIGHT_SHIFT, day)
        assert (end_us - start_us) / HOUR == hours


@given(
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(0, 2 * 365 * 1440),
)
def test_two_shifts_that_fill_the_day_leave_no_moment_without_or_with_two(
    zone: str, one: int, other: int, minutes: int
) -> None:
    if one == other:
        other = (one + 1) % 1440
    shifts = (DutyHours(name="a", start=one, end=other), DutyHours(name="b", start=other, end=one))
    found = Rota(timezone=zone, shifts=shifts)
    now_us = at("2025-06-01T00:00") + minutes * 60 * SECOND
    assert len(shifts_at(found, now_us)) == 1


def test_one_shift_round_the_clock_has_always_somebody() -> None:
    found = Rota(timezone="Europe/Berlin", shifts=(DutyHours(name="all", start=480, end=480),))
    for hour in range(24 * 400):
        assert len(shifts_at(found, at("2025-09-01T00:30") + hour * HOUR)) == 1


def called(step: LadderStep) -> Call:
    (call,) = Ladder(steps=(step,)).calls
    return call


def test_a_step_for_a_role_is_everybody_who_has_it_then_and_one_for_a_person_is_that_person() -> None:
    role, person = called(LadderStep(on_duty="nurse", after_s=30)), called(LadderStep(recipient="li", address="tel:1"))
    night = reached(role, rota(), at("2026-11-23T12:00"))
    assert [(each.recipient, each.address, each.after_s, each.on_duty) for each in night] == [
        ("wang", "http://127.0.0.1/wang", 30, None), ("zhao", "http://127.0.0.1/zhao", 30, None),
    ]  # fmt: skip
    assert reached(person, None, 0) == [person]
    assert reached(role, None, at("2026-11-23T12:00")) == []
    assert is_of("li", person, None)
    assert not is_of("wang", person, None)
    assert is_of("wang", role, rota())
    assert is_of(marker("nurse"), role, None)
    assert not is_of("chen", role, rota())


def test_a_step_that_reached_one_of_two_has_not_failed() -> None:
    assert merged([Sent(0, 5, failed=True), Sent(0, 3), Sent(1, 9, failed=True)]) == [
        Sent(0, 3),
        Sent(1, 9, failed=True),
    ]
    assert merged([Sent(0, 5, failed=True), Sent(0, 6, failed=True)]) == [Sent(0, 5, failed=True)]


def test_the_history_names_the_role() -> None:
    assert "（护士）" in nobody_said(marker("护士"))
