"""Shifts as pure rules: begun, joined, handed over and taken over by two people, and open when nobody did."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.handover import (
    LONGEST_US,
    OPEN_AFTER_US,
    accepted,
    begun,
    device_trouble,
    handed_over,
    is_open,
    noted,
    shift_at,
)
from schemas.errors import BrokenRule
from schemas.rota import DutyHours, Rota
from schemas.shift import Crew, LeftOpen, OpenKind, Shift
from tests.alerts.test_rota import rota
from tests.store.making import NOW, SECOND

HOUR = 3600 * SECOND
LEFT = (LeftOpen(what=OpenKind.ALERT, id="al_1", name="王", code="fall"),)


def new(who: str = "li", now_us: int = NOW, ends_us: int | None = NOW + 8 * HOUR, shift_id: str = "sh_1") -> Shift:
    return Shift(id=shift_id, place="pl_1", name="day", begun_us=now_us, begun_by=who, ends_us=ends_us)


def on(who: str = "li", **more: Any) -> Shift:
    return begun(None, new(who, **more), sound=True)[1]


def handed(by: str = "li", now_us: int = NOW + 8 * HOUR) -> Shift:
    return handed_over(on(), by, "note", LEFT, now_us)


def code_of(act: Any, *args: Any) -> str:
    with pytest.raises(BrokenRule) as refused:
        act(*args)
    return refused.value.code


def test_who_begins_is_on_and_who_comes_while_it_runs_joins_it() -> None:
    first = on()
    assert first.crew == (Crew(account="li", since_us=NOW, sound=True),)
    ended, both = begun(first, new("wang", NOW + HOUR, shift_id="sh_2"), sound=False)
    assert (ended, both.id, [each.account for each in both.crew]) == (None, "sh_1", ["li", "wang"])
    # Said again it changes nothing but a sound that was heard since.
    _, again = begun(both, new("wang", NOW + 2 * HOUR, shift_id="sh_3"), sound=True)
    assert again.crew[-1] == Crew(account="wang", since_us=NOW + HOUR, sound=True)
    _, still = begun(again, new("wang", NOW + 3 * HOUR, shift_id="sh_3"), sound=False)
    assert still == again


def test_past_its_end_another_begins_the_next_and_who_is_still_on_stays_on_theirs() -> None:
    late_us = NOW + 8 * HOUR
    _, same = begun(on(), new("li", late_us, shift_id="sh_2"), sound=False)
    assert same.id == "sh_1"
    ended, after = begun(on(), new("wang", late_us, late_us + 8 * HOUR, "sh_2"), sound=True)
    assert ended is not None
    assert (ended.id, ended.handed_us, ended.handed_by, after.id) == ("sh_1", late_us, "", "sh_2")
    assert accepted(ended, "wang", late_us).accepted_by == "wang"


def test_one_of_which_nobody_said_until_when_is_over_after_the_longest_there_is() -> None:
    endless = on(ends_us=None)
    assert begun(endless, new("wang", NOW + LONGEST_US - 1, shift_id="sh_2"), sound=False)[1].id == "sh_1"
    assert begun(endless, new("wang", NOW + LONGEST_US, shift_id="sh_2"), sound=False)[1].id == "sh_2"


def test_it_is_handed_over_with_what_is_open_and_taken_over_by_another() -> None:
    found = handed()
    assert (found.handed_by, found.note, found.left_open) == ("li", "note", LEFT)
    assert handed_over(noted(on(), "before"), "li", None, (), NOW).note == "before"
    taken = accepted(found, "wang", NOW + 9 * HOUR)
    assert (taken.accepted_by, taken.accepted_us) == ("wang", NOW + 9 * HOUR)
    assert accepted(taken, "wang", NOW + 10 * HOUR) == taken


def test_what_makes_no_sense_is_refused_and_says_who() -> None:
    assert code_of(accepted, on(), "wang", NOW) == "not_handed_over"
    assert code_of(accepted, handed(), "li", NOW) == "yourself"
    assert code_of(accepted, accepted(handed(), "wang", NOW), "zhao", NOW) == "taken_over"
    assert code_of(noted, handed(), "more") == "handed_over"
    assert code_of(handed_over, handed(), "wang", None, (), NOW) == "handed_over"


@pytest.mark.parametrize(
    ("shift", "at_us", "is_so"),
    [
        (on(), NOW + 8 * HOUR + OPEN_AFTER_US - 1, False),
        (on(), NOW + 8 * HOUR + OPEN_AFTER_US, True),  # nobody even handed it over
        (on(ends_us=None), NOW + 15 * HOUR, False),
        (handed(now_us=NOW + 7 * HOUR), NOW + 8 * HOUR, False),  # an hour early: its end counts
        (handed(now_us=NOW + 9 * HOUR), NOW + 9 * HOUR + OPEN_AFTER_US - 1, False),
        (handed(now_us=NOW + 9 * HOUR), NOW + 9 * HOUR + OPEN_AFTER_US, True),
        (accepted(handed(), "wang", NOW + 30 * HOUR), NOW + 40 * HOUR, False),
    ],
)
def test_not_taken_over_a_quarter_of_an_hour_after_its_end_it_is_open(shift: Shift, at_us: int, *, is_so: bool) -> None:
    assert is_open(shift, at_us) is is_so


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("now", "name", "ends"),
    [
        ("2026-11-23T04:00", "day", "2026-11-23T11:00"),
        ("2026-11-23T10:01", "night", "2026-11-23T23:00"),  # who comes in the last hour comes for the next
        ("2026-11-23T09:59", "day", "2026-11-23T11:00"),
        ("2026-11-23T20:00", "night", "2026-11-23T23:00"),
    ],
)
def test_a_shift_has_the_name_and_the_end_that_the_rota_gives_it(now: str, name: str, ends: str) -> None:
    assert shift_at(rota(), at(now)) == (name, at(ends))


def test_without_a_rota_or_between_its_shifts_it_has_neither() -> None:
    assert shift_at(Rota(), NOW) == ("", None)
    morning = Rota(timezone="UTC", shifts=(DutyHours(name="m", start=360, end=720),))
    assert shift_at(morning, at("2026-11-23T20:00")) == ("", None)


@pytest.mark.parametrize(
    ("wearable", "ago_s", "battery", "trouble"),
    [
        (True, 60, 80, None),
        (True, 601, 80, "silent"),
        (False, 601, None, None),
        (False, 86_401, 90, "silent"),
        (True, 60, 19.9, "battery"),
        (True, None, None, "unheard"),
    ],
)
def test_a_device_is_unwell_when_it_is_silent_for_its_kind_or_nearly_empty(
    wearable: bool, ago_s: int | None, battery: float | None, trouble: str | None
) -> None:
    seen_us = None if ago_s is None else NOW - ago_s * SECOND
    assert device_trouble(wearable=wearable, seen_us=seen_us, battery=battery, now_us=NOW) == trouble


@given(st.lists(st.tuples(st.sampled_from(["begin", "hand", "accept"]), st.sampled_from("abc"), st.integers(0, 600))))
def test_whatever_is_pressed_one_shift_runs_and_none_is_lost(presses: list[tuple[str, str, int]]) -> None:
    """Drive a ward at random: nobody takes over from themselves; each shift is in somebody's hands, or open."""
    now_us, shifts = NOW, list[Shift]()
    for number, (what, who, minutes) in enumerate(presses):
        now_us += minutes * 60 * SECOND
        running = next((each for each in shifts if each.handed_us is None), None)
        waiting = next((each for each in shifts if each.handed_us is not None and each.accepted_by is None), None)
        if what == "begin":
            ended, after = begun(running, new(who, now_us, now_us + 8 * HOUR, f"sh_{number}"), sound=False)
            shifts = [ended if ended is not None and each.id == ended.id else each for each in shifts]
            shifts = [each for each in shifts if each.id != after.id] + [after]
            assert who in {each.account for each in after.crew}
        elif what == "hand" and running is not None:
            shifts[shifts.index(running)] = handed_over(running, who, None, (), now_us)
        elif what == "accept" and waiting is not None and waiting.handed_by != who:
            shifts[shifts.index(waiting)] = accepted(waiting, who, now_us)
        assert sum(each.handed_us is None for each in shifts) <= 1
        assert all(each.accepted_by is None or each.accepted_by != each.handed_by for each in shifts)
    for each in shifts:
        assert each.accepted_by is not None or is_open(msgspec.structs.replace(each), now_us + 100 * HOUR)
