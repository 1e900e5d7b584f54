"""A scenario becomes a play: the same bytes for the same seed, all in order, and the truth where it was written."""

import dataclasses
from itertools import pairwise

import pytest

from device_sim.play import Play, Staging
from device_sim.scenarios import shelf, words
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.moments import DAY_US, MINUTE_US, SECOND_US
from schemas import frame, topics
from schemas.frame import FrameFlag
from tests.device_sim.scenarios import rehearsal

FALL = "fall-backwards-bathroom"


def play_of(text: str, mark: str = "m") -> Play:
    return compile_play(shelf.from_text(f"id: x\ntitle: x\n{text}", "x.yaml"), Staging(mark=mark))


def hour_with_watch(*lines: str) -> str:
    return "base: fall-backwards-bathroom\nstart: 2026-03-02 09:00\nlasts: 1 h\nfaults:\n" + "".join(
        f"  - {{{line}}}\n" for line in lines
    )


def device_of(topic: str) -> str:
    parsed = topics.parse(topic)
    return "" if parsed is None else parsed.device


@pytest.mark.parametrize("name", shelf.ids())
def test_every_scenario_of_the_library_compiles_with_all_in_order_of_time(name: str) -> None:
    play = compile_play(shelf.load(name), Staging(mark="m"))
    sent = [each.at_us for each in play.emissions]
    assert sent
    assert all(before <= after for before, after in pairwise(sent))
    assert play.start_us <= sent[0]
    assert sent[-1] <= play.end_us + 10 * SECOND_US
    ticks = list(play.ticks_us)
    assert all(before < after <= before + 60 * SECOND_US for before, after in pairwise(ticks))
    assert (ticks[0], play.end_us - ticks[-1] < 60 * SECOND_US) == (play.start_us, True)
    homes = {each.key for each in play.places}
    assert {each.unit for each in play.residents} | {each.unit for each in play.devices} <= homes
    assert {each.resident for each in play.expectations} <= {each.key for each in play.residents}
    for each in play.expectations:
        assert play.start_us - 6 * 3600 * SECOND_US <= each.from_us <= each.until_us <= play.end_us + DAY_US
    assert {*play.title} == {"en", "zh"}
    assert all({*each.said} == {"en", "zh"} for each in play.story)


@pytest.mark.parametrize("name", [FALL, "wander-leaves-at-night", "walks-the-dog"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(name: str) -> None:
    said, staging = shelf.load(name), Staging(mark="m")
    first = list(compile_play(said, staging).emissions)
    assert first == list(compile_play(said, staging).emissions)
    assert first != list(compile_play(dataclasses.replace(said, seed=said.seed + 1), staging).emissions)


def test_a_play_can_be_gone_through_twice() -> None:
    play = compile_play(shelf.load(FALL))
    assert list(play.emissions) == list(play.emissions)
    assert list(play.ticks_us) == list(play.ticks_us)


def test_a_run_can_start_the_play_on_another_day_and_all_of_it_moves() -> None:
    said = shelf.load(FALL)
    play, week = compile_play(said), 7 * DAY_US
    later = compile_play(said, Staging(start_us=play.start_us + week))
    assert later.expectations[0].event_us == play.expectations[0].event_us + week
    assert later.story[0].from_us == play.story[0].from_us + week


def test_another_mark_changes_names_alone() -> None:
    one, other = compile_play(shelf.load(FALL), Staging(mark="aa")), compile_play(shelf.load(FALL), Staging(mark="bb"))
    assert [each.at_us for each in one.emissions] == [each.at_us for each in other.emissions]
    assert {each.device for each in one.devices}.isdisjoint(each.device for each in other.devices)
    assert {each.topic for each in one.emissions}.isdisjoint(each.topic for each in other.emissions)


@pytest.mark.parametrize("name", [FALL, "walks-the-dog", "collapses-after-the-carer-left"])
def test_whatever_speaks_was_set_up(name: str) -> None:
    play = compile_play(shelf.load(name), Staging(mark="m"))
    planned = {each.device for each in play.devices}
    assert {device_of(each.topic) for each in play.emissions if topics.parse(each.topic)} <= planned


def test_the_file_says_where_the_fall_is_and_the_expectation_lies_around_it() -> None:
    play = compile_play(shelf.load(FALL))
    (must,) = play.expectations
    assert must.event_us == play.start_us + 30 * MINUTE_US
    assert must.from_us < must.event_us < must.until_us
    assert must.within_s == 30.0
    assert "only around scripted events" in play.notes[0]


def test_wandering_on_a_way_is_true_from_where_the_aim_is_lost_not_from_the_door() -> None:
    play = compile_play(shelf.load("wander-gets-lost"))
    (must,), (walk,) = play.expectations, play.story
    assert walk.from_us + MINUTE_US < must.event_us < walk.until_us


def test_what_the_family_told_of_is_set_before_somebody_goes() -> None:
    play = compile_play(shelf.load("day-trip-that-was-told"))
    (config,), (trip,) = play.configs, play.story
    assert config.at_us == trip.from_us - 10 * MINUTE_US
    assert config.changes == {"absent_until": trip.until_us}


def test_a_device_that_dies_says_nothing_more_and_its_battery_ran_down() -> None:
    play = play_of(hour_with_watch("at: '09:50', what: battery dies, device: watch"))
    mine = [each for each in play.emissions if device_of(each.topic)]
    assert max(each.at_us for each in mine) < play.start_us + 50 * MINUTE_US
    states = [each.payload for each in mine if each.topic.endswith("/state")]
    assert b'"battery": 1' in states[-1] or b'"battery":1' in states[-1]


def test_what_a_device_kept_while_the_network_was_away_comes_after_and_says_so() -> None:
    play = play_of(hour_with_watch("at: '09:28', what: network away, device: watch, for: 10 min"))
    away, back = play.start_us + 28 * MINUTE_US, play.start_us + 38 * MINUTE_US
    mine = [each for each in play.emissions if device_of(each.topic)]
    assert [each.payload for each in mine if away <= each.at_us < back] == [b'{"online":false}']
    frames = [frame.decode(each.payload) for each in mine if each.topic.endswith("/imu")]
    assert [each.seq for each in frames] == list(range(len(frames)))
    assert {bool(each.flags & FrameFlag.BUFFERED) for each in frames} == {True, False}
    assert any(b'"online":true' in each.payload for each in mine if each.at_us >= back)


def test_a_device_that_repeats_says_the_same_bytes_again() -> None:
    once = [each.payload for each in play_of(hour_with_watch()).emissions if device_of(each.topic)]
    twice = play_of(hour_with_watch("at: start, what: repeats, device: watch"))
    assert sorted([each.payload for each in twice.emissions if device_of(each.topic)]) == sorted(once * 2)


def test_every_word_that_may_happen_or_break_compiles_and_is_understood_by_every_decoder() -> None:
    lines = ["base: lives-alone", "lasts: 5 days", "residents: {wang: {zone: 100 m}}", "devices:"]
    lines += ["  sensors: {kind: sensors, at: home, also: button}", "  watch: {kind: wearable, worn by: wang}"]
    lines += ["  phone: {kind: phone, worn by: wang}", "happens:"]
    hour = 1
    for what, word in words.HAPPENINGS.items():
        more = {
            "how": word.hows[0] if word.hows else "",
            "room": "kitchen",
            "for": "40 min",
            "between": "[hall, kitchen]",
        }
        needed = "".join(f", {name}: {more[name]}" for name in word.needs)
        lines.append(f"  - {{at: day {1 + hour // 24} {hour % 24:02d}:00, who: wang, what: {what}{needed}}}")
        hour += 3
    lines.append("faults:")
    for what, word in words.FAULTS.items():
        device = "sensors" if what == "sticks" else "watch"
        more = {"device": device, "room": "hall", "home": "home", "for": "1 h"}
        needed = "".join(f", {name}: {more[name]}" for name in word.needs)
        lines.append(f"  - {{at: day 5 09:00, what: {what}{needed}}}")
    play = play_of("\n".join(lines))
    said = {reading.device for reading in rehearsal.heard(play) if reading.unit == "home" and reading.device}
    assert said == {each.device for each in play.devices}


def test_a_never_about_something_begins_so_long_before_it_as_its_kind_may_be_dated() -> None:
    never = "never:\n  - {kind: inactivity, who: wang, of: flat}\n  - {kind: any, who: wang, of: flat}\n"
    fault = "faults:\n  - {at: day 2 14:00, what: battery dies, device: sensors, room: hall, for: 2 h, key: flat}\n"
    play = play_of(f"base: lives-alone\n{fault}{never}")
    died_us = play.start_us + DAY_US + 14 * 60 * MINUTE_US
    assert [(one.from_us - died_us, one.until_us - died_us) for one in play.expectations] == [
        (-6 * 60 * MINUTE_US, 120 * MINUTE_US),
        (-15 * SECOND_US, 120 * MINUTE_US),
    ]
