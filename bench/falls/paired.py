"""Better, worse, or within noise: two rows of outcomes compared by exact tests, never by their bare difference.

On the same records only those count on which the two differ (McNemar, exactly: a fair coin decides each). Alarms in
free living count as the same when they are as close as one fall's; of the rest, again a fair coin. On other
records: Fisher's exact test of two shares, and of two counts the conditional test of two Poisson rates. A comparison
makes dozens of such tests, so the levels are Holm's: of twenty comparisons of like with like, one says anything at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from bench.falls.outcomes import Row, bits
from detectors.fall import FallConfig

#: Chance that a comparison of two detectors that do not differ says better or worse anywhere.
LEVEL = 0.05
BETTER, WORSE, NOISE = "better", "worse", "within noise"
_DAY_S = 86_400.0
#: Relative slack in comparing two probabilities that are equal but for rounding.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of one row, old and new. ``gain``: the new one is at least as good; ``p`` two-sided."""

    measure: str
    old: float
    new: float
    gain: bool
    p: float
    paired: bool


def changes(old: Row, new: Row) -> list[Change]:
    """Return each measure that both rows have."""
    found: list[Change] = []
    same = old.records == new.records
    for measure, field, good in (("falls found %", "found", True), ("told twice %", "doubles", False),
                                 ("daily life silent %", "silent", True)):  # fmt: skip
        a, b = bits(getattr(old, field)), bits(getattr(new, field))
        if not len(a) or not len(b):
            continue
        if same:
            p = coin(int((a & ~b).sum()), int((b & ~a).sum()))
        else:
            p = fisher(int(a.sum()), len(a), int(b.sum()), len(b))
        before, after = 100 * float(a.mean()), 100 * float(b.mean())
        found.append(Change(measure, before, after, (after >= before) == good or after == before, p, same))
    if old.seconds and new.seconds:
        found.append(_living(old, new, same=same))
    return found


def _living(old: Row, new: Row, *, same: bool) -> Change:
    (before, old_s), (after, new_s) = ((sum(map(len, row.alarms)), sum(row.seconds)) for row in (old, new))
    if same:
        lone = [lonely(a, b) for a, b in zip(old.alarms, new.alarms, strict=True)]
        p = coin(sum(a for a, _ in lone), sum(b for _, b in lone))
    else:
        p = binomial(before, after, old_s / (old_s + new_s))
    rates = before / old_s * _DAY_S, after / new_s * _DAY_S
    return Change("false alarms a day", *rates, rates[1] <= rates[0], p, same)


def lonely(old: Sequence[float], new: Sequence[float]) -> tuple[int, int]:
    """Return how many alarms of each have none of the other's within the time in which falls are one."""
    apart, left = FallConfig().apart_s, sorted(new)
    alone = 0
    for t_s in sorted(old):
        near = [other for other in left if abs(other - t_s) <= apart]
        if near:
            left.remove(near[0])
        else:
            alone += 1
    return alone, len(left)


def verdicts(all_changes: Sequence[Change]) -> list[str]:
    """Return the verdict on each change, by Holm's procedure over all of them."""
    said = [NOISE] * len(all_changes)
    for rank, index in enumerate(sorted(range(len(all_changes)), key=lambda i: all_changes[i].p)):
        if all_changes[index].p > LEVEL / (len(all_changes) - rank):
            break
        said[index] = BETTER if all_changes[index].gain else WORSE
    return said


def coin(a: int, b: int) -> float:
    """Return the chance that a fair coin splits ``a`` + ``b`` at least as unevenly."""
    return binomial(a, b, 0.5)


def binomial(a: int, b: int, share: float) -> float:
    """Return the two-sided chance of ``a`` of ``a`` + ``b``, each with probability ``share``: no likelier outcomes."""
    n = a + b
    if n == 0:
        return 1.0
    logs = [_choose(n, k) + k * log(share) + (n - k) * log(1 - share) for k in range(n + 1)]
    return _no_likelier(logs, a)


def fisher(hits: int, of: int, others: int, of_others: int) -> float:
    """Return the two-sided chance of these two shares when both are the same (Fisher's exact test)."""
    total, n = hits + others, of + of_others
    low, high = max(0, total - of_others), min(total, of)
    logs = [_choose(of, k) + _choose(of_others, total - k) - _choose(n, total) for k in range(low, high + 1)]
    return _no_likelier(logs, hits - low)


def _no_likelier(logs: list[float], seen: int) -> float:
    return min(1.0, sum(exp(each) for each in logs if each <= logs[seen] + _SAME))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
