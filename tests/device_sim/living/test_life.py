"""How a simulated household lives: day and night, habits, and scripts laid over them."""

from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from device_sim.living.deeds import Change, Deed, Doing, What
from device_sim.living.household import Habits, Household, Outing, Person, Visit
from device_sim.living.life import live
from device_sim.living.lives import household
from tests.device_sim.living.watched import DAY, SECOND

ZONE = "Asia/Shanghai"
#: Monday, 2 March 2026, 0:00 in China.
START = round(datetime(2026, 3, 2, tzinfo=ZoneInfo(ZONE)).timestamp()) * SECOND
HOUR, MINUTE = 3600 * SECOND, 60 * SECOND
WANG = Household((Person("wang"),))
THINGS = (What.DOOR, What.FRIDGE)


def lived(home: Household = WANG, days: int = 14, seed: int = 4, changes: tuple[Change, ...] = ()) -> list[Deed]:
    return list(live(home, START, START + days * DAY, ZONE, seed, changes))


def own(deeds: list[Deed], who: str = "wang") -> list[Deed]:
    return [deed for deed in deeds if deed.who == who and deed.what not in THINGS]


def hours(deeds: list[Deed], what: What) -> float:
    return sum(deed.to_us - deed.from_us for deed in deeds if deed.what is what) / HOUR


def at(deeds: list[Deed], when_us: int, who: str = "wang") -> Deed:
    return next(deed for deed in own(deeds, who) if deed.from_us <= when_us < deed.to_us)


def test_a_person_is_at_one_place_at_a_time_and_always_somewhere() -> None:
    for number in range(12):
        home = household(number, seed=3)
        deeds = lived(home, days=5, seed=number)
        assert all(one.from_us <= other.from_us for one, other in pairwise(deeds))
        for person in home.people:
            mine = own(deeds, person.key)
            for one, other in pairwise(mine):
                assert -1 <= other.from_us - one.to_us <= 60 * SECOND, (one, other)
            assert mine[0].from_us == START and mine[-1].to_us >= START + 5 * DAY - MINUTE


def test_nights_are_slept_and_days_are_lived() -> None:
    deeds = lived(days=28)
    assert 7.5 < hours(deeds, What.SLEEP) / 28 < 9.5, "people of this age sleep some nine hours with their nap"
    assert 0.2 < hours(deeds, What.NAP) / 28 < 1.2
    assert 0.5 < hours(deeds, What.OUT) / 28 < 2.5
    by_hour: Counter[int] = Counter()
    for deed in own(deeds):
        if deed.what is What.SLEEP:
            for hour in range((deed.from_us - START) // HOUR, (deed.to_us - START) // HOUR):
                by_hour[hour % 24] += 1
    assert min(by_hour[hour] for hour in (0, 1, 2, 3)) > 18 and not any(by_hour[hour] for hour in range(10, 19))


def test_nobody_changes_rooms_but_through_the_hall() -> None:
    for one, other in pairwise(own(lived())):
        if What.OUT not in (one.what, other.what) and one.where != other.where:
            assert "hall" in (one.where, other.where), (one, other)


def test_whoever_goes_out_opens_the_door_before_and_after() -> None:
    deeds = lived(days=28)
    doors = [deed for deed in deeds if deed.what is What.DOOR]
    trips = [deed for deed in deeds if deed.what is What.OUT]
    assert len(trips) > 20
    for trip in trips:
        assert any(abs(door.to_us - trip.from_us) <= SECOND for door in doors)
        assert any(abs(door.from_us - trip.to_us) <= SECOND for door in doors)


def test_the_toilet_at_night_comes_as_often_as_the_habits_say() -> None:
    def a_night(times: float) -> float:
        home = Household((Person("wang", Habits(toilet_a_night=times, awake_a_night=0.0)),))
        deeds = [d for d in lived(home, days=42) if d.what is What.TOILET and (d.from_us - START) // HOUR % 24 < 5]
        return len(deeds) / 42

    assert a_night(0.0) == 0.0
    assert 0.4 < a_night(1.0) < 1.2 < a_night(3.0) < 3.2


def test_outings_keep_their_weekdays() -> None:
    habits = Habits(outings=(Outing("market", (1,), 9.0, 60.0),))
    trips = [deed for deed in lived(Household((Person("wang", habits),)), days=28) if deed.what is What.OUT]
    assert {(trip.from_us - START) // DAY % 7 for trip in trips} == {1}
    assert 3 <= len(trips) <= 4


def test_a_carer_comes_by_the_door_at_her_hour_on_her_days() -> None:
    home = Household((Person("wang"),), visits=(Visit("carer", (0, 2), 9.5, 60.0),))
    hers = [deed for deed in lived(home, days=14) if deed.who == "carer"]
    came = defaultdict(list)
    for deed in hers:
        came[(deed.from_us - START) // DAY].append(deed)
    assert set(came) == {0, 2, 7, 9}
    for day, deeds in came.items():
        assert deeds[0].what is What.DOOR and deeds[-1].what is What.DOOR
        assert abs(deeds[0].from_us - START - day * DAY - 9.5 * HOUR) < HOUR


def test_the_same_seed_lives_the_same_life_and_a_longer_one_begins_with_it() -> None:
    assert lived(days=6) == lived(days=6)
    assert lived(days=6) != lived(days=6, seed=5)
    longer = lived(days=9)
    assert [deed for deed in longer if deed.to_us < START + 5 * DAY] == [
        deed for deed in lived(days=6) if deed.to_us < START + 5 * DAY
    ]


def test_a_script_changes_its_own_time_and_no_other_day() -> None:
    begin, end = START + 3 * DAY + 10 * HOUR, START + 3 * DAY + 16 * HOUR
    change = Change("wang", Doing.LIE, begin, end, rooms=("kitchen",))
    before, after = lived(days=7), lived(days=7, changes=(change,))

    def apart(deeds: list[Deed]) -> list[Deed]:
        return [deed for deed in deeds if deed.to_us < begin or deed.from_us > end]

    assert apart(after) == apart(before)
    during = [deed for deed in after if begin <= deed.from_us < end]
    assert {(deed.what, deed.where) for deed in during} == {(What.LIE, "kitchen")}
    assert during[-1].to_us == end and during[-1].stir == 0.0


@pytest.mark.parametrize(
    ("doing", "rooms", "what", "where"),
    [
        (Doing.SLEEP, (), What.SLEEP, "bedroom"),
        (Doing.SIT, ("kitchen",), What.SIT, "kitchen"),
        (Doing.AWAY, (), What.OUT, "away"),
    ],
)
def test_what_a_script_says_is_done_from_its_beginning_to_its_end(
    doing: Doing, rooms: tuple[str, ...], what: What, where: str
) -> None:
    begin, end = START + 2 * DAY + 6 * HOUR, START + 2 * DAY + 10 * HOUR
    deeds = lived(days=4, changes=(Change("wang", doing, begin, end, rooms=rooms),))
    for when_us in (begin + 5 * MINUTE, (begin + end) // 2, end - 5 * MINUTE):
        assert (at(deeds, when_us).what, at(deeds, when_us).where) == (what, where)
    assert at(deeds, end + 3 * HOUR).what is not what or doing is not Doing.AWAY


def test_pacing_goes_to_and_fro_between_the_rooms_named() -> None:
    begin = START + DAY + 2 * HOUR
    change = Change("wang", Doing.PACE, begin, begin + 20 * MINUTE, rooms=("bedroom", "kitchen"), each_s=30.0)
    paced = [d.where for d in own(lived(days=3, changes=(change,))) if d.what is What.PACE]
    assert 34 <= len(paced) <= 46
    assert all({one, other} == {"bedroom", "kitchen"} for one, other in pairwise(paced))


def test_whoever_does_not_come_back_opens_the_door_once() -> None:
    begin = START + DAY + 2 * HOUR
    away = Change("wang", Doing.AWAY, begin, begin + 3 * HOUR, returns=False)
    deeds = [d for d in lived(days=3, changes=(away,)) if begin <= d.from_us < begin + 3 * HOUR]
    assert [deed.what for deed in deeds] == [What.DOOR, What.OUT]


def test_nobody_does_two_things_at_once() -> None:
    changes = tuple(
        Change("wang", doing, START + at_us, START + at_us + 2 * HOUR)
        for doing, at_us in ((Doing.SIT, 10 * HOUR), (Doing.LIE, 11 * HOUR))
    )
    with pytest.raises(ValueError, match="at once"):
        lived(changes=changes)


def test_drawn_households_differ() -> None:
    homes = [household(number, seed=1) for number in range(40)]
    assert homes == [household(number, seed=1) for number in range(40)]
    assert {len(home.people) for home in homes} == {1, 2}
    assert 5 <= sum(bool(home.visits) for home in homes) <= 36
    assert np.ptp([home.people[0].habits.wakes_h for home in homes]) > 1.5


def test_whoever_is_out_comes_home_by_the_door_before_something_happens_to_them_at_home() -> None:
    habits = Habits(outings=(Outing("market", (0, 1, 2, 3, 4, 5, 6), 9.0, 120.0, 1.0, 5.0),))
    home = Household((Person("wang", habits),))
    out = next(d for d in lived(home, days=5) if d.what is What.OUT and d.from_us > START + 2 * DAY)
    falls = out.from_us + 30 * MINUTE
    change = Change("wang", Doing.LIE, falls, falls + 20 * MINUTE, rooms=("kitchen",))
    deeds = lived(home, days=5, changes=(change,))
    trip = next(d for d in deeds if d.what is What.OUT and d.from_us == out.from_us)
    assert trip.to_us < falls
    assert [d.what for d in deeds if trip.to_us <= d.from_us < falls] == [What.DOOR]
    after = at(deeds, falls + 30 * MINUTE)
    assert (after.what, after.where) == (What.SIT, "living room"), "who was picked up does not go on shopping"
