"""How the judge by shapes is fitted: who teaches it, how strongly it is held back, and where it is asked.

It learns from what the trees learn from: all trials, and of free living what looks like a fall to the weighted sum. A
ridge on labels of -1 and 1, since 672 shares of a window that tell much the same want nothing finer.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from detectors.fall_model import WRIST
from detectors.fall_shapes import LENGTHS, Counts, Third
from detectors.fall_window import Floats

#: Places whose two judges are not sure enough by themselves.
THIRD_PLACES = (WRIST,)
#: The probability of the two from which on the third is asked.
OPEN_FROM = 0.05
#: Inverse strength of the ridge's regularisation, and what is added to each share's spread: a shape that hardly
#: anybody has must not weigh for the few who do.
RIDGE_C, LEAST_SD = 0.003, 0.03
#: A ridge's answer from -1 to 1 as log odds: about what the weighted sum gives for the same events.
AS_LOG_ODDS = 4.0
#: How much the log odds of the two, and of the third, count before they are calibrated.
THIRD_MIX = (0.6, 0.4)


def fit_third(counts: Counts, fall: NDArray[np.bool_], weight: Floats) -> tuple[Floats, float]:
    """Return weights (SHAPES,) and base of the judge by shapes that tells falls best."""
    with threadpool_limits(limits=1):
        shares = counts / LENGTHS
        mean, sd = shares.mean(axis=0), shares.std(axis=0) + LEAST_SD
        told = (shares - mean) / sd
        label = np.where(fall, 1.0, -1.0)
        centre = float(np.average(label, weights=weight))
        square = told.T @ (told * weight[:, None])
        square[np.diag_indices(len(square))] += 1 / RIDGE_C
        found = np.linalg.solve(square, told.T @ ((label - centre) * weight)) / sd
    return AS_LOG_ODDS * found, AS_LOG_ODDS * (centre - float((mean * found).sum()))


def third_of(weight: Floats, base: float, shares: tuple[float, float, float] = (0.0, 1.0, 0.0)) -> Third:
    """Return the judge with these weights."""
    return Third(weight, base, shares, OPEN_FROM)


def third_shares(two: Floats, third: Floats, fall: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return how much the log odds of the two (n,), of the third (n,) and 1 count, so that the score is a probability.

    Fitted on events of people that neither learned from, where the two leave it open; the third is not heard elsewhere.
    """
    rows = two >= np.log(OPEN_FROM / (1 - OPEN_FROM))
    mixed = THIRD_MIX[0] * two + THIRD_MIX[1] * third
    with threadpool_limits(limits=1):
        plain = LogisticRegression(C=1e6, max_iter=1000).fit(mixed[rows, None], fall[rows])
    slope, always = float(plain.coef_[0, 0]), float(plain.intercept_[0])
    return slope * THIRD_MIX[0], slope * THIRD_MIX[1], always
