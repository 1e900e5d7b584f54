"""Everyday habits read again from what was stored are those of a watcher that was never interrupted."""

import random
from collections.abc import Sequence
from functools import cache

import pytest

from detectors.everyday_state import HABITS
from detectors.host import EVERYDAY, INACTIVITY, PARTS, Host
from detectors.inactivity_replay import Relearner
from detectors.routine import HOUR_US, MINUTE_US, Room
from schemas import finding
from schemas.config import ResidentConfig, RoutineConfig, config_reading
from schemas.finding import Finding, FindingKind
from schemas.reading import Reading, ReadingKind
from tests.detectors import everyday_days
from tests.detectors.everyday_days import Seen, at_us
from tests.detectors.homes import MIDNIGHT_US
from tests.ingest.falls_in_stream import tick
from tests.ingest.homes_in_stream import motion
from tests.ingest.test_replay import watched

UNIT = "u1"
#: Days of the life; on the last she eats nothing until the evening.
DAYS = 14
LAST = DAYS - 1


def _hungry(seen: list[Seen]) -> list[Seen]:
    return [(at_h, Room.LIVING if room is Room.KITCHEN and at_h < 17 else room) for at_h, room in seen]


def _away(hours: float | None, day: int, version: int) -> Reading:
    from_us = at_us(day, 9.5 if hours else 14.0)
    until_us = None if hours is None else from_us + round(hours * HOUR_US)
    config = ResidentConfig(resident="r1", unit=UNIT, version=version, absent_until_us=until_us)
    return config_reading(config, from_us, from_us)


@cache
def stored() -> Sequence[Reading]:
    """Return what a recorder stores of the home, and its config: there are an absence, and a return before its time."""
    found = [*map(motion, everyday_days.lived(DAYS, _hungry)), _away(30.0, 4, 1), _away(60.0, 7, 2), _away(None, 8, 3)]
    return sorted(found, key=lambda reading: reading.arrival_us)


@cache
def lived() -> Sequence[Reading]:
    """Return the same with the platform's clock each five minutes, as it stands in the partition."""
    ticks = range(MIDNIGHT_US, at_us(LAST, 24.0), 5 * MINUTE_US)
    return sorted([*stored(), *map(tick, ticks)], key=lambda reading: reading.arrival_us)


def answer(readings: Sequence[Reading], asked: str) -> Reading:
    """Return what the desk writes into the stream after it has read what these readings left in the database."""
    relearner = Relearner(UNIT)
    relearner.update([reading for reading in readings if reading.kind is not ReadingKind.TICK])
    state, through_us = relearner.habits()
    assert len(state) < 4096
    config = RoutineConfig(unit=UNIT, model=HABITS, asked=asked, through_us=through_us, state=state)
    return config_reading(config, readings[-1].arrival_us, readings[-1].arrival_us)


def of_watches(found: Sequence[Finding]) -> list[bytes]:
    return [finding.encode(each) for each in found if each.model.startswith("everyday")]


def test_what_is_learnt_from_the_stored_messages_is_what_was_learnt_live() -> None:
    host = Host()
    found = of_watches(host.update(lived()))
    assert [finding.decode(each).kind for each in found] == [FindingKind.ROUTINE, FindingKind.ROUTINE]
    relearner = Relearner(UNIT)
    relearner.update(stored())
    assert list(relearner.errors()) == []
    assert relearner.habits() == (host.everyday.learnt(UNIT), host.inactivity.homes[UNIT].last_us)


@pytest.mark.parametrize("seed", range(4))
def test_a_watcher_that_lost_them_by_day_knows_all_but_that_day_after_the_answer(seed: int) -> None:
    rng = random.Random(seed)
    readings = lived()
    lost = next(i for i, each in enumerate(readings) if each.arrival_us > at_us(LAST - 2, rng.uniform(8, 20)))
    whole, host = Host(), Host()
    whole.update(readings)
    host.update(readings[:lost])
    units = host.states(host.units())
    host = Host()
    host.take_over(
        host.clocks(),
        {unit: {part: state for part, state in parts.items() if part != EVERYDAY} for unit, parts in units.items()},
    )
    host.begin_anew({EVERYDAY}, units, f"seq {lost}")
    assert host.asks_of_habits() == {UNIT: f"seq {lost}"}
    there = lost + rng.choice((1, 40, 300))
    found = of_watches(host.update([*readings[lost:there], answer(readings[:there], f"seq {lost}"), *readings[there:]]))
    days = [day for day, _ in whole.everyday.homes[UNIT].habits[3]]
    assert [day for day, _ in host.everyday.homes[UNIT].habits[3]] == days
    assert [finding.decode(each).kind for each in found] == [FindingKind.ROUTINE, FindingKind.ROUTINE]


def test_a_replay_with_the_answer_in_it_is_byte_equal_however_it_is_cut() -> None:
    readings = list(lived())
    lost = next(i for i, each in enumerate(readings) if each.arrival_us > at_us(LAST - 1, 12.0))
    first = next(each for each in readings[lost:] if each.unit == UNIT)
    there = readings.index(first) + 40
    token = f"{first.key}@{first.event_us}"
    after = [*readings[lost:there], answer(readings[:there], token), *readings[there:]]
    wanted = watched(after, random.Random(-1))
    assert wanted[0]
    for seed in range(6):
        assert watched(after, random.Random(seed)) == wanted, f"seed {seed}"
    assert watched(readings[lost:], random.Random(-1))[0] != wanted[0], "the answer changes nothing"


def test_only_the_part_that_begins_anew_asks() -> None:
    host = Host()
    host.begin_anew(PARTS - {EVERYDAY}, [UNIT], "seq 1")
    assert host.asks_of_habits() == {}
    host.begin_anew(PARTS - {INACTIVITY}, [UNIT], "seq 2")
    assert host.asks_of_habits() == {UNIT: "seq 2"}
