"""What a day of a home was like: counted once, known or not, night by night."""

import numpy as np
import pytest

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from detectors.routine_absent import absences
from detectors.routine_days import MEASURES, Day, days_of
from detectors.routine_deviation import DEFAULT, deviation, part_deviations
from schemas.config import ResidentConfig
from tests.detectors.routines import FIRST, Lived, as_usual, lived_days, signs_of

D0 = FIRST * DAY_US


def test_a_sign_that_came_twice_or_late_changes_nothing() -> None:
    at_us, room = signs_of(as_usual, 10)
    rng = np.random.default_rng(3)
    again = rng.permutation(np.concatenate([np.arange(len(at_us)), rng.integers(0, len(at_us), 200)]))
    assert days_of(at_us[again], room[again], FIRST, FIRST + 9) == days_of(at_us, room, FIRST, FIRST + 9)


def test_days_are_the_same_however_many_are_asked_for() -> None:
    at_us, room = signs_of(as_usual, 20)
    whole = days_of(at_us, room, FIRST, FIRST + 19)
    assert days_of(at_us, room, FIRST + 5, FIRST + 11) == whole[5:12]
    enough = at_us >= D0 + 4 * DAY_US  # a day earlier, for the night of the first
    assert days_of(at_us[enough], room[enough], FIRST + 5, FIRST + 11) == whole[5:12]


def test_a_regular_day_is_counted() -> None:
    day = lived_days(lambda _: Lived(ups=2), 4)[2]
    assert (day.night_ups, day.toilet_night, day.night_minutes, day.out) == (2, 2, 6, 1)
    assert day.up_minute is not None
    assert 7 * 60 <= day.up_minute <= 7 * 60 + 12
    assert day.parts[0] == 6
    assert set(MEASURES) <= set(Day.__struct_fields__)


def test_who_gets_up_for_good_before_six_was_not_up_at_night() -> None:
    day = lived_days(lambda _: Lived(ups=0, up_h=5.2), 3)[1]
    assert day.night_ups == 0
    assert day.night_minutes is not None
    assert day.night_minutes > 0


def test_a_silence_of_more_than_a_day_is_no_data_and_its_days_are_not_known() -> None:
    days = lived_days(lambda n: None if n in {4, 5} else as_usual(n), 10)
    assert [day.why for day in days[2:8]] == [None, None, "gap", "gap", "gap", None]
    assert all(getattr(days[4], name) is None for name in MEASURES)


def test_the_day_on_which_a_home_begins_to_be_heard_and_silence_to_the_end_are_not_known() -> None:
    at_us, room = signs_of(as_usual, 3)
    days = days_of(at_us, room, FIRST - 2, FIRST + 6)
    assert [day.why for day in days] == ["begins"] * 3 + [None] * 2 + ["gap"] * 4
    assert [day.why for day in days_of(at_us[:0], room[:0], FIRST, FIRST + 1)] == ["gap", "gap"]


def test_a_day_on_whose_morning_the_home_fell_silent_is_not_known() -> None:
    at_us, room = signs_of(as_usual, 8)
    left = (at_us < D0 + 3 * DAY_US + 9 * HOUR_US) | (at_us >= D0 + 6 * DAY_US)
    days = days_of(at_us[left], room[left], FIRST, FIRST + 7)
    assert [day.why for day in days[1:]] == [None, None, "gap", "gap", "gap", "gap", None]


def test_days_of_an_absence_are_not_known() -> None:
    at_us, room = signs_of(as_usual, 6)
    days = days_of(at_us, room, FIRST, FIRST + 5, [(D0 + 2 * DAY_US + 9 * HOUR_US, D0 + 4 * DAY_US)])
    assert [day.why for day in days[1:]] == [None, "absent", "absent", None, None]


def test_a_room_whose_sensor_said_nothing_is_not_known_and_a_home_without_a_door_sensor_goes_nowhere() -> None:
    days = lived_days(lambda _: Lived(rooms=(Room.LIVING, Room.BEDROOM), out=False, ups=0), 4)
    assert (days[2].toilet_day, days[2].toilet_night, days[2].kitchen, days[2].out) == (None, None, None, None)


def test_an_outer_door_that_is_only_opened_is_no_outing() -> None:
    minutes = np.arange(7 * 60, 22 * 60, 5)
    at_us = np.concatenate([D0 + day * DAY_US + minutes * MINUTE_US for day in range(3)])
    door = D0 + np.array([DAY_US + 10 * HOUR_US])
    room = np.full(len(at_us), int(Room.LIVING))
    days = days_of(np.append(at_us, door), np.append(room, int(Room.OUTER_DOOR)), FIRST, FIRST + 2)
    assert [day.out for day in days[1:]] == [0, 0]


def test_a_livelier_morning_deviates_and_the_days_after_it_do_not_count() -> None:
    days = lived_days(lambda n: Lived(morning_every=3.0 if n == 20 else None), 30)
    told = [deviation(day, days) for day in days]
    assert told[:8] == [None] * 8  # the first is the day it begins, and seven known ones are needed
    known = {n: z for n, z in enumerate(told) if z is not None}
    assert max(known, key=lambda n: known[n]) == 20
    assert known[20] > 2 > max(z for n, z in known.items() if n != 20)
    parts = part_deviations(days[20], days)
    assert parts is not None
    assert parts[0] > parts[1]
    assert deviation(days[20], days[:20]) == known[20]  # later days change nothing
    assert deviation(days[20], [*days[::-1]]) == pytest.approx(known[20])


def test_a_quieter_day_and_a_livelier_night_deviate_not() -> None:
    days = lived_days(lambda n: Lived(ups=7 if n == 20 else 0, every=20.0 if n == 21 else 9.0), 25)
    low = [deviation(days[n], days) for n in (20, 21)]
    assert all(z is not None and z < 1 for z in low)


def test_only_the_last_four_weeks_count() -> None:
    days = lived_days(lambda n: Lived(every=3.0 if n < 30 else 9.0), 60)
    assert deviation(days[59], days) == deviation(days[59], days[59 - DEFAULT.last_days :])


def config(who: str, version: int, until_us: int | None, *, here: bool = True) -> ResidentConfig:
    return ResidentConfig(resident=who, unit="u", version=version, here=here, absent_until_us=until_us)


def test_a_home_is_empty_while_all_who_live_there_are_away() -> None:
    told = [
        (0, config("a", 0, None)), (0, config("b", 0, None)),
        (100, config("a", 1, 900)), (200, config("b", 1, 500)), (600, config("b", 2, 950)), (700, config("a", 2, None)),
    ]  # fmt: skip
    assert absences(told, 2000) == [(200, 500), (600, 700)]
    assert absences([*told, (800, config("a", 3, None, here=False))], 2000) == [(200, 500), (600, 700), (800, 950)]
    assert absences([(5, config("a", 1, 9000))], 2000) == [(5, 2000)]
    assert absences([], 2000) == []
