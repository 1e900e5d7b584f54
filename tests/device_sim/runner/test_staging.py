"""When plays start."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from device_sim.play import Emission, Play, Staging
from device_sim.runner.staging import Script, same_time_after, stage, stage_now
from device_sim.scenarios.compiling import Again
from device_sim.scenarios.mistakes import Unclear
from schemas.errors import Unavailable
from tests.device_sim.runner.making import DAY, HOUR, START, play, said

FRESH = 978_307_200_000_000


def script(name: str = "one", start_us: int = START, seed: int = 1) -> Script:
    def compiled(staging: Staging) -> Play:
        assert staging.start_us is not None
        return play(name, start_us=staging.start_us, mark=staging.mark)

    return Script(name, seed, start_us, "Asia/Shanghai", compiled)


def test_on_a_new_platform_a_play_starts_when_its_file_says() -> None:
    (staged,) = stage([script()], FRESH).plays
    assert (staged.play.start_us, staged.later_us) == (START, 0)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
def test_a_date_that_is_past_is_moved_to_the_same_weekday_and_local_time(zone: str) -> None:
    there = ZoneInfo(zone)
    own = datetime.fromtimestamp(START / 1e6, there)
    for weeks in (0, 1, 4, 30):  # summer time begins and ends in between
        from_us = START + weeks * 7 * DAY + 3 * HOUR
        moved_us = same_time_after(START, from_us, zone)
        moved = datetime.fromtimestamp(moved_us / 1e6, there)
        assert (moved.weekday(), moved.time()) == (own.weekday(), own.time())
        assert from_us <= moved_us <= from_us + 7 * DAY + HOUR


def test_a_moment_that_can_be_kept_is_kept() -> None:
    assert same_time_after(START, START, "Asia/Shanghai") == START


def test_plays_with_distant_dates_come_to_the_first_ones_week() -> None:
    months_later = START + 91 * DAY + 5 * HOUR  # 13 weeks and a bit: a Monday, 13:00
    staged = stage([script("late", months_later), script("early")], FRESH).plays
    assert [each.play.start_us - START for each in staged] == [5 * HOUR, 0]
    assert [each.later_us for each in staged] == [-91 * DAY, 0]


def test_no_play_starts_before_the_platforms_clock() -> None:
    now_us = START + 40 * DAY
    assert all(
        each.play.start_us > now_us for each in stage([script("a"), script("b", START - 90 * DAY)], now_us).plays
    )


def test_the_same_plays_get_the_same_marks_and_twins_different_ones() -> None:
    marks = [each.staging.mark for each in stage([script(), script(), script(seed=2)], FRESH).plays]
    assert marks == [each.staging.mark for each in stage([script(), script(), script(seed=2)], FRESH).plays]
    assert len(set(marks)) == 3


def test_a_mark_that_an_earlier_run_left_is_not_used_again() -> None:
    first = stage([script()], FRESH).plays[0].staging.mark
    assert stage([script()], FRESH, {first}).plays[0].staging.mark != first


def test_each_play_has_a_bridge_of_its_own() -> None:
    bases = [each.staging.base for each in stage([script(), script()], FRESH).plays]
    assert len(set(bases)) == 2


def test_on_a_live_home_all_start_now() -> None:
    now_us = round(datetime(2026, 11, 23, 20, 0, tzinfo=UTC).timestamp()) * 1_000_000
    assert {each.play.start_us for each in stage_now([script(), script("b", START + DAY)], now_us).plays} == {now_us}


def test_what_cannot_be_played_from_there_on_is_left_out_with_a_sentence_and_the_others_are_played() -> None:
    def unclear(staging: Staging) -> Play:
        raise Unclear("“09:30” is outside the play.", "It lasts until 09:00.")

    def at_once() -> Iterator[Emission]:
        raise ValueError("wang cannot lie and sleep at once.")
        yield

    def lazily(staging: Staging) -> Play:
        return replace(play("lazy"), emissions=at_once())

    bad = [Script(name, 1, START, "Asia/Shanghai", how) for name, how in (("strict", unclear), ("lazy", lazily))]
    placed = stage([bad[0], script(), bad[1]], FRESH)
    assert [each.play.id for each in placed.plays] == ["one"]
    assert placed.left_out == (
        "strict cannot be played from Mon 2026-03-02 08:00 on: “09:30” is outside the play. It lasts until 09:00.",
        "lazy cannot be played from Mon 2026-03-02 08:00 on: wang cannot lie and sleep at once.",
    )


def test_what_shows_only_in_the_middle_of_a_play_that_it_cannot_be_is_a_sentence_too() -> None:
    def in_the_middle() -> Iterator[Emission]:
        yield said(START)
        raise ValueError("a fall from bed comes too soon.")

    def compiled(staging: Staging) -> Play:
        return replace(play("later"), emissions=Again(in_the_middle))

    (staged,) = stage([Script("later", 1, START, "Asia/Shanghai", compiled)], FRESH).plays
    with pytest.raises(Unavailable, match=r"later cannot be played to its end: a fall from bed comes too soon\."):
        list(staged.play.emissions)
