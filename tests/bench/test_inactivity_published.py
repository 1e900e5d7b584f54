"""The published rules that learn a home: what they ring at, and that they look at nothing later."""

import numpy as np
import pytest

from bench.homes import HomeRecord
from bench.inactivity_published import UNKNOWN_MINUTES, one_class, survival
from bench.inactivity_rules import Rule
from detectors.routine import DAY_US, HOUR_US
from detectors.routine_features import EDGES
from tests.detectors.homes import days


def lived(count: int) -> HomeRecord:
    signs = days(count)
    t_us = np.array([sign.event_us + 8 * HOUR_US for sign in signs], dtype=np.int64)
    room = np.array([int(sign.room) for sign in signs])
    return HomeRecord("h", t_us, room, [sign.device for sign in signs], np.ones(len(signs), dtype=np.int64))


def at_noon(record: HomeRecord, day: int) -> float:
    noon = record.t_us[0] // DAY_US * DAY_US + day * DAY_US + 12 * HOUR_US
    return float(record.t_us[np.searchsorted(record.t_us, noon) - 1])


def rules() -> list[tuple[str, Rule]]:
    return [
        ("survival", lambda record, began: survival(2.0, record, began)),
        ("one class", lambda record, began: one_class(0.05, record, began)),
    ]


@pytest.mark.parametrize(("name", "rule"), rules())
def test_a_rule_looks_at_nothing_later(name: str, rule: Rule) -> None:
    short, long = lived(18), lived(23)
    began = np.array([at_noon(short, day) for day in (9, 15)])
    assert rule(short, began).tolist() == rule(long, began).tolist(), name


@pytest.mark.parametrize(("name", "rule"), rules())
def test_a_home_too_young_gets_the_same_hours_as_any(name: str, rule: Rule) -> None:
    record = lived(3)
    assert rule(record, np.array([float(record.t_us[0])])).tolist()[0] >= UNKNOWN_MINUTES, name


def test_a_silence_at_noon_rings_before_one_at_night() -> None:
    record = lived(18)
    noon = at_noon(record, 16)
    night = float(record.t_us[np.searchsorted(record.t_us, noon + 11 * HOUR_US) - 1])
    for name, rule in rules():
        at_day, at_night = rule(record, np.array([noon, night]))
        assert at_day < at_night <= EDGES[-1], name
