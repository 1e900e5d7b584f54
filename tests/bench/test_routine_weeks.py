"""How often the weekly report tells of something, on homes that are made up."""

from pathlib import Path

import numpy as np
import pytest

from bench.routine_weeks import in_random_order, main, reports, summary
from tests.bench import lived
from tests.detectors.routines import Lived, as_usual, lived_days


def test_a_restless_week_is_one_of_the_weeks_and_by_chance_it_is_spread() -> None:
    days = lived_days(lambda n: Lived(ups=6 if 70 <= n < 77 else 1 + n % 2), 91)
    told = reports(days)
    assert summary("x", told) == ("x: 11 weeks, a change is told in 1 (9%): week.night_ups 1, week.toilet_night 1")
    mixed = in_random_order(days, np.random.default_rng(1))
    assert [day.day for day in mixed] == [day.day for day in days]
    assert sorted(day.parts for day in mixed) == sorted(day.parts for day in days)
    assert mixed != days
    assert mixed[0] == days[0]  # the day on which it begins is not known, and stays
    assert summary("none", []) == "none: 0 weeks, a change is told in 0 (0%): none"
    assert all(not each.changes for each in reports(lived_days(as_usual, 60)))


def test_it_reads_recordings_and_says_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = lived.write(tmp_path / "events.csv", lived.rows("h", 30))
    assert main([str(file)]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("as they were: ")
    assert second.startswith("days in random order: ")
    assert "week.dusk_share" in third
    assert main([str(tmp_path / "none.csv")]) == 2
