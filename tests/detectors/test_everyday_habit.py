"""How a habit is learnt: other homes at first, this home soon, and a limit that moves slowly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detectors.everyday_habit import KEPT_DAYS, KNOWN_DAYS, Habit, Scale, is_weekend, learn, limit

#: A Monday.
DAY = 4
CLOCK = Habit(Scale.CLOCK, usual=190.0, usual_days=1.0, spread=60.0, spread_days=5.0, far=3.0)
LENGTH = Habit(Scale.LENGTH, usual=15.0, usual_days=3.0, spread=0.7, spread_days=5.0, far=3.0, least=45.0, most=180.0)
SCALES: dict[Scale, tuple[Callable[..., Any], Callable[..., Any]]] = {
    Scale.CLOCK: (np.asarray, np.asarray),
    Scale.LENGTH: (np.log, np.exp),
    Scale.COUNT: (np.sqrt, np.square),
}
COUNT = Habit(Scale.COUNT, usual=6.0, usual_days=3.0, spread=2.5, spread_days=5.0, far=2.0, least=20.0, record=1.2)


def days(values: list[int]) -> list[tuple[int, int]]:
    return [(DAY - len(values) + place, value) for place, value in enumerate(values)]


@pytest.mark.parametrize("habit", [CLOCK, LENGTH, COUNT])
@pytest.mark.parametrize("seed", range(5))
def test_a_limit_is_so_many_spreads_above_what_is_usual_both_pulled_to_other_homes(habit: Habit, seed: int) -> None:
    values = np.random.default_rng(seed).integers(1, 300, 20)
    known = limit(habit, days(values.tolist()), DAY)
    assert known is not None
    scale, back = SCALES[habit.scale]
    padded = np.concatenate([scale(values), np.full(int(habit.usual_days), scale(habit.usual))])
    usual = padded.mean()
    squares = np.sum((scale(values) - usual) ** 2) + habit.spread_days * habit.spread**2
    spread = np.sqrt(squares / (len(values) + habit.spread_days))
    assert known.usual == pytest.approx(back(usual))
    reach = max(back(usual + habit.far * spread), habit.least, habit.record * values.max())
    assert known.limit == pytest.approx(reach)


def test_nothing_is_expected_before_enough_days_are_known() -> None:
    assert limit(CLOCK, days([120] * (KNOWN_DAYS - 1)), DAY) is None
    assert limit(CLOCK, days([120] * KNOWN_DAYS), DAY) is not None


def test_a_regular_home_has_a_nearer_limit_than_an_irregular_one() -> None:
    regular, irregular = limit(CLOCK, days([120, 130] * 10), DAY), limit(CLOCK, days([60, 240] * 10), DAY)
    assert regular is not None
    assert irregular is not None
    assert regular.limit + 60 < irregular.limit


def test_a_day_far_beyond_moves_the_limit_by_little() -> None:
    learnt = days([120, 130] * 10)
    before = limit(CLOCK, learnt, DAY)
    assert before is not None
    learn(learnt, DAY, 700, before)
    after = limit(CLOCK, learnt, DAY + 1)
    assert after is not None
    assert before.limit < after.limit < before.limit + 45


def test_what_is_four_weeks_old_is_forgotten() -> None:
    learnt: list[tuple[int, int]] = []
    for day in range(100):
        learn(learnt, day, 100 + day, None)
    assert learnt == [(day, 100 + day) for day in range(100 - KEPT_DAYS, 100)]
    learn(learnt, 300, 5, None)  # after months without a day nothing of before counts
    assert learnt == [(300, 5)]


def test_late_weekends_make_the_limit_of_weekends_later_and_never_that_of_other_days() -> None:
    early = [(day, 120) for day in range(28)]
    late = [(day, 240 if is_weekend(day) else 120) for day in range(28)]
    sunday, monday = 31, 32
    assert is_weekend(sunday)
    assert not is_weekend(monday)
    of_early, of_late, of_monday = limit(CLOCK, early, sunday), limit(CLOCK, late, sunday), limit(CLOCK, late, monday)
    assert of_early is not None
    assert of_late is not None
    assert of_monday is not None
    assert of_late.limit > of_monday.limit > of_early.limit
    never_sooner = limit(CLOCK, [(day, 60 if is_weekend(day) else 240) for day in range(28)], sunday)
    all_days = limit(CLOCK, [(day, 60 if is_weekend(day) else 240) for day in range(28)], monday)
    assert never_sooner == all_days
