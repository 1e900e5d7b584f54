"""Looking at the homes that are due finds the same, to the last byte, as asking every home at every tick."""

import random

import pytest

from detectors.due_times import DueTimes
from detectors.host import Host
from detectors.routine import HOUR_US
from schemas import finding as wire
from tests.detectors.hard_homes import hard_days, sensed, tick
from tests.detectors.homes import MIDNIGHT_US
from tests.reference.scanned_times import ScannedTimes, scanned_host

SECOND_US = 1_000_000


@pytest.mark.parametrize("seed", range(200))
def test_due_times_are_those_of_a_scan_whatever_happens(seed: int) -> None:
    dice = random.Random(seed)
    due: dict[str, int] = {}

    def due_of(unit: str) -> int:
        return due.get(unit, -1)

    ours, scanned = DueTimes(due_of), ScannedTimes(due_of, lambda: due)
    now_us = 0
    for _ in range(dice.randrange(1, 300)):
        now_us += dice.randrange(5)
        unit = f"u{dice.randrange(6)}"
        chance = dice.random()
        if chance < 0.6:
            due[unit] = dice.choice([-1, now_us + dice.randrange(40)])
            ours.note(unit, due[unit])
        elif chance < 0.7:
            due.pop(unit, None)
        elif chance < 0.8:
            assert ours.first() == scanned.first(), seed
        else:
            taken = ours.take(now_us)
            assert taken == scanned.take(now_us), seed
            for each in taken:
                due[each] = dice.choice([-1, now_us - 1, now_us + dice.randrange(40)])
                ours.note(each, due[each])


@pytest.mark.parametrize(("seed", "each"), [(0, 2_000), (1, 2_000), (0, 50)])
def test_homes_are_found_the_same_as_by_asking_every_one(seed: int, each: int) -> None:
    stream = hard_days(seed)
    ours, naive, kinds = Host(), scanned_host(), set()
    for start in range(0, len(stream), 50):
        if start % each == 0:  # a watcher that takes over finds what is due in the state alone
            state, ours = ours.snapshot(), Host()
            ours.restore(state)
        mine, theirs = (host.update(stream[start : start + 50]) for host in (ours, naive))
        assert [wire.encode(one) for one in mine] == [wire.encode(one) for one in theirs], (seed, start)
        kinds |= {one.model for one in mine}
    assert ours.snapshot() == naive.snapshot()
    assert ours.due() == naive.due()
    assert ours.errors == naive.errors == []
    assert len(kinds) >= 2, kinds


def test_a_backlog_of_hours_is_found_the_same() -> None:
    """A burst of more than waits is read before its tick: what it shows may be due at once, and long over."""
    now_us = MIDNIGHT_US + 20 * HOUR_US
    burst = [
        sensed(now_us - 3 * HOUR_US + k * 20 * SECOND_US, "u1", ("bedroom", "hall")[k % 2], arrival_us=now_us)
        for k in range(300)
    ]
    other = [tick(now_us - 4 * SECOND_US), sensed(now_us - 3 * SECOND_US, "u2", "hall"), tick(now_us - SECOND_US)]
    stream = [*other, *burst, *(tick(now_us + k * SECOND_US) for k in range(12))]
    ours, naive = Host(), scanned_host()
    for number, reading in enumerate(stream):
        mine, theirs = ours.update([reading]), naive.update([reading])
        assert [wire.encode(one) for one in mine] == [wire.encode(one) for one in theirs], number
        assert ours.snapshot() == naive.snapshot(), number
