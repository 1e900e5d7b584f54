"""Two runs side by side: what became better, worse, or stayed, expectation by expectation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from device_sim.runner.record import GOOD, Judged, Run, Scenario, Verdict

#: A time to the alert that changed by less than this share, or by less than so many seconds, is the same.
SAME_SHARE, SAME_S = 0.1, 1.0


class Change(StrEnum):
    """What became of an expectation."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    FASTER = "faster"
    SLOWER = "slower"
    NEW = "new"
    GONE = "gone"


#: From bad to good; a late alarm is better than none.
_RANK = {Verdict.RAISED: 2, Verdict.QUIET: 2, Verdict.LATE: 1} | dict.fromkeys(
    (Verdict.OPEN, Verdict.EMPTY, Verdict.MISSED, Verdict.WRONG), 0
)


@dataclass(frozen=True)
class Pair:
    """One expectation in both runs; None where one of them has none of it."""

    scenario: str
    title: dict[str, str]
    old: Judged | None
    new: Judged | None
    change: Change


def compare(old: Run, new: Sequence[Run]) -> list[Pair]:
    """Return all expectations of both, those of the new runs first."""
    before = {key: judged for scenario in old.scenarios for key, judged in _keyed(scenario)}
    found = []
    for run in new:
        for scenario in run.scenarios:
            for key, judged in _keyed(scenario):
                earlier = before.pop(key, None)
                found.append(Pair(scenario.id, scenario.title, earlier, judged, _change(earlier, judged)))
    titles = {scenario.id: scenario.title for scenario in old.scenarios}
    found += [Pair(key[0], titles[key[0]], judged, None, Change.GONE) for key, judged in before.items()]
    return found


def _keyed(scenario: Scenario) -> list[tuple[tuple[str, int, str], Judged]]:
    return [((scenario.id, scenario.seed, each.key), each) for each in scenario.judged]


def _change(old: Judged | None, new: Judged) -> Change:
    if old is None:
        return Change.NEW
    if _RANK[new.verdict] != _RANK[old.verdict]:
        return Change.BETTER if _RANK[new.verdict] > _RANK[old.verdict] else Change.WORSE
    if new.must and new.verdict in GOOD and old.wait_s is not None and new.wait_s is not None:
        by_s = new.wait_s - old.wait_s
        if abs(by_s) > max(SAME_S, SAME_SHARE * abs(old.wait_s)):
            return Change.FASTER if by_s < 0 else Change.SLOWER
    return Change.SAME
