"""Several plays in one order of time."""

from device_sim.play import PlannedConfig, PlannedDevice
from device_sim.runner.merge import Change, Clock, End, Message, steps
from tests.device_sim.runner.making import HOUR, MINUTE, SECOND, START, play, said


def test_the_clock_is_said_before_whatever_happens_at_another_time_and_only_then() -> None:
    one = play(emissions=[said(START + 1, "a"), said(START + 1, "b"), said(START + 2, "c")])
    found = list(steps([one]))
    assert [(type(each), each.at_us - START) for each in found[:-1]] == [
        (Clock, 1),
        (Message, 1),
        (Message, 1),
        (Clock, 2),
        (Message, 2),
    ]
    assert found[-1] == End(START + HOUR, 0)
    assert not any(each.tick for each in found if isinstance(each, Clock))


def test_a_tick_comes_before_what_happens_in_the_same_microsecond() -> None:
    moment = START + MINUTE
    one = play(
        emissions=[said(moment)],
        ticks_us=[START, moment],
        configs=[PlannedConfig(moment, "wang", {"sensitivity": "keener"})],
    )
    found = [each for each in steps([one]) if each.at_us == moment]
    assert [type(each) for each in found] == [Clock, Change, Message]
    assert found[0] == Clock(moment, tick=True)


def test_plays_are_merged_by_time_and_a_tick_of_both_is_one() -> None:
    first = play("first", emissions=[said(START + 1), said(START + 5)], ticks_us=[START, START + MINUTE])
    second = play("second", emissions=[said(START + 3)], ticks_us=[START, START + MINUTE], lasts_us=2 * HOUR)
    found = list(steps([first, second]))
    assert [each.at_us for each in found] == sorted(each.at_us for each in found)
    assert [each.play for each in found if isinstance(each, Message)] == [0, 1, 0]
    assert [each.at_us for each in found if isinstance(each, Clock) and each.tick] == [START, START + MINUTE]
    assert [each for each in found if isinstance(each, End)] == [End(START + HOUR, 0), End(START + 2 * HOUR, 1)]


def test_no_time_is_said_twice_and_none_goes_back() -> None:
    busy = [said(START + n * SECOND // 3) for n in range(200)]
    plays = [play(str(n), emissions=busy, ticks_us=range(START, START + MINUTE, SECOND)) for n in range(3)]
    times = [each.at_us for each in steps(plays) if isinstance(each, Clock)]
    assert times == sorted(set(times))


def test_what_is_so_from_the_beginning_is_no_change_and_a_device_handed_over_later_is_one() -> None:
    later = PlannedDevice("later", "wearable", "home", START + MINUTE, resident="wang")
    first = PlannedDevice("first", "wearable", "home", START, resident="wang")
    one = play(devices=[later, first], configs=[PlannedConfig(START, "wang", {"sensitivity": "calmer"})])
    assert [each.what for each in steps([one]) if isinstance(each, Change)] == [later]
