"""A hundred thousand things at random: one owner, no lost event, no alert twice, and always somebody who comes next."""

import os

import pytest

from alerts.deadlines import is_over
from schemas.alert import OPEN_STATES
from tests.alerts.shift import Shift

#: Steps altogether, of all seeds; whoever wants more says so. 100,000 took 17 s of CPU where this was written.
STEPS = int(os.environ.get("SHOUWANG_SHIFT_STEPS", "100000"))
SEEDS = tuple(range(20261130, 20261140))


@pytest.mark.parametrize("number", SEEDS)
def test_whatever_people_timers_crashes_and_clocks_do_every_open_alert_is_somebodys_or_calls(number: int) -> None:
    shift = Shift(number)
    for index in range(STEPS // len(SEEDS)):
        shift.step()
        if index % 200 == 0:
            shift.timers()
            shift.nothing_lost()
            assert not any(is_over(a, shift.now_us) for a in shift.alerts.values() if a.state in OPEN_STATES)
            shift.forget()
    assert all(shift.counts.values()), f"seed {number} met nothing of some kind: {shift.counts}"
