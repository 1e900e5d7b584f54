"""How well a number ranks labelled cases above others: AUC and AUC-PR, with intervals by drawing groups again."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def auc(score: Floats, true: Bools) -> float:
    """Return the chance that a true case has more than another one (ties count half); NaN without both kinds."""
    positives = int(true.sum())
    if not 0 < positives < len(true):
        return float("nan")
    kinds, place = np.unique(score, return_inverse=True)
    count = np.bincount(place, minlength=len(kinds))
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[true].sum() - positives * (positives + 1) / 2) / (positives * (len(true) - positives)))


def auc_pr(score: Floats, true: Bools) -> float:
    """Return the average precision: the mean share of true cases among those at least as high as each true one."""
    if not true.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    score, true = score[order], true[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)  # of each run of equal scores
    found = np.cumsum(true)[last]
    return float(np.sum(np.diff(found, prepend=0) * found / (last + 1)) / true.sum())


def within(score: Floats, true: Bools, group: NDArray[np.int64]) -> float:
    """Return the mean AUC of the groups that have both kinds, each for itself."""
    own = [auc(score[group == one], true[group == one]) for one in np.unique(group[true])]
    return float(np.nanmean(own)) if own else float("nan")


def interval(
    figure: Callable[[NDArray[np.int64], NDArray[np.int64]], float], group: NDArray[np.int64], draws: int, seed: int
) -> tuple[float, float]:
    """Return the 95 % interval of ``figure(rows, group)`` when whole groups are drawn again; one drawn twice is two."""
    rows = [np.flatnonzero(group == one) for one in np.unique(group)]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(draws):
        taken = [rows[index] for index in rng.integers(len(rows), size=len(rows))]
        drawn.append(figure(np.concatenate(taken), np.repeat(np.arange(len(taken)), [len(each) for each in taken])))
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return float(low), float(high)
