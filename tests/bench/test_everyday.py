"""The bench of everyday watches on a made-up home: what it makes go wrong is found, and what it leaves alone is not."""

from functools import cache

import numpy as np
import pytest

from bench import everyday
from bench.homes import HomeRecord
from bench.play_everyday import PlayedDays, going_wrong, play_days, signs_of
from bench.play_homes import begin_us
from detectors.everyday_watches import Watch
from detectors.home_clocks import CHINA_US
from tests.detectors.everyday_days import lived

#: Two weeks of learning, and ten days more.
DAYS = 24


@cache
def record() -> HomeRecord:
    signs = lived(DAYS)
    t_us = np.array([sign.event_us + CHINA_US for sign in signs], dtype=np.int64)
    room = np.array([int(sign.room) for sign in signs], dtype=np.int64)
    return HomeRecord("h1", t_us, room, [sign.device for sign in signs], np.ones(len(signs), dtype=np.int64))


@cache
def played() -> PlayedDays:
    return play_days(record(), wrong=2)


def test_an_untouched_home_of_ordinary_days_has_no_false_alarms_and_all_watches_on() -> None:
    assert played().found == []
    assert played().weeks == pytest.approx((DAYS - 15) / 7, abs=0.2)
    assert set(played().watched) == set(Watch)
    told = everyday.false_alarms([played()])
    assert "| all | 0 | 0.000 [0.000," in told


def test_each_way_of_going_wrong_is_found_by_the_watch_that_is_for_it() -> None:
    wanted = {
        "stays in bed, stirs": "not_up",
        "no kitchen all day": "no_meal",
        "stays in the bathroom": "long_in_bathroom",
        "leaves the bed at night, lies elsewhere": "not_back_in_bed",
        "stays in bed, silent": "inactivity",
    }
    assert {each.what for each in played().came} == set(wanted)
    for each in played().came:
        if each.what == "stays in bed, stirs":
            continue  # this one is up as soon as she is awake: her bedroom sees her once
        assert wanted[each.what] in each.hours, each
        assert each.hours[wanted[each.what]] > 0
    assert "| no kitchen all day | 2 | no_meal | 100 % [34, 100] |" in everyday.what_came([played()])


def test_days_go_wrong_after_the_learning_at_seeded_moments_in_the_order_of_time() -> None:
    signs = signs_of(record())
    wrong = going_wrong(signs, begin_us(record()), 3)
    assert [each.cut_us for each in wrong] == sorted(each.cut_us for each in wrong)
    assert all(each.cut_us >= begin_us(record()) for each in wrong)
    assert [(each.what, each.cut_us) for each in wrong] == [
        (each.what, each.cut_us) for each in going_wrong(signs, begin_us(record()), 3)
    ]


def test_a_curve_has_a_distance_that_each_half_chooses_for_the_other() -> None:
    told = everyday.curve([record(), record()])
    assert told.count("\n") == 1 + len(Watch)
    assert "x 0.6: 0.000; x 0.6: 0.000" in told
