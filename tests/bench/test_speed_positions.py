"""The bench of positions measures what it says, on crowds small enough for a test."""

import json

import pytest

from bench.__main__ import main
from bench.speed import crowd
from bench.speed.command_positions import compare
from bench.speed.crowd import Crowd, Source
from bench.speed.positions import WARM_MIN, profile, speed, ticks
from detectors.host import WANDERING, WHEREABOUTS, Host

MINUTES = WARM_MIN + 3


@pytest.fixture(scope="module")
def walker() -> Source:
    return crowd.walking(1, MINUTES)


@pytest.fixture(scope="module")
def still() -> Source:
    return crowd.at_home(1, MINUTES)


def test_a_crowd_is_people_who_are_known_and_whose_places_come_in_turn(walker: Source, still: Source) -> None:
    people = Crowd(10, [walker, still])
    seconds = [people.next() for _ in range(60)]
    came = [reading for second in seconds for reading in second]
    assert {reading.unit for reading in came} == {people.unit(n) for n in range(10)}
    assert 45 <= len(came) <= 65
    assert max(len(second) for second in seconds) < 6
    assert all(len({reading.device for reading in came if reading.unit == unit}) == 1 for unit in people.states())
    host = Host()
    assert host.take_over({}, people.states()) == {}
    known = [home.people["r1"].known for home in host.whereabouts.homes.values()]
    assert len(known) == 10
    assert all(each.seen_days > 20 for each in known)


def test_who_is_in_a_building_or_wears_a_beacon_tells_it_more_often() -> None:
    for made in (crowd.in_building(1, 2), crowd.with_beacons(1, 2)):
        assert len(made.readings) > 100
        assert made.readings == sorted(made.readings, key=lambda each: each.arrival_us)


def test_walking_costs_each_detector_something_and_the_ways_are_kept(walker: Source) -> None:
    found = {who: speed(4, [walker], who, 2) for who in (WANDERING, WHEREABOUTS)}
    for each in found.values():
        assert 40 < each.readings < 56
        assert 0 < each.of_it_tick_us < each.us_a_reading
        assert each.loop_us > 0
        assert len(each.state_bytes) == 4
    assert min(found[WANDERING].state_bytes) > 1_500  # half an hour's way
    assert min(found[WHEREABOUTS].state_bytes) > 3_000  # four weeks; of the walk alone 2,140


def test_a_profile_names_the_steps_of_both_detectors(walker: Source) -> None:
    steps = profile(2, [walker], 1)
    assert sum(steps.values()) == pytest.approx(1.0)
    assert {"wandering: the way", "whereabouts: follow"} <= set(steps)


def test_ticks_are_over_homes_of_which_a_few_are_on_foot(walker: Source) -> None:
    quiet = crowd.at_home(2, 62, 1800.0)
    told = ticks(100, [quiet], [walker], 0.1, 10)
    assert told["homes"] == 100
    assert 0.5 < told["readings_a_second"] < 2.0
    assert 0 < told["median_ms"] <= told["most_ms"]


def test_the_command_tells_its_scenarios_and_compares_by_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["speed", "positions", "--people", "3", "--minutes", "1", "--json", "--only", "uwb"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert list(told["scenarios"]) == ["uwb"]
    assert set(told["scenarios"]["uwb"]) == {WANDERING, WHEREABOUTS, "host", "steps"}
    slower = json.loads(json.dumps(told))
    slower["scenarios"]["uwb"]["host"]["x_reference"] *= 2
    assert not compare(told, told)[1]
    lines, worse = compare(told, slower)
    assert worse
    assert [line.split()[0] for line in lines] == ["within", "within", "worse"]
    assert main(["speed", "positions", "--only", "nothing"]) == 2
    assert "no scenario nothing" in capsys.readouterr().err
