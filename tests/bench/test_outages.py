"""Times in which a study itself heard nothing: found in its homes together, and told apart in the report."""

from typing import Any

import numpy as np
import pytest

from bench.homes import HomeRecord
from bench.inactivity_report import at_price, watched
from bench.outages import lost_days, outages_of
from bench.play_homes import PlayedHome
from detectors.inactivity_model import Outlook
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from detectors.routine_features import EDGES

#: The study hears nothing from the tenth day at four in the morning, for 58 hours.
BEGIN_US, HOURS = 10 * DAY_US + 4 * HOUR_US, 58
END_US = BEGIN_US + HOURS * HOUR_US


def home(number: int, days: int = 20, first: int = 0, hole: bool = True) -> HomeRecord:
    """Return a home with a sign every half hour, a few minutes later in each."""
    t_us = np.arange(first * DAY_US, days * DAY_US, HOUR_US // 2) + number * MINUTE_US
    if hole:
        t_us = t_us[(t_us <= BEGIN_US) | (t_us >= END_US)]
    return HomeRecord(f"h{number}", t_us, np.zeros_like(t_us), ["s"] * len(t_us), np.ones_like(t_us))


def test_a_time_in_which_no_home_of_many_was_heard_is_an_outage_of_the_study() -> None:
    ((begin, end),) = outages_of([home(n) for n in range(12)])
    assert BEGIN_US - HOUR_US // 2 < begin <= BEGIN_US
    assert END_US <= end < END_US + HOUR_US // 2


@pytest.mark.parametrize(
    "records",
    [
        [],
        [home(n) for n in range(9)],  # too few to know
        [*(home(n) for n in range(12)), home(12, hole=False)],  # one was heard
        [*(home(n) for n in range(9)), *(home(n, days=9) for n in range(9, 20))],  # most were over
        [*(home(n) for n in range(9)), *(home(n, first=13) for n in range(9, 20))],  # or not yet begun
    ],
)
def test_the_silence_of_few_homes_or_of_all_but_one_is_no_outage(records: list[HomeRecord]) -> None:
    assert outages_of(records) == []


def played(**fields: Any) -> PlayedHome:
    """Return a home of four judged weeks with the outage, a silence of 5 h, and a stop before each."""
    sure = Outlook(np.where(np.arange(len(EDGES)) < 3, 1.0, 0.0))  # rings at the fourth edge
    base: dict[str, Any] = {
        "home": "h", "days": 28.0, "alarms": [], "injected": [], "found": [], "gaps": [HOURS * 60.0 + 9, 300.0],
        "began": [BEGIN_US, BEGIN_US + 5 * DAY_US], "outlooks": [sure, sure], "stop_outlooks": [sure],
        "stop_since": [0.0],
    }  # fmt: skip
    return PlayedHome(**(base | fields))


def test_a_silence_that_holds_the_outage_is_counted_and_told_apart() -> None:
    point = at_price("x", [played()], 1e6, [(BEGIN_US, END_US)])
    assert point["false_alarms_per_home_week"] == pytest.approx(2 / 4)
    assert point["without_outages"] == pytest.approx(1 / (4 - HOURS / 168))
    same = at_price("x", [played()], 1e6)
    assert same["without_outages"] == same["false_alarms_per_home_week"]


def test_hours_told_on_the_hour_still_hold_the_outage() -> None:
    late = BEGIN_US + HOUR_US  # a counter's last hour begins after the study's last sign
    assert lost_days(late, (HOURS - 2) * 60.0, [(BEGIN_US, END_US)]) == pytest.approx(HOURS / 24)
    assert lost_days(late - 2 * DAY_US, 24 * 60.0, [(BEGIN_US, END_US)]) == 0.0


def test_the_weeks_of_the_outage_are_not_watched() -> None:
    time = watched([played(), played(gaps=[], began=[], outlooks=[])], [(BEGIN_US, END_US)])
    assert time.weeks == 8.0
    assert time.heard == pytest.approx(8 - HOURS / 168)
