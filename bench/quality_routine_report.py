"""The text report on the daily deviation: ours and published day models, over all homes and within homes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.homes import HomeRecord
from bench.ranking import auc, auc_pr, interval, within
from bench.routine_rules import RULES, day_counts, judged
from detectors.routine_days import Day
from detectors.routine_deviation import STANDS_OUT

#: Homes are drawn again so often, from this seed.
DRAWS, SEED = 500, 20190401
Figure = Callable[[NDArray[np.int64], NDArray[np.int64]], float]
_HEAD = f"{'':26}  AUC, homes with a label   AUC-PR                AUC, all homes        AUC within a home"


@dataclass(frozen=True, slots=True, eq=False)
class JudgedDays:
    """What a rule says of each day of a home (None: not judged), and which days were labelled."""

    record: HomeRecord
    days: Sequence[Day]
    scores: Sequence[float | None]
    labelled: set[int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All judged days of all homes: score, whether labelled, and the home's number."""

    score: NDArray[np.float64]
    true: NDArray[np.bool_]
    home: NDArray[np.int64]

    def of_homes_with_a_label(self) -> "Table":
        """Return the days of homes in which a judged day was labelled."""
        rows = np.isin(self.home, self.home[self.true])
        return Table(self.score[rows], self.true[rows], self.home[rows])


def table_of(homes: Sequence[JudgedDays]) -> Table:
    """Return the judged days as columns."""
    rows = [
        (score, day.day in (each.labelled or ()), number)
        for number, each in enumerate(homes)
        for day, score in zip(each.days, each.scores, strict=True)
        if score is not None
    ]
    score, true, home = zip(*rows, strict=True) if rows else ((), (), ())
    return Table(np.array(score, np.float64), np.array(true, np.bool_), np.array(home, np.int64))


def routine_report(homes: Sequence[JudgedDays], *, rules: bool) -> str:
    """Return the report."""
    table = table_of(homes)
    lines = [_what_was_judged(homes, table)]
    if not table.true.any():
        return "\n".join([*lines, "no labelled day among them: nothing to measure"])
    lines += [_HEAD, line("ours", table)]
    lines.append(_standing_out(table))
    if rules:
        lines += [line(name, table_of(by_rule(name, homes))) for name in RULES]
    return "\n".join(lines)


def _standing_out(table: Table) -> str:
    """Return what the days are that the week's report names."""
    out = table.score >= STANDS_OUT
    if not out.any():
        return "no day stands out"
    return (
        f"days that stand out ({STANDS_OUT} and more): {7 * out.mean():.2f} a home-week, {table.true[out].mean():.0%} "
        f"of them labelled ({table.true.mean():.1%} of all are), {out[table.true].mean():.0%} of the labelled days"
    )


def by_rule(name: str, homes: Sequence[JudgedDays]) -> list[JudgedDays]:
    """Return the same homes judged by a published rule."""
    told: list[JudgedDays] = []
    for each in homes:
        known = [day.known for day in each.days]
        counts = day_counts(each.record.t_us, each.record.room, each.days[0].day, len(each.days))
        told.append(JudgedDays(each.record, each.days, judged(RULES[name](), counts, known), each.labelled))
    return told


def line(name: str, table: Table) -> str:
    """Return one row of the table, with intervals."""
    some = table.of_homes_with_a_label()
    cells = [
        _cell(lambda rows, _: auc(some.score[rows], some.true[rows]), some.home),
        _cell(lambda rows, _: auc_pr(some.score[rows], some.true[rows]), some.home),
        _cell(lambda rows, _: auc(table.score[rows], table.true[rows]), table.home),
        _cell(lambda rows, home: within(some.score[rows], some.true[rows], home), some.home),
    ]
    return f"{name:26}  " + "    ".join(cells)


def _cell(figure: Figure, home: NDArray[np.int64]) -> str:
    low, high = interval(figure, home, DRAWS, SEED)
    return f"{figure(np.arange(len(home)), home):.3f} [{low:.3f}, {high:.3f}]"


def _what_was_judged(homes: Sequence[JudgedDays], table: Table) -> str:
    labelled = sum(len(each.labelled or ()) for each in homes)
    some = table.of_homes_with_a_label()
    return (
        f"{len(homes)} homes, {sum(len(each.days) for each in homes)} days, {len(table.score)} of them judged; "
        f"{labelled} labelled days, {int(table.true.sum())} of them judged, in {len(np.unique(some.home))} homes "
        f"({len(some.score)} judged days, {some.true.mean() if len(some.score) else 0:.1%} labelled)"
    )
