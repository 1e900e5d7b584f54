"""The shapes of one window, counted one by one: the twin of detectors.fall_shapes."""

from itertools import pairwise
from math import sqrt

from detectors.fall_shapes import DILATION, KERNELS, PARTS_S, SPREAD
from detectors.fall_window import GRID_HZ, PRE, Window


def counts(window: Window) -> list[int]:
    """In how many bins of each part each kernel's answer passes its bias: the first course's kernels first."""
    found = []
    kernel = 0
    for course in _courses(window):
        for twos in KERNELS:
            kernel += 1
            golden = kernel * (sqrt(5) - 1) / 2
            bias = SPREAD * (2 * (golden - int(golden)) - 1)
            answers = [_answer(course, at, twos) for at in range(len(course))]
            for start, end in PARTS_S:
                part = range(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ))
                found.append(sum(answers[at] > bias for at in part))
    return found


def _answer(course: list[float], at: int, twos: tuple[int, ...]) -> float:
    total = 0.0
    for tap in range(9):
        place = min(max(at + (tap - 4) * DILATION, 0), len(course) - 1)
        total += course[place] * (2.0 if tap in twos else -1.0)
    return total


def _courses(window: Window) -> tuple[list[float], list[float]]:
    level = [sqrt(min(mag, 2 * sqrt(3))) for mag in window.mag.tolist()]
    near = [[min(2.0, max(-2.0, axis)) for axis in way] for way in window.acc.tolist()]
    change = [0.0]
    for before, now in pairwise(near):
        change.append(sqrt(sqrt(sum((b - a) ** 2 for a, b in zip(before, now, strict=True)))))
    return level, change
