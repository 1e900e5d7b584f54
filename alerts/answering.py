"""How soon people answer, against what the field asks of an alarm centre. Pure.

Rules of this file:

- A response time runs from when an alert first rang until somebody first claimed it, or held it: picked up, as alarm
  centres count it. It says nothing of when somebody stood at the bed.
- What nobody ever claimed is late, at every goal and in every percentile. Only an alert that has rung for less than
  the last goal, and may still be answered in time, is counted apart (``waiting``).
- Goals are for what calls people. A day unlike others (``routine``) calls nobody; a fault of ours is not a resident.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from math import ceil, inf

import msgspec

from alerts.reviewing import Case
from schemas.finding import FindingKind

_SECOND_US = 1_000_000
HOUR_US = 3600 * _SECOND_US
#: Answered within so many seconds, so many of all: the TSA's figures for telecare centres (97.5 % in 60 s, 99 % in
#: 180 s), as MASCOT holds itself to and telecareaware reports; the European standard asks 98.5 % in 60 s.
GOALS: tuple[tuple[int, float], ...] = ((60, 0.975), (180, 0.99))
_LAST_GOAL_US = GOALS[-1][0] * _SECOND_US
#: What calls nobody.
_CALLS_NOBODY = frozenset({FindingKind.ROUTINE, FindingKind.PLATFORM})
#: Where the curve of answers is drawn, seconds: close together up to the goals, then as far as a claim may last.
CURVE_S = (0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 600, 1200, 1800, 3600)
HOURS = 24


class Verdict(StrEnum):
    """How a goal stands."""

    MET = "met"
    MISSED = "missed"
    FEW = "few"  # so few that one late answer alone would miss it


class Goal(msgspec.Struct, frozen=True):
    """One goal beside what was measured. ``share`` None: nothing was answered or missed."""

    seconds: int
    goal: float
    hits: int
    share: float | None
    verdict: Verdict


class Times(msgspec.Struct, frozen=True):
    """Response times of some alerts, in seconds. A percentile is None where it falls on one nobody answered.

    ``of`` counts all but those ``waiting``; ``never`` of them were never claimed. ``curve``: how many were answered
    within each of CURVE_S.
    """

    of: int
    waiting: int
    never: int
    median_s: float | None
    p90_s: float | None
    goals: tuple[Goal, ...]
    curve: tuple[int, ...] = ()


def calls(case: Case) -> bool:
    """Whether an alert is of a kind that calls people."""
    return case.kind not in _CALLS_NOBODY


def response_s(case: Case) -> float:
    """Return how long nobody had answered, in seconds; infinite: nobody ever did. Before it rang is at once."""
    if case.answered_us is None:
        return inf
    return max(0, case.answered_us - case.rang_us) / _SECOND_US


def is_waiting(case: Case, now_us: int) -> bool:
    """Whether an alert may still be answered before the last goal."""
    return case.answered_us is None and now_us - case.rang_us < _LAST_GOAL_US


def times(cases: Iterable[Case], now_us: int) -> Times:
    """Return the response times of those that call people."""
    return _of(_judged(cases, now_us))


def by_hour(cases: Iterable[Case], now_us: int, ahead_us: Callable[[int], int]) -> tuple[Times, ...]:
    """Return the response times by the hour of the day at which they rang; ``ahead_us``: local time minus UTC."""
    hours: list[list[Case]] = [[] for _ in range(HOURS)]
    for case in cases:
        hours[hour_of(case.rang_us, ahead_us)].append(case)
    return tuple(msgspec.structs.replace(times(hour, now_us), curve=()) for hour in hours)


def by_ward(cases: Iterable[Case], now_us: int) -> dict[str, Times]:
    """Return the response times of each ward."""
    wards: dict[str, list[Case]] = {}
    for case in cases:
        wards.setdefault(case.ward, []).append(case)
    return {ward: msgspec.structs.replace(times(held, now_us), curve=()) for ward, held in wards.items()}


def hour_of(at_us: int, ahead_us: Callable[[int], int]) -> int:
    """Return the hour that a clock on the wall shows, 0 to 23."""
    return (at_us + ahead_us(at_us)) // HOUR_US % HOURS


def _judged(cases: Iterable[Case], now_us: int) -> tuple[list[float], int]:
    calling = [case for case in cases if calls(case)]
    waiting = sum(is_waiting(case, now_us) for case in calling)
    return sorted(response_s(case) for case in calling if not is_waiting(case, now_us)), waiting


def _of(judged: tuple[list[float], int]) -> Times:
    ordered, waiting = judged
    return Times(
        of=len(ordered),
        waiting=waiting,
        never=ordered.count(inf),
        median_s=_percentile(ordered, 0.5),
        p90_s=_percentile(ordered, 0.9),
        goals=tuple(_goal(ordered, seconds, goal) for seconds, goal in GOALS),
        curve=tuple(_within(ordered, seconds) for seconds in CURVE_S),
    )


def _goal(ordered: Sequence[float], seconds: int, goal: float) -> Goal:
    hits, of = _within(ordered, seconds), len(ordered)
    met = Verdict.MET if hits >= round(goal * of, 6) else Verdict.MISSED
    verdict = Verdict.FEW if of < ceil(1 / (1 - goal)) else met
    return Goal(seconds, goal, hits, hits / of if of else None, verdict)


def _within(ordered: Sequence[float], seconds: float) -> int:
    return bisect_right(ordered, seconds)  # "within 60 s" holds at 60 s sharp


def _percentile(ordered: Sequence[float], part: float) -> float | None:
    """Return the nearest rank: a time that was really somebody's, not one between two."""
    if not ordered:
        return None
    found = ordered[ceil(part * len(ordered)) - 1]
    return None if found == inf else found
