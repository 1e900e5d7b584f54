"""Rules that others published, to stand beside ours in the same table: fixed hours, and times the longest gap.

Fixed hours is what is sold and installed most (an infra-red alarm when nobody passes for four to five hours). The
longest gap is the family of Cuddihy 2007: ring when a silence outlasts the longest of the last days by some measure.
Two more are in bench.inactivity_published.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from bench.homes import HomeRecord
from bench.inactivity_published import one_class, survival
from bench.play_homes import begin_us
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from detectors.routine_rests import Floats

#: Days over which the longest gap is taken; gaps of more than a day are no habit.
MEMORY_US = 14 * DAY_US
#: What stands for the longest gap of a home without any.
UNKNOWN_US = 12 * HOUR_US

#: Times at which silences begin, us -> after how many minutes each rings.
Rule = Callable[[HomeRecord, Floats], Floats]


def fixed(hours: float) -> Rule:
    """Return the rule that rings after the same hours at any time."""
    return lambda _record, began: np.full(len(began), hours * 60.0)


def longest(times: float) -> Rule:
    """Return the rule that rings after ``times`` the longest gap of the last two weeks."""

    def rule(record: HomeRecord, began: Floats) -> Floats:
        t_us = record.t_us.astype(np.float64)
        gap = np.diff(t_us)
        known = (gap <= DAY_US) & (gap >= HOUR_US)
        ends, lengths = t_us[1:][known], gap[known]
        limits = [
            lengths[(ends <= now) & (ends > now - MEMORY_US)].max(initial=0.0) or UNKNOWN_US for now in began.tolist()
        ]
        return np.array(limits) * times / MINUTE_US

    return rule


#: How far outside of its description a home's hour must be; by eye over the homes, since it has no unit.
SLACKS = (0.0, 0.05, 0.1, 0.2, 0.4)

#: Name in the table -> the rule; a curve each.
RULES: dict[str, Rule] = {
    **{f"silent for {hours} h": fixed(hours) for hours in (4, 6, 8, 10, 12)},
    **{f"{times:g} x longest gap": longest(times) for times in (0.6, 0.8, 1.0, 1.2, 1.5)},
    **{f"{times:g} x room and hour": partial(survival, times) for times in (1.0, 1.5, 2.0, 3.0, 4.0)},
    **{f"one class, slack {slack:g}": partial(one_class, slack) for slack in SLACKS},
}


def judge(rule: Rule, record: HomeRecord, stops_ms: list[int]) -> tuple[list[tuple[int, float]], list[float]]:
    """Return the silences that ring falsely in the judged time, and the hours from each stop to its alarm.

    A silence is when it began, us, and its minutes.
    """
    t_us = record.t_us.astype(np.float64)
    gap = np.diff(t_us)
    judged = (gap >= 30 * MINUTE_US) & (t_us[1:] > begin_us(record))
    minutes = gap[judged] / MINUTE_US
    limit = rule(record, t_us[:-1][judged])
    false = (minutes > limit) & (t_us[:-1][judged] + limit * MINUTE_US >= begin_us(record))
    stops = np.array(stops_ms, dtype=np.float64) * 1000
    last = t_us[np.maximum(np.searchsorted(t_us, stops, side="right") - 1, 0)]
    delay_h = np.clip((last + rule(record, last) * MINUTE_US - stops) / HOUR_US, 0.0, 48.0)
    began_us = record.t_us[:-1][judged][false]
    return list(zip(began_us.tolist(), minutes[false].tolist(), strict=True)), delay_h.tolist()
