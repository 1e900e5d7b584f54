"""Whether a way is wandering: far walked in a small space, the same places passed again and again.

Way over extent alone is slow and takes a round of errands for wandering; together with how often each place was passed
it tells both apart. Looked at over several times, since pacing a corridor shows in a minute and circling a block does
not in ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors import reasons
from detectors.tracks import Point, Shape, Way, passes, shape, way_of

#: With fewer points a way has no pattern.
FEWEST_POINTS = 3


@dataclass(frozen=True)
class WalkConfig:
    """When a way is wandering. The score of a way is its ratio (way over extent) times its passes.

    ``scales_s``: the times looked back. ``threshold`` was chosen on 537 real rounds of deliverers, of which 2 reach it
    (docs/detectors/wandering.md); ``long_threshold`` holds from ``long_s`` on, since twice around the block with the
    dog reaches 10. ``least_s``, ``least_ratio``: a shorter time or a straighter way is not looked at. ``least_speed``:
    slower over the whole time (m/s), it is staying. In a space of less than ``room_m`` ordinary housework passes the
    same places too, at 0.2 m/s: there at least ``room_speed`` over at least ``room_least_s`` is asked for, and
    ``room_threshold``, which real pacing reaches in a minute.
    """

    scales_s: tuple[float, ...] = (120.0, 240.0, 480.0, 960.0, 1920.0)
    threshold: float = 8.0
    long_threshold: float = 11.5
    long_s: float = 1900.0
    least_s: float = 150.0
    least_ratio: float = 2.0
    least_speed: float = 0.2
    room_m: float = 15.0
    room_threshold: float = 16.0
    room_speed: float = 0.4
    room_least_s: float = 75.0


@dataclass(frozen=True, slots=True)
class Wandered:
    """A way that is wandering: its shape, how often its places were passed, its score over the threshold, its code."""

    shape: Shape
    passes: float
    excess: float
    code: str


def judge(points: Sequence[Point], config: WalkConfig, factor: float = 1.0) -> Wandered | None:
    """Return why the way is wandering at the scale that says it most clearly, or None; ``factor`` scales thresholds."""
    if len(points) < FEWEST_POINTS:
        return None
    way = way_of(points)
    best: tuple[float, Shape, float, int] | None = None  # how far over the threshold, and where it was seen
    begun = -1
    for scale_s in config.scales_s:
        first = way.first(scale_s)
        if first == begun or first > len(points) - FEWEST_POINTS:
            continue  # the shorter time saw the same, or there is too little
        begun = first
        form = shape(way, first)
        threshold = _threshold(form, scale_s, config) if form.ratio >= config.least_ratio else None
        if threshold is None:
            continue
        passed = passes(way, first)
        excess = form.ratio * passed / (threshold * factor)
        if excess >= 1 and (best is None or excess > best[0]):
            best = (excess, form, passed, first)
    if best is None:
        return None
    excess, form, passed, first = best
    return Wandered(form, passed, excess, pattern(way, first))


def _threshold(form: Shape, scale_s: float, config: WalkConfig) -> float | None:
    if form.extent_m < config.room_m:
        fast = form.way_m >= config.room_speed * max(form.seconds, config.room_least_s)
        return config.room_threshold if fast else None
    if form.seconds < config.least_s or form.way_m < config.least_speed * scale_s:
        return None
    return config.long_threshold if scale_s >= config.long_s else config.threshold


#: A way this much narrower than long is to and fro; one whose turning is this much to one side goes around.
_NARROW, _ONE_SIDED = 0.3, 0.6


def pattern(way: Way, first: int) -> str:
    """Return the code of the pattern that a way shows from its point ``first`` on: pacing, lapping, or random."""
    xy = np.column_stack([way.x[first:], way.y[first:]])
    xy -= xy.mean(axis=0)
    wide = np.linalg.eigvalsh(xy.T @ xy)
    if wide[0] <= _NARROW**2 * wide[1]:
        return reasons.PACING
    swept = xy[:-1, 0] * xy[1:, 1] - xy[:-1, 1] * xy[1:, 0]  # twice the area seen from the middle, by step
    return reasons.LAPPING if abs(swept.sum()) >= _ONE_SIDED * np.abs(swept).sum() else reasons.RANDOM
