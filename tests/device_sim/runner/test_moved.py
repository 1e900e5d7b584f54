"""A play that is moved to a later week is the same play: every moment of its file moves, and its life is the same."""

import dataclasses
import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from device_sim.play import Play, Staging
from device_sim.runner.staging import same_time_after
from device_sim.scenarios import shelf
from device_sim.scenarios.compiling import compile_play
from tests.device_sim.runner.making import DAY, MINUTE

WEEK = 7 * DAY
#: A fortnight with its moments written as dates; its weekends, a carer, a phone and a bracelet are all in it.
DATED = """\
id: written-with-dates
title: Written with dates
seed: 3
start: 2026-04-13 06:00
lasts: 8 days
places:
  flat: {name: Flat}
residents:
  li:
    home: flat
    name: Li
    carers:
      - {days: weekdays, at: "09:00", for: 40 min}
devices:
  sensors: {kind: sensors, at: flat}
  bracelet: {kind: wearable, worn by: li}
  phone: {kind: phone, worn by: li}
happens:
  - {at: 2026-04-15 10:15, who: li, what: falls, how: forwards, room: kitchen, for: 6 min, key: the-fall}
  - {at: 2026-04-18 15:00, who: li, what: has a visitor, for: 1 h}
  - {at: 2026-04-20 14:00, who: li, what: walks in circles, for: 40 min, key: the-walk}
faults:
  - {at: 2026-04-16 08:00, what: network away, device: bracelet, for: 20 min}
expect:
  - {kind: fall, of: the-fall, within: 30 s}
  - {kind: wandering, of: the-walk, within: 35 min}
never:
  - {kind: inactivity, who: li, from: 2026-04-14 07:30, until: 2026-04-17 21:00}
"""


def written(zone: str = "Asia/Shanghai", text: str = DATED) -> Play:
    return compile_play(shelf.from_text(f"{text}timezone: {zone}\n", "x.yaml"), Staging(mark="m"))


def moved(start_us: int, zone: str = "Asia/Shanghai", text: str = DATED) -> Play:
    return compile_play(shelf.from_text(f"{text}timezone: {zone}\n", "x.yaml"), Staging(start_us, "m"))


def times(play: Play) -> list[tuple[str, int, int]]:
    expected = [(each.key, each.from_us, each.until_us) for each in play.expectations]
    return expected + [("story", each.from_us, each.until_us) for each in play.story]


@pytest.mark.parametrize("weeks", [1, 4, 61])
def test_what_is_written_with_a_date_moves_along_with_what_is_not(weeks: int) -> None:
    own, later_us = written(), weeks * WEEK
    later = moved(own.start_us + later_us)
    assert times(later) == [(key, from_us + later_us, until_us + later_us) for key, from_us, until_us in times(own)]
    never = later.expectations[-1]
    assert never.until_us - never.from_us == 3 * DAY + 13 * 60 * MINUTE + 30 * MINUTE


def test_the_life_of_a_moved_play_is_the_same_life() -> None:
    own, later_us = written(), 9 * WEEK
    later = moved(own.start_us + later_us)
    sent, again = list(own.emissions), list(later.emissions)
    assert {each.topic.split("/")[0] for each in sent} == {"sim", "sw", "owntracks"}
    assert [(each.at_us + later_us, each.topic) for each in sent] == [(each.at_us, each.topic) for each in again]
    for one, other in zip(sent, again, strict=True):
        if one.topic.startswith("sim/"):
            assert one.payload == other.payload
        elif one.topic.startswith("owntracks/"):
            here, there = json.loads(one.payload), json.loads(other.payload)
            assert (here["lat"], here["lon"]) == (there["lat"], there["lon"])
            assert there["tst"] - here["tst"] == later_us // 1_000_000
    assert [at_us + later_us for at_us in own.ticks_us] == list(later.ticks_us)


def test_two_weeks_of_one_play_are_not_the_same_week_twice() -> None:
    play = written(text=DATED.replace("8 days", "14 days"))
    days = Counter((each.at_us - play.start_us) // DAY for each in play.emissions if "kitchen" in each.topic)
    assert days[1] != days[8]


def test_summer_time_keeps_clock_times_where_they_are() -> None:
    """Own start in summer time, moved to a fortnight in which it ends: by the clock all is as written."""
    own = written("Europe/Berlin")
    zone = ZoneInfo("Europe/Berlin")
    from_us = round(datetime(2026, 10, 19, tzinfo=zone).timestamp()) * 1_000_000
    later = moved(same_time_after(own.start_us, from_us, "Europe/Berlin"), "Europe/Berlin")

    def clock(play: Play) -> list[str]:
        return [f"{datetime.fromtimestamp(each.from_us / 1e6, zone):%a %H:%M}" for each in play.story]

    assert clock(own) == clock(later)
    assert Counter(each.topic for each in later.emissions)


def test_a_play_that_starts_at_its_own_date_is_as_it_was() -> None:
    own = written()
    assert dataclasses.replace(own, emissions=(), ticks_us=()) == dataclasses.replace(
        moved(own.start_us), emissions=(), ticks_us=()
    )
    assert list(own.emissions) == list(moved(own.start_us).emissions)
