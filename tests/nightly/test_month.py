"""A month of twenty homes in minutes; and what is found in it does not depend on the day it is run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system import scenarios
from tests.system.month import scenario
from tests.system.platform import Platform

pytestmark = [pytest.mark.servers, pytest.mark.timeout(1800)]

#: On two cores that have nothing else to do (issue 4).
MINUTES = 10


def test_thirty_days_of_twenty_homes_go_through_in_ten_minutes(simulated: Platform, kept: Path, tmp_path: Path) -> None:
    written = tmp_path / "month.yaml"
    written.write_text(scenario(20, 30), encoding="utf-8")
    _, run = scenarios.run(simulated, str(written), out=kept / "month.json", timeout_s=1700)
    assert run.complete
    assert run.messages > 300_000
    assert run.wall_s < MINUTES * 60, f"{run.wall_s} s; {run.setting_up_s} s of them to set up"


def test_the_same_fortnight_on_two_fresh_homes_finds_the_same(
    fresh: Callable[[], Platform], kept: Path, tmp_path: Path
) -> None:
    written = tmp_path / "fortnight.yaml"
    written.write_text(scenario(20, 14), encoding="utf-8")
    first, second = (
        scenarios.run(fresh(), str(written), out=kept / f"fortnight-{n}.json", timeout_s=800)[1].scenarios[0]
        for n in (1, 2)
    )
    assert scenarios.found(first)  # else there is nothing that could differ
    assert scenarios.found(first) == scenarios.found(second)
