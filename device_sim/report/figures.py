"""The numbers of a report: by kind of alarm, over all plays of its runs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from device_sim.runner.judging import ANY
from device_sim.runner.record import GOOD, Judged, Occurrence, Run, Scenario, Verdict

#: The order in which kinds are told; others follow by name.
ORDER = ("fall", "inactivity", "wandering")


@dataclass
class Kind:
    """One kind of alarm. ``waits_s`` of all that were raised, late ones too."""

    name: str
    must: int = 0
    raised: int = 0
    late: int = 0
    must_not: int = 0
    quiet: int = 0
    wrongly: int = 0
    doubles: int = 0
    mild: int = 0
    waits_s: list[float] = field(default_factory=list)

    @property
    def median_s(self) -> float | None:
        """The usual time to the alert, None where nothing was raised."""
        return median(self.waits_s) if self.waits_s else None


@dataclass(frozen=True)
class Failure:
    """One thing that did not come as expected: an expectation, or something that rang without one."""

    scenario: Scenario
    judged: Judged | None = None
    wrongly: Occurrence | None = None
    double: bool = False


def plays(runs: Sequence[Run]) -> list[Scenario]:
    """Return all plays of all runs."""
    return [scenario for run in runs for scenario in run.scenarios]


def weeks(runs: Sequence[Run]) -> float:
    """Return how long people were watched over, resident-weeks."""
    return sum(scenario.resident_weeks for scenario in plays(runs))


def by_kind(runs: Sequence[Run]) -> list[Kind]:
    """Return the numbers of each kind that was expected, expected not to be, or raised."""
    found: dict[str, Kind] = {name: Kind(name) for name in ORDER}

    def of(name: str) -> Kind:
        return found.setdefault(name, Kind(name))

    for scenario in plays(runs):
        for each in scenario.judged:
            if each.verdict not in (Verdict.OPEN, Verdict.EMPTY):
                _count(of(each.kind), each)
        for count, those in (("wrongly", scenario.wrongly), ("doubles", scenario.doubles), ("mild", scenario.mild)):
            for one in those:
                setattr(of(one.kind), count, getattr(of(one.kind), count) + 1)
    others = sorted(set(found) - set(ORDER))
    return [found[name] for name in (*ORDER, *others)]


def _count(kind: Kind, each: Judged) -> None:
    if each.must:
        kind.must += 1
        kind.raised += each.verdict is Verdict.RAISED
        kind.late += each.verdict is Verdict.LATE
        if each.wait_s is not None:
            kind.waits_s.append(each.wait_s)
    else:
        kind.must_not += 1
        kind.quiet += each.verdict is Verdict.QUIET


def total(kinds: Iterable[Kind]) -> Kind:
    """Return the sums over all kinds."""
    whole = Kind(ANY)
    for kind in kinds:
        for name in ("must", "raised", "late", "must_not", "quiet", "wrongly", "doubles", "mild"):
            setattr(whole, name, getattr(whole, name) + getattr(kind, name))
        whole.waits_s += kind.waits_s
    return whole


def failures(runs: Sequence[Run]) -> list[Failure]:
    """Return all that did not come as expected, in the order of the plays."""
    found = []
    for scenario in plays(runs):
        told: set[str] = set()
        for each in scenario.judged:
            if each.verdict not in GOOD:
                found.append(Failure(scenario, judged=each))
                told |= {one.finding for one in each.raised}
        found += [Failure(scenario, wrongly=one) for one in scenario.wrongly if one.finding not in told]
        found += [Failure(scenario, wrongly=one, double=True) for one in scenario.doubles]
    return found
